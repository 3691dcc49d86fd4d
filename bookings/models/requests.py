"""What customers ask about their bookings and others decide."""

from django.db import models
from django.db.models import F, Q

from bookings.choices import RequestStatus
from bookings.querysets.homes import CancellationRequestQuerySet, TransferRequestQuerySet
from config.shared.models import TimeStampedModel

_OPEN = (RequestStatus.ASKED, RequestStatus.ACCEPTED, RequestStatus.SECOND_NEEDED)


class CancellationRequest(TimeStampedModel):
    """A customer's wish to leave a booking that has been paid for, and what comes of it."""

    booking = models.ForeignKey(
        "bookings.Booking", models.PROTECT, related_name="cancellation_requests"
    )
    asked_by = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="cancellations_asked"
    )
    reason = models.CharField(max_length=500)
    status = models.CharField(max_length=16, choices=RequestStatus, default=RequestStatus.ASKED)
    currency = models.CharField(max_length=3)
    paid_amount = models.DecimalField(max_digits=14, decimal_places=3, default=0)
    kept_percent = models.DecimalField(max_digits=5, decimal_places=2)
    kept_amount = models.DecimalField(max_digits=14, decimal_places=3)
    refund_amount = models.DecimalField(max_digits=14, decimal_places=3)
    approved_by = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="cancellations_approved",
    )
    second_approved_by = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="cancellations_seconded",
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_note = models.CharField(max_length=500, blank=True)

    objects = CancellationRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                "booking",
                condition=Q(status__in=_OPEN),
                name="bookings_cancellationrequest_one_open",
                violation_error_code="asked_already",
                violation_error_message="A cancellation of this booking is being decided on.",
            ),
            models.CheckConstraint(
                condition=Q(kept_percent__gte=0, kept_percent__lte=100)
                & Q(kept_amount__gte=0, refund_amount__gte=0, paid_amount__gte=0),
                name="bookings_cancellationrequest_amounts",
                violation_error_code="amount_negative",
                violation_error_message="Nothing is kept or given back below zero.",
            ),
            models.CheckConstraint(
                condition=Q(second_approved_by__isnull=True)
                | (Q(approved_by__isnull=False) & ~Q(approved_by=F("second_approved_by"))),
                name="bookings_cancellationrequest_two_people",
                violation_error_code="same_person",
                violation_error_message="The second approval is a second person's.",
            ),
            models.CheckConstraint(
                condition=~Q(status=RequestStatus.APPROVED) | Q(approved_by__isnull=False),
                name="bookings_cancellationrequest_approved",
                violation_error_code="approver_missing",
                violation_error_message="What is approved says by whom.",
            ),
        ]

    def __str__(self) -> str:
        return f"Cancellation of {self.booking}"


class TransferRequest(TimeStampedModel):
    """A customer's wish to pass a booking on to somebody else."""

    booking = models.ForeignKey(
        "bookings.Booking", models.PROTECT, related_name="transfer_requests"
    )
    from_customer = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="transfers_given"
    )
    to_customer = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="transfers_received"
    )
    reason = models.CharField(max_length=500, blank=True)
    status = models.CharField(max_length=16, choices=RequestStatus, default=RequestStatus.ASKED)
    accepted_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="transfers_decided"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_note = models.CharField(max_length=500, blank=True)
    new_booking = models.OneToOneField(
        "bookings.Booking",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="made_by_transfer",
    )

    objects = TransferRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                "booking",
                condition=Q(status__in=_OPEN),
                name="bookings_transferrequest_one_open",
                violation_error_code="asked_already",
                violation_error_message="A transfer of this booking is being decided on.",
            ),
            models.CheckConstraint(
                condition=~Q(from_customer=F("to_customer")),
                name="bookings_transferrequest_two_people",
                violation_error_code="same_person",
                violation_error_message="A booking is passed on to somebody else.",
            ),
            models.CheckConstraint(
                condition=Q(status=RequestStatus.APPROVED, new_booking__isnull=False)
                | (~Q(status=RequestStatus.APPROVED) & Q(new_booking__isnull=True)),
                name="bookings_transferrequest_approved",
                violation_error_code="booking_missing",
                violation_error_message="A transfer that is approved has made a booking.",
            ),
        ]

    def __str__(self) -> str:
        return f"Transfer of {self.booking}"
