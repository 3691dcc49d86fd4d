"""Who wants to hear of developments."""

from django.db import models

from catalog.querysets.homes import DevelopmentFollowQuerySet
from config.shared.models import IdentifiedModel


class DevelopmentFollow(IdentifiedModel):
    """Somebody who wants to hear how a development rises."""

    development = models.ForeignKey("catalog.Development", models.CASCADE, related_name="follows")
    user = models.ForeignKey(
        "accounts.User",
        models.CASCADE,
        related_name="developments_followed",
        verbose_name="person",
    )
    created_at = models.DateTimeField(auto_now_add=True, editable=False)

    objects = DevelopmentFollowQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                "development",
                "user",
                name="catalog_developmentfollow_once",
                violation_error_code="follows_already",
                violation_error_message="This person follows the development already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} follows {self.development}"
