"""The table behind ``config.shared.limits``; each database has its own."""

from django.db import models


class RateBucketBase(models.Model):
    """How often something was done since a moment, to refuse it when it is done too often."""

    key = models.CharField(max_length=200, unique=True)
    window_start = models.DateTimeField()
    count = models.PositiveIntegerField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"
