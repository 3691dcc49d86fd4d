"""Contractors as the directory shows them."""

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.serializers.organizations import rounded_distance
from accounts.api.serializers.people import (
    PersonSerializer,
    PublicPlaceSerializer,
    shown_place,
    shows,
)
from accounts.models import Profile, User
from config.shared.money import EXPONENTS
from config.shared.serializers import Serializer

# A distance from the centre of a cell of about a kilometre says no more than this.
CELL_ROUNDING_M = 100
RATES = ("hourly_rate", "visit_rate")


class RatesSerializer(Serializer):
    """What a contractor asks for."""

    hourly_rate = serializers.CharField(allow_null=True)
    visit_rate = serializers.CharField(allow_null=True)
    currency = serializers.CharField()


class ContractorSerializer(PersonSerializer):
    """A contractor in the directory, without what finds their phone, mailbox or door."""

    headline = serializers.SerializerMethodField()
    trades = serializers.SerializerMethodField()
    skills = serializers.SerializerMethodField()
    years_experience = serializers.SerializerMethodField()
    service_radius_km = serializers.SerializerMethodField()
    availability_note = serializers.SerializerMethodField()
    rates = serializers.SerializerMethodField()
    rating = serializers.DecimalField(
        max_digits=3, decimal_places=2, read_only=True, allow_null=True
    )
    is_approved = serializers.BooleanField(
        source="papers_approved",
        read_only=True,
        help_text="Whether staff have approved their papers and the licence still counts.",
    )
    location = serializers.SerializerMethodField()
    distance_m = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = [
            *PersonSerializer.Meta.fields,
            "headline",
            "trades",
            "skills",
            "years_experience",
            "service_radius_km",
            "availability_note",
            "rates",
            "rating",
            "is_verified",
            "is_approved",
            "location",
            "distance_m",
        ]
        read_only_fields = fields

    def get_headline(self, person: User) -> str:
        return profile_of(person).headline

    def get_trades(self, person: User) -> list[str]:
        return profile_of(person).trades

    def get_skills(self, person: User) -> list[str]:
        listed = profile_of(person).skills
        return [skill["name"] for skill in listed if isinstance(skill, dict) and "name" in skill]

    def get_years_experience(self, person: User) -> int | None:
        return profile_of(person).years_experience

    def get_service_radius_km(self, person: User) -> int | None:
        return profile_of(person).service_radius_km

    def get_availability_note(self, person: User) -> str:
        return profile_of(person).availability_note

    @extend_schema_field(RatesSerializer(allow_null=True))
    def get_rates(self, person: User) -> dict[str, Any] | None:
        profile = profile_of(person)
        if not shows(profile.visibility, "show_rates"):
            return None
        currency = profile.rate_currency
        amounts = {name: amount_of(getattr(profile, name), currency) for name in RATES}
        return {**amounts, "currency": currency} if any(amounts.values()) else None

    @extend_schema_field(PublicPlaceSerializer)
    def get_location(self, person: User) -> dict[str, Any]:
        return shown_place(person, profile_of(person).visibility)

    def get_distance_m(self, person: User) -> int | None:
        if not shows(profile_of(person).visibility, "show_neighborhood"):
            return None
        return rounded_distance(person, to=CELL_ROUNDING_M)


class ContractorDetailSerializer(ContractorSerializer):
    """A contractor's public page."""

    bio = serializers.SerializerMethodField()
    summary = serializers.SerializerMethodField()
    member_since = serializers.DateTimeField(source="created_at", read_only=True)

    class Meta(ContractorSerializer.Meta):
        fields = [*ContractorSerializer.Meta.fields, "bio", "summary", "member_since"]
        read_only_fields = fields

    def get_bio(self, person: User) -> str:
        return person.bio if shows(profile_of(person).visibility, "show_bio") else ""

    def get_summary(self, person: User) -> str:
        return profile_of(person).summary


def profile_of(person: User) -> Profile:
    """The profile that was loaded with ``person``, or an empty one."""
    return getattr(person, "profile", None) or Profile()


def amount_of(amount: Decimal | None, currency: str) -> str | None:
    """An amount with as many places as its currency has."""
    return None if amount is None else f"{amount:.{EXPONENTS.get(currency, 2)}f}"
