"""Buildings and residencies, as the API takes and shows them."""

from rest_framework import serializers

from accounts.api.serializers.organizations import (
    OrganizationBriefSerializer,
    PointSerializer,
    rounded_distance,
)
from accounts.api.serializers.people import PersonSerializer
from accounts.choices import ResidencyMethod, ResidencyRelation
from accounts.models import Building, MediaFile, Organization, Residency
from config.shared.fields import VisibleRelatedField
from config.shared.serializers import ModelSerializer, Serializer

DESCRIPTION = [
    "name",
    "address",
    "neighborhood",
    "city",
    "country",
    "lat",
    "lng",
    "floors",
    "units_count",
]
EXAMPLE_INPUT = {
    "name": "Marina Heights",
    "address": "Al Marsa Street 14",
    "neighborhood": "Dubai Marina",
    "city": "Dubai",
    "country": "AE",
    "lat": 25.0803,
    "lng": 55.1403,
    "floors": 42,
    "units_count": 510,
}
CLAIM_METHODS = [
    choice for choice in ResidencyMethod.choices if choice[0] != ResidencyMethod.BOOKING
]


class BuildingSerializer(ModelSerializer):
    """A building that people live in."""

    society = OrganizationBriefSerializer(read_only=True, allow_null=True)
    location = PointSerializer(source="*", read_only=True)
    distance_m = serializers.SerializerMethodField()

    class Meta:
        model = Building
        fields = [
            "id",
            *(name for name in DESCRIPTION if name not in {"lat", "lng"}),
            "society",
            "location",
            "distance_m",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields

    def get_distance_m(self, building: Building) -> int | None:
        return rounded_distance(building, to=10)


class BuildingBriefSerializer(ModelSerializer):
    """A building beside something in it."""

    class Meta:
        model = Building
        fields = ["id", "name", "city"]
        read_only_fields = fields


class BuildingUpdateSerializer(ModelSerializer):
    """What is said of a building."""

    country = serializers.RegexField(r"^[A-Z]{2}$", max_length=2, required=False)

    class Meta:
        model = Building
        fields = DESCRIPTION


class BuildingInputSerializer(BuildingUpdateSerializer):
    """A new building, with the society that cares for it."""

    society = VisibleRelatedField(queryset=Organization, required=False, allow_null=True)

    class Meta(BuildingUpdateSerializer.Meta):
        fields = [*DESCRIPTION, "society"]


class JoinCodeSerializer(Serializer):
    """A join code, shown this once."""

    join_code = serializers.CharField(read_only=True)


class ResidencySerializer(ModelSerializer):
    """Somebody's home, and how it is known to be theirs."""

    user = PersonSerializer(read_only=True)
    building = BuildingBriefSerializer(read_only=True)

    class Meta:
        model = Residency
        fields = [
            "id",
            "user",
            "building",
            "unit_label",
            "relation",
            "status",
            "method",
            "verified_at",
            "decision_note",
            "since",
            "until",
            "created_at",
        ]
        read_only_fields = fields


class ResidencyClaimSerializer(Serializer):
    """A home that the caller says is theirs, and what shows it."""

    building = VisibleRelatedField(queryset=Building)
    unit_label = serializers.CharField(max_length=40)
    relation = serializers.ChoiceField(choices=ResidencyRelation.choices)
    method = serializers.ChoiceField(choices=CLAIM_METHODS)
    document = VisibleRelatedField(queryset=MediaFile, required=False, allow_null=True)
    code = serializers.CharField(max_length=40, required=False, write_only=True)
    since = serializers.DateField(required=False, allow_null=True)


class DecisionNoteSerializer(Serializer):
    """A note on a decision."""

    note = serializers.CharField(max_length=500, required=False, allow_blank=True)


class RefusalSerializer(Serializer):
    """Why something is refused; the person reads it."""

    reason = serializers.CharField(max_length=500)


class ResidencyEndSerializer(Serializer):
    """The last day of a residency; today when it is left out."""

    until = serializers.DateField(required=False, allow_null=True)
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True)
