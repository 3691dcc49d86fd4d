"""What staff do about payments, refunds and messages of gateways."""

from typing import Any, ClassVar

from django import forms

from bookings.choices import PaymentStatus, RefundReason, RefundStatus, WebhookOutcome
from bookings.services import carrying_out, offline, refunds, webhooks
from config.shared.admin import EvidenceAdmin, may
from config.shared.admin_acts import (
    ActingMixin,
    AmountForm,
    ConfirmForm,
    ReasonForm,
    service_act,
)

WISHES = [RefundReason.GOODWILL, RefundReason.MISTAKE, RefundReason.CANCELLATION]


class RefundForm(AmountForm):
    """Asks how much is given back, and why."""

    kind = forms.ChoiceField(choices=[(reason.value, reason.label) for reason in WISHES])


class ReferenceForm(ConfirmForm):
    """Asks by what the money is known at the bank."""

    reference = forms.CharField(max_length=120, help_text="Of the bank transfer or the cheque.")


class PaymentActs(ActingMixin, EvidenceAdmin):
    """Money that came outside the gateway, and money that is given back."""

    actions_detail = ("confirm_offline", "decline_offline", "refund")
    actions_in_states: ClassVar[Any] = {
        "confirm_offline": {PaymentStatus.PENDING},
        "decline_offline": {PaymentStatus.PENDING},
        "refund": {PaymentStatus.COMPLETED, PaymentStatus.PARTIALLY_REFUNDED},
    }
    has_confirm_permission = may("bookings.confirm_offline_payment")
    has_refund_permission = may("bookings.refund_payment")

    confirm_offline = service_act(
        "confirm_offline",
        lambda row, actor, given: offline.confirm_offline(
            payment=row, actor=actor, reference=given["reference"]
        ),
        description="The money is there",
        permission="confirm",
        explain="For money that was announced outside the gateway.",
        done="completed",
        form=ReferenceForm,
    )
    decline_offline = service_act(
        "decline_offline",
        lambda row, actor, given: offline.decline_offline(
            payment=row, actor=actor, reason=given["reason"]
        ),
        description="It never came",
        permission="confirm",
        explain="For money that was announced outside the gateway.",
        done="noted as not received",
        form=ReasonForm,
        danger=True,
    )
    refund = service_act(
        "refund",
        lambda row, actor, given: refunds.request_refund(
            payment=row,
            amount=given["amount"],
            reason=given["kind"],
            actor=actor,
            note=given["reason"],
        ),
        description="Give money back",
        permission="refund",
        explain="Above the limit a second person has to approve it.",
        done="refund asked for",
        form=RefundForm,
        danger=True,
    )


class RefundActs(ActingMixin, EvidenceAdmin):
    """The second person, and what failed."""

    actions_detail = ("approve", "reject", "retry", "confirm_paid")
    actions_in_states: ClassVar[Any] = {
        "approve": {RefundStatus.REQUESTED},
        "reject": {RefundStatus.REQUESTED},
        "retry": {RefundStatus.FAILED},
        "confirm_paid": {RefundStatus.APPROVED, RefundStatus.PROCESSING},
    }
    has_approve_permission = may("bookings.approve_refund")
    has_refund_permission = may("bookings.refund_payment")
    has_confirm_permission = may("bookings.confirm_offline_payment")

    approve = service_act(
        "approve",
        lambda row, actor, given: refunds.approve_refund(refund=row, actor=actor),
        description="Approve",
        permission="approve",
        explain="As a second person: not your own request.",
        done="approved",
    )
    reject = service_act(
        "reject",
        lambda row, actor, given: refunds.reject_refund(
            refund=row, actor=actor, reason=given["reason"]
        ),
        description="Reject",
        permission="approve",
        explain="Nothing is given back.",
        done="rejected",
        form=ReasonForm,
        danger=True,
    )
    retry = service_act(
        "retry",
        lambda row, actor, given: carrying_out.retry_refund(refund=row, actor=actor),
        description="Try again",
        permission="refund",
        explain="The gateway is asked once more.",
        done="under way",
    )
    confirm_paid = service_act(
        "confirm_paid",
        lambda row, actor, given: carrying_out.confirm_refund_paid(
            refund=row, actor=actor, note=given["reason"]
        ),
        description="Paid by hand",
        permission="confirm",
        explain="For money that came outside the gateway and went back the same way.",
        done="completed",
        form=ReasonForm,
    )


class WebhookActs(ActingMixin, EvidenceAdmin):
    """Messages that could not be applied."""

    actions_detail = ("retry",)
    has_retry_permission = may("bookings.retry_webhookevent")

    retry = service_act(
        "retry",
        lambda row, actor, given: webhooks.retry_webhook(event=row, actor=actor),
        description="Apply again",
        permission="retry",
        explain="What it said is applied once more.",
        done="applied",
    )

    def get_actions_detail(self, request: Any, object_id: Any) -> Any:
        """None for what was applied already."""
        found = self.get_object(request, str(object_id))
        failed = found is not None and found.outcome == WebhookOutcome.FAILED
        return super().get_actions_detail(request, object_id) if failed else []
