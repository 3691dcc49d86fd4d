"""Which files somebody may see."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from accounts.choices import MediaPurpose, MediaStatus
from accounts.querysets.buildings import residencies_to_judge
from config.shared.querysets import VisibleQuerySet

if TYPE_CHECKING:
    from accounts.models import MediaFile

Audience = Callable[[Any], QuerySet[Any]]

# Staff open these through the thing they belong to, where it is written down, or not at all.
CONFIDENTIAL = (
    MediaPurpose.VERIFICATION,
    MediaPurpose.MESSAGE,
    MediaPurpose.CONTRACT,
    MediaPurpose.EXPORT,
)

_audiences: dict[str, Audience | None] = {}


def register_audience(label: str, audience: Audience | None = None) -> None:
    """Let whoever sees a thing open its private files.

    ``label`` is the thing's model (``catalog.unit``). Without an ``audience``, a function of a
    user that returns the things, it is what the model's own ``visible_to`` says.
    """
    _audiences[label] = audience


register_audience("accounts.verification")
register_audience("accounts.contractorpaper")
register_audience("accounts.organization")
register_audience("accounts.residency", residencies_to_judge)


class MediaFileQuerySet(VisibleQuerySet["MediaFile"]):
    """Files."""

    def clean(self) -> Self:
        """Those that were checked and whose time is not over."""
        return self.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gt=Now()), status=MediaStatus.CLEAN
        )

    def owned_by(self, user: Any) -> Self:
        """What ``user`` uploaded, in whatever state."""
        return self.filter(owner=user) if user.is_authenticated else self.none()

    def visible_to(self, user: Any) -> Self:
        """One's own; of what was checked, the public, what belongs to things one sees, and for
        staff the rest but identity papers, contracts and conversations."""
        checked = Q(status=MediaStatus.CLEAN)
        visible = checked & Q(is_private=False)
        if getattr(user, "is_authenticated", False):
            visible |= Q(owner=user) | (checked & _of_things_seen_by(user))
            if user.is_staff and user.has_perm("accounts.view_mediafile"):
                visible |= checked & ~Q(purpose__in=CONFIDENTIAL)
        return self.filter(visible)


def _of_things_seen_by(user: Any) -> Q:
    seen = Q(pk__in=())
    for label, audience in _audiences.items():
        things = audience(user) if audience else _default_audience(label, user)
        seen |= Q(target_type=label, target_id__in=things.order_by().values("pk"))
    return seen


def _default_audience(label: str, user: Any) -> QuerySet[Any]:
    manager: Any = apps.get_model(label)._default_manager
    things: QuerySet[Any] = manager.visible_to(user)
    return things
