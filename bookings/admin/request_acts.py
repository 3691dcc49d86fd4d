"""What staff decide about cancellations and transfers."""

from typing import Any, ClassVar

from django import forms

from bookings.choices import RequestStatus
from bookings.services import cancellations, transfers
from config.shared.admin import EvidenceAdmin, may
from config.shared.admin_acts import ActingMixin, ConfirmForm, ReasonForm, service_act


class NoteForm(ConfirmForm):
    """Asks for a note."""

    note = forms.CharField(max_length=500, required=False)


class CancellationActs(ActingMixin, EvidenceAdmin):
    """Approving, by two people above the limit, and turning down."""

    actions_detail = ("approve", "reject")
    actions_in_states: ClassVar[Any] = {
        "approve": {RequestStatus.ASKED, RequestStatus.SECOND_NEEDED},
        "reject": {RequestStatus.ASKED, RequestStatus.SECOND_NEEDED},
    }
    has_manage_permission = may("bookings.manage_booking")

    approve = service_act(
        "approve",
        lambda row, actor, given: cancellations.approve_cancellation(
            request=row, actor=actor, note=given["note"]
        ),
        description="Approve",
        permission="manage",
        explain="The booking ends, the unit is free, and what is due is given back. Above the "
        "limit a second person approves as well.",
        done="approved",
        form=NoteForm,
    )
    reject = service_act(
        "reject",
        lambda row, actor, given: cancellations.reject_cancellation(
            request=row, actor=actor, reason=given["reason"]
        ),
        description="Reject",
        permission="manage",
        explain="The booking stays; the customer reads the reason.",
        done="rejected",
        form=ReasonForm,
        danger=True,
    )


class TransferActs(ActingMixin, EvidenceAdmin):
    """Approving and turning down what the new customer has accepted."""

    actions_detail = ("approve", "reject")
    actions_in_states: ClassVar[Any] = {
        "approve": {RequestStatus.ACCEPTED},
        "reject": {RequestStatus.ACCEPTED},
    }
    has_manage_permission = may("bookings.manage_booking")

    approve = service_act(
        "approve",
        lambda row, actor, given: transfers.approve_transfer(
            request=row, actor=actor, note=given["note"]
        ),
        description="Approve",
        permission="manage",
        explain="The booking passes to the new customer with its instalments and payments.",
        done="approved",
        form=NoteForm,
    )
    reject = service_act(
        "reject",
        lambda row, actor, given: transfers.reject_transfer(
            request=row, actor=actor, reason=given["reason"]
        ),
        description="Reject",
        permission="manage",
        explain="The booking stays; both customers read the reason.",
        done="rejected",
        form=ReasonForm,
        danger=True,
    )
