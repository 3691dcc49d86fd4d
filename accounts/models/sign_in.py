"""What signing in leaves in the main database."""

from django.db import models
from django.db.models.functions import Now


class RevokedSession(models.Model):
    """A session that has ended before its last access token did."""

    sid = models.UUIDField(primary_key=True, editable=False)
    user = models.ForeignKey(
        "accounts.User", models.CASCADE, related_name="revoked_sessions", verbose_name="person"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-created_at", "pk"]
        verbose_name = "ended session"

    def __str__(self) -> str:
        return f"Ended session {self.sid}"
