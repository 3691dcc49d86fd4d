"""Profiles: what people say about their work, their search for a home and their trade."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from accounts.api.fields import CurrencyField, ProfilePartField
from accounts.models import Profile
from accounts.services.profiles import AMOUNTS
from config.shared.money import EXPONENTS
from config.shared.pointers import NON_FIELD
from config.shared.serializers import ModelSerializer, Serializer

COLUMNS = [
    "headline",
    "location",
    "portfolio_links",
    "target_roles",
    "target_locations",
    "salary_min",
    "salary_max",
    "salary_currency",
    "open_to_relocation",
    "remote_preference",
    "summary",
    "skills",
    "education",
    "work_experience",
    "languages",
    "certificates",
    "budget_min",
    "budget_max",
    "preferred_locations",
    "bedrooms",
    "purpose",
    "trades",
    "service_radius_km",
    "years_experience",
    "hourly_rate",
    "visit_rate",
    "rate_currency",
    "availability_note",
    "notification_prefs",
    "visibility",
]
EXAMPLE = {
    "name": "Priya Nair",
    "headline": "Electrician, low voltage and solar",
    "location": "Dubai, AE",
    "portfolio_links": [{"label": "Site", "kind": "website", "url": "https://nair.example"}],
    "target_roles": ["Lead electrician"],
    "salary_min": "9000.00",
    "salary_max": "12000.00",
    "salary_currency": "AED",
    "open_to_relocation": False,
    "remote_preference": "onsite",
    "skills": [{"name": "Solar installation", "years": 6}],
    "work_experience": [
        {
            "company": "Gulf Light",
            "position": "Electrician",
            "start_date": "2019-03",
            "highlights": ["Wired 240 homes without a rework"],
        }
    ],
    "visibility": {"show_in_directory": True},
}


class ProfileUpdateSerializer(ModelSerializer):
    """What a person wants their profile to say; what is left out stays as it is."""

    name = serializers.CharField(source="full_name", max_length=160, required=False)
    portfolio_links = ProfilePartField(part="portfolio_links", required=False)
    skills = ProfilePartField(part="skills", required=False)
    education = ProfilePartField(part="education", required=False)
    work_experience = ProfilePartField(part="work_experience", required=False)
    languages = ProfilePartField(part="languages", required=False)
    certificates = ProfilePartField(part="certificates", required=False)
    notification_prefs = ProfilePartField(part="notification_prefs", required=False)
    visibility = ProfilePartField(part="visibility", required=False)
    salary_currency = CurrencyField(required=False)
    rate_currency = CurrencyField(required=False)

    class Meta:
        model = Profile
        fields = ["name", *COLUMNS]


class ProfileSerializer(ModelSerializer):
    """A person's profile, as they see it themselves."""

    user_id = serializers.UUIDField(read_only=True)
    name = serializers.CharField(source="user.full_name", read_only=True)
    email = serializers.EmailField(source="user.email", read_only=True, allow_null=True)
    phone_number = serializers.CharField(
        source="user.phone_number", read_only=True, allow_null=True
    )

    class Meta:
        model = Profile
        fields = ["user_id", "name", "email", "phone_number", *COLUMNS, "created_at", "updated_at"]
        read_only_fields = fields

    def to_representation(self, instance: Profile) -> dict[str, Any]:
        shown = super().to_representation(instance)
        for field, currency in AMOUNTS.items():
            if shown[field] is not None:
                places = EXPONENTS.get(shown.get(currency, ""), 2)
                shown[field] = f"{Decimal(shown[field]):.{places}f}"
        return shown


class WholeSerializer(Serializer):
    """A JSON object that is taken and given as a whole."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, dict):
            wrong = ErrorDetail("Send one JSON object.", "wrong_type")
            raise serializers.ValidationError({NON_FIELD: [wrong]})
        return data

    def to_representation(self, instance: dict[str, Any]) -> dict[str, Any]:
        return instance


class ResumeSerializer(WholeSerializer):
    """A JSON Resume document (https://jsonresume.org/schema)."""


class SchemaSerializer(WholeSerializer):
    """A JSON schema."""
