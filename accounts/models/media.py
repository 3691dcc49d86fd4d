"""Files that people upload."""

from django.db import models
from django.db.models import Q

from accounts.choices import MediaKind, MediaPurpose, MediaStatus
from accounts.querysets.media import MediaFileQuerySet
from config.shared.models import TimeStampedModel


class MediaFile(TimeStampedModel):
    """A photograph, film, document or 3D model; nobody else sees it before it is checked."""

    owner = models.ForeignKey("accounts.User", models.PROTECT, related_name="media_files")
    kind = models.CharField(max_length=10, choices=MediaKind)
    purpose = models.CharField(max_length=20, choices=MediaPurpose)
    status = models.CharField(max_length=10, choices=MediaStatus, default=MediaStatus.ANNOUNCED)
    name = models.CharField(max_length=200)
    file = models.FileField(max_length=300, blank=True)
    incoming_key = models.CharField(max_length=300, blank=True, editable=False)
    renditions = models.JSONField(default=dict, blank=True, editable=False)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    size = models.BigIntegerField(default=0)
    declared_type = models.CharField(max_length=100, blank=True)
    content_type = models.CharField(max_length=100, blank=True, editable=False)
    width = models.PositiveIntegerField(null=True, blank=True, editable=False)
    height = models.PositiveIntegerField(null=True, blank=True, editable=False)
    duration_seconds = models.FloatField(null=True, blank=True, editable=False)
    meta = models.JSONField(default=dict, blank=True, editable=False)
    is_private = models.BooleanField(default=True)
    rejection_code = models.CharField(max_length=40, blank=True, editable=False)
    target_type = models.CharField(max_length=60, blank=True)
    target_id = models.UUIDField(null=True, blank=True)
    valid_until = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = MediaFileQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "pk"]
        verbose_name = "file"
        indexes = [
            models.Index("owner", "created_at", "id", name="accounts_mediafile_owner"),
            models.Index("target_type", "target_id", name="accounts_mediafile_target"),
            models.Index(
                "created_at",
                condition=Q(status__in=["announced", "uploaded"]),
                name="accounts_mediafile_waiting",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status=MediaStatus.CLEAN)
                | (
                    ~Q(sha256="")
                    & ~Q(content_type="")
                    & ~Q(file="")
                    & Q(completed_at__isnull=False)
                ),
                name="accounts_mediafile_clean_is_complete",
                violation_error_code="media_incomplete",
                violation_error_message="A checked file has its content, type and fingerprint.",
            ),
            models.CheckConstraint(
                condition=Q(size__gte=0),
                name="accounts_mediafile_size",
                violation_error_code="size_negative",
                violation_error_message="A file's size is not negative.",
            ),
            models.CheckConstraint(
                condition=(Q(target_type="") & Q(target_id__isnull=True))
                | (~Q(target_type="") & Q(target_id__isnull=False)),
                name="accounts_mediafile_target_pair",
                violation_error_code="target_incomplete",
                violation_error_message="A file's target has a kind and an identifier, or neither.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
