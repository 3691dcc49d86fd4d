"""The words that the catalogue knows: one enum per closed list."""

from django.db import models


class DevelopmentType(models.TextChoices):
    APARTMENTS = "apartments", "Apartments"
    VILLAS = "villas", "Villas"
    TOWNHOUSES = "townhouses", "Townhouses"
    MIXED_USE = "mixed_use", "Mixed use"
    COMMERCIAL = "commercial", "Commercial"
    PLOTS = "plots", "Plots"


class DevelopmentStatus(models.TextChoices):
    PLANNING = "planning", "Planning"
    PRE_LAUNCH = "pre_launch", "Pre-launch"
    SELLING = "selling", "Selling"
    UNDER_CONSTRUCTION = "under_construction", "Under construction"
    READY = "ready", "Ready"
    HANDED_OVER = "handed_over", "Handed over"
    ARCHIVED = "archived", "Archived"


# What strangers see: not what is merely planned, nor what has been put away.
PUBLIC_DEVELOPMENTS = (
    DevelopmentStatus.PRE_LAUNCH,
    DevelopmentStatus.SELLING,
    DevelopmentStatus.UNDER_CONSTRUCTION,
    DevelopmentStatus.READY,
    DevelopmentStatus.HANDED_OVER,
)
# In which states units may be on sale at all, if the builder sells.
SELLABLE_DEVELOPMENTS = (
    DevelopmentStatus.SELLING,
    DevelopmentStatus.UNDER_CONSTRUCTION,
    DevelopmentStatus.READY,
)


class UnitType(models.TextChoices):
    STUDIO = "studio", "Studio"
    APARTMENT = "apartment", "Apartment"
    DUPLEX = "duplex", "Duplex"
    PENTHOUSE = "penthouse", "Penthouse"
    TOWNHOUSE = "townhouse", "Townhouse"
    VILLA = "villa", "Villa"
    PLOT = "plot", "Plot"
    OFFICE = "office", "Office"
    SHOP = "shop", "Shop"


class UnitStatus(models.TextChoices):
    AVAILABLE = "available", "Available"
    HELD = "held", "Held"
    RESERVED = "reserved", "Reserved"
    SOLD = "sold", "Sold"
    HANDED_OVER = "handed_over", "Handed over"
    BLOCKED = "blocked", "Blocked"


class PhaseStatus(models.TextChoices):
    PLANNED = "planned", "Planned"
    IN_PROGRESS = "in_progress", "In progress"
    COMPLETED = "completed", "Completed"
    DELAYED = "delayed", "Delayed"
    ON_HOLD = "on_hold", "On hold"


class UpdateStatus(models.TextChoices):
    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published"
    WITHDRAWN = "withdrawn", "Withdrawn"


class ModelFormat(models.TextChoices):
    GLB = "glb", "glTF binary (GLB)"
    GLTF = "gltf", "glTF"
    USDZ = "usdz", "USDZ"
    IFC = "ifc", "IFC"


class Weekday(models.IntegerChoices):
    """Days of the week as ISO 8601 counts them, Monday first, from 0."""

    MONDAY = 0, "Monday"
    TUESDAY = 1, "Tuesday"
    WEDNESDAY = 2, "Wednesday"
    THURSDAY = 3, "Thursday"
    FRIDAY = 4, "Friday"
    SATURDAY = 5, "Saturday"
    SUNDAY = 6, "Sunday"
