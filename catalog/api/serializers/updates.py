"""News from the site and who follows it, as the API takes and shows them."""

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from accounts.api.pictures import PictureField
from accounts.api.serializers.people import PersonSerializer
from accounts.models import MediaFile
from catalog.api.serializers.files import AttachedFileSerializer
from catalog.models import ConstructionUpdate, Development, DevelopmentFollow, ProgressPhase
from config.shared.fields import VisibleRelatedField
from config.shared.serializers import ModelSerializer, Serializer

MOST_PHOTOGRAPHS = 20
EXAMPLE_INPUT = {
    "title": "The roof slab is poured",
    "body": "Two weeks ahead of plan. The facade begins on the lower floors.",
    "phase": "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f",
    "media": [],
}
EXAMPLE = {
    "id": "0199c3a4-9fa4-7062-bd8e-51607f8192a3",
    "development": "0199c3a4-6c71-7d3f-8a5b-2e3c4d5e6f70",
    **EXAMPLE_INPUT,
    "phase": {"id": "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f", "name": "Structure"},
    "author": {
        "id": "0199c3a4-8e93-7f51-ac7d-405e6f708192",
        "name": "Amina Rahman",
        "username": "amina.rahman",
        "avatar_url": None,
    },
    "correction": "",
    "corrected_at": None,
    "percent_snapshot": "62.50",
    "status": "published",
    "published_at": "2026-11-20T10:40:00Z",
    "created_at": "2026-11-20T09:05:00Z",
    "updated_at": "2026-11-20T10:40:00Z",
}


class PhaseBriefSerializer(ModelSerializer):
    """A phase beside what is said of it."""

    class Meta:
        model = ProgressPhase
        fields = ["id", "name"]
        read_only_fields = fields


@extend_schema_serializer(component_name="ConstructionUpdate")
class UpdateSerializer(ModelSerializer):
    """News from the site, with what was corrected of it."""

    phase = PhaseBriefSerializer(read_only=True, allow_null=True)
    author = PersonSerializer(read_only=True, allow_null=True)
    media = AttachedFileSerializer(many=True, read_only=True)

    class Meta:
        model = ConstructionUpdate
        fields = [
            "id",
            "development",
            "phase",
            "author",
            "title",
            "body",
            "media",
            "correction",
            "corrected_at",
            "percent_snapshot",
            "status",
            "published_at",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields


@extend_schema_serializer(component_name="ConstructionUpdateInput")
class UpdateInputSerializer(ModelSerializer):
    """News as they are written: photographs that the caller uploaded go with them."""

    phase = VisibleRelatedField(queryset=ProgressPhase, required=False, allow_null=True)
    media = VisibleRelatedField(
        queryset=MediaFile, many=True, required=False, max_length=MOST_PHOTOGRAPHS
    )

    class Meta:
        model = ConstructionUpdate
        fields = ["title", "body", "phase", "media"]


class WithdrawalSerializer(Serializer):
    """Why news are taken back; the builder alone reads it."""

    reason = serializers.CharField(max_length=500, required=False, allow_blank=True)


class CorrectionSerializer(Serializer):
    """What is right instead; it stands below the text."""

    correction = serializers.CharField(max_length=2000)


class FollowStateSerializer(ModelSerializer):
    """Whether the caller follows a development, and how many people do."""

    development = serializers.UUIDField(source="pk", read_only=True)
    is_followed = serializers.BooleanField(read_only=True)
    followers_count = serializers.IntegerField(read_only=True)

    class Meta:
        model = Development
        fields = ["development", "is_followed", "followers_count"]
        read_only_fields = fields


class DevelopmentCardSerializer(ModelSerializer):
    """A development in a list of what one follows."""

    cover_url = PictureField(source="cover")
    percent_built = serializers.DecimalField(max_digits=5, decimal_places=2, read_only=True)
    followers_count = serializers.IntegerField(read_only=True)

    class Meta:
        model = Development
        fields = [
            "id",
            "name",
            "slug",
            "city",
            "country",
            "status",
            "cover_url",
            "percent_built",
            "followers_count",
        ]
        read_only_fields = fields


class FollowedDevelopmentSerializer(ModelSerializer):
    """A development that the caller follows, and since when."""

    development = DevelopmentCardSerializer(read_only=True)

    class Meta:
        model = DevelopmentFollow
        fields = ["id", "development", "created_at"]
        read_only_fields = fields
