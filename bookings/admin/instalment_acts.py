"""What staff do about an instalment."""

from config.shared.admin import EvidenceAdmin
from config.shared.admin_acts import ActingMixin


class InstalmentActs(ActingMixin, EvidenceAdmin):
    """The acts."""
