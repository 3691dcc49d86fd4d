"""Developments: the map and the list, their pages, and what their builders do with them."""

from typing import Any
from uuid import UUID

from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.callers import caller_of
from catalog.api.filters.homes import DevelopmentFilter
from catalog.api.serializers.developments import (
    EXAMPLE_INPUT,
    ArchiveReasonSerializer,
    DevelopmentInputSerializer,
    DevelopmentPageSerializer,
    DevelopmentSerializer,
    DevelopmentUpdateSerializer,
    TargetSerializer,
)
from catalog.api.serializers.unit_bulk import EXAMPLE_PLAN, StackingPlanSerializer
from catalog.models import Development
from catalog.services.development_moves import (
    advance_development,
    archive_development,
    delete_development,
    pause_selling,
    start_selling,
)
from catalog.services.developments import create_development, update_development
from catalog.services.stacking import stacking_plan
from config.shared.conditional import ConditionalWritesMixin
from config.shared.geojson import GEOJSON_RENDERERS
from config.shared.operations import documented
from config.shared.parameters import refuse_unknown
from config.shared.permissions import PublicRead
from config.shared.renderers import JSONRenderer
from config.shared.viewsets import ReadOnlyViewSet


class DevelopmentViewSet(ConditionalWritesMixin, ReadOnlyViewSet):
    """Building projects whose homes are sold, from the plan to the keys.

    Everybody sees what has been launched; a builder's own people see all of theirs.
    """

    queryset = Development.objects.none()
    serializer_class = DevelopmentPageSerializer
    permission_classes = [PublicRead]
    filterset_class = DevelopmentFilter
    search_fields = ["name", "city", "address"]
    ordering_fields = {
        "name": "name",
        "newest": "created_at",
        "price": "price_from",
        "launch": "launch_date",
        "completion": "expected_completion",
    }
    tag = "developments"

    def get_renderers(self) -> list[Any]:
        shown = self.action in {"list", "retrieve"}
        return [kind() for kind in (GEOJSON_RENDERERS if shown else [JSONRenderer])]

    def get_queryset(self) -> Any:
        seen = Development.objects.visible_to(self.request.user)
        return seen.with_card() if self.action == "list" else seen.with_page()

    @documented(summary="List developments", gives=DevelopmentSerializer)
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request)

    @documented(summary="Get a development")
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().retrieve(request)

    @documented(takes=DevelopmentInputSerializer, status=201, example=EXAMPLE_INPUT)
    def create(self, request: Request) -> Response:
        """List a development.

        For owners and administrators of the builder. It begins in planning: nobody else sees it
        before it is launched.
        """
        values = self.validated()
        builder = values.pop("builder")
        made = create_development(actor=caller_of(request), builder=builder, values=values)
        return self.answer(get_object_or_404(self.get_queryset(), pk=made.pk))

    @documented(takes=DevelopmentUpdateSerializer, example={"hold_minutes": 30})
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Change a development.

        For owners and administrators of its builder. What is held or booked keeps its terms.
        """
        with self.to_change() as development:
            changes = self.validated(development, partial=True)
            update_development(development=development, actor=caller_of(request), changes=changes)
        return self.answer(self.get_object())

    @documented(nothing=True)
    def destroy(self, request: Request, pk: UUID) -> Response:
        """Delete a development in which nobody has bought.

        For owners and administrators of its builder; refused while a unit is held or sold.
        """
        with self.to_change() as development:
            delete_development(development=development, actor=caller_of(request))
        return self.answer()

    @action(detail=True, methods=["post"])
    @documented(takes=TargetSerializer, example={"target": "pre_launch"})
    def advance(self, request: Request, pk: UUID) -> Response:
        """Move a development to its next stage.

        From planning to pre-launch everybody sees it; when it is ready, what waits for the
        handover is owed.
        """
        target = self.validated()["target"]
        moved = self.get_object()
        advance_development(development=moved, actor=caller_of(request), target=target)
        return self.answer(self.get_object())

    @action(detail=True, methods=["post"], url_path="start-selling")
    @documented()
    def start_selling(self, request: Request, pk: UUID) -> Response:
        """Put the units of a development on sale. It may go on during construction."""
        start_selling(development=self.get_object(), actor=caller_of(request))
        return self.answer(self.get_object())

    @action(detail=True, methods=["post"], url_path="pause-selling")
    @documented()
    def pause_selling(self, request: Request, pk: UUID) -> Response:
        """Take the units of a development off sale. What is held or booked goes on."""
        pause_selling(development=self.get_object(), actor=caller_of(request))
        return self.answer(self.get_object())

    @action(detail=True, methods=["post"])
    @documented(takes=ArchiveReasonSerializer, example={"reason": "The land was sold."})
    def archive(self, request: Request, pk: UUID) -> Response:
        """Put a development away for good.

        Refused with `live_claims` and a list of `obstacles` while somebody holds a unit or has
        bought one that is not handed over.
        """
        development, actor = self.get_object(), caller_of(request)
        archive_development(development=development, actor=actor, **self.validated())
        return self.answer(self.get_object())

    @action(detail=True, methods=["get"])
    @documented(gives=StackingPlanSerializer, answer=EXAMPLE_PLAN)
    def stacking(self, request: Request, pk: UUID) -> Response:
        """Get the stacking plan of a development.

        Its blocks, their floors from the top down, and the units of each with price and state as
        of now, in one call.
        """
        refuse_unknown(request, (), ())
        return self.answer(stacking_plan(development=self.get_object()))
