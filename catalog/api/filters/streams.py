"""Filters of streams."""

from catalog.choices import ProductCategory, StreamStatus, StreamType
from catalog.models import Stream
from config.shared.filter_fields import AnyOfFilter, UUIDFilter
from config.shared.filters import FilterSet


class StreamFilter(FilterSet):
    """Streams by state, by what they are about, and by who gives them."""

    status = AnyOfFilter(
        field_name="live_status", choices=StreamStatus.choices, label="The state as it is now."
    )
    category = AnyOfFilter(choices=ProductCategory.choices)
    stream_type = AnyOfFilter(choices=StreamType.choices)
    user = UUIDFilter(field_name="user")
    building = UUIDFilter(field_name="building")
    development = UUIDFilter(field_name="development")

    class Meta:
        model = Stream
        fields: list[str] = []
