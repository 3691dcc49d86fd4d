"""Developments, as the API takes and shows them."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from accounts.api.fields import CurrencyField
from accounts.api.serializers.buildings import BuildingBriefSerializer
from accounts.api.serializers.organizations import (
    OrganizationBriefSerializer,
    PointSerializer,
    rounded_distance,
)
from accounts.models import Building, MediaFile, Organization
from catalog.api.serializers.files import AttachedFileSerializer
from catalog.api.serializers.policies import CANCELLATION, LATE_FEES, PLAN
from catalog.choices import DevelopmentStatus
from catalog.models import Development
from catalog.services.developments import WRITABLE_FIELDS
from config.shared.fields import BoundedJSONField, VisibleRelatedField
from config.shared.money_fields import AmountField
from config.shared.safe_json import JSONBounds
from config.shared.serializers import ModelSerializer, Serializer

MOST_IMAGES = 40
MOST_BUILDINGS = 50
# What only the page of one development shows.
AT_LENGTH = ("terms", "late_fee_policy", "cancellation_policy", "plan_template")
EXAMPLE_INPUT: dict[str, Any] = {
    "builder": "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f",
    "name": "Marina Heights",
    "type": "apartments",
    "description": "Three towers on the water, five minutes from the tram.",
    "address": "Al Marsa Street 14",
    "city": "Dubai",
    "state": "Dubai",
    "country": "AE",
    "lat": 25.0803,
    "lng": 55.1403,
    "amenities": ["Pool", "Gym", "Play area"],
    "launch_date": "2026-12-01",
    "expected_completion": "2029-06-30",
    "permit_no": "RERA-71234",
    "currency": "AED",
    "hold_minutes": 15,
    "max_holds_per_user": 2,
    "cancellation_policy": {
        "keep": [
            {"stage": "confirmed", "percent": "10"},
            {"stage": "contracted", "percent": "30"},
        ],
        "of": "paid",
    },
    "plan_template": {
        "lines": [
            {"label": "Deposit", "percent": "10", "due": {"rule": "deposit"}},
            {"label": "60 days later", "percent": "20", "due": {"rule": "days", "days": 60}},
            {"label": "Handover", "balance": True, "due": {"rule": "handover"}},
        ]
    },
}
TARGETS = [
    choice
    for choice in DevelopmentStatus.choices
    if choice[0] not in {DevelopmentStatus.PLANNING, DevelopmentStatus.ARCHIVED}
]


class DevelopmentBriefSerializer(ModelSerializer):
    """A development beside something in it."""

    class Meta:
        model = Development
        fields = ["id", "slug", "name", "city", "status", "is_selling"]
        read_only_fields = fields


class DevelopmentSerializer(ModelSerializer):
    """A development, as lists show it."""

    builder = OrganizationBriefSerializer(read_only=True)
    cover = AttachedFileSerializer(read_only=True, allow_null=True)
    location = PointSerializer(source="*", read_only=True)
    total_units = serializers.IntegerField(read_only=True)
    available_units = serializers.IntegerField(
        read_only=True, help_text="How many units nobody holds, has bought or keeps back."
    )
    price_from = AmountField(
        allow_null=True, help_text="The lowest price of an available unit; null where none is."
    )
    percent_built = serializers.DecimalField(
        max_digits=5,
        decimal_places=2,
        read_only=True,
        help_text="The mean over all phases of construction, by their weight.",
    )
    distance_m = serializers.SerializerMethodField()

    class Meta:
        model = Development
        fields = [
            "id",
            "slug",
            "builder",
            "status",
            "is_selling",
            *(name for name in WRITABLE_FIELDS if name not in {"lat", "lng", *AT_LENGTH}),
            "cover",
            "location",
            "total_units",
            "available_units",
            "price_from",
            "percent_built",
            "distance_m",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields

    def get_distance_m(self, development: Development) -> int | None:
        return rounded_distance(development, to=10)


class DevelopmentPageSerializer(DevelopmentSerializer):
    """A development with everything that is said of it and on what terms it sells."""

    late_fee_policy = BoundedJSONField(schema=LATE_FEES, read_only=True)
    cancellation_policy = BoundedJSONField(schema=CANCELLATION, read_only=True)
    plan_template = BoundedJSONField(schema=PLAN, read_only=True)
    buildings = BuildingBriefSerializer(many=True, read_only=True)
    images = AttachedFileSerializer(many=True, read_only=True)
    brochure = AttachedFileSerializer(read_only=True, allow_null=True)

    class Meta(DevelopmentSerializer.Meta):
        fields = [*DevelopmentSerializer.Meta.fields, *AT_LENGTH, "buildings", "images", "brochure"]
        read_only_fields = fields


class DevelopmentUpdateSerializer(ModelSerializer):
    """What is said of a development, and how it is sold from now on."""

    country = serializers.RegexField(r"^[A-Z]{2}$", max_length=2, required=False)
    currency = CurrencyField(required=False)
    # Their shape is told here; the service says what is wrong with one, and where.
    late_fee_policy = BoundedJSONField(schema=LATE_FEES, bounds=JSONBounds(), required=False)
    cancellation_policy = BoundedJSONField(schema=CANCELLATION, bounds=JSONBounds(), required=False)
    plan_template = BoundedJSONField(schema=PLAN, bounds=JSONBounds(), required=False)
    buildings = VisibleRelatedField(
        queryset=Building, many=True, required=False, max_length=MOST_BUILDINGS
    )
    cover = VisibleRelatedField(queryset=MediaFile, required=False, allow_null=True)
    images = VisibleRelatedField(
        queryset=MediaFile, many=True, required=False, max_length=MOST_IMAGES
    )
    brochure = VisibleRelatedField(queryset=MediaFile, required=False, allow_null=True)

    class Meta:
        model = Development
        fields = [*WRITABLE_FIELDS, "buildings", "cover", "images", "brochure"]


class DevelopmentInputSerializer(DevelopmentUpdateSerializer):
    """A new development; its builder never changes."""

    builder = VisibleRelatedField(queryset=Organization)

    class Meta(DevelopmentUpdateSerializer.Meta):
        fields = ["builder", *DevelopmentUpdateSerializer.Meta.fields]

    def given(self) -> dict[str, Any]:
        """A new development is not deleted, so that its name is compared with the living."""
        return {"deleted_at": None}


@extend_schema_serializer(component_name="DevelopmentTarget")
class TargetSerializer(Serializer):
    """The stage that follows."""

    target = serializers.ChoiceField(choices=TARGETS)


@extend_schema_serializer(component_name="ArchiveReason")
class ArchiveReasonSerializer(Serializer):
    """Why a development is put away."""

    reason = serializers.CharField(max_length=500)
