"""What staff do about a booking."""

from typing import Any, ClassVar

from bookings.choices import BookingStatus
from bookings.services import checkout, holds
from config.shared.admin import EvidenceAdmin, may
from config.shared.admin_acts import ActingMixin, ReasonForm, service_act


class BookingActs(ActingMixin, EvidenceAdmin):
    """Extending and giving up what is not paid for."""

    actions_detail = ("extend", "release")
    actions_in_states: ClassVar[Any] = {
        "extend": {BookingStatus.HELD},
        "release": {BookingStatus.HELD, BookingStatus.PENDING_PAYMENT},
    }
    has_manage_permission = may("bookings.manage_booking")

    extend = service_act(
        "extend",
        lambda row, actor, given: holds.extend_hold(booking=row, actor=actor),
        description="Extend the hold",
        permission="manage",
        explain="By as much as the setting says, capped in all.",
        done="extended",
    )
    release = service_act(
        "release",
        lambda row, actor, given: checkout.release_booking(
            booking=row, actor=actor, reason=given["reason"]
        ),
        description="Give it up",
        permission="manage",
        explain="The unit goes to the next who waits, or to anybody. Nothing was paid yet.",
        done="given up",
        form=ReasonForm,
        danger=True,
    )
