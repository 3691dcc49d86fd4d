"""Money that people pay, and money that is given back."""

import pghistory
from django.db import models
from django.db.models import F, Q

from bookings.choices import (
    GatewayName,
    PaymentMethod,
    PaymentPurpose,
    PaymentStatus,
    RefundReason,
    RefundStatus,
)
from bookings.querysets.payments import PaymentQuerySet, RefundQuerySet
from config.shared.models import TimeStampedModel

_ARRIVED = (PaymentStatus.COMPLETED, PaymentStatus.PARTIALLY_REFUNDED, PaymentStatus.REFUNDED)


def _unique_when_set(field: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(
        field,
        condition=~Q(**{field: ""}),
        name=f"bookings_payment_{field.removeprefix('stripe_')}",
        violation_error_code=f"{field}_used",
        violation_error_message="Another payment has this identifier of the gateway.",
    )


@pghistory.track(exclude=["updated_at"], append_only=True)
class Payment(TimeStampedModel):
    """Money that somebody pays for something, with or without a gateway."""

    reference = models.CharField(max_length=20, unique=True, editable=False)
    purpose = models.CharField(max_length=12, choices=PaymentPurpose)
    payer = models.ForeignKey("accounts.User", models.PROTECT, related_name="payments_made")
    payee_user = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="payments_received",
    )
    payee_organization = models.ForeignKey(
        "accounts.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="payments_received",
    )
    booking = models.ForeignKey(
        "bookings.Booking", models.PROTECT, null=True, blank=True, related_name="payments"
    )
    instalment = models.ForeignKey(
        "bookings.Instalment", models.PROTECT, null=True, blank=True, related_name="payments"
    )
    transaction = models.ForeignKey(
        "bookings.Transaction", models.PROTECT, null=True, blank=True, related_name="payments"
    )
    amount = models.DecimalField(max_digits=14, decimal_places=3)
    currency = models.CharField(max_length=3)
    platform_fee = models.DecimalField(max_digits=14, decimal_places=3, default=0)
    status = models.CharField(max_length=20, choices=PaymentStatus, default=PaymentStatus.PENDING)
    payment_method = models.CharField(
        max_length=16, choices=PaymentMethod, default=PaymentMethod.CARD
    )
    gateway = models.CharField(max_length=10, choices=GatewayName)
    # Named by the first gateway that was spoken to; every gateway's identifiers stand here.
    stripe_payment_intent_id = models.CharField(max_length=120, blank=True)
    stripe_charge_id = models.CharField(max_length=120, blank=True)
    stripe_transfer_id = models.CharField(max_length=120, blank=True)
    offline_reference = models.CharField(
        max_length=120, blank=True, help_text="Of the bank transfer or the cheque."
    )
    confirmed_by = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="payments_confirmed",
        help_text="Who saw money arrive that came outside the gateway.",
    )
    refunded_amount = models.DecimalField(max_digits=14, decimal_places=3, default=0)
    receipt_no = models.CharField(max_length=20, blank=True)
    failure_code = models.CharField(max_length=60, blank=True)
    destination_account = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text="The seller's account that the charge goes to directly; empty: held here.",
    )
    client_key = models.CharField(max_length=80, blank=True, editable=False)
    completed_at = models.DateTimeField(null=True, blank=True)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "pk"]
        permissions = [
            ("confirm_offline_payment", "May confirm money that came outside the gateway"),
            ("refund_payment", "May give money back, above the limit with a second person"),
            ("export_payment", "May take the list of payments away as a file"),
        ]
        indexes = [
            models.Index("payer", F("created_at").desc(), "id", name="bookings_payment_payer"),
            models.Index(
                "payee_organization", F("created_at").desc(), "id", name="bookings_payment_payee"
            ),
            models.Index("booking", "status", name="bookings_payment_booking"),
            models.Index("instalment", "status", name="bookings_payment_instalment"),
            models.Index("transaction", "status", name="bookings_payment_transaction"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, platform_fee__gte=0, refunded_amount__gte=0)
                & Q(platform_fee__lte=F("amount"), refunded_amount__lte=F("amount")),
                name="bookings_payment_amounts",
                violation_error_code="amount_out_of_range",
                violation_error_message="Fee and refund lie between zero and the amount.",
            ),
            models.CheckConstraint(
                condition=Q(payee_user__isnull=False, payee_organization__isnull=True)
                | Q(payee_user__isnull=True, payee_organization__isnull=False),
                name="bookings_payment_one_payee",
                violation_error_code="one_payee",
                violation_error_message="A payment has one payee: a person or an organization.",
            ),
            models.CheckConstraint(
                condition=Q(
                    booking__isnull=False, instalment__isnull=False, transaction__isnull=True
                )
                & ~Q(purpose=PaymentPurpose.SALE)
                | Q(
                    purpose=PaymentPurpose.SALE,
                    booking__isnull=True,
                    instalment__isnull=True,
                    transaction__isnull=False,
                ),
                name="bookings_payment_subject",
                violation_error_code="subject_missing",
                violation_error_message="A payment says what it pays for.",
            ),
            models.CheckConstraint(
                condition=(Q(status__in=_ARRIVED, completed_at__isnull=False) & ~Q(receipt_no=""))
                | (~Q(status__in=_ARRIVED) & Q(completed_at__isnull=True, receipt_no="")),
                name="bookings_payment_completed",
                violation_error_code="receipt_contradicts_status",
                violation_error_message="A payment has a receipt exactly when the money came.",
            ),
            models.CheckConstraint(
                condition=Q(status=PaymentStatus.REFUNDED, refunded_amount=F("amount"))
                | (
                    Q(status=PaymentStatus.PARTIALLY_REFUNDED)
                    & Q(refunded_amount__gt=0, refunded_amount__lt=F("amount"))
                )
                | (
                    ~Q(status__in=[PaymentStatus.REFUNDED, PaymentStatus.PARTIALLY_REFUNDED])
                    & Q(refunded_amount=0)
                ),
                name="bookings_payment_refunded",
                violation_error_code="refund_contradicts_status",
                violation_error_message="What was given back agrees with the state.",
            ),
            models.UniqueConstraint(
                "receipt_no",
                condition=~Q(receipt_no=""),
                name="bookings_payment_receipt",
                violation_error_code="receipt_used",
                violation_error_message="Another payment has this receipt number.",
            ),
            models.UniqueConstraint(
                "payer",
                "client_key",
                condition=~Q(client_key=""),
                name="bookings_payment_client_key",
                violation_error_code="client_key_used",
                violation_error_message="There is a payment with this client key already.",
            ),
            *map(
                _unique_when_set,
                ("stripe_payment_intent_id", "stripe_charge_id", "stripe_transfer_id"),
            ),
        ]

    def __str__(self) -> str:
        return self.reference


