"""What gateways said of payments, and the ledger of all money."""

from django.db import models
from django.db.models import Q

from bookings.choices import FactKind, GatewayName, LedgerAccount, WebhookOutcome
from bookings.querysets.payments import (
    LedgerEntryQuerySet,
    PaymentFactQuerySet,
    WebhookEventQuerySet,
)
from config.shared.models import IdentifiedModel


class PaymentFact(IdentifiedModel):
    """One thing that a gateway said of a payment; it only grows."""

    payment = models.ForeignKey("bookings.Payment", models.PROTECT, related_name="facts")
    kind = models.CharField(max_length=16, choices=FactKind)
    provider_ref = models.CharField(
        max_length=120, help_text="The gateway's name for what happened: a charge, a refund."
    )
    amount = models.DecimalField(max_digits=14, decimal_places=3, default=0)
    currency = models.CharField(max_length=3)
    code = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    objects = PaymentFactQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                "payment",
                "kind",
                "provider_ref",
                name="bookings_paymentfact_once",
                violation_error_code="fact_known",
                violation_error_message="This is known already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payment}: {self.get_kind_display()}"


class LedgerEntry(IdentifiedModel):
    """One line of the double-entry ledger: debits above zero, credits below; it only grows."""

    payment = models.ForeignKey("bookings.Payment", models.PROTECT, related_name="entries")
    step = models.CharField(
        max_length=60, help_text="What is booked: charge, capture, or a refund by its reference."
    )
    account = models.CharField(max_length=20, choices=LedgerAccount)
    amount = models.DecimalField(max_digits=14, decimal_places=3)
    currency = models.CharField(max_length=3)
    at = models.DateTimeField(auto_now_add=True)

    objects = LedgerEntryQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        verbose_name_plural = "ledger entries"
        indexes = [models.Index("account", "at", "id", name="bookings_ledger_account")]
        constraints = [
            models.UniqueConstraint(
                "payment",
                "step",
                "account",
                name="bookings_ledgerentry_once",
                violation_error_code="posted_already",
                violation_error_message="This step is in the ledger already.",
            ),
            models.CheckConstraint(
                condition=~Q(amount=0),
                name="bookings_ledgerentry_amount",
                violation_error_code="amount_zero",
                violation_error_message="An entry moves something.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payment} {self.step}: {self.get_account_display()}"


class WebhookEvent(IdentifiedModel):
    """A message from a gateway, each applied once."""

    gateway = models.CharField(max_length=10, choices=GatewayName)
    external_id = models.CharField(max_length=120)
    type = models.CharField(max_length=80)
    payload_hash = models.CharField(max_length=64)
    facts = models.JSONField(
        default=dict, help_text="What it said that matters here; never card or personal data."
    )
    received_at = models.DateTimeField(auto_now_add=True)
    processed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=WebhookOutcome, blank=True)
    error = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    objects = WebhookEventQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "pk"]
        permissions = [("retry_webhookevent", "May have a failed message applied again")]
        constraints = [
            models.UniqueConstraint(
                "gateway",
                "external_id",
                name="bookings_webhookevent_once",
                violation_error_code="event_known",
                violation_error_message="This message was received already.",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["applied", "ignored"], processed_at__isnull=False)
                | Q(outcome__in=["", "failed"], processed_at__isnull=True),
                name="bookings_webhookevent_processed",
                violation_error_code="processed_when",
                violation_error_message="What was processed says when.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gateway} {self.external_id}"


class NumberSeries(models.Model):
    """The last number of a series that must not have gaps: receipts of one year, say."""

    name = models.CharField(max_length=40, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    objects = models.Manager["NumberSeries"]()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name_plural = "number series"

    def __str__(self) -> str:
        return self.name
