"""Tickets and live events as the API shows them."""

from typing import Any

from rest_framework import serializers

from config.shared.serializers import ModelSerializer, Serializer
from messaging.choices import LiveEventType
from messaging.models import LiveEvent

MAX_EVENTS = 200


class TicketResponse(Serializer):
    """A ticket for one WebSocket."""

    ticket = serializers.CharField(help_text="Good once: `/ws/?ticket=…`.")
    expires_in = serializers.IntegerField(help_text="In seconds.")
    path = serializers.SerializerMethodField(help_text="Where the WebSocket is, on this site.")

    def get_path(self, ticket: Any) -> str:
        return "/ws/"


class LiveEventSerializer(ModelSerializer):
    """Something that happened; the thing itself is fetched where it lives."""

    event = serializers.ChoiceField(LiveEventType.choices, source="type")
    at = serializers.DateTimeField(source="created_at")

    class Meta:
        model = LiveEvent
        fields = ["id", "event", "data", "at"]
        read_only_fields = fields


class EventsResponse(Serializer):
    """What happened after a position."""

    position = serializers.CharField(help_text="Give it back to go on from here.")
    more = serializers.BooleanField(help_text="Whether there is more at once.")
    reset = serializers.BooleanField(
        help_text="The position was too old: fetch lists anew, then go on from the new one."
    )
    results = LiveEventSerializer(source="events", many=True)
