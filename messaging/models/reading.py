"""When people read what was said to them."""

from django.db import models
from django.db.models.functions import Now

from config.shared.models import IdentifiedModel
from messaging.querysets.conversations import ReadMarkQuerySet


class ReadMark(IdentifiedModel):
    """The moment at which somebody had read a conversation as far as one message."""

    conversation = models.ForeignKey(
        "messaging.Conversation", models.CASCADE, related_name="read_marks", db_index=False
    )
    user = models.ForeignKey(
        "accounts.User", models.CASCADE, related_name="read_marks", verbose_name="person"
    )
    seq = models.PositiveBigIntegerField(editable=False)
    at = models.DateTimeField(db_default=Now(), editable=False)

    objects = ReadMarkQuerySet.as_manager()

    class Meta:
        ordering = ["conversation", "seq", "pk"]
        indexes = [models.Index("conversation", "seq", "user", name="messaging_readmark_place")]

    def __str__(self) -> str:
        return f"{self.user} read {self.conversation} as far as {self.seq}"
