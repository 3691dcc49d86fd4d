"""Organizations and their members, as the API takes and shows them."""

from typing import Any

from rest_framework import serializers

from accounts.api.pictures import PictureField
from accounts.api.serializers.people import PersonSerializer
from accounts.choices import MembershipRole
from accounts.models import MediaFile, Membership, Organization, User
from config.shared.fields import VisibleRelatedField
from config.shared.serializers import ModelSerializer, Serializer

DESCRIPTION = [
    "name",
    "legal_name",
    "registration_no",
    "license_no",
    "description",
    "website",
    "email",
    "phone",
    "address",
    "city",
    "state",
    "country",
    "pincode",
    "lat",
    "lng",
    "established_year",
]
EXAMPLE_INPUT = {
    "kind": "society",
    "name": "Marina Heights Owners",
    "city": "Dubai",
    "country": "AE",
    "email": "office@marina-heights.example",
    "phone": "+97142345678",
    "lat": 25.0803,
    "lng": 55.1403,
    "established_year": 2012,
}


class PointSerializer(Serializer):
    """A place in degrees (WGS84)."""

    lat = serializers.FloatField(allow_null=True)
    lng = serializers.FloatField(allow_null=True)


class OrganizationBriefSerializer(ModelSerializer):
    """An organization beside something of it."""

    class Meta:
        model = Organization
        fields = ["id", "kind", "name", "verified_at"]
        read_only_fields = fields


class OrganizationSerializer(ModelSerializer):
    """An organization's public page."""

    logo_url = PictureField(source="logo")
    location = PointSerializer(source="*", read_only=True)
    members_count = serializers.IntegerField(read_only=True)
    my_role = serializers.ChoiceField(
        choices=MembershipRole.choices,
        read_only=True,
        allow_null=True,
        help_text="The role of the caller, where they are a member.",
    )
    distance_m = serializers.SerializerMethodField()

    class Meta:
        model = Organization
        fields = [
            "id",
            "kind",
            *(name for name in DESCRIPTION if name not in {"lat", "lng"}),
            "logo_url",
            "location",
            "verified_at",
            "rating_avg",
            "status",
            "members_count",
            "my_role",
            "distance_m",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields

    def get_distance_m(self, organization: Organization) -> int | None:
        return rounded_distance(organization, to=10)


class OrganizationUpdateSerializer(ModelSerializer):
    """What an organization says about itself."""

    country = serializers.RegexField(r"^[A-Z]{2}$", max_length=2, required=False)
    logo = VisibleRelatedField(queryset=MediaFile, required=False, allow_null=True)

    class Meta:
        model = Organization
        fields = [*DESCRIPTION, "logo"]


class OrganizationInputSerializer(OrganizationUpdateSerializer):
    """A new organization; its kind never changes."""

    class Meta(OrganizationUpdateSerializer.Meta):
        fields = ["kind", *OrganizationUpdateSerializer.Meta.fields]


class MemberSerializer(ModelSerializer):
    """A person's place in an organization."""

    user = PersonSerializer(read_only=True)
    organization_id = serializers.UUIDField(read_only=True)

    class Meta:
        model = Membership
        fields = [
            "id",
            "organization_id",
            "user",
            "role",
            "status",
            "title",
            "since",
            "until",
            "created_at",
        ]
        read_only_fields = fields


class InvitationSerializer(MemberSerializer):
    """An invitation that the caller has not answered yet."""

    organization = OrganizationBriefSerializer(read_only=True)

    class Meta(MemberSerializer.Meta):
        fields = ["id", "organization", "role", "status", "title", "created_at"]
        read_only_fields = fields


class InviteSerializer(Serializer):
    """Whom to invite, and as what."""

    user = VisibleRelatedField(queryset=User)
    role = serializers.ChoiceField(choices=MembershipRole.choices)
    title = serializers.CharField(max_length=120, required=False, allow_blank=True)


class InviteByAddressSerializer(Serializer):
    """The exact phone number or e-mail address of whom to invite, and as what."""

    phone_number = serializers.CharField(max_length=64, required=False)
    email = serializers.EmailField(max_length=254, required=False)
    role = serializers.ChoiceField(choices=MembershipRole.choices)
    title = serializers.CharField(max_length=120, required=False, allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("phone_number" in attrs) == ("email" in attrs):
            raise serializers.ValidationError(
                "Give a phone number or an e-mail address.", code="one_address"
            )
        return attrs


class InvitedSerializer(Serializer):
    """What is said of every invitation to an address, whether anybody has it or not."""

    detail = serializers.CharField(read_only=True)


class MemberUpdateSerializer(Serializer):
    """Another role or title."""

    role = serializers.ChoiceField(choices=MembershipRole.choices, required=False)
    title = serializers.CharField(max_length=120, required=False, allow_blank=True)


class ReasonSerializer(Serializer):
    """A reason, where one wants to give it."""

    reason = serializers.CharField(max_length=500, required=False, allow_blank=True)


def rounded_distance(place: Any, *, to: int) -> int | None:
    """How far ``place`` is from where was searched, in metres; None where no place was."""
    distance = getattr(place, "distance_m", None)
    return None if distance is None else int(distance / to + 0.5) * to
