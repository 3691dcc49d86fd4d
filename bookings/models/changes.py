"""What customers want changed in the units they have booked."""

from django.db import models
from django.db.models import F, Q

from bookings.choices import ChangeCategory, ChangeRequestStatus
from bookings.querysets.changes import ChangeRequestQuerySet
from config.shared.models import TimeStampedModel

_C = ChangeRequestStatus
_PRICED = (_C.QUOTED, _C.APPROVED, _C.DECLINED, _C.IN_PROGRESS, _C.COMPLETED)
_AGREED = (_C.APPROVED, _C.IN_PROGRESS, _C.COMPLETED)


class ChangeRequest(TimeStampedModel):
    """A wish to have a unit built differently, from the draft to the finished work."""

    reference = models.CharField(max_length=20, unique=True, editable=False)
    booking = models.ForeignKey("bookings.Booking", models.PROTECT, related_name="change_requests")
    unit = models.ForeignKey("catalog.Unit", models.PROTECT, related_name="change_requests")
    customer = models.ForeignKey("accounts.User", models.PROTECT, related_name="change_requests")
    category = models.CharField(max_length=12, choices=ChangeCategory)
    description = models.TextField(max_length=4000)
    media = models.ManyToManyField("accounts.MediaFile", blank=True, related_name="change_requests")
    status = models.CharField(
        max_length=14, choices=ChangeRequestStatus, default=ChangeRequestStatus.DRAFT
    )
    quoted_price = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    currency = models.CharField(max_length=3)
    extra_days = models.PositiveSmallIntegerField(null=True, blank=True)
    quote_valid_until = models.DateTimeField(null=True, blank=True)
    cutoff_phase = models.ForeignKey(
        "catalog.ProgressPhase",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="change_requests",
        help_text="Once this phase has begun, it is too late.",
    )
    decision_note = models.CharField(max_length=1000, blank=True)
    decided_by = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="change_requests_decided",
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    instalment = models.OneToOneField(
        "bookings.Instalment",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="change_request",
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)

    objects = ChangeRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "pk"]
        permissions = [("manage_changerequest", "May answer change requests for any builder")]
        indexes = [
            models.Index("booking", F("created_at").desc(), "id", name="bookings_change_booking"),
            models.Index("customer", F("created_at").desc(), "id", name="bookings_change_customer"),
            models.Index("status", "created_at", "id", name="bookings_change_status"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status__in=_PRICED)
                | Q(
                    quoted_price__isnull=False,
                    extra_days__isnull=False,
                    quote_valid_until__isnull=False,
                ),
                name="bookings_changerequest_quoted",
                violation_error_code="quote_incomplete",
                violation_error_message="A quote has a price, days and a time until it holds.",
            ),
            models.CheckConstraint(
                condition=Q(quoted_price__isnull=True) | Q(quoted_price__gte=0),
                name="bookings_changerequest_price",
                violation_error_code="price_negative",
                violation_error_message="A change costs nothing or more.",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=_AGREED) | Q(quoted_price=0) | Q(instalment__isnull=False),
                name="bookings_changerequest_instalment",
                violation_error_code="instalment_missing",
                violation_error_message="An approved change that costs something is an instalment.",
            ),
            models.CheckConstraint(
                condition=Q(status=_C.DRAFT) | Q(submitted_at__isnull=False),
                name="bookings_changerequest_submitted",
                violation_error_code="submitted_when",
                violation_error_message="What was submitted says when.",
            ),
        ]

    def __str__(self) -> str:
        return self.reference
