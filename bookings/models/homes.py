"""Bookings of units, the waiting lists for them, and the record of every claim."""

import pghistory
from django.db import models
from django.db.models import F, Q

from bookings.choices import (
    LIVE_BOOKINGS,
    BookingStatus,
    ClaimOutcome,
    ClaimSubject,
    WaitlistStatus,
)
from bookings.querysets.claims import ClaimLogQuerySet, WaitlistEntryQuerySet
from bookings.querysets.homes import BookingQuerySet
from config.shared.models import IdentifiedModel, TimeStampedModel

_S = BookingStatus


def _dated(status: str, field: str) -> Q:
    """Rows in ``status`` have ``field``."""
    return ~Q(status=status) | Q(**{f"{field}__isnull": False})


@pghistory.track(
    exclude=["updated_at", "notes", "handover_builder_note", "handover_customer_note"],
    append_only=True,
)
class Booking(TimeStampedModel):
    """A customer's claim to a unit, from the hold to the keys."""

    reference = models.CharField(max_length=20, unique=True, editable=False)
    unit = models.ForeignKey("catalog.Unit", models.PROTECT, related_name="bookings")
    development = models.ForeignKey(
        "catalog.Development", models.PROTECT, related_name="bookings", editable=False
    )
    builder = models.ForeignKey(
        "accounts.Organization", models.PROTECT, related_name="bookings", editable=False
    )
    customer = models.ForeignKey("accounts.User", models.PROTECT, related_name="bookings")
    sales_agent = models.ForeignKey(
        "accounts.User",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="bookings_sold",
        help_text="Who placed it for the customer.",
    )
    status = models.CharField(max_length=16, choices=BookingStatus, default=BookingStatus.HELD)
    held_until = models.DateTimeField(null=True, blank=True)
    pay_until = models.DateTimeField(null=True, blank=True)
    extended_minutes = models.PositiveIntegerField(default=0, editable=False)
    price = models.DecimalField(max_digits=14, decimal_places=3)
    currency = models.CharField(max_length=3)
    plan = models.JSONField(default=dict, help_text="The payment plan as it was agreed.")
    terms = models.JSONField(
        default=dict, help_text="Terms, cancellation and late-fee policies as they were agreed."
    )
    deposit_amount = models.DecimalField(max_digits=14, decimal_places=3)
    notes = models.CharField(max_length=2000, blank=True)
    contract = models.ForeignKey(
        "accounts.MediaFile",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contract_of_bookings",
    )
    handover_signed_by_builder = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="handovers_given"
    )
    handover_builder_at = models.DateTimeField(null=True, blank=True)
    handover_customer_at = models.DateTimeField(null=True, blank=True)
    handover_builder_note = models.CharField(
        max_length=1000, blank=True, help_text="What the builder confirmed, such as open defects."
    )
    handover_customer_note = models.CharField(
        max_length=1000, blank=True, help_text="What the customer confirmed, such as open defects."
    )
    cancel_reason = models.CharField(max_length=500, blank=True)
    refund_due = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    transferred_to = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="transferred_from"
    )
    waitlist_position = models.PositiveIntegerField(
        null=True, blank=True, help_text="The place on the waiting list that it came from."
    )
    client_key = models.CharField(max_length=80, blank=True, editable=False)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    contracted_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "pk"]
        permissions = [
            ("manage_booking", "May act for the builder of any booking"),
            ("export_booking", "May take the list of bookings away as a file"),
        ]
        indexes = [
            models.Index(
                "customer", F("created_at").desc(), "id", name="bookings_booking_customer"
            ),
            models.Index("builder", F("created_at").desc(), "id", name="bookings_booking_builder"),
            models.Index("development", "status", "id", name="bookings_booking_development"),
            models.Index(
                "held_until", condition=Q(status=_S.HELD), name="bookings_booking_held_until"
            ),
            models.Index(
                "pay_until",
                condition=Q(status=_S.PENDING_PAYMENT),
                name="bookings_booking_pay_until",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                "unit",
                condition=Q(status__in=LIVE_BOOKINGS),
                name="bookings_booking_one_live",
                violation_error_code="already_claimed",
                violation_error_message="Somebody else already has this unit.",
            ),
            models.UniqueConstraint(
                "customer",
                "client_key",
                condition=~Q(client_key=""),
                name="bookings_booking_client_key",
                violation_error_code="client_key_used",
                violation_error_message="There is a booking with this client key already.",
            ),
            models.CheckConstraint(
                condition=_dated(_S.HELD, "held_until"),
                name="bookings_booking_held_until_when",
                violation_error_code="held_until_missing",
                violation_error_message="A hold ends at some time.",
            ),
            models.CheckConstraint(
                condition=_dated(_S.PENDING_PAYMENT, "pay_until"),
                name="bookings_booking_pay_until_when",
                violation_error_code="pay_until_missing",
                violation_error_message="A deposit is paid until some time.",
            ),
            models.CheckConstraint(
                condition=_dated(_S.CONFIRMED, "confirmed_at")
                & _dated(_S.CONTRACTED, "contracted_at")
                & _dated(_S.COMPLETED, "completed_at")
                & _dated(_S.CANCELLED, "cancelled_at"),
                name="bookings_booking_dated",
                violation_error_code="state_without_date",
                violation_error_message="Each state of a booking says since when.",
            ),
            models.CheckConstraint(
                condition=~Q(status=_S.CONTRACTED) | Q(contract__isnull=False),
                name="bookings_booking_contract",
                violation_error_code="contract_missing",
                violation_error_message="A contracted booking has its signed contract.",
            ),
            models.CheckConstraint(
                condition=~Q(status=_S.COMPLETED)
                | Q(handover_builder_at__isnull=False, handover_customer_at__isnull=False),
                name="bookings_booking_signed",
                violation_error_code="handover_unsigned",
                violation_error_message="Both sides sign a handover.",
            ),
            models.CheckConstraint(
                condition=Q(status=_S.TRANSFERRED, transferred_to__isnull=False)
                | (~Q(status=_S.TRANSFERRED) & Q(transferred_to__isnull=True)),
                name="bookings_booking_transferred",
                violation_error_code="transfer_incomplete",
                violation_error_message="A transferred booking names the one that follows it.",
            ),
            models.CheckConstraint(
                condition=Q(price__gt=0, deposit_amount__gte=0),
                name="bookings_booking_amounts",
                violation_error_code="amount_negative",
                violation_error_message="A price is above zero and a deposit not below it.",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class WaitlistEntry(TimeStampedModel):
    """Somebody who would take a unit if it became free."""

    unit = models.ForeignKey("catalog.Unit", models.PROTECT, related_name="waitlist")
    customer = models.ForeignKey("accounts.User", models.PROTECT, related_name="waitlist_entries")
    status = models.CharField(max_length=10, choices=WaitlistStatus, default=WaitlistStatus.WAITING)
    position = models.PositiveIntegerField(help_text="The place at which the person joined.")
    offered_at = models.DateTimeField(null=True, blank=True)
    offer_until = models.DateTimeField(null=True, blank=True)
    booking = models.ForeignKey(
        Booking, models.PROTECT, null=True, blank=True, related_name="waitlist_entries"
    )

    objects = WaitlistEntryQuerySet.as_manager()

    class Meta:
        ordering = ["unit", "position", "pk"]
        verbose_name = "place on a waiting list"
        verbose_name_plural = "waiting lists"
        indexes = [
            models.Index(
                "customer", F("created_at").desc(), "id", name="bookings_waitlist_customer"
            ),
            models.Index(
                "offer_until", condition=Q(status="offered"), name="bookings_waitlist_offers"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                "unit",
                "customer",
                condition=Q(status__in=[WaitlistStatus.WAITING, WaitlistStatus.OFFERED]),
                name="bookings_waitlistentry_once",
                violation_error_code="waiting_already",
                violation_error_message="This person waits for the unit already.",
            ),
            models.UniqueConstraint(
                "unit",
                condition=Q(status=WaitlistStatus.OFFERED),
                name="bookings_waitlistentry_one_offer",
                violation_error_code="offered_already",
                violation_error_message="The unit is offered to somebody else.",
            ),
            models.UniqueConstraint(
                "unit",
                "position",
                name="bookings_waitlistentry_position",
                violation_error_code="position_taken",
                violation_error_message="Two people cannot have the same place.",
            ),
            models.CheckConstraint(
                condition=~Q(status=WaitlistStatus.OFFERED)
                | Q(offered_at__isnull=False, offer_until__isnull=False),
                name="bookings_waitlistentry_offer",
                violation_error_code="offer_incomplete",
                violation_error_message="An offer says since when and until when.",
            ),
            models.CheckConstraint(
                condition=~Q(status=WaitlistStatus.HELD) | Q(booking__isnull=False),
                name="bookings_waitlistentry_held",
                violation_error_code="booking_missing",
                violation_error_message="A place that was taken up has its booking.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer} waits for {self.unit}"


class ClaimLog(IdentifiedModel):
    """What came of one person's claim to something that only one may have; it only grows."""

    subject = models.CharField(max_length=16, choices=ClaimSubject)
    object_id = models.UUIDField()
    who = models.ForeignKey("accounts.User", models.DO_NOTHING, related_name="claims")
    booking = models.ForeignKey(
        Booking, models.DO_NOTHING, null=True, blank=True, related_name="claims"
    )
    transaction = models.ForeignKey(
        "bookings.Transaction", models.DO_NOTHING, null=True, blank=True, related_name="claims"
    )
    asked_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=ClaimOutcome)
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    objects = ClaimLogQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "pk"]
        verbose_name = "claim"
        indexes = [
            models.Index("subject", "object_id", "asked_at", "id", name="bookings_claim_subject"),
            models.Index("who", F("asked_at").desc(), "id", name="bookings_claim_who"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome=ClaimOutcome.WON, ended_at__isnull=True)
                | (~Q(outcome=ClaimOutcome.WON) & Q(ended_at__isnull=False)),
                name="bookings_claimlog_ended",
                violation_error_code="end_contradicts_outcome",
                violation_error_message="Every claim but a won one has ended.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_subject_display()}: {self.get_outcome_display()}"
