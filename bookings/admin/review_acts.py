"""What staff decide about reviews."""

from typing import Any, ClassVar

from bookings.market_choices import ReviewStatus
from bookings.services import review_moderation
from config.shared.admin import EvidenceAdmin, may
from config.shared.admin_acts import ActingMixin, ReasonForm, service_act


class ReviewActs(ActingMixin, EvidenceAdmin):
    """Hiding and showing again; never what is about oneself."""

    actions_detail = ("hide_review", "show_review")
    actions_in_states: ClassVar[Any] = {
        "hide_review": {ReviewStatus.PUBLISHED},
        "show_review": {ReviewStatus.HIDDEN},
    }
    has_moderate_permission = may("bookings.moderate_review")

    hide_review = service_act(
        "hide_review",
        lambda row, actor, given: review_moderation.hide_review(
            review=row, actor=actor, reason=given["reason"]
        ),
        description="Hide",
        permission="moderate",
        explain="Nobody but the author reads it any more; the author reads the reason.",
        done="hidden",
        form=ReasonForm,
        danger=True,
    )
    show_review = service_act(
        "show_review",
        lambda row, actor, given: review_moderation.unhide_review(
            review=row, actor=actor, reason=given["reason"]
        ),
        description="Show again",
        permission="moderate",
        explain="Everybody reads it again, once its time has come.",
        done="shown",
        form=ReasonForm,
    )
