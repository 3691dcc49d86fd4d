"""What staff do about a change request."""

from config.shared.admin import EvidenceAdmin
from config.shared.admin_acts import ActingMixin


class ChangeRequestActs(ActingMixin, EvidenceAdmin):
    """The acts."""
