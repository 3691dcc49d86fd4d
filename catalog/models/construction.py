"""How a development rises: phases, updates and 3D models."""

import pghistory
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper

from catalog.choices import ModelFormat, PhaseStatus, UpdateStatus
from catalog.querysets.construction import (
    ConstructionUpdateQuerySet,
    Model3DQuerySet,
    ProgressPhaseQuerySet,
)
from config.shared.models import TimeStampedModel


@pghistory.track(exclude=["updated_at", "description"], append_only=True)
class ProgressPhase(TimeStampedModel):
    """A stage of construction, with its share of the whole and how far it has come."""

    development = models.ForeignKey("catalog.Development", models.PROTECT, related_name="phases")
    name = models.CharField(max_length=120)
    order = models.PositiveSmallIntegerField(default=1)
    weight = models.DecimalField(
        max_digits=6, decimal_places=2, help_text="Its share of the whole, relative to the others."
    )
    planned_start = models.DateField(null=True, blank=True)
    planned_end = models.DateField(null=True, blank=True)
    actual_start = models.DateField(null=True, blank=True)
    actual_end = models.DateField(null=True, blank=True)
    percent = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    status = models.CharField(max_length=12, choices=PhaseStatus, default=PhaseStatus.PLANNED)
    description = models.CharField(max_length=2000, blank=True)
    evidence = models.ManyToManyField(
        "accounts.MediaFile", blank=True, related_name="evidence_of_phases"
    )
    corrected_reason = models.CharField(max_length=500, blank=True)

    objects = ProgressPhaseQuerySet.as_manager()

    class Meta:
        ordering = ["development", "order", "pk"]
        verbose_name = "phase"
        constraints = [
            models.UniqueConstraint(
                "development",
                Upper("name"),
                name="catalog_progressphase_name_unique",
                violation_error_code="phase_exists",
                violation_error_message="This development has a phase of this name.",
            ),
            models.CheckConstraint(
                condition=Q(percent__gte=0, percent__lte=100),
                name="catalog_progressphase_percent",
                violation_error_code="percent_range",
                violation_error_message="A phase is 0 to 100 per cent done.",
            ),
            models.CheckConstraint(
                condition=Q(weight__gt=0, weight__lte=1000),
                name="catalog_progressphase_weight",
                violation_error_code="weight_range",
                violation_error_message="A weight is above 0 and at most 1,000.",
            ),
            models.CheckConstraint(
                condition=~Q(status=PhaseStatus.COMPLETED)
                | Q(percent=100, actual_end__isnull=False),
                name="catalog_progressphase_completed",
                violation_error_code="completed_incompletely",
                violation_error_message="A completed phase is at 100 per cent and has an end.",
            ),
            models.CheckConstraint(
                condition=Q(planned_start__isnull=True)
                | Q(planned_end__isnull=True)
                | Q(planned_start__lte=F("planned_end")),
                name="catalog_progressphase_planned",
                violation_error_code="planned_dates_reversed",
                violation_error_message="A phase is not planned to end before it begins.",
            ),
            models.CheckConstraint(
                condition=Q(actual_start__isnull=True)
                | Q(actual_end__isnull=True)
                | Q(actual_start__lte=F("actual_end")),
                name="catalog_progressphase_actual",
                violation_error_code="actual_dates_reversed",
                violation_error_message="A phase does not end before it begins.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ConstructionUpdate(TimeStampedModel):
    """News from the site, with photographs, for buyers and followers."""

    development = models.ForeignKey("catalog.Development", models.PROTECT, related_name="updates")
    phase = models.ForeignKey(
        ProgressPhase, models.PROTECT, null=True, blank=True, related_name="updates"
    )
    author = models.ForeignKey(
        "accounts.User", models.SET_NULL, null=True, related_name="construction_updates"
    )
    title = models.CharField(max_length=160)
    body = models.TextField(max_length=8000, blank=True)
    correction = models.TextField(
        max_length=2000, blank=True, help_text="Shown below the text once that is published."
    )
    corrected_at = models.DateTimeField(null=True, blank=True)
    media = models.ManyToManyField(
        "accounts.MediaFile", blank=True, related_name="construction_updates"
    )
    percent_snapshot = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    status = models.CharField(max_length=10, choices=UpdateStatus, default=UpdateStatus.DRAFT)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = ConstructionUpdateQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "pk"]
        verbose_name = "construction update"
        indexes = [
            models.Index(
                "development",
                F("published_at").desc(),
                "id",
                condition=Q(status=UpdateStatus.PUBLISHED),
                name="catalog_update_published",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status=UpdateStatus.DRAFT, published_at__isnull=True)
                | (~Q(status=UpdateStatus.DRAFT) & Q(published_at__isnull=False)),
                name="catalog_constructionupdate_published_when",
                violation_error_code="published_when",
                violation_error_message="What is published says since when, and a draft does not.",
            ),
            models.CheckConstraint(
                condition=Q(correction="", corrected_at__isnull=True)
                | (~Q(correction="") & Q(corrected_at__isnull=False)),
                name="catalog_constructionupdate_correction_pair",
                violation_error_code="correction_incomplete",
                violation_error_message="A correction says when it was made.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Model3D(TimeStampedModel):
    """A 3D model of a development or of one unit."""

    development = models.ForeignKey(
        "catalog.Development", models.PROTECT, null=True, blank=True, related_name="models"
    )
    unit = models.ForeignKey(
        "catalog.Unit", models.PROTECT, null=True, blank=True, related_name="models"
    )
    file = models.ForeignKey("accounts.MediaFile", models.PROTECT, related_name="models_3d")
    format = models.CharField(max_length=8, choices=ModelFormat, default=ModelFormat.GLB)
    title = models.CharField(max_length=160)
    thumbnail = models.ForeignKey(
        "accounts.MediaFile", models.SET_NULL, null=True, blank=True, related_name="thumbnail_of"
    )
    version = models.PositiveSmallIntegerField(default=1)
    order = models.PositiveSmallIntegerField(default=1)
    is_public = models.BooleanField(default=True)
    meta = models.JSONField(default=dict, blank=True)
    uploaded_by = models.ForeignKey(
        "accounts.User", models.SET_NULL, null=True, editable=False, related_name="models_uploaded"
    )

    objects = Model3DQuerySet.as_manager()

    class Meta:
        ordering = ["order", "-version", "pk"]
        verbose_name = "3D model"
        constraints = [
            models.CheckConstraint(
                condition=Q(development__isnull=False, unit__isnull=True)
                | Q(development__isnull=True, unit__isnull=False),
                name="catalog_model3d_one_subject",
                violation_error_code="one_subject",
                violation_error_message="A model shows either a development or a unit.",
            ),
            models.UniqueConstraint(
                "development",
                "title",
                "version",
                condition=Q(development__isnull=False),
                name="catalog_model3d_development_version",
                violation_error_code="version_exists",
                violation_error_message="This version of the model exists.",
            ),
            models.UniqueConstraint(
                "unit",
                "title",
                "version",
                condition=Q(unit__isnull=False),
                name="catalog_model3d_unit_version",
                violation_error_code="version_exists",
                violation_error_message="This version of the model exists.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.version}"
