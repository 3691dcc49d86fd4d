"""Appointments and free times, as the API takes and shows them."""

from datetime import timedelta
from typing import Any

from rest_framework import serializers

from accounts.api.serializers.organizations import OrganizationBriefSerializer
from accounts.api.serializers.people import PersonSerializer
from accounts.models import User
from bookings.choices import AppointmentKind
from bookings.models import Appointment
from bookings.services.slots import MOST_SLOTS
from catalog.models import Development, Unit
from config.shared.fields import VisibleRelatedField
from config.shared.serializers import ModelSerializer, Serializer

SHORTEST, LONGEST = 5, 480


class SecureURLField(serializers.URLField):
    """An address of a page that is reached securely."""

    default_error_messages = {"insecure": "An address that begins with https://."}

    def to_internal_value(self, data: Any) -> str:
        text: str = super().to_internal_value(data)
        if text and not text.lower().startswith("https://"):
            self.fail("insecure")
        return text


class VisitedDevelopmentSerializer(ModelSerializer):
    """The development that an appointment is about."""

    class Meta:
        model = Development
        fields = ["id", "name", "city"]
        read_only_fields = fields


class VisitedUnitSerializer(ModelSerializer):
    """The unit that an appointment is about."""

    class Meta:
        model = Unit
        fields = ["id", "block", "number"]
        read_only_fields = fields


class AppointmentSerializer(ModelSerializer):
    """A time that a host and a guest spend together."""

    host = PersonSerializer(read_only=True)
    guest = PersonSerializer(read_only=True)
    organization = OrganizationBriefSerializer(read_only=True, allow_null=True)
    development = VisitedDevelopmentSerializer(read_only=True, allow_null=True)
    unit = VisitedUnitSerializer(read_only=True, allow_null=True)
    starts_at = serializers.DateTimeField(source="during.lower", read_only=True)
    ends_at = serializers.DateTimeField(source="during.upper", read_only=True)
    cancelled_by = serializers.UUIDField(source="cancelled_by_id", read_only=True, allow_null=True)
    rescheduled_from = serializers.UUIDField(
        source="rescheduled_from_id", read_only=True, allow_null=True
    )
    rescheduled_to = serializers.UUIDField(
        source="rescheduled_to.pk", read_only=True, allow_null=True
    )

    class Meta:
        model = Appointment
        fields = [
            "id",
            "kind",
            "status",
            "host",
            "guest",
            "organization",
            "development",
            "unit",
            "starts_at",
            "ends_at",
            "time_zone",
            "location",
            "meeting_url",
            "notes",
            "outcome_note",
            "cancelled_by",
            "cancel_reason",
            "rescheduled_from",
            "rescheduled_to",
            "reminder_sent_at",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields


class TimeSerializer(Serializer):
    """When something begins, to the minute, and how long it takes or when it ends."""

    starts_at = serializers.DateTimeField()
    minutes = serializers.IntegerField(min_value=SHORTEST, max_value=LONGEST, required=False)
    ends_at = serializers.DateTimeField(required=False, write_only=True)

    def validate_starts_at(self, value: Any) -> Any:
        if value.second or value.microsecond:
            raise serializers.ValidationError("A whole minute.", "whole_minutes")
        return value

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        ends_at = attrs.pop("ends_at", None)
        if ends_at is None:
            return attrs
        if "minutes" in attrs:
            message = "Say either how long it takes or when it ends."
            raise serializers.ValidationError({"ends_at": message}, "either_or")
        minutes, rest = divmod(ends_at - attrs["starts_at"], timedelta(minutes=1))
        if rest or not SHORTEST <= minutes <= LONGEST:
            message = f"{SHORTEST} to {LONGEST} whole minutes after the beginning."
            raise serializers.ValidationError({"ends_at": message}, "length_out_of_range")
        return {**attrs, "minutes": minutes}


class AppointmentRequestSerializer(TimeSerializer):
    """What somebody asks a host for, or gives a guest in the host's name."""

    kind = serializers.ChoiceField(choices=AppointmentKind.choices)
    host = VisibleRelatedField(queryset=User)
    guest = VisibleRelatedField(
        queryset=User, required=False, help_text="Yourself, unless you act for the host's team."
    )
    development = VisibleRelatedField(queryset=Development, required=False, allow_null=True)
    unit = VisibleRelatedField(queryset=Unit, required=False, allow_null=True)
    location = serializers.CharField(max_length=300, required=False, allow_blank=True)
    meeting_url = SecureURLField(max_length=300, required=False, allow_blank=True)
    notes = serializers.CharField(max_length=1000, required=False, allow_blank=True)


class AppointmentConfirmSerializer(Serializer):
    """Where the two meet, if that is not what the guest proposed."""

    location = serializers.CharField(max_length=300, required=False, allow_blank=True)
    meeting_url = SecureURLField(max_length=300, required=False, allow_blank=True)


class AppointmentRescheduleSerializer(TimeSerializer):
    """The other time; it takes as long as before unless said otherwise."""

    reason = serializers.CharField(max_length=500, required=False, allow_blank=True)


class AppointmentReasonSerializer(Serializer):
    """Why; the other side reads it."""

    reason = serializers.CharField(max_length=500, required=False, allow_blank=True)


class AppointmentOutcomeSerializer(Serializer):
    """A note on what came of it."""

    note = serializers.CharField(max_length=1000, required=False, allow_blank=True)


class SlotSerializer(Serializer):
    """A time that is free."""

    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()


class SlotsSerializer(Serializer):
    """The free times of a host, in UTC, for days by the calendar of the host's time zone."""

    host = PersonSerializer(read_only=True)
    time_zone = serializers.CharField()
    first_day = serializers.DateField(source="first")
    last_day = serializers.DateField(
        source="last", help_text="Earlier than asked for, where the answer would be too long."
    )
    slots = SlotSerializer(many=True, max_length=MOST_SLOTS + 288)
