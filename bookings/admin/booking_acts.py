"""What staff do about a booking."""

from typing import Any, ClassVar

from django import forms
from unfold.widgets import UnfoldAdminTextareaWidget

from accounts.choices import MediaKind, MediaPurpose
from bookings.choices import BookingStatus
from bookings.services import checkout, contracts, handovers, holds
from catalog.admin.uploads import Upload, UploadingMixin, upload_act
from config.shared.admin import EvidenceAdmin, may
from config.shared.admin_acts import ActingMixin, ConfirmForm, ReasonForm, service_act


class HandoverForm(ConfirmForm):
    """Asks what was found when the keys were given."""

    note = forms.CharField(
        max_length=1000,
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text="Defects still to be mended, say. The customer reads it.",
    )


class BookingActs(UploadingMixin, ActingMixin, EvidenceAdmin):
    """Holds, the contract, and the keys."""

    actions_detail = ("extend", "release", "contract_paper", "sign_handover")
    actions_in_states: ClassVar[Any] = {
        "extend": {BookingStatus.HELD},
        "release": {BookingStatus.HELD, BookingStatus.PENDING_PAYMENT},
        "contract_paper": {BookingStatus.CONFIRMED},
        "sign_handover": {BookingStatus.CONTRACTED},
    }
    has_manage_permission = may("bookings.manage_booking")
    uploads = (
        Upload(
            "contract_paper",
            "Signed contract",
            "manage",
            MediaKind.DOCUMENT,
            MediaPurpose.CONTRACT,
            lambda row, actor, files, given: contracts.sign_contract(
                booking=row, actor=actor, document=files[0]
            ),
        ),
    )

    contract_paper = upload_act("contract_paper", "Bring the contract in", "manage")
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
    sign_handover = service_act(
        "sign_handover",
        lambda row, actor, given: handovers.sign_handover(
            booking=row, actor=actor, note=given["note"]
        ),
        description="Sign the handover",
        permission="manage",
        explain="For the builder. With the customer's own signature the home is theirs.",
        done="signed for the builder",
        form=HandoverForm,
    )
