"""What happens to a sale between the payment and the money: codes, handovers and disputes."""

from typing import Any
from uuid import UUID

from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.callers import caller_of
from accounts.api.serializers.buildings import RefusalSerializer
from bookings.api import sale_examples as examples
from bookings.api.serializers.sales import (
    DisputeDecisionSerializer,
    DisputeInputSerializer,
    HandoverCodeSerializer,
    TypedCodeSerializer,
)
from bookings.services.disputes import (
    agree_to_decision,
    decide_dispute,
    open_dispute,
    refuse_decision,
    withdraw_dispute,
)
from bookings.services.handover_codes import code_of, hand_over, issue_code
from config.shared.operations import documented


class HandoverActions:
    """The acts of buyer and seller on a sale that is paid, and of staff on a disputed one."""

    get_object: Any
    validated: Any
    answer: Any
    shown: Any

    @action(detail=True, methods=["get"], url_path="handover-code")
    @documented(gives=HandoverCodeSerializer, status=200, answer=examples.STANDING)
    def handover_code(self, request: Request, pk: UUID) -> Response:
        """See whether there is a code for the handover.

        For the buyer: whether one is valid and how many tries are left, never the code itself.
        """
        return self.answer(code_of(sale=self.get_object(), actor=caller_of(request)))

    @handover_code.mapping.post
    @documented(
        gives=HandoverCodeSerializer, status=201, answer=examples.ISSUED, idempotency="exempt"
    )
    def new_handover_code(self, request: Request, pk: UUID) -> Response:
        """Get a code for the handover.

        For the buyer, while the money is held. It takes the place of any other, is shown this once
        and stored as a hash. Show it to the seller when you have the thing: it releases the money.
        """
        return self.answer(issue_code(sale=self.get_object(), actor=caller_of(request)))

    @action(detail=True, methods=["post"])
    @documented(
        takes=TypedCodeSerializer,
        example=examples.CODE,
        answer=examples.RELEASED,
        idempotency="exempt",
    )
    def handover(self, request: Request, pk: UUID) -> Response:
        """Type the code that the buyer shows, and have the money released.

        For the seller. Five tries are allowed, each counted before it is looked at; after that a
        409 `no_handover_code` says that the buyer needs a new one.
        """
        sale, actor = self.get_object(), caller_of(request)
        return self.shown(hand_over(sale=sale, actor=actor, **self.validated()))

    @action(detail=True, methods=["post"])
    @documented(
        takes=DisputeInputSerializer,
        example=examples.REASON,
        answer=examples.DISPUTED,
        idempotency="required",
    )
    def dispute(self, request: Request, pk: UUID) -> Response:
        """Say that something is wrong, and have the money frozen.

        For the buyer, while the money is held and before it is released by itself. It goes nowhere
        until staff decide or you take the dispute back.
        """
        sale, actor = self.get_object(), caller_of(request)
        return self.shown(open_dispute(sale=sale, actor=actor, **self.validated()))

    @action(detail=True, methods=["post"], url_path="withdraw-dispute")
    @documented(answer=examples.HELD)
    def withdraw_dispute(self, request: Request, pk: UUID) -> Response:
        """Take a dispute back. For the buyer; the money is held again, for a day at least."""
        return self.shown(withdraw_dispute(sale=self.get_object(), actor=caller_of(request)))

    @action(detail=True, methods=["post"], url_path="decide-dispute")
    @documented(
        takes=DisputeDecisionSerializer,
        example=examples.DECIDE,
        answer=examples.DECIDED,
        idempotency="required",
    )
    def decide_dispute(self, request: Request, pk: UUID) -> Response:
        """Decide a dispute: release the money, give it back, or split it.

        For staff who may, never in a sale of their own. Above the limit (setting
        `second_person_above`) it waits until somebody else agrees.
        """
        sale, actor = self.get_object(), caller_of(request)
        return self.shown(decide_dispute(sale=sale, actor=actor, **self.validated()))

    @action(detail=True, methods=["post"], url_path="agree-to-decision")
    @documented(answer=examples.DECIDED, idempotency="required")
    def agree_to_decision(self, request: Request, pk: UUID) -> Response:
        """Agree to a decision, as a second person of the staff. Then it is carried out."""
        return self.shown(agree_to_decision(sale=self.get_object(), actor=caller_of(request)))

    @action(detail=True, methods=["post"], url_path="refuse-decision")
    @documented(takes=RefusalSerializer, example=examples.REASON, answer=examples.DISPUTED)
    def refuse_decision(self, request: Request, pk: UUID) -> Response:
        """Refuse a decision that waits for a second person, or take back one's own."""
        sale, actor = self.get_object(), caller_of(request)
        return self.shown(refuse_decision(sale=sale, actor=actor, **self.validated()))
