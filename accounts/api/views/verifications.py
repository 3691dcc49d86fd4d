"""Identity papers: handing them in, and deciding on them."""

from typing import Any
from uuid import UUID

from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.callers import caller_of
from accounts.api.filters.papers import VerificationFilter
from accounts.api.serializers.buildings import RefusalSerializer
from accounts.api.serializers.verifications import (
    EXAMPLE_INPUT,
    OpenedPapersSerializer,
    VerificationInputSerializer,
    VerificationSerializer,
)
from accounts.api.throttles import PapersThrottle
from accounts.models import Verification
from accounts.services.verifications import (
    approve_verification,
    open_papers,
    reject_verification,
    revoke_verification,
    submit_verification,
)
from config.shared.operations import documented
from config.shared.permissions import IsSignedIn
from config.shared.viewsets import ReadOnlyViewSet

PENDING = {
    "status": "pending",
    "emirates_id_last4": "5671",
    "trade_license_last4": "",
    "license_valid_until": None,
    "reviewed_at": None,
}
REFUSAL = "The back of the card cannot be read."
REJECTED = {"status": "rejected", "rejection_reason": REFUSAL}
WITHDRAWAL = "The licence was withdrawn by its issuer."
REVOKED = {"status": "revoked", "rejection_reason": WITHDRAWAL}
OPENED = {
    "emirates_id_number": "784199012345671",
    "trade_license_number": "",
    "files": [
        {
            "name": "front.jpg",
            "content_type": "image/webp",
            "links": {"800": "https://courtyard.example/api/v1/media/0199c3a4/file/?token=WyIw"},
        }
    ],
}


class VerificationViewSet(ReadOnlyViewSet):
    """The caller's own verification; for reviewers, everybody's."""

    queryset = Verification.objects.none()
    serializer_class = VerificationSerializer
    permission_classes = [IsSignedIn]
    filterset_class = VerificationFilter
    ordering_fields = {"submitted_at": "submitted_at", "reviewed_at": "reviewed_at"}
    tag = "verifications"

    def get_queryset(self) -> Any:
        return Verification.objects.visible_to(self.request.user).with_decision()

    def get_throttles(self) -> list[Any]:
        return [PapersThrottle()] if self.action == "create" else []

    @documented(
        takes=VerificationInputSerializer, status=201, example=EXAMPLE_INPUT, answer=PENDING
    )
    def create(self, request: Request) -> Response:
        """Hand in identity papers.

        Also again after a refusal, or to replace approved ones. Numbers are stored sealed, files
        are seen by reviewers only, and both are deleted some time after the decision.
        """
        return self.answer(submit_verification(user=caller_of(request), **self.validated()))

    @action(detail=True, methods=["post"])
    @documented()
    def approve(self, request: Request, pk: UUID) -> Response:
        """Approve papers. For reviewers; never one's own."""
        papers = self.get_object()
        return self.answer(approve_verification(verification=papers, reviewer=caller_of(request)))

    @action(detail=True, methods=["post"])
    @documented(takes=RefusalSerializer, example={"reason": REFUSAL}, answer=REJECTED)
    def reject(self, request: Request, pk: UUID) -> Response:
        """Refuse papers with a reason that the person reads. For reviewers; never one's own."""
        papers, reviewer = self.get_object(), caller_of(request)
        return self.answer(
            reject_verification(verification=papers, reviewer=reviewer, **self.validated())
        )

    @action(detail=True, methods=["post"])
    @documented(takes=RefusalSerializer, example={"reason": WITHDRAWAL}, answer=REVOKED)
    def revoke(self, request: Request, pk: UUID) -> Response:
        """Take an approval back with a reason that the person reads. For reviewers."""
        papers, reviewer = self.get_object(), caller_of(request)
        return self.answer(
            revoke_verification(verification=papers, reviewer=reviewer, **self.validated())
        )

    @action(detail=True)
    @documented(gives=OpenedPapersSerializer, answer=OPENED)
    def papers(self, request: Request, pk: UUID) -> Response:
        """Look at papers. For reviewers; each time is written down."""
        opened = open_papers(verification=self.get_object(), reviewer=caller_of(request))
        return self.answer(opened)
