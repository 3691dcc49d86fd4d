"""Residencies: claiming a home, deciding on claims, moving out."""

from typing import Any
from uuid import UUID

from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.callers import caller_of
from accounts.api.filters.buildings import ResidencyFilter
from accounts.api.serializers.buildings import (
    DecisionNoteSerializer,
    RefusalSerializer,
    ResidencyClaimSerializer,
    ResidencyEndSerializer,
    ResidencySerializer,
)
from accounts.api.throttles import ClaimThrottle
from accounts.models import Residency
from accounts.services.residencies import (
    claim_residency,
    end_residency,
    reject_residency,
    verify_residency,
)
from config.shared.operations import documented
from config.shared.permissions import IsSignedIn
from config.shared.viewsets import ReadOnlyViewSet

CLAIM = {
    "building": "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f",
    "unit_label": "12B",
    "relation": "tenant",
    "method": "document",
    "document": "0199c3a4-6c71-7d3f-8a5b-2e3c4d5e6f70",
    "since": "2026-10-01",
}
CLAIMED = {
    "unit_label": "12B",
    "relation": "tenant",
    "status": "claimed",
    "method": "document",
    "verified_at": None,
    "since": "2026-10-01",
}
REFUSAL = "The title deed names another home."
REJECTED = {"status": "rejected", "verified_at": None, "decision_note": REFUSAL}
MOVING = {"until": "2026-11-30", "reason": "Moved to another building."}
ENDED = {"status": "ended", "until": "2026-11-30"}


class ResidencyViewSet(ReadOnlyViewSet):
    """Who lives where: one's own homes, those of the buildings in one's care, one's tenants."""

    queryset = Residency.objects.none()
    serializer_class = ResidencySerializer
    permission_classes = [IsSignedIn]
    filterset_class = ResidencyFilter
    ordering_fields = {"newest": "created_at", "unit_label": "unit_label"}
    tag = "buildings"

    def get_queryset(self) -> Any:
        return Residency.objects.visible_to(self.request.user).with_home()

    def get_throttles(self) -> list[Any]:
        return [ClaimThrottle()] if self.action == "create" else []

    @documented(takes=ResidencyClaimSerializer, status=201, example=CLAIM, answer=CLAIMED)
    def create(self, request: Request) -> Response:
        """Claim a home.

        With a document or on the committee's word, the committee of the building's society
        decides. With the building's join code the claim is verified at once.
        """
        made = claim_residency(user=caller_of(request), **self.validated())
        return self.answer(made)

    @action(detail=True, methods=["post"])
    @documented(takes=DecisionNoteSerializer)
    def verify(self, request: Request, pk: UUID) -> Response:
        """Confirm a claim. For the committee of the building's society; never one's own."""
        claim = self.get_object()
        return self.answer(
            verify_residency(residency=claim, decider=caller_of(request), **self.validated())
        )

    @action(detail=True, methods=["post"])
    @documented(takes=RefusalSerializer, example={"reason": REFUSAL}, answer=REJECTED)
    def reject(self, request: Request, pk: UUID) -> Response:
        """Turn a claim down. For the committee of the building's society; never one's own."""
        claim = self.get_object()
        return self.answer(
            reject_residency(residency=claim, decider=caller_of(request), **self.validated())
        )

    @action(detail=True, methods=["post"])
    @documented(takes=ResidencyEndSerializer, example=MOVING, answer=ENDED)
    def end(self, request: Request, pk: UUID) -> Response:
        """End a residency with its last day.

        For the resident, for the committee, and for an owner of the home where it is a tenant's.
        """
        home = self.get_object()
        return self.answer(
            end_residency(residency=home, actor=caller_of(request), **self.validated())
        )
