"""What staff decide about cancellations and transfers."""

from config.shared.admin import EvidenceAdmin
from config.shared.admin_acts import ActingMixin


class CancellationActs(ActingMixin, EvidenceAdmin):
    """The acts."""


class TransferActs(ActingMixin, EvidenceAdmin):
    """The acts."""
