"""Who follows whom, and who wants nothing to do with whom."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from accounts.querysets.connections import BlockQuerySet, FollowQuerySet
from config.shared.models import IdentifiedModel


class Follow(IdentifiedModel):
    """One person follows another's public doings."""

    follower = models.ForeignKey(
        "accounts.User", models.CASCADE, related_name="following", db_index=False
    )
    followed = models.ForeignKey(
        "accounts.User", models.CASCADE, related_name="followers", db_index=False
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = FollowQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "pk"]
        indexes = [
            models.Index("follower", "id", name="accounts_follow_follower"),
            models.Index("followed", "id", name="accounts_follow_followed"),
        ]
        constraints = [
            models.UniqueConstraint(
                "follower",
                "followed",
                name="accounts_follow_once",
                violation_error_code="already_following",
                violation_error_message="You follow this person already.",
            ),
            models.CheckConstraint(
                condition=~Q(follower=F("followed")),
                name="accounts_follow_not_self",
                violation_error_code="not_yourself",
                violation_error_message="Nobody can follow themselves.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.follower} follows {self.followed}"


class Block(IdentifiedModel):
    """One person has shut another out; neither finds the other any more."""

    blocker = models.ForeignKey(
        "accounts.User", models.CASCADE, related_name="blocking", db_index=False
    )
    blocked = models.ForeignKey(
        "accounts.User", models.CASCADE, related_name="blocked_by", db_index=False
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = BlockQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "pk"]
        indexes = [
            models.Index("blocker", "id", name="accounts_block_blocker"),
            models.Index("blocked", "id", name="accounts_block_blocked"),
        ]
        constraints = [
            models.UniqueConstraint(
                "blocker",
                "blocked",
                name="accounts_block_once",
                violation_error_code="already_blocked",
                violation_error_message="You have blocked this person already.",
            ),
            models.CheckConstraint(
                condition=~Q(blocker=F("blocked")),
                name="accounts_block_not_self",
                violation_error_code="not_yourself",
                violation_error_message="Nobody can block themselves.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.blocker} blocks {self.blocked}"
