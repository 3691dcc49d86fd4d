"""Which settings somebody may see."""

from typing import TYPE_CHECKING, Any, Self

from config.shared.querysets import VisibleQuerySet

if TYPE_CHECKING:
    from accounts.models import SystemSetting


class SystemSettingQuerySet(VisibleQuerySet["SystemSetting"]):
    """Settings."""

    def visible_to(self, user: Any) -> Self:
        """The public ones; staff with the permission see all."""
        if getattr(user, "is_staff", False) and user.has_perm("accounts.view_systemsetting"):
            return self.all()
        return self.filter(is_public=True)
