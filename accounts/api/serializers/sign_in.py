"""Opening an account, signing in with a password, and the tokens that come of it."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from accounts.api.serializers.own_account import UserResponse
from accounts.choices import ChosenRole, MembershipRole, OrganizationKind, Role
from accounts.models import Membership
from accounts.services.identifiers import MAX_EMAIL, Contact, email_contact, phone_contact
from accounts.services.password_rules import LONGEST
from accounts.services.registration import Wishes
from config.shared.errors import InvalidInputError
from config.shared.phones import MAX_SPELLING
from config.shared.serializers import ModelSerializer, Serializer

BOTH = {ChosenRole.BOTH: [Role.BUYER, Role.SELLER]}
USERNAME_SHAPE = r"^[A-Za-z][A-Za-z0-9._-]{2,39}$"
TOKENS_EXAMPLE = {
    "access_token": "eyJhbGciOiJIUzI1NiJ9.access.signature",
    "refresh_token": "eyJhbGciOiJIUzI1NiJ9.refresh.signature",
    "token_type": "Bearer",
    "expires_in": 600,
    "scope": "full",
}
REGISTER_EXAMPLE = {
    "phone_number": "+971501234567",
    "name": "Priya Nair",
    "email": "priya@courtyard.example",
    "password": "seven green parrots",
    "role": "resident",
}
LOGIN_EXAMPLE = {"identifier": "priya@courtyard.example", "password": "seven green parrots"}


class PasswordField(serializers.CharField):
    """A password, taken as it is: spaces count."""

    def __init__(self, **kwargs: Any) -> None:
        style = {"input_type": "password"}
        options = {"max_length": LONGEST, "trim_whitespace": False, "write_only": True}
        super().__init__(**{**options, "style": style, **kwargs})


@extend_schema_serializer(component_name="UserCreate")
class UserCreate(Serializer):
    """An account that is opened with a phone number; the code goes there."""

    phone_number = serializers.CharField(max_length=MAX_SPELLING)
    name = serializers.CharField(max_length=160, required=False, allow_blank=True)
    email = serializers.EmailField(max_length=MAX_EMAIL, required=False, allow_blank=True)
    role = serializers.ChoiceField(choices=ChosenRole.choices, required=False)
    password = PasswordField(required=False, allow_blank=True)


@extend_schema_serializer(component_name="RegisterRequest")
class RegisterRequest(Serializer):
    """An account that is opened with an e-mail address or a phone number.

    The code goes to the phone, where one is given, else to the e-mail address.
    """

    email = serializers.EmailField(max_length=MAX_EMAIL, required=False, allow_blank=True)
    phone_number = serializers.CharField(max_length=MAX_SPELLING, required=False, allow_blank=True)
    phone = serializers.CharField(max_length=MAX_SPELLING, required=False, allow_blank=True)
    password = PasswordField(required=False, allow_blank=True)
    name = serializers.CharField(max_length=160, required=False, allow_blank=True)
    full_name = serializers.CharField(max_length=160, required=False, allow_blank=True)
    first_name = serializers.CharField(max_length=80, required=False, allow_blank=True)
    last_name = serializers.CharField(max_length=80, required=False, allow_blank=True)
    username = serializers.RegexField(
        USERNAME_SHAPE, max_length=40, required=False, allow_blank=True
    )
    role = serializers.ChoiceField(choices=ChosenRole.choices, required=False)
    roles = serializers.ListField(
        child=serializers.ChoiceField(choices=ChosenRole.choices), max_length=8, required=False
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Where the code goes, and what is wished for."""
        phone = attrs.get("phone_number") or attrs.get("phone")
        if not phone and not attrs.get("email"):
            raise InvalidInputError.at("/phone_number", "required", "A phone number or an e-mail.")
        chosen = [*([attrs["role"]] if "role" in attrs else ()), *attrs.get("roles", ())]
        roles = [role for word in chosen for role in BOTH.get(word, [word])]
        names = ("first_name", "last_name", "username", "email", "password")
        wishes = Wishes(
            full_name=attrs.get("full_name") or attrs.get("name", ""),
            roles=roles,
            **{name: attrs.get(name, "") for name in names},
        )
        return {"contact": _contact(phone, attrs), "wishes": wishes}


def _contact(phone: str | None, attrs: dict[str, Any]) -> Contact:
    return phone_contact(phone) if phone else email_contact(attrs["email"])


@extend_schema_serializer(component_name="UserLogin")
class UserLogin(Serializer):
    """A phone number to which a code is sent."""

    phone_number = serializers.CharField(max_length=MAX_SPELLING)


@extend_schema_serializer(component_name="LoginRequest")
class LoginRequest(Serializer):
    """A password, with e-mail address, username or phone number.

    ``identifier`` can be called ``email``, ``username`` or ``phone_number`` as well. Without a
    password a code is sent, to the phone number or e-mail address.
    """

    identifier = serializers.CharField(max_length=MAX_EMAIL, required=False)
    email = serializers.CharField(max_length=MAX_EMAIL, required=False)
    username = serializers.CharField(max_length=MAX_EMAIL, required=False)
    phone_number = serializers.CharField(max_length=MAX_SPELLING, required=False)
    password = PasswordField(required=False, allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, str]:
        """One identifier, whatever it is called."""
        names = ("identifier", "email", "username", "phone_number")
        given = [attrs[name] for name in names if attrs.get(name)]
        if not given:
            raise InvalidInputError.at("/identifier", "required", "Say who signs in.")
        return {"identifier": given[0], "password": attrs.get("password", "")}


