"""Papers that prove who somebody is, and papers that a trade has to keep valid."""

import pghistory
from django.db import models
from django.db.models import F, Q

from accounts.choices import PaperKind, VerificationStatus, VerificationType
from accounts.querysets.verifications import ContractorPaperQuerySet, VerificationQuerySet
from config.shared.models import TimeStampedModel
from config.shared.sealed import SealedTextField


@pghistory.track(
    exclude=["updated_at", "emirates_id_number", "trade_license_number"], append_only=True
)
class Verification(TimeStampedModel):
    """A person's request to be recognised by their identity papers, and the answer."""

    user = models.OneToOneField(
        "accounts.User", models.CASCADE, related_name="verification", verbose_name="person"
    )
    verification_type = models.CharField(max_length=20, choices=VerificationType)
    status = models.CharField(
        max_length=10, choices=VerificationStatus, default=VerificationStatus.PENDING
    )
    emirates_id_number = SealedTextField(blank=True, default="")
    emirates_id_last4 = models.CharField(max_length=4, blank=True)
    emirates_id_front = models.ForeignKey(
        "accounts.MediaFile", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    emirates_id_back = models.ForeignKey(
        "accounts.MediaFile", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    trade_license_number = SealedTextField(blank=True, default="")
    trade_license_last4 = models.CharField(max_length=4, blank=True)
    trade_license_document = models.ForeignKey(
        "accounts.MediaFile", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    license_valid_until = models.DateField(null=True, blank=True)
    submitted_at = models.DateTimeField()
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(
        "accounts.User",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="verifications_reviewed",
    )
    rejection_reason = models.CharField(max_length=500, blank=True)
    attempts = models.PositiveSmallIntegerField(default=1)
    purge_after = models.DateTimeField(null=True, blank=True)
    purged_at = models.DateTimeField(null=True, blank=True)

    objects = VerificationQuerySet.as_manager()

    class Meta:
        ordering = ["submitted_at", "pk"]
        permissions = [("review_verification", "May review identity papers")]
        indexes = [
            models.Index("status", "submitted_at", "id", name="accounts_verification_queue"),
            models.Index(
                "purge_after",
                condition=Q(purged_at__isnull=True),
                name="accounts_verification_purge",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(status=VerificationStatus.PENDING, reviewed_at__isnull=True)
                    | (~Q(status=VerificationStatus.PENDING) & Q(reviewed_at__isnull=False))
                ),
                name="accounts_verification_reviewed",
                violation_error_code="review_incomplete",
                violation_error_message="A decision has a time; an open request has none.",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[VerificationStatus.REJECTED, VerificationStatus.REVOKED])
                | ~Q(rejection_reason=""),
                name="accounts_verification_reason",
                violation_error_code="reason_missing",
                violation_error_message="A refusal gives its reason.",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("user")),
                name="accounts_verification_not_self",
                violation_error_code="own_request",
                violation_error_message="Nobody decides on their own papers.",
            ),
        ]

    def __str__(self) -> str:
        return f"Verification of {self.user}"


class ContractorPaper(TimeStampedModel):
    """A licence or an insurance that a contractor has to keep valid."""

    organization = models.ForeignKey(
        "accounts.Organization", models.CASCADE, null=True, blank=True, related_name="papers"
    )
    user = models.ForeignKey(
        "accounts.User",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="papers",
        verbose_name="person",
    )
    kind = models.CharField(max_length=12, choices=PaperKind)
    number = SealedTextField(blank=True, default="")
    issuer = models.CharField(max_length=160, blank=True)
    document = models.ForeignKey(
        "accounts.MediaFile", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    valid_until = models.DateField()
    reminded_days = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    replaced_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ContractorPaperQuerySet.as_manager()

    class Meta:
        ordering = ["valid_until", "pk"]
        indexes = [
            models.Index(
                "valid_until",
                condition=Q(replaced_at__isnull=True),
                name="accounts_paper_current",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(organization__isnull=True, user__isnull=False)
                | Q(organization__isnull=False, user__isnull=True),
                name="accounts_contractorpaper_one_holder",
                violation_error_code="one_holder",
                violation_error_message="A paper belongs to a person or to an organization.",
            ),
            models.UniqueConstraint(
                "user",
                "kind",
                condition=Q(replaced_at__isnull=True, user__isnull=False),
                name="accounts_contractorpaper_user_current",
                violation_error_code="paper_exists",
                violation_error_message="There is a current paper of this kind already.",
            ),
            models.UniqueConstraint(
                "organization",
                "kind",
                condition=Q(replaced_at__isnull=True, organization__isnull=False),
                name="accounts_contractorpaper_organization_current",
                violation_error_code="paper_exists",
                violation_error_message="There is a current paper of this kind already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} until {self.valid_until}"
