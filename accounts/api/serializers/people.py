"""What strangers see of people: never a phone number, an e-mail address or a door."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.pictures import PictureField
from accounts.choices import Role
from accounts.models import Block, Follow, User
from config.shared.serializers import ModelSerializer, Serializer

EXAMPLE = {
    "id": "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f",
    "name": "Priya Nair",
    "username": "priya.nair",
    "avatar_url": None,
    "full_name": "Priya Nair",
    "bio": "Electrician in the Marina since 2009.",
    "roles": ["resident", "contractor"],
    "primary_role": "contractor",
    "is_verified": True,
    "location": {"city": "Dubai", "neighborhood": "Dubai Marina", "lat": 25.085, "lng": 55.1436},
    "is_following": False,
    "created_at": "2026-01-12T08:30:00Z",
}


class PublicPlaceSerializer(Serializer):
    """Roughly where somebody is: the centre of a cell of about a kilometre, always the same."""

    city = serializers.CharField()
    neighborhood = serializers.CharField()
    lat = serializers.FloatField(allow_null=True)
    lng = serializers.FloatField(allow_null=True)


class PersonSerializer(ModelSerializer):
    """A person in a list, or beside what they did."""

    name = serializers.CharField(source="full_name", read_only=True)
    avatar_url = PictureField(source="avatar")

    class Meta:
        model = User
        fields = ["id", "name", "username", "avatar_url"]
        read_only_fields = fields


class PublicUserSerializer(PersonSerializer):
    """A person's public page, with what they let strangers know."""

    primary_role = serializers.ChoiceField(choices=Role.choices, read_only=True, allow_null=True)
    location = serializers.SerializerMethodField()
    is_following = serializers.BooleanField(
        read_only=True, help_text="Whether the caller follows them."
    )

    class Meta(PersonSerializer.Meta):
        fields = [
            *PersonSerializer.Meta.fields,
            "full_name",
            "bio",
            "roles",
            "primary_role",
            "is_verified",
            "location",
            "is_following",
            "created_at",
        ]
        read_only_fields = fields

    @extend_schema_field(PublicPlaceSerializer)
    def get_location(self, person: User) -> dict[str, Any]:
        return shown_place(person, visibility_of(person))

    def to_representation(self, instance: User) -> dict[str, Any]:
        shown = super().to_representation(instance)
        flags = visibility_of(instance)
        if not shows(flags, "show_bio"):
            shown["bio"] = ""
        if not shows(flags, "show_roles"):
            shown |= {"roles": [], "primary_role": None}
        return shown


class UserStatsSerializer(Serializer):
    """The public figures of a person."""

    followers = serializers.IntegerField(source="followers_count")
    following = serializers.IntegerField(source="following_count")
    products = serializers.IntegerField(source="products_count")
    rating = serializers.DecimalField(max_digits=3, decimal_places=2, allow_null=True)


class FollowingSerializer(ModelSerializer):
    """Somebody whom the caller follows."""

    user = PersonSerializer(source="followed", read_only=True)

    class Meta:
        model = Follow
        fields = ["id", "user", "created_at"]
        read_only_fields = fields


class FollowerSerializer(ModelSerializer):
    """Somebody who follows the caller."""

    user = PersonSerializer(source="follower", read_only=True)

    class Meta:
        model = Follow
        fields = ["id", "user", "created_at"]
        read_only_fields = fields


class BlockSerializer(ModelSerializer):
    """Somebody whom the caller has shut out."""

    user = PersonSerializer(source="blocked", read_only=True)

    class Meta:
        model = Block
        fields = ["id", "user", "created_at"]
        read_only_fields = fields


def visibility_of(person: Any) -> dict[str, Any]:
    """What ``person`` wants shown; everything, where they have said nothing."""
    return getattr(person, "visibility", None) or {}


def shows(flags: dict[str, Any], flag: str) -> bool:
    """Whether ``flag`` is not switched off."""
    return flags.get(flag) is not False


def shown_place(person: User, flags: dict[str, Any]) -> dict[str, Any]:
    """The public cell and the names of the place, as far as the person lets them be known."""
    near = shows(flags, "show_neighborhood")
    return {
        "city": person.city if shows(flags, "show_city") else "",
        "neighborhood": person.neighborhood if near else "",
        "lat": person.cell_lat if near else None,
        "lng": person.cell_lng if near else None,
    }