@pghistory.track(exclude=["updated_at"], append_only=True)
class Refund(TimeStampedModel):
    """Money that is given back, in whole or in part."""

    reference = models.CharField(max_length=20, unique=True, editable=False)
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="refunds")
    amount = models.DecimalField(max_digits=14, decimal_places=3)
    currency = models.CharField(max_length=3)
    platform_fee = models.DecimalField(
        max_digits=14, decimal_places=3, default=0, help_text="The part of the fee given back."
    )
    reason = models.CharField(max_length=14, choices=RefundReason)
    note = models.CharField(max_length=500, blank=True)
    status = models.CharField(max_length=12, choices=RefundStatus, default=RefundStatus.REQUESTED)
    cancellation = models.ForeignKey(
        "bookings.CancellationRequest",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="refunds",
    )
    requested_by = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="refunds_requested",
        help_text="Empty: the platform itself, by a rule.",
    )
    approved_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="refunds_approved"
    )
    needs_second_person = models.BooleanField(default=False)
    gateway_refund_id = models.CharField(max_length=120, blank=True)
    attempts = models.PositiveSmallIntegerField(
        default=1, editable=False, help_text="How often the gateway was to carry it out."
    )
    failure_code = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)

    objects = RefundQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "pk"]
        permissions = [("approve_refund", "May be the second person for a refund")]
        indexes = [models.Index("status", "created_at", "id", name="bookings_refund_status")]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, platform_fee__gte=0, platform_fee__lte=F("amount")),
                name="bookings_refund_amount",
                violation_error_code="amount_not_positive",
                violation_error_message="A refund is above zero.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[RefundStatus.REQUESTED, RefundStatus.REJECTED])
                | Q(needs_second_person=False)
                | (
                    Q(approved_by__isnull=False, requested_by__isnull=False)
                    & ~Q(approved_by=F("requested_by"))
                ),
                name="bookings_refund_two_people",
                violation_error_code="second_person",
                violation_error_message="A refund of this size is approved by a second person.",
            ),
            models.UniqueConstraint(
                "gateway_refund_id",
                condition=~Q(gateway_refund_id=""),
                name="bookings_refund_gateway_id",
                violation_error_code="gateway_id_used",
                violation_error_message="Another refund has this identifier of the gateway.",
            ),
            models.CheckConstraint(
                condition=Q(status=RefundStatus.COMPLETED, completed_at__isnull=False)
                | (~Q(status=RefundStatus.COMPLETED) & Q(completed_at__isnull=True)),
                name="bookings_refund_completed",
                violation_error_code="completed_when",
                violation_error_message="A refund that is completed says since when.",
            ),
        ]

    def __str__(self) -> str:
        return self.reference
