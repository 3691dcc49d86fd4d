"""Waiting lists and claims, as the API shows them."""

from rest_framework import serializers

from accounts.api.serializers.people import PersonSerializer
from bookings.api.serializers.bookings import UnitBriefSerializer
from bookings.choices import WaitlistStatus
from bookings.models import ClaimLog, WaitlistEntry
from catalog.api.serializers.developments import DevelopmentBriefSerializer
from config.shared.serializers import ModelSerializer

WAITING = {"status": "waiting", "position": 4, "ahead": 2, "offered_at": None, "offer_until": None}


class WaitlistEntrySerializer(ModelSerializer):
    """A place on a waiting list."""

    unit = UnitBriefSerializer(read_only=True)
    development = DevelopmentBriefSerializer(source="unit.development", read_only=True)
    status = serializers.ChoiceField(
        source="live_status",
        choices=WaitlistStatus.choices,
        read_only=True,
        help_text="The state now: an offer whose time is over has lapsed.",
    )
    ahead = serializers.IntegerField(
        read_only=True, allow_null=True, help_text="How many come before, while one waits."
    )
    booking = serializers.UUIDField(source="booking_id", read_only=True, allow_null=True)

    class Meta:
        model = WaitlistEntry
        fields = [
            "id",
            "unit",
            "development",
            "status",
            "position",
            "ahead",
            "offered_at",
            "offer_until",
            "booking",
            "created_at",
        ]
        read_only_fields = fields


class UnitWaitlistEntrySerializer(WaitlistEntrySerializer):
    """A place on the waiting list of a unit, as its builder sees it."""

    customer = PersonSerializer(read_only=True)

    class Meta(WaitlistEntrySerializer.Meta):
        fields = ["id", "customer", *WaitlistEntrySerializer.Meta.fields[1:]]
        read_only_fields = fields


class ClaimSerializer(ModelSerializer):
    """What came of one of the caller's claims to a unit or a product."""

    place = serializers.IntegerField(
        read_only=True,
        allow_null=True,
        help_text="Of a lost claim among all who asked, whoever has it being first.",
    )

    class Meta:
        model = ClaimLog
        fields = ["id", "subject", "outcome", "reason", "asked_at", "ended_at", "place"]
        read_only_fields = fields
