"""Developments and the units in them."""

from decimal import Decimal

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper

from accounts.choices import OrganizationKind
from catalog.choices import (
    PUBLIC_DEVELOPMENTS,
    SELLABLE_DEVELOPMENTS,
    DevelopmentStatus,
    DevelopmentType,
    UnitStatus,
    UnitType,
)
from catalog.querysets.homes import DevelopmentQuerySet, UnitQuerySet
from config.shared.geo import Place, place_constraints, place_index
from config.shared.models import TimeStampedModel

CLAIMED = (UnitStatus.HELD, UnitStatus.RESERVED, UnitStatus.SOLD)


@pghistory.track(
    fields=[
        "builder",
        "name",
        "status",
        "is_selling",
        "hold_minutes",
        "max_holds_per_user",
        "terms",
        "late_fee_policy",
        "cancellation_policy",
        "plan_template",
        "deleted_at",
    ],
    model_name="DevelopmentEvent",
    append_only=True,
)
class Development(TimeStampedModel, Place):
    """A building project whose homes are sold, from the plan to the keys."""

    builder = models.ForeignKey(
        "accounts.Organization",
        models.PROTECT,
        related_name="developments",
        limit_choices_to={"kind": OrganizationKind.BUILDER},
    )
    buildings = models.ManyToManyField("accounts.Building", blank=True, related_name="developments")
    name = models.CharField(max_length=160)
    slug = models.SlugField(max_length=180, unique=True, editable=False)
    type = models.CharField(
        max_length=20, choices=DevelopmentType, default=DevelopmentType.APARTMENTS
    )
    status = models.CharField(
        max_length=20, choices=DevelopmentStatus, default=DevelopmentStatus.PLANNING
    )
    is_selling = models.BooleanField(
        default=False,
        help_text="Whether units can be held now; it may go on during construction.",
    )
    description = models.TextField(max_length=8000, blank=True)
    address = models.CharField(max_length=300, blank=True)
    city = models.CharField(max_length=120)
    state = models.CharField(max_length=120, blank=True)
    country = models.CharField(max_length=2, default="AE")
    pincode = models.CharField(max_length=20, blank=True)
    amenities = ArrayField(models.CharField(max_length=60), size=40, default=list, blank=True)
    cover = models.ForeignKey(
        "accounts.MediaFile", models.SET_NULL, null=True, blank=True, related_name="cover_of"
    )
    images = models.ManyToManyField(
        "accounts.MediaFile", blank=True, related_name="pictured_developments"
    )
    brochure = models.ForeignKey(
        "accounts.MediaFile", models.SET_NULL, null=True, blank=True, related_name="brochure_of"
    )
    launch_date = models.DateField(null=True, blank=True)
    expected_completion = models.DateField(null=True, blank=True)
    actual_completion = models.DateField(null=True, blank=True)
    permit_no = models.CharField("permit (RERA) number", max_length=60, blank=True)
    time_zone = models.CharField(max_length=64, default="Asia/Dubai")
    currency = models.CharField(max_length=3, default="AED")
    hold_minutes = models.PositiveSmallIntegerField(
        default=15, help_text="How long a hold lasts, in minutes."
    )
    max_holds_per_user = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Empty: as many as the site's setting says."
    )
    terms = models.TextField(max_length=20_000, blank=True)
    late_fee_policy = models.JSONField(default=dict, blank=True)
    cancellation_policy = models.JSONField(default=dict, blank=True)
    plan_template = models.JSONField(default=dict, blank=True)
    created_by = models.ForeignKey(
        "accounts.User",
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="developments_created",
    )
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = DevelopmentQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        permissions = [
            ("manage_development", "May act for the builder of any development"),
            ("export_development", "May take the list of developments away as a file"),
        ]
        indexes = [
            place_index("catalog_development_point"),
            models.Index("builder", "status", "id", name="catalog_development_builder"),
            models.Index(
                "city",
                "name",
                "id",
                condition=Q(deleted_at__isnull=True, status__in=PUBLIC_DEVELOPMENTS),
                name="catalog_development_public",
            ),
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="catalog_development_words"),
        ]
        constraints = [
            models.UniqueConstraint(
                "builder",
                Upper("name"),
                "city",
                condition=Q(deleted_at__isnull=True),
                name="catalog_development_unique",
                violation_error_code="development_exists",
                violation_error_message="This builder has a development of this name there.",
            ),
            models.CheckConstraint(
                condition=Q(hold_minutes__gte=1, hold_minutes__lte=10_080),
                name="catalog_development_hold_minutes",
                violation_error_code="hold_minutes_range",
                violation_error_message="A hold lasts from one minute to a week.",
            ),
            models.CheckConstraint(
                condition=Q(max_holds_per_user__isnull=True)
                | Q(max_holds_per_user__gte=1, max_holds_per_user__lte=100),
                name="catalog_development_max_holds",
                violation_error_code="max_holds_range",
                violation_error_message="One person may hold 1 to 100 units.",
            ),
            models.CheckConstraint(
                condition=Q(is_selling=False) | Q(status__in=SELLABLE_DEVELOPMENTS),
                name="catalog_development_selling_state",
                violation_error_code="not_sellable",
                violation_error_message="Only what is launched and not handed over is on sale.",
            ),
            models.CheckConstraint(
                condition=Q(launch_date__isnull=True)
                | Q(expected_completion__isnull=True)
                | Q(launch_date__lte=F("expected_completion")),
                name="catalog_development_dates",
                violation_error_code="dates_reversed",
                violation_error_message="A development is not completed before it is launched.",
            ),
            *place_constraints("catalog_development"),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track(
    fields=["price", "currency", "building", "floor", "number"],
    model_name="UnitEvent",
    append_only=True,
)
class Unit(TimeStampedModel):
    """A home, office or plot that is sold once."""

    development = models.ForeignKey(Development, models.PROTECT, related_name="units")
    building = models.ForeignKey(
        "accounts.Building", models.PROTECT, null=True, blank=True, related_name="units"
    )
    block = models.CharField(max_length=40, blank=True)
    floor = models.SmallIntegerField(default=0)
    number = models.CharField(max_length=40)
    unit_type = models.CharField(max_length=20, choices=UnitType, default=UnitType.APARTMENT)
    bedrooms = models.PositiveSmallIntegerField(default=0)
    bathrooms = models.PositiveSmallIntegerField(default=0)
    area = models.DecimalField(
        max_digits=10, decimal_places=2, null=True, blank=True, help_text="Square metres."
    )
    balcony_area = models.DecimalField(
        max_digits=10, decimal_places=2, null=True, blank=True, help_text="Square metres."
    )
    view = models.CharField(max_length=120, blank=True)
    parking = models.PositiveSmallIntegerField(default=0)
    price = models.DecimalField(max_digits=14, decimal_places=3)
    currency = models.CharField(max_length=3, default="AED")
    status = models.CharField(
        max_length=12,
        choices=UnitStatus,
        default=UnitStatus.AVAILABLE,
        editable=False,
        help_text="Follows the booking of the unit.",
    )
    claimed_until = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="When the present hold, payment or waiting-list offer lapses.",
    )
    waiting_count = models.PositiveIntegerField(default=0, editable=False)
    floor_plan = models.ForeignKey(
        "accounts.MediaFile", models.SET_NULL, null=True, blank=True, related_name="floor_plan_of"
    )
    features = models.JSONField(default=dict, blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["development", "block", "floor", "number", "pk"]
        permissions = [("import_unit", "May import units from a file")]
        indexes = [
            models.Index("development", "floor", "number", "id", name="catalog_unit_floor"),
            models.Index("development", "status", "id", name="catalog_unit_status"),
            models.Index("development", "price", "id", name="catalog_unit_price"),
            models.Index("building", "number", name="catalog_unit_building"),
            models.Index(
                "claimed_until",
                condition=Q(claimed_until__isnull=False),
                name="catalog_unit_lapsing",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                "development",
                "block",
                "number",
                name="catalog_unit_number_unique",
                violation_error_code="unit_exists",
                violation_error_message="This block has a unit of this number already.",
            ),
            models.CheckConstraint(
                condition=Q(price__gt=0),
                name="catalog_unit_price_positive",
                violation_error_code="price_not_positive",
                violation_error_message="A unit costs more than nothing.",
            ),
            models.CheckConstraint(
                condition=Q(floor__gte=-10, floor__lte=300),
                name="catalog_unit_floor_range",
                violation_error_code="floor_range",
                violation_error_message="Floors are numbered from -10 to 300.",
            ),
            models.CheckConstraint(
                condition=Q(area__isnull=True) | Q(area__gt=0, area__lte=Decimal(1_000_000)),
                name="catalog_unit_area_range",
                violation_error_code="area_range",
                violation_error_message="An area is above 0 and at most a million square metres.",
            ),
            models.CheckConstraint(
                condition=Q(bedrooms__lte=50, bathrooms__lte=50, parking__lte=50),
                name="catalog_unit_rooms_range",
                violation_error_code="rooms_range",
                violation_error_message="At most 50 bedrooms, bathrooms and parking places.",
            ),
            models.CheckConstraint(
                condition=Q(claimed_until__isnull=True) | Q(status=UnitStatus.HELD),
                name="catalog_unit_claim_pair",
                violation_error_code="claim_contradicts_status",
                violation_error_message="Only a held unit has a time when that lapses.",
            ),
        ]

    def __str__(self) -> str:
        block = f"{self.block}-" if self.block else ""
        return f"{block}{self.number}"
