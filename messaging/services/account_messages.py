"""What the notices of accounts are about: apps below messaging do not know its categories."""

from messaging.choices import NotificationCategory
from messaging.services.categories import register_categories

_SECURITY = (
    "code",
    "no_account",
    "password_reset",
    "contact_changed",
    "new_sign_in",
    "session_reused",
    "password_changed",
    "security_changed",
    "account_suspended",
    "account_reactivated",
    "account_deactivated",
    "verification_decided",
    "export_ready",
    "erasure_scheduled",
    "erasure_done",
)
_COMMUNITY = ("residency_claimed", "residency_decided", "paper_expires", "invitation")

register_categories(dict.fromkeys(_SECURITY, NotificationCategory.SECURITY))
register_categories(dict.fromkeys(_COMMUNITY, NotificationCategory.COMMUNITY))
