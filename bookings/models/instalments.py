"""What a customer owes for a unit, part by part."""

import pghistory
from django.db import models
from django.db.models import F, Q

from bookings.choices import DueRule, InstalmentKind, InstalmentStatus, ObjectionOutcome
from bookings.querysets.instalments import InstalmentQuerySet
from config.shared.models import TimeStampedModel


@pghistory.track(exclude=["updated_at"], append_only=True)
class Instalment(TimeStampedModel):
    """One part of the price, or of a change, and when it has to be paid."""

    booking = models.ForeignKey("bookings.Booking", models.PROTECT, related_name="instalments")
    order = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=InstalmentKind, default=InstalmentKind.PLAN)
    label = models.CharField(max_length=120)
    percent = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=3)
    currency = models.CharField(max_length=3)
    due_rule = models.CharField(max_length=10, choices=DueRule, default=DueRule.DATE)
    due_date = models.DateField(null=True, blank=True)
    due_at = models.DateTimeField(
        null=True, blank=True, help_text="Since when it has been due in fact."
    )
    phase = models.ForeignKey(
        "catalog.ProgressPhase", models.PROTECT, null=True, blank=True, related_name="instalments"
    )
    status = models.CharField(
        max_length=16, choices=InstalmentStatus, default=InstalmentStatus.SCHEDULED
    )
    notice_sent_at = models.DateTimeField(null=True, blank=True)
    evidence = models.JSONField(
        default=dict, blank=True, help_text="What showed that the phase was completed, frozen."
    )
    objection = models.CharField(max_length=1000, blank=True)
    objected_at = models.DateTimeField(null=True, blank=True)
    objection_resolved_at = models.DateTimeField(null=True, blank=True)
    objection_resolved_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="objections_resolved"
    )
    objection_answer = models.CharField(max_length=1000, blank=True)
    objection_outcome = models.CharField(max_length=10, choices=ObjectionOutcome, blank=True)
    late_fee = models.DecimalField(max_digits=14, decimal_places=3, default=0)
    late_fee_periods = models.PositiveSmallIntegerField(default=0, editable=False)
    overdue_at = models.DateTimeField(null=True, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    waiver_asked_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="waivers_asked"
    )
    waiver_asked_at = models.DateTimeField(null=True, blank=True)
    waiver_reason = models.CharField(max_length=500, blank=True)
    waived_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="waivers_given"
    )
    waived_at = models.DateTimeField(null=True, blank=True)

    objects = InstalmentQuerySet.as_manager()

    class Meta:
        ordering = ["booking", "order", "pk"]
        permissions = [
            ("waive_instalment", "May waive instalments, with a second person"),
            ("resolve_objection", "May answer objections for any builder"),
            ("export_instalment", "May take the list of instalments away as a file"),
        ]
        indexes = [
            models.Index("status", "due_date", "id", name="bookings_instalment_due"),
            models.Index("phase", "status", name="bookings_instalment_phase"),
        ]
        constraints = [
            models.UniqueConstraint(
                "booking",
                "order",
                name="bookings_instalment_order",
                violation_error_code="order_taken",
                violation_error_message="Two instalments of a booking have different places.",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, late_fee__gte=0),
                name="bookings_instalment_amount",
                violation_error_code="amount_not_positive",
                violation_error_message="An instalment is above zero and a late fee not below it.",
            ),
            models.CheckConstraint(
                condition=~Q(due_rule=DueRule.PHASE) | Q(phase__isnull=False),
                name="bookings_instalment_phase_named",
                violation_error_code="phase_missing",
                violation_error_message="What waits for a phase names it.",
            ),
            models.CheckConstraint(
                condition=Q(objection="", objected_at__isnull=True)
                | (~Q(objection="") & Q(objected_at__isnull=False)),
                name="bookings_instalment_objection_pair",
                violation_error_code="objection_incomplete",
                violation_error_message="An objection has a text and a time, or neither.",
            ),
            models.CheckConstraint(
                condition=Q(objection_resolved_at__isnull=True, objection_resolved_by__isnull=True)
                | Q(objection_resolved_at__isnull=False, objected_at__isnull=False),
                name="bookings_instalment_objection_resolved",
                violation_error_code="resolution_incomplete",
                violation_error_message="Only an objection that was made can be answered.",
            ),
            models.CheckConstraint(
                condition=~Q(status=InstalmentStatus.OVERDUE)
                | Q(objected_at__isnull=True)
                | Q(objection_resolved_at__isnull=False),
                name="bookings_instalment_overdue_objection",
                violation_error_code="objection_open",
                violation_error_message="While an objection is open, nothing becomes overdue.",
            ),
            models.CheckConstraint(
                condition=~Q(status=InstalmentStatus.WAIVED)
                | (
                    Q(waived_by__isnull=False, waiver_asked_by__isnull=False)
                    & ~Q(waived_by=F("waiver_asked_by"))
                ),
                name="bookings_instalment_waived_by_two",
                violation_error_code="second_person",
                violation_error_message="Two different people waive an instalment.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.booking} {self.label}"
