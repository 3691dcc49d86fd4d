"""What has happened, for clients that follow it live."""

from django.db import models
from django.db.models.functions import Now

from messaging.querysets.live import LiveEventQuerySet, RealtimeTicketQuerySet

_XID = models.Func(
    template="(pg_current_xact_id()::text::bigint)", output_field=models.BigIntegerField()
)
_HORIZON = models.Func(
    template="(pg_snapshot_xmin(pg_current_snapshot())::text::bigint)",
    output_field=models.BigIntegerField(),
)


class LiveEvent(models.Model):
    """Something that happened and that one person's clients should know at once.

    ``horizon`` is the oldest transaction that was still open when this was written: whatever is
    older than it came before this, so that a client that goes on from there misses nothing.
    """

    user = models.ForeignKey(
        "accounts.User",
        models.CASCADE,
        related_name="live_events",
        verbose_name="person",
        db_index=False,
    )
    type = models.CharField(max_length=40)
    data = models.JSONField(default=dict, help_text="Identifiers and numbers, never content.")
    xid = models.BigIntegerField(db_default=_XID, editable=False)
    horizon = models.BigIntegerField(db_default=_HORIZON, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = LiveEventQuerySet.as_manager()

    class Meta:
        ordering = ["xid", "id"]
        indexes = [
            models.Index("user", "xid", "id", name="messaging_liveevent_user"),
            models.Index("created_at", name="messaging_liveevent_old"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.pk}"


class RealtimeTicket(models.Model):
    """A ticket for one WebSocket, good for seconds and for one use; only its hash is kept."""

    ticket_hash = models.CharField(max_length=64, primary_key=True)
    user = models.ForeignKey(
        "accounts.User", models.CASCADE, related_name="realtime_tickets", verbose_name="person"
    )
    session_id = models.UUIDField(help_text="The session that asked; it ends with it.")
    token_version = models.PositiveIntegerField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = RealtimeTicketQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "pk"]
        indexes = [models.Index("expires_at", name="messaging_ticket_expiry")]

    def __str__(self) -> str:
        return f"Ticket of {self.user}"
