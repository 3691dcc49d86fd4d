"""Licences and insurances of contractors."""

from typing import Any
from uuid import UUID

from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.callers import caller_of
from accounts.api.filters.papers import PaperFilter
from accounts.api.serializers.papers import (
    EXAMPLE_INPUT,
    PaperInputSerializer,
    PaperReplacementSerializer,
    PaperSerializer,
)
from accounts.api.throttles import PapersThrottle
from accounts.models import ContractorPaper
from accounts.services.papers import file_paper, replace_paper
from config.shared.operations import documented
from config.shared.permissions import IsSignedIn
from config.shared.viewsets import ReadOnlyViewSet

REPLACEMENT = {"number": "POL-2027-041", "issuer": "Gulf Insurance", "valid_until": "2028-06-30"}
FILED = {"number_hint": "…-118", "kind": "insurance", "organization_id": None}
REPLACED = {"number_hint": "…-041", "valid_until": "2028-06-30", "organization_id": None}


class PaperViewSet(ReadOnlyViewSet):
    """The caller's papers, and those of organizations that they lead; replaced ones included.

    Once a paper has run out, nobody quotes or applies as that contractor.
    """

    queryset = ContractorPaper.objects.none()
    serializer_class = PaperSerializer
    permission_classes = [IsSignedIn]
    filterset_class = PaperFilter
    ordering_fields = {"valid_until": "valid_until", "newest": "created_at"}
    tag = "contractors"

    def get_queryset(self) -> Any:
        return ContractorPaper.objects.visible_to(self.request.user).with_holder()

    def get_throttles(self) -> list[Any]:
        return [] if self.action in {"list", "retrieve"} else [PapersThrottle()]

    @documented(takes=PaperInputSerializer, status=201, example=EXAMPLE_INPUT, answer=FILED)
    def create(self, request: Request) -> Response:
        """File a paper of one's own, or of an organization that one owns or administers."""
        return self.answer(file_paper(actor=caller_of(request), **self.validated()))

    @action(detail=True, methods=["post"])
    @documented(takes=PaperReplacementSerializer, status=201, example=REPLACEMENT, answer=REPLACED)
    def replace(self, request: Request, pk: UUID) -> Response:
        """Replace a paper by a new one, which is the answer. The old one stays as history."""
        old = self.get_object()
        new = replace_paper(paper=old, actor=caller_of(request), **self.validated())
        return self.answer(new)
