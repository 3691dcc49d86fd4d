"""Filters of one's files."""

from accounts.choices import MediaKind, MediaPurpose, MediaStatus
from accounts.models import MediaFile
from config.shared.filter_fields import ChoiceFilter
from config.shared.filters import FilterSet


class MediaFileFilter(FilterSet):
    """Files by kind, purpose and state."""

    kind = ChoiceFilter(choices=MediaKind.choices)
    purpose = ChoiceFilter(choices=MediaPurpose.choices)
    status = ChoiceFilter(choices=MediaStatus.choices)

    class Meta:
        model = MediaFile
        fields: list[str] = []
