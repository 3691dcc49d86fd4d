"""What staff decide about disputes, and give back of sales."""

from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest

from bookings.admin.payment_acts import WISHES
from bookings.choices import TransactionStatus
from bookings.services import disputes, sale_refunds
from bookings.services.dispute_outcomes import DECISIONS
from config.shared.admin import EvidenceAdmin, may
from config.shared.admin_acts import ActingMixin, ConfirmForm, ReasonForm, service_act

ONE_DECIDES = ("decide_dispute",)
TWO_DECIDE = ("agree_to_decision", "refuse_decision")


class DecisionForm(ConfirmForm):
    """Asks where the money goes, and why."""

    outcome = forms.ChoiceField(choices=[(each.value, each.label) for each in DECISIONS])
    refund_amount = forms.DecimalField(
        max_digits=14,
        decimal_places=3,
        required=False,
        label="The buyer's part",
        help_text="Only where it is refunded in part.",
    )
    note = forms.CharField(
        max_length=1000, widget=forms.Textarea, help_text="Buyer and seller read it."
    )


class SaleRefundForm(ReasonForm):
    """Asks how much is given back, and why."""

    amount = forms.DecimalField(
        max_digits=14, decimal_places=3, required=False, help_text="Empty: all that is left."
    )
    kind = forms.ChoiceField(choices=[(reason.value, reason.label) for reason in WISHES])


class SaleActs(ActingMixin, EvidenceAdmin):
    """Decisions, by two people above the limit, and refunds; never in a sale of one's own."""

    actions_detail = ("decide_dispute", "agree_to_decision", "refuse_decision", "refund_sale")
    actions_in_states: ClassVar[Any] = {
        "decide_dispute": {TransactionStatus.DISPUTED},
        "agree_to_decision": {TransactionStatus.DISPUTED},
        "refuse_decision": {TransactionStatus.DISPUTED},
        "refund_sale": {TransactionStatus.COMPLETED},
    }
    has_judge_permission = may(disputes.PERMISSION)
    has_refund_permission = may("bookings.refund_payment")

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> Any:
        """Of a dispute: to decide it, or what becomes of a decision that waits for agreement."""
        offered = super().get_actions_detail(request, object_id)
        sale = self.get_object(request, str(object_id))
        waits = sale is not None and sale.dispute_first_by_id is not None
        unfit = ONE_DECIDES if waits else TWO_DECIDE
        return [action for action in offered if action.method.original_function_name not in unfit]

    decide_dispute = service_act(
        "decide_dispute",
        lambda row, actor, given: disputes.decide_dispute(
            sale=row,
            actor=actor,
            outcome=given["outcome"],
            refund_amount=given["refund_amount"],
            note=given["note"],
        ),
        description="Decide the dispute",
        permission="judge",
        explain="The money moves as you decide. Above the limit it waits for a second person.",
        done="decided",
        form=DecisionForm,
        danger=True,
    )
    agree_to_decision = service_act(
        "agree_to_decision",
        lambda row, actor, given: disputes.agree_to_decision(sale=row, actor=actor),
        description="Agree to the decision",
        permission="judge",
        explain="As a second person: not your own decision. The money moves as it says.",
        done="decided",
    )
    refuse_decision = service_act(
        "refuse_decision",
        lambda row, actor, given: disputes.refuse_decision(
            sale=row, actor=actor, reason=given["reason"]
        ),
        description="Refuse the decision",
        permission="judge",
        explain="The dispute is open again; whoever decided may take it back so, too.",
        done="open again",
        form=ReasonForm,
    )
    refund_sale = service_act(
        "refund_sale",
        lambda row, actor, given: sale_refunds.refund_sale(
            sale=row,
            actor=actor,
            amount=given["amount"],
            reason=given["kind"],
            note=given["reason"],
        ),
        description="Give money back",
        permission="refund",
        explain="The fee goes back in proportion. Above the limit a second person approves it.",
        done="refund asked for",
        form=SaleRefundForm,
        danger=True,
    )
