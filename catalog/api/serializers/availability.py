"""Hours of hosts, as the API takes and shows them."""

from typing import Any
from zoneinfo import available_timezones

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.serializers.people import PersonSerializer
from accounts.choices import MembershipRole
from accounts.models import User
from catalog.models import AvailabilityException
from catalog.services.availability import MOST_HOURS
from config.shared.serializers import ModelSerializer, Serializer

TIME = r"^(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"
HOURS_EXAMPLE: dict[str, Any] = {
    "time_zone": "Asia/Dubai",
    "hours": [
        {
            "weekday": 0,
            "opens": "09:00",
            "closes": "17:00",
            "slot_minutes": 60,
            "buffer_minutes": 15,
            "lead_minutes": 120,
        }
    ],
}
EXCEPTION_EXAMPLE = {
    "day": "2026-12-02",
    "is_closed": True,
    "opens": None,
    "closes": None,
    "note": "National Day",
}


@extend_schema_field({"type": "string", "pattern": TIME, "maxLength": 5, "example": "09:00"})
class ClockField(serializers.RegexField):
    """A time of the day such as 09:30, or 24:00 for its end; kept as minutes after midnight."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(TIME, max_length=5, **kwargs)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        text = super().run_validation(data)
        if not isinstance(text, str):
            return text
        hours, minutes = text.split(":")
        return int(hours) * 60 + int(minutes)

    def to_representation(self, value: Any) -> str:
        return f"{value // 60:02d}:{value % 60:02d}"


class HoursSerializer(Serializer):
    """Hours of a weekday; 0 is Monday. Between two visits the buffer is kept free."""

    weekday = serializers.IntegerField(min_value=0, max_value=6)
    opens = ClockField(source="from_minute")
    closes = ClockField(source="to_minute")
    slot_minutes = serializers.IntegerField(min_value=5, max_value=480, default=60)
    buffer_minutes = serializers.IntegerField(min_value=0, max_value=480, default=0)
    lead_minutes = serializers.IntegerField(min_value=0, max_value=43_200, default=120)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["from_minute"] >= attrs["to_minute"]:
            message = "Hours begin before they end, within one day."
            raise serializers.ValidationError({"closes": message}, "hours_reversed")
        return attrs


class WeeklyHoursSerializer(Serializer):
    """All weekly hours of a person, by the clock of one time zone."""

    time_zone = serializers.CharField(max_length=64)
    hours = HoursSerializer(many=True, max_length=MOST_HOURS)

    def validate_time_zone(self, value: str) -> str:
        if value not in available_timezones():
            raise serializers.ValidationError("Not a zone of the IANA list.", "not_a_choice")
        return value


class AvailabilityExceptionSerializer(ModelSerializer):
    """A day on which the caller is away, or receives at other hours."""

    opens = ClockField(source="from_minute", required=False, allow_null=True)
    closes = ClockField(source="to_minute", required=False, allow_null=True)

    class Meta:
        model = AvailabilityException
        fields = ["id", "day", "is_closed", "opens", "closes", "note", "created_at"]
        read_only_fields = ["id", "created_at"]

    def given(self) -> dict[str, Any]:
        return {"host": self.context["request"].user}


class HostSerializer(PersonSerializer):
    """Somebody who receives visitors for a development."""

    role = serializers.ChoiceField(
        choices=MembershipRole.choices, source="seat_role", read_only=True
    )
    title = serializers.CharField(source="seat_title", read_only=True)
    time_zone = serializers.CharField(source="host_zone", read_only=True)

    class Meta:
        model = User
        fields = [*PersonSerializer.Meta.fields, "role", "title", "time_zone"]
        read_only_fields = fields
