"""Which audit events somebody may see."""

from typing import TYPE_CHECKING, Any, Self

from django.db.models import Model

from config.shared.querysets import VisibleQuerySet

if TYPE_CHECKING:
    from accounts.models import AuditEvent


class AuditEventQuerySet(VisibleQuerySet["AuditEvent"]):
    """What was done."""

    def visible_to(self, user: Any) -> Self:
        """Staff with the permission see everything, everybody else nothing."""
        staff = getattr(user, "is_staff", False) and user.has_perm("accounts.view_auditevent")
        return self.all() if staff else self.none()

    def about(self, target: Model) -> Self:
        """What happened to one thing."""
        return self.filter(object_type=target._meta.label_lower, object_id=str(target.pk))
