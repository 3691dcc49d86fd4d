"""Buildings and the people who live in them."""

import pghistory
from django.db import models
from django.db.models import F, Q

from accounts.choices import OrganizationKind, ResidencyMethod, ResidencyRelation, ResidencyStatus
from accounts.querysets.buildings import BuildingQuerySet, ResidencyQuerySet
from config.shared.geo import Place, place_constraints, place_index
from config.shared.models import TimeStampedModel


class Building(TimeStampedModel, Place):
    """A building that people live in, with or without a residents' association."""

    name = models.CharField(max_length=160)
    society = models.ForeignKey(
        "accounts.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="buildings",
        limit_choices_to={"kind": OrganizationKind.SOCIETY},
    )
    address = models.CharField(max_length=300, blank=True)
    neighborhood = models.CharField(max_length=120, blank=True)
    city = models.CharField(max_length=120)
    country = models.CharField(max_length=2, default="AE")
    floors = models.PositiveSmallIntegerField(null=True, blank=True)
    units_count = models.PositiveIntegerField(null=True, blank=True)
    join_code_hash = models.CharField(max_length=128, blank=True, editable=False)
    created_by = models.ForeignKey(
        "accounts.User",
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="buildings_created",
    )

    objects = BuildingQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        indexes = [
            place_index("accounts_building_point"),
            models.Index("city", "name", "id", name="accounts_building_city"),
        ]
        constraints = [
            models.UniqueConstraint(
                "name",
                "city",
                "country",
                "address",
                name="accounts_building_unique",
                violation_error_code="building_exists",
                violation_error_message="This building is listed already.",
            ),
            models.CheckConstraint(
                condition=Q(floors__isnull=True) | Q(floors__gte=1, floors__lte=300),
                name="accounts_building_floors",
                violation_error_code="floors_range",
                violation_error_message="A building has 1 to 300 floors.",
            ),
            *place_constraints("accounts_building"),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track(exclude=["updated_at"], append_only=True)
class Residency(TimeStampedModel):
    """The link between a person and the home they own, rent or share."""

    user = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="residencies", verbose_name="person"
    )
    building = models.ForeignKey(Building, models.PROTECT, related_name="residencies")
    unit_label = models.CharField(max_length=40)
    relation = models.CharField(max_length=10, choices=ResidencyRelation)
    status = models.CharField(
        max_length=10, choices=ResidencyStatus, default=ResidencyStatus.CLAIMED
    )
    method = models.CharField(max_length=10, choices=ResidencyMethod, blank=True)
    document = models.ForeignKey(
        "accounts.MediaFile",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="proves_residency",
    )
    verified_by = models.ForeignKey(
        "accounts.User", models.SET_NULL, null=True, blank=True, related_name="residencies_verified"
    )
    verified_at = models.DateTimeField(null=True, blank=True)
    decision_note = models.CharField(max_length=500, blank=True)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)

    objects = ResidencyQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "pk"]
        verbose_name_plural = "residencies"
        permissions = [("export_residency", "May take the list of residencies away as a file")]
        indexes = [models.Index("building", "status", "id", name="accounts_residency_building")]
        constraints = [
            models.UniqueConstraint(
                "user",
                "building",
                "unit_label",
                condition=Q(status__in=[ResidencyStatus.CLAIMED, ResidencyStatus.VERIFIED]),
                name="accounts_residency_one_live",
                violation_error_code="residency_exists",
                violation_error_message="This residency is claimed or verified already.",
            ),
            models.CheckConstraint(
                condition=~Q(status=ResidencyStatus.VERIFIED)
                | (Q(verified_at__isnull=False) & ~Q(method="")),
                name="accounts_residency_verified_how",
                violation_error_code="verification_incomplete",
                violation_error_message="A verified residency says when and how it was verified.",
            ),
            models.CheckConstraint(
                condition=~Q(status=ResidencyStatus.ENDED) | Q(until__isnull=False),
                name="accounts_residency_ended_until",
                violation_error_code="until_missing",
                violation_error_message="A residency that has ended has a last day.",
            ),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(since__lte=F("until")),
                name="accounts_residency_dates",
                violation_error_code="dates_reversed",
                violation_error_message="A residency does not end before it begins.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.unit_label} {self.building}"
