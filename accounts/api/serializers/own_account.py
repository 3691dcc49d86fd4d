"""What people see and change of their own account."""

import re
from typing import Any
from zoneinfo import available_timezones

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from accounts.api.fields import OwnPictureField
from accounts.api.pictures import PictureField
from accounts.choices import SELF_ASSIGNABLE_ROLES, Role
from accounts.models import User
from config.shared.serializers import ModelSerializer, Serializer

LOCALE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")
# A role of one of the older clients that stands for two.
BOTH = "both"
EXAMPLE = {
    "id": "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f",
    "phone_number": "+971501234567",
    "email": "priya@courtyard.example",
    "username": "priya.nair",
    "name": "Priya Nair",
    "full_name": "Priya Nair",
    "first_name": "Priya",
    "last_name": "Nair",
    "city": "Dubai",
    "roles": ["resident", "contractor"],
    "role": "contractor",
    "status": "active",
    "is_verified": True,
}
UPDATE_EXAMPLE = {
    "name": "Priya Nair",
    "description": "Electrician, low voltage and solar",
    "city": "Dubai",
    "pincode": "00000",
    "location": {"lat": 25.0805, "lng": 55.1403},
    "time_zone": "Asia/Dubai",
}


class UserLocation(Serializer):
    """Where a person is, in degrees; others only ever learn the square kilometre."""

    lat = serializers.FloatField(min_value=-90, max_value=90)
    lng = serializers.FloatField(min_value=-180, max_value=180)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Half a place is none, also where the rest of the account is left out."""
        if missing := {"lat", "lng"} - set(attrs):
            wanting = ErrorDetail("A place has both a latitude and a longitude.", "required")
            raise serializers.ValidationError({name: [wanting] for name in missing})
        return attrs


class UserResponse(ModelSerializer):
    """An account, as its owner sees it."""

    name = serializers.CharField(source="full_name", read_only=True)
    role = serializers.ChoiceField(source="primary_role", choices=Role.choices, read_only=True)
    profile_image = PictureField(source="avatar")
    avatar_url = PictureField(source="avatar")
    profile_image_url = PictureField(source="avatar")
    location = serializers.SerializerMethodField()
    is_contractor = serializers.BooleanField(read_only=True)
    is_society = serializers.BooleanField(read_only=True)
    is_admin = serializers.BooleanField(read_only=True)
    last_login = serializers.DateTimeField(source="last_login_at", read_only=True, allow_null=True)

    class Meta:
        model = User
        fields = [
            "id",
            "phone_number",
            "email",
            "username",
            "name",
            "full_name",
            "first_name",
            "last_name",
            "profile_image",
            "profile_image_url",
            "avatar_url",
            "bio",
            "description",
            "address",
            "city",
            "state",
            "pincode",
            "neighborhood",
            "building_name",
            "location",
            "role",
            "primary_role",
            "roles",
            "is_contractor",
            "is_society",
            "is_admin",
            "status",
            "is_active",
            "is_staff",
            "is_verified",
            "email_verified",
            "phone_verified",
            "locale",
            "time_zone",
            "created_at",
            "updated_at",
            "last_login",
            "last_login_at",
        ]
        read_only_fields = fields

    @extend_schema_field(UserLocation(allow_null=True))
    def get_location(self, person: User) -> dict[str, float] | None:
        if person.lat is None or person.lng is None:
            return None
        return {"lat": person.lat, "lng": person.lng}


@extend_schema_serializer(component_name="UserUpdate")
class UserUpdate(ModelSerializer):
    """What people change of their own account; what is left out stays as it is.

    Phone number and e-mail address have ways of their own, which prove the new one.
    """

    name = serializers.CharField(max_length=160, required=False)
    full_name = serializers.CharField(max_length=160, required=False)
    username = serializers.RegexField(
        r"^[A-Za-z][A-Za-z0-9._-]{2,39}$", max_length=40, required=False, allow_null=True
    )
    profile_image = OwnPictureField(source="avatar", required=False, allow_null=True)
    avatar_url = OwnPictureField(source="avatar", required=False, allow_null=True)
    location = UserLocation(required=False, allow_null=True)
    role = serializers.ChoiceField(
        choices=[*Role.choices, (BOTH, "Buyer and seller")], required=False
    )
    roles = serializers.ListField(
        child=serializers.ChoiceField(choices=Role.choices), max_length=8, required=False
    )
    time_zone = serializers.CharField(max_length=64, required=False)
    locale = serializers.CharField(max_length=12, required=False)

    class Meta:
        model = User
        fields = [
            "name",
            "full_name",
            "first_name",
            "last_name",
            "username",
            "profile_image",
            "avatar_url",
            "bio",
            "description",
            "address",
            "city",
            "state",
            "pincode",
            "neighborhood",
            "building_name",
            "location",
            "role",
            "roles",
            "locale",
            "time_zone",
        ]

    def validate_time_zone(self, value: str) -> str:
        if value not in available_timezones():
            raise serializers.ValidationError("Not a zone of the IANA list.", "not_a_choice")
        return value

    def validate_locale(self, value: str) -> str:
        if not LOCALE.fullmatch(value):
            raise serializers.ValidationError("A language tag such as en or ar-AE.", "wrong_format")
        return value

    def validate_roles(self, value: list[str]) -> list[str]:
        for index, role in enumerate(value):
            if role not in self._choosable():
                wrong = ErrorDetail("Nobody gives themselves this role.", "not_yours")
                raise serializers.ValidationError({str(index): [wrong]})
        return value

    def validate_role(self, value: str) -> str:
        if value not in {BOTH, *self._choosable()}:
            raise serializers.ValidationError("Nobody gives themselves this role.", "not_yours")
        return value

    def _choosable(self) -> set[str]:
        """The roles that people give themselves, and those that this person has."""
        held = self.instance.roles if isinstance(self.instance, User) else []
        return {*SELF_ASSIGNABLE_ROLES, *held}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The columns that the input speaks of."""
        if "name" in attrs:
            attrs.setdefault("full_name", attrs.pop("name"))
        if "location" in attrs:
            place = attrs.pop("location") or {"lat": None, "lng": None}
            attrs |= {"lat": place["lat"], "lng": place["lng"]}
        role = attrs.pop("role", None)
        if role == BOTH:
            held = self.instance.roles if isinstance(self.instance, User) else []
            attrs["roles"] = [*attrs.get("roles", held), Role.BUYER, Role.SELLER]
            role = Role.BUYER
        if role is not None:
            attrs["primary_role"] = role
        return attrs
