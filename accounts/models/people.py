"""People."""

from typing import Any, ClassVar

import pghistory
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, GistIndex, OpClass
from django.db import models
from django.db.models import ExpressionWrapper, F, Q
from django.db.models.functions import Lower, Now, Reverse, Upper
from django.utils.crypto import salted_hmac

from accounts.choices import Role, UserStatus
from accounts.fields import CredentialPasswordField
from accounts.querysets.people import UserManager
from config.shared.geo import PublicPlace, place_constraints, place_index
from config.shared.models import uuid7
from config.shared.phones import E164_PATTERN

SESSION_SALT = "accounts.models.people.User.session"
ACTIVE_CONTRACTOR = Q(status=UserStatus.ACTIVE, roles__contains=[Role.CONTRACTOR])
PUBLIC_PLACE_FIELDS = ("lat", "lng", "point", "cell_lat", "cell_lng", "cell_point")


@pghistory.track(
    exclude=["last_login_at", "updated_at", "is_verified", *PUBLIC_PLACE_FIELDS],
    append_only=True,
)
class User(AbstractBaseUser, PermissionsMixin, PublicPlace):
    """A person with an account; the secrets that prove it is them live in another database."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    password = CredentialPasswordField()
    phone_number = models.CharField(max_length=16, unique=True, null=True, blank=True)
    email = models.EmailField(max_length=254, null=True, blank=True)  # noqa: DJ001 unique where given
    username = models.CharField(max_length=40, null=True, blank=True)  # noqa: DJ001 unique where given
    full_name = models.CharField(max_length=160, blank=True)
    first_name = models.CharField(max_length=80, blank=True)
    last_name = models.CharField(max_length=80, blank=True)
    avatar = models.ForeignKey(
        "accounts.MediaFile", models.SET_NULL, null=True, blank=True, related_name="avatar_of"
    )
    bio = models.CharField(max_length=500, blank=True)
    description = models.CharField(max_length=2000, blank=True)
    address = models.CharField(max_length=300, blank=True)
    city = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=120, blank=True)
    pincode = models.CharField(max_length=20, blank=True)
    neighborhood = models.CharField(max_length=120, blank=True)
    building_name = models.CharField(max_length=160, blank=True)
    roles = ArrayField(
        models.CharField(max_length=20, choices=Role), default=list, blank=True, size=8
    )
    primary_role = models.CharField(max_length=20, choices=Role, default=Role.RESIDENT)
    status = models.CharField(max_length=20, choices=UserStatus, default=UserStatus.PENDING)
    is_active = models.BooleanField(default=False)
    is_staff = models.BooleanField(default=False)
    email_verified = models.BooleanField(default=False)
    phone_verified = models.BooleanField(default=False)
    is_verified = models.GeneratedField(
        expression=ExpressionWrapper(
            Q(email_verified=True) | Q(phone_verified=True), output_field=models.BooleanField()
        ),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    token_version = models.PositiveIntegerField(default=0)
    stripe_customer_id = models.CharField(max_length=64, unique=True, null=True, blank=True)
    stripe_connect_account_id = models.CharField(max_length=64, unique=True, null=True, blank=True)
    external_subject = models.CharField(max_length=128, unique=True, null=True, blank=True)
    locale = models.CharField(max_length=12, default="en")
    time_zone = models.CharField(max_length=64, default="Asia/Dubai")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True, editable=False)
    last_login_at = models.DateTimeField(null=True, blank=True)
    anonymised_at = models.DateTimeField(null=True, blank=True, editable=False)

    last_login = None

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "phone_number"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ["-created_at", "pk"]
        verbose_name = "person"
        verbose_name_plural = "people"
        permissions = [
            ("suspend_user", "May suspend and reactivate people"),
            ("end_sessions", "May end the sessions of people"),
            ("reset_second_factor", "May reset the second factor of people"),
            ("free_codes", "May free codes that wrong guesses stopped"),
            ("export_user", "May take the list of people away as a file"),
        ]
        indexes = [
            place_index("accounts_user_point"),
            place_index("accounts_user_cell", point="cell_point"),
            models.Index(
                OpClass(Reverse("phone_number"), "text_pattern_ops"), name="accounts_user_phone_end"
            ),
            models.Index("status", F("created_at").desc(), "id", name="accounts_user_status"),
            GinIndex("roles", name="accounts_user_roles"),
            models.Index(
                "full_name", "id", condition=ACTIVE_CONTRACTOR, name="accounts_user_contractors"
            ),
            models.Index(
                Upper("city"),
                "full_name",
                "id",
                condition=ACTIVE_CONTRACTOR,
                name="accounts_user_contractor_city",
            ),
            GistIndex(
                fields=["cell_point"],
                condition=ACTIVE_CONTRACTOR,
                name="accounts_user_contractor_cells",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="accounts_user_email_unique",
                violation_error_code="email_taken",
                violation_error_message="This e-mail address belongs to another account.",
            ),
            models.UniqueConstraint(
                Lower("username"),
                name="accounts_user_username_unique",
                violation_error_code="username_taken",
                violation_error_message="This username is taken.",
            ),
            models.CheckConstraint(
                condition=Q(phone_number__isnull=True) | Q(phone_number__regex=E164_PATTERN),
                name="accounts_user_phone_e164",
                violation_error_code="phone_not_e164",
                violation_error_message="A phone number is stored as + and digits only (E.164).",
            ),
            models.CheckConstraint(
                condition=Q(status=UserStatus.ACTIVE, is_active=True)
                | (~Q(status=UserStatus.ACTIVE) & Q(is_active=False)),
                name="accounts_user_active_is_status",
                violation_error_code="active_contradicts_status",
                violation_error_message="A person is active exactly when their status is active.",
            ),
            models.CheckConstraint(
                condition=Q(phone_verified=False) | Q(phone_number__isnull=False),
                name="accounts_user_phone_verified_has_phone",
                violation_error_code="verified_phone_missing",
                violation_error_message="Only a phone number that is there can be verified.",
            ),
            models.CheckConstraint(
                condition=Q(email_verified=False) | Q(email__isnull=False),
                name="accounts_user_email_verified_has_email",
                violation_error_code="verified_email_missing",
                violation_error_message="Only an e-mail address that is there can be verified.",
            ),
            models.CheckConstraint(
                condition=Q(username__isnull=True)
                | Q(username__regex=r"^[A-Za-z][A-Za-z0-9._-]{2,39}$"),
                name="accounts_user_username_shape",
                violation_error_code="username_shape",
                violation_error_message=(
                    "A username has 3 to 40 letters, digits, dots, dashes or underscores "
                    "and starts with a letter."
                ),
            ),
            *place_constraints("accounts_user"),
        ]

    def __str__(self) -> str:
        return self.full_name or self.username or f"Person {str(self.pk)[-6:]}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the row; ``password`` is no column, so it is written to the credentials database.

        First the row, by which everything signed in before is refused, then the new password.
        """
        fields = kwargs.get("update_fields")
        if fields is not None:
            instead = {"password": "token_version"}
            kwargs["update_fields"] = [instead.get(name, name) for name in fields]
        super().save(*args, **kwargs)
        type(self)._meta.get_field("password").store(self)

    def set_password(self, raw_password: str | None) -> None:
        """Choose a new password, which voids every token and every session of the back office."""
        super().set_password(raw_password)
        if not self._state.adding:
            self.token_version += 1

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session of the back office is bound to; no query on the credentials database."""
        value = f"{self.pk}:{self.token_version}"
        return salted_hmac(SESSION_SALT, value, secret=secret, algorithm="sha256").hexdigest()

    @property
    def is_contractor(self) -> bool:
        return Role.CONTRACTOR in self.roles

    @property
    def is_society(self) -> bool:
        return Role.SOCIETY in self.roles

    @property
    def is_admin(self) -> bool:
        return Role.ADMIN in self.roles

    @property
    def name(self) -> str:
        return self.full_name

    @property
    def profile_image(self) -> Any:
        return self.avatar

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.first_name or self.full_name
