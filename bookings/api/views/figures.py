"""A development in figures."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.callers import maybe_caller_of
from bookings.api.serializers.figures import EXAMPLE, FiguresSerializer
from bookings.services.figures import development_figures
from catalog.models import Development
from config.shared.operations import documented
from config.shared.parameters import refuse_unknown
from config.shared.permissions import PublicRead
from config.shared.viewsets import APIView


class FiguresView(APIView):
    """Units, bookings and money of one development."""

    queryset = Development.objects.none()
    serializer_class = FiguresSerializer
    permission_classes = [PublicRead]
    lookup_url_kwarg = "development_id"
    tag = "developments"

    def get_queryset(self) -> Any:
        seen = Development.objects.visible_to(self.request.user)
        return seen.with_percent_built().select_related("builder")

    @documented(
        summary="See a development in figures",
        operation_id="developments_summary",
        answer=EXAMPLE,
    )
    def get(self, request: Request, development_id: UUID) -> Response:
        """See a development in figures.

        How many units are in which state and how much is built, for everybody who sees the
        development; bookings and money, for the builder's team and staff, null for others.
        """
        refuse_unknown(request, (), ())
        found = development_figures(development=self.get_object(), viewer=maybe_caller_of(request))
        return self.answer(found)
