"""What staff do about an appointment."""

from config.shared.admin import EvidenceAdmin
from config.shared.admin_acts import ActingMixin


class AppointmentActs(ActingMixin, EvidenceAdmin):
    """The acts."""
