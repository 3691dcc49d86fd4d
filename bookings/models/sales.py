"""Sales between people: what one of them has claimed, and where its money is."""

import pghistory
from django.db import models
from django.db.models import F, Q

from bookings.choices import (
    LIVE_TRANSACTIONS,
    DisputeOutcome,
    ReleaseState,
    SaleMethod,
    TransactionOrigin,
    TransactionStatus,
)
from bookings.querysets.sales import TransactionQuerySet
from catalog.choices import FeedType
from config.shared.models import TimeStampedModel

_PAID = (TransactionStatus.COMPLETED, TransactionStatus.DISPUTED, TransactionStatus.REFUNDED)


@pghistory.track(exclude=["updated_at", "handover_code_hash"], append_only=True)
class Transaction(TimeStampedModel):
    """The sale of a product: it is reserved for the buyer, paid, handed over and released."""

    reference = models.CharField(max_length=20, unique=True, editable=False)
    product = models.ForeignKey("catalog.Product", models.PROTECT, related_name="transactions")
    buyer = models.ForeignKey("accounts.User", models.PROTECT, related_name="purchases")
    seller = models.ForeignKey("accounts.User", models.PROTECT, related_name="sales")
    offer = models.OneToOneField(
        "bookings.Offer", models.PROTECT, null=True, blank=True, related_name="transaction"
    )
    origin = models.CharField(max_length=10, choices=TransactionOrigin)
    amount = models.DecimalField(max_digits=14, decimal_places=3)
    currency = models.CharField(max_length=3)
    platform_fee = models.DecimalField(max_digits=14, decimal_places=3, default=0)
    seller_payout = models.DecimalField(max_digits=14, decimal_places=3)
    feed_type = models.CharField(
        max_length=10, choices=FeedType, help_text="Decides the fee: what it was sold through."
    )
    status = models.CharField(
        max_length=12, choices=TransactionStatus, default=TransactionStatus.PENDING
    )
    payment_method = models.CharField(max_length=6, choices=SaleMethod, default=SaleMethod.CARD)
    reserved_until = models.DateTimeField(help_text="Until then it waits for the money.")
    ended_reason = models.CharField(max_length=200, blank=True)
    cash_marked_at = models.DateTimeField(
        null=True, blank=True, help_text="When the seller said that cash was paid."
    )
    release_state = models.CharField(max_length=10, choices=ReleaseState, default=ReleaseState.NONE)
    handover_code_hash = models.CharField(max_length=128, blank=True, editable=False)
    handover_attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    handover_confirmed_at = models.DateTimeField(null=True, blank=True)
    auto_release_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    dispute_opened_at = models.DateTimeField(null=True, blank=True)
    dispute_opened_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="disputes_opened"
    )
    dispute_reason = models.CharField(max_length=2000, blank=True)
    dispute_outcome = models.CharField(max_length=10, choices=DisputeOutcome, blank=True)
    dispute_note = models.CharField(max_length=1000, blank=True)
    dispute_refund = models.DecimalField(
        max_digits=14,
        decimal_places=3,
        null=True,
        blank=True,
        help_text="What of the money goes back to the buyer by the decision.",
    )
    dispute_first_by = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="disputes_proposed",
        help_text="Who decided first, where a second person has to agree.",
    )
    dispute_decided_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="disputes_decided"
    )
    dispute_decided_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)

    objects = TransactionQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "pk"]
        permissions = [
            ("decide_dispute", "May decide disputes about sales"),
            ("export_transaction", "May take the list of sales away as a file"),
        ]
        indexes = [
            models.Index("buyer", F("created_at").desc(), "id", name="bookings_transaction_buyer"),
            models.Index(
                "seller", F("created_at").desc(), "id", name="bookings_transaction_seller"
            ),
            models.Index("status", "created_at", "id", name="bookings_transaction_status"),
            models.Index(
                "reserved_until",
                condition=Q(status=TransactionStatus.PENDING),
                name="bookings_transaction_lapsing",
            ),
            models.Index(
                "auto_release_at",
                condition=Q(release_state=ReleaseState.HELD),
                name="bookings_transaction_release",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                "product",
                condition=Q(status__in=LIVE_TRANSACTIONS),
                name="bookings_transaction_one_live",
                violation_error_code="already_claimed",
                violation_error_message="Somebody else was quicker: it is reserved or sold.",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, platform_fee__gte=0, seller_payout__gte=0)
                & Q(amount=F("platform_fee") + F("seller_payout")),
                name="bookings_transaction_amounts",
                violation_error_code="amounts_differ",
                violation_error_message="Fee and payout add up to the amount.",
            ),
            models.CheckConstraint(
                condition=~Q(buyer=F("seller")),
                name="bookings_transaction_two",
                violation_error_code="not_yourself",
                violation_error_message="Nobody buys their own things.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=_PAID, completed_at__isnull=False)
                & ~Q(release_state=ReleaseState.NONE)
                | ~Q(status__in=_PAID)
                & Q(completed_at__isnull=True, release_state=ReleaseState.NONE),
                name="bookings_transaction_paid",
                violation_error_code="payment_contradicts_status",
                violation_error_message="A paid sale says since when and where the money is.",
            ),
            models.CheckConstraint(
                condition=Q(
                    status=TransactionStatus.DISPUTED,
                    release_state=ReleaseState.FROZEN,
                    dispute_opened_at__isnull=False,
                )
                | ~Q(status=TransactionStatus.DISPUTED) & ~Q(release_state=ReleaseState.FROZEN),
                name="bookings_transaction_disputed",
                violation_error_code="dispute_contradicts_money",
                violation_error_message="The money of a disputed sale, and of no other, is frozen.",
            ),
            models.CheckConstraint(
                condition=Q(dispute_first_by__isnull=True)
                | Q(dispute_decided_by__isnull=True)
                | ~Q(dispute_decided_by=F("dispute_first_by")),
                name="bookings_transaction_two_people",
                violation_error_code="second_person",
                violation_error_message="A second person agrees to what the first decided.",
            ),
            models.CheckConstraint(
                condition=~Q(release_state=ReleaseState.HELD) | Q(auto_release_at__isnull=False),
                name="bookings_transaction_release",
                violation_error_code="release_when",
                violation_error_message="Held money says when it is released by itself.",
            ),
            models.CheckConstraint(
                condition=Q(status=TransactionStatus.REFUNDED, release_state=ReleaseState.RETURNED)
                | ~Q(status=TransactionStatus.REFUNDED) & ~Q(release_state=ReleaseState.RETURNED),
                name="bookings_transaction_returned",
                violation_error_code="return_contradicts_status",
                violation_error_message="Money is returned exactly when the sale is refunded.",
            ),
        ]

    def __str__(self) -> str:
        return self.reference
