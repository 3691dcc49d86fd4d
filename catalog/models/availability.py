"""When hosts receive visitors."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from catalog.choices import Weekday
from catalog.querysets.availability import AvailabilityExceptionQuerySet, AvailabilityQuerySet
from config.shared.models import TimeStampedModel


class Availability(TimeStampedModel):
    """Hours of a weekday, by the clock on the host's wall, in which they can be visited."""

    host = models.ForeignKey("accounts.User", models.CASCADE, related_name="availabilities")
    weekday = models.PositiveSmallIntegerField(choices=Weekday)
    from_minute = models.PositiveSmallIntegerField(help_text="Minutes after midnight.")
    to_minute = models.PositiveSmallIntegerField(help_text="Minutes after midnight.")
    time_zone = models.CharField(max_length=64)
    slot_minutes = models.PositiveSmallIntegerField(default=60)
    buffer_minutes = models.PositiveSmallIntegerField(
        default=0, help_text="Kept free between two visits."
    )
    lead_minutes = models.PositiveIntegerField(
        default=120, help_text="How long before a visit it has to be asked for at the latest."
    )

    objects = AvailabilityQuerySet.as_manager()

    class Meta:
        ordering = ["host", "weekday", "from_minute", "pk"]
        verbose_name_plural = "availabilities"
        constraints = [
            ExclusionConstraint(
                name="catalog_availability_no_overlap",
                expressions=[
                    ("host", RangeOperators.EQUAL),
                    ("weekday", RangeOperators.EQUAL),
                    (
                        Func(F("from_minute"), F("to_minute"), function="int4range"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_code="hours_overlap",
                violation_error_message="These hours overlap with others of the same day.",
            ),
            models.CheckConstraint(
                condition=Q(from_minute__lt=F("to_minute"), to_minute__lte=1440),
                name="catalog_availability_hours",
                violation_error_code="hours_reversed",
                violation_error_message="Hours begin before they end, within one day.",
            ),
            models.CheckConstraint(
                condition=Q(slot_minutes__gte=5, slot_minutes__lte=480),
                name="catalog_availability_slot",
                violation_error_code="slot_range",
                violation_error_message="A visit takes 5 minutes to 8 hours.",
            ),
            models.CheckConstraint(
                condition=Q(buffer_minutes__lte=480, lead_minutes__lte=43_200),
                name="catalog_availability_buffer",
                violation_error_code="buffer_range",
                violation_error_message="A buffer is at most 8 hours, a lead time 30 days.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.host}, {self.get_weekday_display()}"


class AvailabilityException(TimeStampedModel):
    """A day on which a host is away, or receives at other hours than on such a weekday."""

    host = models.ForeignKey(
        "accounts.User", models.CASCADE, related_name="availability_exceptions"
    )
    day = models.DateField()
    is_closed = models.BooleanField(default=True)
    from_minute = models.PositiveSmallIntegerField(null=True, blank=True)
    to_minute = models.PositiveSmallIntegerField(null=True, blank=True)
    note = models.CharField(max_length=160, blank=True)

    objects = AvailabilityExceptionQuerySet.as_manager()

    class Meta:
        ordering = ["host", "day", "pk"]
        constraints = [
            models.UniqueConstraint(
                "host",
                "day",
                name="catalog_availabilityexception_once",
                violation_error_code="day_exists",
                violation_error_message="This day is an exception already.",
            ),
            models.CheckConstraint(
                condition=Q(is_closed=True, from_minute__isnull=True, to_minute__isnull=True)
                | Q(
                    is_closed=False,
                    from_minute__isnull=False,
                    to_minute__isnull=False,
                    from_minute__lt=F("to_minute"),
                    to_minute__lte=1440,
                ),
                name="catalog_availabilityexception_hours",
                violation_error_code="hours_incomplete",
                violation_error_message="Either closed, or open from one hour to a later one.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.host}, {self.day}"