class PasswordForm(Serializer):
    """The password grant of OAuth 2.0 (RFC 6749, 4.3.2), for tools that know nothing else."""

    grant_type = serializers.ChoiceField(choices=["password"], required=False)
    username = serializers.CharField(max_length=MAX_EMAIL)
    password = PasswordField()
    scope = serializers.CharField(max_length=200, required=False, allow_blank=True)


class TokenResponse(Serializer):
    """The tokens of a sign-in. ``expires_in`` is of the access token, in seconds.

    ``scope`` is ``unverified`` until a phone number or e-mail address is verified: then only the
    profile, codes and verification can be reached.
    """

    access_token = serializers.CharField(read_only=True)
    refresh_token = serializers.CharField(read_only=True)
    token_type = serializers.CharField(read_only=True)
    expires_in = serializers.IntegerField(read_only=True)
    scope = serializers.CharField(source="claims.scope", read_only=True)


class TokenData(Serializer):
    """What an access token says."""

    user_id = serializers.UUIDField(read_only=True)
    session_id = serializers.UUIDField(source="sid", read_only=True)
    roles = serializers.ListField(
        child=serializers.CharField(), max_length=len(Role), read_only=True
    )
    scope = serializers.CharField(read_only=True)
    expires_at = serializers.DateTimeField(read_only=True)


class Token(TokenResponse):
    """The tokens of a sign-in by code, and what the access token says."""

    token_data = TokenData(source="claims", read_only=True)


class SecondFactorRequired(Serializer):
    """The proof was right and a second factor is wanted: send it with ``mfa_token``."""

    mfa_required = serializers.SerializerMethodField()
    mfa_token = serializers.UUIDField(source="challenge_id", read_only=True)
    expires_in = serializers.IntegerField(read_only=True)

    def get_mfa_required(self, _outcome: Any) -> bool:
        return True


@extend_schema_serializer(component_name="RefreshTokenRequest")
class RefreshTokenRequest(Serializer):
    """The refresh token of the last answer that had one."""

    refresh_token = serializers.CharField(max_length=2000)


class LogoutRequest(Serializer):
    """The refresh token of the session, for callers whose access token has expired."""

    refresh_token = serializers.CharField(max_length=2000, required=False)


@extend_schema_serializer(component_name="PasswordResetRequest")
class PasswordResetRequest(Serializer):
    """Where to send what a new password takes: a link to an e-mail, a code to a phone."""

    identifier = serializers.CharField(max_length=MAX_EMAIL, required=False)
    email = serializers.CharField(max_length=MAX_EMAIL, required=False)
    phone_number = serializers.CharField(max_length=MAX_SPELLING, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Contact]:
        """One contact, whatever it is called."""
        for name, text in attrs.items():
            read = email_contact if "@" in text else phone_contact
            return {"contact": read(text, pointer=f"/{name}")}
        raise InvalidInputError.at("/identifier", "required", "A phone number or an e-mail.")


@extend_schema_serializer(component_name="PasswordResetConfirm")
class PasswordResetConfirm(Serializer):
    """A new password, with the token of the link or with the challenge and its code."""

    token = serializers.CharField(max_length=200, required=False)
    challenge_id = serializers.UUIDField(required=False)
    code = serializers.CharField(max_length=12, required=False)
    new_password = PasswordField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Either the token or both halves of the code."""
        if "token" in attrs:
            return {"token": attrs["token"], "new_password": attrs["new_password"]}
        for name in ("challenge_id", "code"):
            if name not in attrs:
                raise InvalidInputError.at(f"/{name}", "required", "The link's token, or a code.")
        return attrs


class PasswordChange(Serializer):
    """The present password and the new one; who has none yet leaves the present one out."""

    current_password = PasswordField(required=False, allow_blank=True, default="")
    new_password = PasswordField()


class OwnMembership(ModelSerializer):
    """A place in an organization."""

    organization_id = serializers.UUIDField(read_only=True)
    organization = serializers.CharField(source="organization.name", read_only=True)
    kind = serializers.ChoiceField(
        source="organization.kind", choices=OrganizationKind.choices, read_only=True
    )
    role = serializers.ChoiceField(choices=MembershipRole.choices, read_only=True)

    class Meta:
        model = Membership
        fields = ["id", "organization_id", "organization", "kind", "role", "title"]
        read_only_fields = fields


class UserDetailResponse(UserResponse):
    """An account as its owner sees it, with the organizations they act for."""

    memberships = OwnMembership(source="current_memberships", many=True, read_only=True)

    class Meta(UserResponse.Meta):
        fields = [*UserResponse.Meta.fields, "memberships"]
        read_only_fields = fields
