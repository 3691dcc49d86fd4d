"""Which people somebody may see, and how they are loaded."""

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.contrib.auth.base_user import BaseUserManager
from django.core.exceptions import ValidationError
from django.db.models import BooleanField, Exists, F, OuterRef, Prefetch, Q, Value

from accounts.choices import UserStatus
from accounts.querysets.connections import without_blocks
from accounts.querysets.directory import DirectoryQuerySetMixin, showing
from accounts.querysets.figures import figure, number_of
from config.shared.errors import InvalidInputError
from config.shared.phones import normalise_phone
from config.shared.querysets import VisibleQuerySet

if TYPE_CHECKING:
    from accounts.models import User

_ACTIVE = UserStatus.ACTIVE


class UserQuerySet(DirectoryQuerySetMixin["User"], VisibleQuerySet["User"]):
    """People."""

    def active(self) -> Self:
        return self.filter(status=UserStatus.ACTIVE)

    def visible_to(self, user: Any) -> Self:
        """Active people without a block between them and ``user``; staff see everybody."""
        if getattr(user, "is_staff", False) and user.has_perm("accounts.view_user"):
            return self.all()
        people = self.active()
        if not getattr(user, "is_authenticated", False):
            return people
        return without_blocks(people, user)

    def not_blocking(self, user: Any) -> Self:
        """Active people who have not shut ``user`` out, whom ``user`` may have shut out."""
        blocks = apps.get_model("accounts.Block").objects
        return self.active().filter(~Exists(blocks.filter(blocker=OuterRef("pk"), blocked=user)))

    def showing(self, flag: str, *, to: Any) -> Self:
        """Those who have not switched ``flag`` off in what they let others see; oneself always."""
        if getattr(to, "is_authenticated", False):
            return self.filter(Q(pk=to.pk) | showing(flag))
        return self.filter(showing(flag))

    def with_own_page(self) -> Self:
        """What people see of their own account: the avatar and where they act for others."""
        seats = apps.get_model("accounts.Membership").objects.live()
        current = Prefetch(
            "memberships", seats.select_related("organization"), to_attr="current_memberships"
        )
        return self.select_related("avatar").prefetch_related(current)

    def with_public_page(self, user: Any) -> Self:
        """Avatar, what the person wants shown, and whether ``user`` follows them."""
        follows = apps.get_model("accounts.Follow").objects
        following: Any = Value(value=False, output_field=BooleanField())
        if getattr(user, "is_authenticated", False):
            following = Exists(follows.filter(follower=user, followed=OuterRef("pk")))
        return self.select_related("avatar").annotate(
            visibility=F("profile__visibility"), is_following=following
        )

    def with_stats(self) -> Self:
        """The public figures: followers, people followed, products, rating."""
        return self.annotate(
            followers_count=number_of("accounts.Follow", "followed", follower__status=_ACTIVE),
            following_count=number_of("accounts.Follow", "follower", followed__status=_ACTIVE),
            products_count=figure("products"),
            rating=figure("rating"),
        )


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Makes people; everything else about them is on the queryset."""

    def get_by_natural_key(self, identifier: str | None) -> "User":
        """Whoever has this phone number, however it is spelt."""
        try:
            number = normalise_phone(identifier or "")
        except InvalidInputError:
            number = identifier or ""
        return self.get(phone_number=number)

    def create_user(
        self, phone_number: str | None = None, password: str | None = None, **extra: Any
    ) -> "User":
        """An active person with this phone number (E.164) and, where given, this password."""
        extra.setdefault("status", UserStatus.ACTIVE)
        extra["is_active"] = extra["status"] == UserStatus.ACTIVE
        user = self.model(phone_number=phone_number or None, **extra)
        if password is None:
            user.set_unusable_password()
        else:
            user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(
        self, phone_number: str | None = None, password: str | None = None, **extra: Any
    ) -> "User":
        """A member of staff with every permission, verified by whoever runs the command.

        Raises Django's ``ValidationError`` for what is no mobile number: the command shows it.
        """
        if phone_number:
            try:
                phone_number = normalise_phone(phone_number)
            except InvalidInputError as error:
                raise ValidationError(error.detail) from error
        extra.update(is_staff=True, is_superuser=True, phone_verified=bool(phone_number))
        return self.create_user(phone_number, password, **extra)
