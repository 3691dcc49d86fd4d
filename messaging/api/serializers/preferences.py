"""How somebody wants to be told, as the API takes and shows it."""

import re
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from config.shared.serializers import Serializer
from messaging.choices import Digest, NotificationCategory, NotificationChannel

CLOCK = "%H:%M"
CLOCKS = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"


@extend_schema_field({"type": "string", "pattern": CLOCKS, "maxLength": 5, "example": "22:00"})
class ClockField(serializers.TimeField):
    """A time on the clock, ``22:30``."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format=CLOCK, input_formats=[CLOCK], **kwargs)

    def to_internal_value(self, value: Any) -> Any:
        if not (isinstance(value, str) and re.fullmatch(CLOCKS, value)):
            self.fail("invalid", format="hh:mm")
        return super().to_internal_value(value)


class ChannelListField(serializers.ListField):
    """Channels, each at most once."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            child=serializers.ChoiceField(choices=NotificationChannel.choices),
            max_length=len(NotificationChannel),
            **kwargs,
        )

    def to_internal_value(self, data: Any) -> Any:
        found = super().to_internal_value(data)
        if len(set(found)) != len(found):
            raise serializers.ValidationError("The same channel stands here twice.", "repeated")
        return found


class CategoryChoiceSerializer(Serializer):
    """On which channels somebody is told of one kind of thing."""

    category = serializers.ChoiceField(choices=NotificationCategory.choices)
    channels = ChannelListField(
        allow_null=True, help_text="In a body, null goes back to what is usual."
    )
    is_default = serializers.BooleanField(
        read_only=True, help_text="Whether nothing was chosen: urgent things also come by SMS then."
    )
    is_fixed = serializers.BooleanField(
        read_only=True, help_text="Security notices come on every channel that was proved."
    )


class PreferencesSerializer(Serializer):
    """How the caller is told of things."""

    categories = CategoryChoiceSerializer(many=True, max_length=len(NotificationCategory))
    quiet_from = ClockField(allow_null=True, help_text="In the time zone of the profile.")
    quiet_until = ClockField(allow_null=True, help_text="May be on the next day.")
    time_zone = serializers.CharField(read_only=True)
    digest = serializers.ChoiceField(choices=Digest.choices)

    def validate_categories(self, value: list[dict[str, Any]]) -> list[dict[str, Any]]:
        names = [one["category"] for one in value]
        if len(set(names)) != len(names):
            raise serializers.ValidationError("A category stands here twice.", "repeated")
        return value

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        begin, end = attrs["quiet_from"], attrs["quiet_until"]
        if (begin is None) != (end is None) or (begin is not None and begin == end):
            detail = "Quiet hours have a beginning and another end."
            raise serializers.ValidationError(
                {"quiet_until": ErrorDetail(detail, "quiet_incomplete")}
            )
        return attrs
