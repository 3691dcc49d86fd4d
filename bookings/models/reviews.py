"""What people say of each other after a deal."""

from django.db import models
from django.db.models import F, Q

from bookings.market_choices import ReviewStatus
from bookings.querysets.reviews import ReviewQuerySet
from config.shared.models import TimeStampedModel


class Review(TimeStampedModel):
    """What one side of a deal says of the other; shown once both wrote, or after two weeks."""

    author = models.ForeignKey("accounts.User", models.PROTECT, related_name="reviews_written")
    subject_user = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reviews_received",
    )
    subject_organization = models.ForeignKey(
        "accounts.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reviews_received",
    )
    transaction = models.ForeignKey(
        "bookings.Transaction", models.PROTECT, null=True, blank=True, related_name="reviews"
    )
    appointment = models.ForeignKey(
        "bookings.Appointment", models.PROTECT, null=True, blank=True, related_name="reviews"
    )
    rating = models.PositiveSmallIntegerField(help_text="1 to 5 stars.")
    text = models.CharField(max_length=2000, blank=True)
    reply = models.CharField(max_length=1000, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=ReviewStatus, default=ReviewStatus.PUBLISHED)
    hidden_by = models.ForeignKey(
        "accounts.User", models.SET_NULL, null=True, blank=True, related_name="reviews_hidden"
    )
    hidden_reason = models.CharField(max_length=500, blank=True)
    visible_from = models.DateTimeField(
        editable=False, help_text="Two weeks after it was written, or when the other side wrote."
    )

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "pk"]
        permissions = [("moderate_review", "May hide reviews")]
        indexes = [
            models.Index(
                "subject_user", F("created_at").desc(), "id", name="bookings_review_of_person"
            ),
            models.Index(
                "subject_organization",
                F("created_at").desc(),
                "id",
                name="bookings_review_of_org",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                "author",
                "transaction",
                "appointment",
                nulls_distinct=False,
                name="bookings_review_once",
                violation_error_code="reviewed_already",
                violation_error_message="You have reviewed this deal already.",
            ),
            models.CheckConstraint(
                condition=Q(rating__gte=1, rating__lte=5),
                name="bookings_review_rating",
                violation_error_code="rating_range",
                violation_error_message="A rating is 1 to 5 stars.",
            ),
            models.CheckConstraint(
                condition=Q(subject_user__isnull=False, subject_organization__isnull=True)
                | Q(subject_user__isnull=True, subject_organization__isnull=False),
                name="bookings_review_one_subject",
                violation_error_code="one_subject",
                violation_error_message="A review is about one person or one organization.",
            ),
            models.CheckConstraint(
                condition=Q(transaction__isnull=False, appointment__isnull=True)
                | Q(transaction__isnull=True, appointment__isnull=False),
                name="bookings_review_one_deal",
                violation_error_code="one_deal",
                violation_error_message="A review is about one deal.",
            ),
            models.CheckConstraint(
                condition=Q(subject_user__isnull=True) | ~Q(subject_user=F("author")),
                name="bookings_review_not_self",
                violation_error_code="not_yourself",
                violation_error_message="Nobody reviews themselves.",
            ),
            models.CheckConstraint(
                condition=(Q(reply="") & Q(replied_at__isnull=True))
                | (~Q(reply="") & Q(replied_at__isnull=False)),
                name="bookings_review_reply",
                violation_error_code="replied_when",
                violation_error_message="A reply says when it was written.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rating} stars by {self.author}"
