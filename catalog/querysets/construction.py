"""Which phases, updates and 3D models somebody may see."""

from typing import TYPE_CHECKING, Any, Self

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce, Now

from accounts.querysets.organizations import seats
from catalog.choices import UpdateStatus
from catalog.querysets.homes import of_visible_developments
from config.shared.querysets import VisibleQuerySet

if TYPE_CHECKING:
    from catalog.models import ConstructionUpdate, Model3D, ProgressPhase


class ProgressPhaseQuerySet(VisibleQuerySet["ProgressPhase"]):
    """Phases of construction."""

    def visible_to(self, user: Any) -> Self:
        """Those of developments that ``user`` may see."""
        found: Self = of_visible_developments(self, user)
        return found

    def with_site(self) -> Self:
        """The evidence of each, where it is built, and ``asked_at``: what time it is."""
        return (
            self.select_related("development").prefetch_related("evidence").annotate(asked_at=Now())
        )


class ConstructionUpdateQuerySet(VisibleQuerySet["ConstructionUpdate"]):
    """News from the site."""

    def published(self) -> Self:
        return self.filter(status=UpdateStatus.PUBLISHED)

    def visible_to(self, user: Any) -> Self:
        """What is published of developments that ``user`` may see; drafts for the builder."""
        if getattr(user, "is_staff", False) and user.has_perm("catalog.view_constructionupdate"):
            return self.all()
        seen: Self = of_visible_developments(self, user)
        published = Q(status=UpdateStatus.PUBLISHED)
        if getattr(user, "is_authenticated", False):
            published |= Q(Exists(seats(user, organization="development__builder")))
        return seen.filter(published)

    def with_story(self) -> Self:
        """Who wrote each, its phase and photographs, and ``shown_at``, by which it is placed."""
        return (
            self.select_related("author__avatar", "phase")
            .prefetch_related("media")
            .annotate(shown_at=Coalesce("published_at", "created_at"))
        )


class Model3DQuerySet(VisibleQuerySet["Model3D"]):
    """3D models."""

    def visible_to(self, user: Any) -> Self:
        """The public ones of developments that ``user`` may see; all of one's own builder's."""
        if getattr(user, "is_staff", False) and user.has_perm("catalog.view_model3d"):
            return self.all()
        of_development = of_visible_developments(self, user).values("pk")
        of_unit = of_visible_developments(self, user, "unit__development").values("pk")
        seen = self.filter(Q(pk__in=of_development) | Q(pk__in=of_unit))
        public = Q(is_public=True)
        if getattr(user, "is_authenticated", False):
            public |= Q(Exists(seats(user, organization="development__builder")))
            public |= Q(Exists(seats(user, organization="unit__development__builder")))
        return seen.filter(public)

    def with_files(self) -> Self:
        """The file and the picture of each."""
        return self.select_related("file", "thumbnail")

    def newest_versions(self) -> Self:
        """Of models of one title the newest version."""
        newer = self.model._default_manager.order_by().filter(
            title=OuterRef("title"), version__gt=OuterRef("version")
        )
        of_development = Exists(newer.filter(development=OuterRef("development")))
        of_unit = Exists(newer.filter(unit=OuterRef("unit")))
        return self.exclude(of_development | of_unit)
