"""What staff do about a booking."""

from config.shared.admin import EvidenceAdmin
from config.shared.admin_acts import ActingMixin


class BookingActs(ActingMixin, EvidenceAdmin):
    """The acts."""
