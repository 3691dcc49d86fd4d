"""Change requests: from the draft to the finished work."""

from typing import Any
from uuid import UUID

from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.callers import caller_of
from bookings.api.filters.changes import ChangeRequestFilter
from bookings.api.serializers.changes import (
    EXAMPLE,
    QUOTED,
    ChangeDraftSerializer,
    ChangeNoteSerializer,
    ChangeQuoteSerializer,
    ChangeRefusalSerializer,
    ChangeRequestSerializer,
    ChangeReviewSerializer,
    ChangeUpdateSerializer,
)
from bookings.models import ChangeRequest
from bookings.services.change_quotes import (
    complete_change,
    quote_change,
    reject_change,
    review_change,
    start_change,
)
from bookings.services.change_requests import (
    approve_change,
    decline_change,
    draft_change,
    revise_change,
    submit_change,
    withdraw_change,
)
from config.shared.operations import documented
from config.shared.pagination import CursorPagination
from config.shared.permissions import IsSignedIn
from config.shared.viewsets import ConditionalWritesMixin, ReadOnlyViewSet

DRAFT = {
    "booking": "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f",
    "category": "kitchen",
    "description": "Please move the sink to the island.",
}
QUOTE = {"price": "4500.00", "extra_days": 7, "valid_days": 14}
REFUSAL = {"reason": "There is no drain below the island."}


class ChangeRequestViewSet(ConditionalWritesMixin, ReadOnlyViewSet):
    """What customers want changed in the units that they have booked."""

    queryset = ChangeRequest.objects.none()
    serializer_class = ChangeRequestSerializer
    permission_classes = [IsSignedIn]
    pagination_class = CursorPagination
    filterset_class = ChangeRequestFilter
    ordering_fields = {"newest": "created_at"}
    ordering = ["-created_at"]
    tag = "change requests"

    def get_queryset(self) -> Any:
        return ChangeRequest.objects.visible_to(self.request.user).with_page()

    def shown(self, change: ChangeRequest) -> Response:
        """The request as it is read."""
        return self.answer(self.get_queryset().get(pk=change.pk))

    @documented(summary="List change requests", answer=None)
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List change requests: your own, and those submitted to a builder for whom you act."""
        return super().list(request, *args, **kwargs)

    @documented(
        takes=ChangeDraftSerializer,
        status=201,
        example=DRAFT,
        answer={**EXAMPLE, "status": "draft"},
        idempotency="required",
    )
    def create(self, request: Request) -> Response:
        """Draft a change of a unit that you have booked.

        The booking is confirmed or contracted. Upload pictures and documents first, with the
        purpose `change_request`. The builder sees the draft once you submit it.
        """
        return self.shown(draft_change(actor=caller_of(request), **self.validated()))

    @documented(takes=ChangeUpdateSerializer, example={"category": "bathroom"}, answer=EXAMPLE)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Write a draft anew. What was submitted stays as it is."""
        with self.to_change() as draft:
            values = self.validated(partial=True)
            revise_change(change=draft, actor=caller_of(request), **values)
        return self.shown(draft)

    @action(detail=True, methods=["post"])
    @documented(answer=EXAMPLE)
    def submit(self, request: Request, pk: UUID) -> Response:
        """Submit a draft to the builder.

        Refused with 409 `too_late` once the phase that it must precede has begun.
        """
        draft = self.get_object()
        submit_change(change=draft, actor=caller_of(request))
        return self.shown(draft)

    @action(detail=True, methods=["post"])
    @documented(answer={**EXAMPLE, "status": "withdrawn"})
    def withdraw(self, request: Request, pk: UUID) -> Response:
        """Withdraw a request that the builder has not begun to review."""
        wish = self.get_object()
        withdraw_change(change=wish, actor=caller_of(request))
        return self.shown(wish)

    @action(detail=True, methods=["post"])
    @documented(takes=ChangeReviewSerializer, answer={**EXAMPLE, "status": "under_review"})
    def review(self, request: Request, pk: UUID) -> Response:
        """Take a request up. For the builder's site people, leaders, and staff.

        `cutoff_phase` settles the phase of construction that the change must precede.
        """
        wish = self.get_object()
        review_change(change=wish, actor=caller_of(request), **self.validated())
        return self.shown(wish)

    @action(detail=True, methods=["post"])
    @documented(takes=ChangeQuoteSerializer, example=QUOTE, answer=QUOTED)
    def quote(self, request: Request, pk: UUID) -> Response:
        """Quote a change: its price, how many days it adds, and until when that holds.

        For the builder's site people, leaders, and staff.
        """
        wish = self.get_object()
        quote_change(change=wish, actor=caller_of(request), **self.validated())
        return self.shown(wish)

    @action(detail=True, methods=["post"])
    @documented(
        takes=ChangeRefusalSerializer, example=REFUSAL, answer={**EXAMPLE, "status": "rejected"}
    )
    def reject(self, request: Request, pk: UUID) -> Response:
        """Reject a request under review. For the builder's site people, leaders, and staff."""
        wish = self.get_object()
        reject_change(change=wish, actor=caller_of(request), **self.validated())
        return self.shown(wish)

    @action(detail=True, methods=["post"])
    @documented(answer={**QUOTED, "status": "approved"}, idempotency="required")
    def approve(self, request: Request, pk: UUID) -> Response:
        """Approve a quote while it holds.

        Its price becomes an instalment of your booking, beside those of the price. Refused with
        409 `quote_expired`, and `too_late` once the phase that it must precede has begun.
        """
        quoted = self.get_object()
        approve_change(change=quoted, actor=caller_of(request))
        return self.shown(quoted)

    @action(detail=True, methods=["post"])
    @documented(takes=ChangeNoteSerializer, answer={**QUOTED, "status": "declined"})
    def decline(self, request: Request, pk: UUID) -> Response:
        """Decline a quote, also one that no longer holds."""
        quoted = self.get_object()
        decline_change(change=quoted, actor=caller_of(request), **self.validated())
        return self.shown(quoted)

    @action(detail=True, methods=["post"])
    @documented(answer={**QUOTED, "status": "in_progress"})
    def start(self, request: Request, pk: UUID) -> Response:
        """Begin the work on an approved change. For the builder's site people and leaders."""
        agreed = self.get_object()
        start_change(change=agreed, actor=caller_of(request))
        return self.shown(agreed)

    @action(detail=True, methods=["post"])
    @documented(answer={**QUOTED, "status": "completed"})
    def complete(self, request: Request, pk: UUID) -> Response:
        """Say that the work is done. For the builder's site people and leaders."""
        begun = self.get_object()
        complete_change(change=begun, actor=caller_of(request))
        return self.shown(begun)
