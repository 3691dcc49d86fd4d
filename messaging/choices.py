"""The words that messaging knows: one enum per closed list."""

from django.db import models


class NotificationPriority(models.TextChoices):
    """How somebody is told: urgent ones on every proved channel, normal ones on one."""

    NORMAL = "normal", "Normal"
    URGENT = "urgent", "Urgent"
