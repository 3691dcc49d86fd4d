"""When people meet: visits, meetings, inspections."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from bookings.choices import TAKING_APPOINTMENTS, AppointmentKind, AppointmentStatus
from bookings.querysets.appointments import AppointmentQuerySet
from config.shared.models import TimeStampedModel


class Appointment(TimeStampedModel):
    """A time that a host and a guest spend together."""

    kind = models.CharField(max_length=20, choices=AppointmentKind)
    host = models.ForeignKey("accounts.User", models.PROTECT, related_name="appointments_hosted")
    organization = models.ForeignKey(
        "accounts.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="appointments",
        help_text="For whom the host receives.",
    )
    guest = models.ForeignKey("accounts.User", models.PROTECT, related_name="appointments")
    development = models.ForeignKey(
        "catalog.Development", models.PROTECT, null=True, blank=True, related_name="appointments"
    )
    unit = models.ForeignKey(
        "catalog.Unit", models.PROTECT, null=True, blank=True, related_name="appointments"
    )
    during = DateTimeRangeField()
    time_zone = models.CharField(max_length=64)
    status = models.CharField(
        max_length=12, choices=AppointmentStatus, default=AppointmentStatus.REQUESTED
    )
    location = models.CharField(max_length=300, blank=True)
    meeting_url = models.URLField(max_length=300, blank=True)
    notes = models.CharField(max_length=1000, blank=True)
    outcome_note = models.CharField(max_length=1000, blank=True)
    cancelled_by = models.ForeignKey(
        "accounts.User",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="appointments_cancelled",
    )
    cancel_reason = models.CharField(max_length=500, blank=True)
    rescheduled_from = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="rescheduled_to"
    )
    sequence = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text="How often calendars were told of a change."
    )
    reminder_sent_at = models.DateTimeField(null=True, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "pk"]
        permissions = [("manage_appointment", "May act for the host of any appointment")]
        indexes = [
            models.Index("guest", F("created_at").desc(), "id", name="bookings_appointment_guest"),
            models.Index("host", F("created_at").desc(), "id", name="bookings_appointment_host"),
            models.Index(
                "organization", F("created_at").desc(), "id", name="bookings_appointment_team"
            ),
            models.Index(
                Lower("during"),
                condition=Q(status=AppointmentStatus.CONFIRMED, reminder_sent_at__isnull=True),
                name="bookings_appointment_to_remind",
            ),
        ]
        constraints = [
            ExclusionConstraint(
                name="bookings_appointment_host_free",
                expressions=[
                    ("host", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=Q(status__in=TAKING_APPOINTMENTS),
                violation_error_code="host_busy",
                violation_error_message="The host has another appointment then.",
            ),
            ExclusionConstraint(
                name="bookings_appointment_guest_free",
                expressions=[
                    ("guest", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=Q(status__in=TAKING_APPOINTMENTS),
                violation_error_code="guest_busy",
                violation_error_message="The guest has another appointment then.",
            ),
            models.CheckConstraint(
                condition=Q(
                    during__isempty=False,
                    during__lower_inf=False,
                    during__upper_inf=False,
                    during__lower_inc=True,
                    during__upper_inc=False,
                ),
                name="bookings_appointment_bounded",
                violation_error_code="during_unbounded",
                violation_error_message="An appointment begins and ends.",
            ),
            models.CheckConstraint(
                condition=~Q(host=F("guest")),
                name="bookings_appointment_two_people",
                violation_error_code="same_person",
                violation_error_message="Nobody has an appointment with themselves.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} with {self.host}"
