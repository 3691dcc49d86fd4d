"""What staff do about a change request, in the builder's place."""

from typing import Any, ClassVar

from django import forms

from bookings.choices import ChangeRequestStatus
from bookings.services import change_quotes
from config.shared.admin import EvidenceAdmin, may
from config.shared.admin_acts import ActingMixin, ConfirmForm, ReasonForm, service_act


class QuoteForm(ConfirmForm):
    """Asks what it costs, and how long it takes."""

    price = forms.DecimalField(max_digits=14, decimal_places=3, min_value=0)
    extra_days = forms.IntegerField(min_value=0, max_value=3_650)
    valid_days = forms.IntegerField(
        min_value=1, max_value=365, required=False, help_text="Empty: as the setting says."
    )
    note = forms.CharField(max_length=1000, required=False)


class ChangeRequestActs(ActingMixin, EvidenceAdmin):
    """Reviewing, quoting, refusing, and building."""

    actions_detail = ("review", "quote", "reject", "start", "complete")
    actions_in_states: ClassVar[Any] = {
        "review": {ChangeRequestStatus.SUBMITTED},
        "quote": {ChangeRequestStatus.UNDER_REVIEW},
        "reject": {ChangeRequestStatus.UNDER_REVIEW},
        "start": {ChangeRequestStatus.APPROVED},
        "complete": {ChangeRequestStatus.IN_PROGRESS},
    }
    has_manage_permission = may("bookings.manage_changerequest")

    review = service_act(
        "review",
        lambda row, actor, given: change_quotes.review_change(change=row, actor=actor),
        description="Take it on",
        permission="manage",
        explain="It is looked into; the customer can no longer withdraw it.",
        done="under review",
    )
    quote = service_act(
        "quote",
        lambda row, actor, given: change_quotes.quote_change(
            change=row,
            actor=actor,
            price=given["price"],
            extra_days=given["extra_days"],
            valid_days=given["valid_days"],
            note=given["note"],
        ),
        description="Quote",
        permission="manage",
        explain="The customer approves or declines it, as long as it holds.",
        done="quoted",
        form=QuoteForm,
    )
    reject = service_act(
        "reject",
        lambda row, actor, given: change_quotes.reject_change(
            change=row, actor=actor, reason=given["reason"]
        ),
        description="Reject",
        permission="manage",
        explain="It cannot be done; the customer reads the reason.",
        done="rejected",
        form=ReasonForm,
        danger=True,
    )
    start = service_act(
        "start",
        lambda row, actor, given: change_quotes.start_change(change=row, actor=actor),
        description="Start",
        permission="manage",
        explain="Work on it begins.",
        done="begun",
    )
    complete = service_act(
        "complete",
        lambda row, actor, given: change_quotes.complete_change(change=row, actor=actor),
        description="Complete",
        permission="manage",
        explain="It is built; the customer is told.",
        done="completed",
    )
