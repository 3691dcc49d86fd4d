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


class ProductCategory(models.TextChoices):
    TRADING_CARDS = "trading_cards", "Trading cards"
    MENS_FASHION = "mens_fashion", "Men's fashion"
    SNEAKERS = "sneakers", "Sneakers"
    SPORTS_CARDS = "sports_cards", "Sports cards"
    COLLECTIBLES = "collectibles", "Collectibles"
    ELECTRONICS = "electronics", "Electronics"
    HOME_DECOR = "home_decor", "Home decor"
    BEAUTY = "beauty", "Beauty"
    KIDS_BABY = "kids_baby", "Kids and baby"
    FURNITURE = "furniture", "Furniture"
    BOOKS = "books", "Books"
    OTHER = "other", "Other"


class ProductCondition(models.TextChoices):
    NEW = "new", "New"
    LIKE_NEW = "like_new", "Like new"
    GOOD = "good", "Good"
    FAIR = "fair", "Fair"


class FeedType(models.TextChoices):
    DISCOVER = "discover", "Discover: everybody nearby"
    COMMUNITY = "community", "Community: verified neighbours"


class ProductStatus(models.TextChoices):
    DRAFT = "draft", "Draft"
    ACTIVE = "active", "Active"
    RESERVED = "reserved", "Reserved"
    SOLD = "sold", "Sold"
    REMOVED = "removed", "Removed"


# What has a page for others; drafts and what was removed have none.
PUBLISHED_PRODUCTS = (ProductStatus.ACTIVE, ProductStatus.RESERVED, ProductStatus.SOLD)
# What stands in lists.
LISTED_PRODUCTS = (ProductStatus.ACTIVE, ProductStatus.RESERVED)


class ProductOrder(models.TextChoices):
    """How a feed of products is put in order."""

    NEWEST = "newest", "Newest first"
    PRICE = "price", "Cheapest first"
    PRICE_DOWN = "-price", "Dearest first"
    DISTANCE = "distance", "Nearest first"
    RELEVANCE = "relevance", "What fits the words best first"
    WHY = "why", "What may interest the caller first, and why"


class StreamStatus(models.TextChoices):
    SCHEDULED = "scheduled", "Scheduled"
    LIVE = "live", "Live"
    ENDED = "ended", "Ended"
    CANCELLED = "cancelled", "Cancelled"


class StreamType(models.TextChoices):
    LIVE = "live", "Live"
    RECORDED = "recorded", "Recorded"


class StreamVisibility(models.TextChoices):
    """Who may watch; circles follow when there are circles."""

    PUBLIC = "public", "Everybody"
    BUILDING = "building", "Verified residents of the building"


class ReplayVisibility(models.TextChoices):
    """Who may watch a show once it is over."""

    PUBLIC = "public", "Everybody"
    BUILDING = "building", "Verified residents of the building"
    NOBODY = "nobody", "Nobody but its owner"
