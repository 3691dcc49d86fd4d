"""What staff do about payments, refunds and messages of gateways."""

from config.shared.admin import EvidenceAdmin
from config.shared.admin_acts import ActingMixin


class PaymentActs(ActingMixin, EvidenceAdmin):
    """The acts."""


class RefundActs(ActingMixin, EvidenceAdmin):
    """The acts."""


class WebhookActs(ActingMixin, EvidenceAdmin):
    """The acts."""
