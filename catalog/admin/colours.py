"""The colours by which staff know states at a glance."""

from catalog.choices import (
    DevelopmentStatus,
    PhaseStatus,
    ProductStatus,
    StreamStatus,
    UnitStatus,
    UpdateStatus,
)

DEVELOPMENT_COLOURS = {
    DevelopmentStatus.PLANNING: "info",
    DevelopmentStatus.PRE_LAUNCH: "info",
    DevelopmentStatus.SELLING: "success",
    DevelopmentStatus.UNDER_CONSTRUCTION: "warning",
    DevelopmentStatus.READY: "success",
    DevelopmentStatus.HANDED_OVER: "success",
    DevelopmentStatus.ARCHIVED: "danger",
}
UNIT_COLOURS = {
    UnitStatus.AVAILABLE: "success",
    UnitStatus.HELD: "warning",
    UnitStatus.RESERVED: "info",
    UnitStatus.SOLD: "primary",
    UnitStatus.HANDED_OVER: "primary",
    UnitStatus.BLOCKED: "danger",
}
PHASE_COLOURS = {
    PhaseStatus.PLANNED: "info",
    PhaseStatus.IN_PROGRESS: "warning",
    PhaseStatus.COMPLETED: "success",
    PhaseStatus.DELAYED: "danger",
    PhaseStatus.ON_HOLD: "danger",
}
UPDATE_COLOURS = {
    UpdateStatus.DRAFT: "info",
    UpdateStatus.PUBLISHED: "success",
    UpdateStatus.WITHDRAWN: "warning",
}
STREAM_COLOURS = {
    StreamStatus.SCHEDULED: "info",
    StreamStatus.LIVE: "success",
    StreamStatus.ENDED: "primary",
    StreamStatus.CANCELLED: "warning",
}
PRODUCT_COLOURS = {
    ProductStatus.DRAFT: "info",
    ProductStatus.ACTIVE: "success",
    ProductStatus.RESERVED: "warning",
    ProductStatus.SOLD: "primary",
    ProductStatus.REMOVED: "danger",
}
# Of the stacking plan: fill and text, readable for those who tell few colours apart, by letter
# as well as by colour.
PLAN_COLOURS = {
    UnitStatus.AVAILABLE: ("#d1fae5", "#065f46", "A"),
    UnitStatus.HELD: ("#fef3c7", "#92400e", "H"),
    UnitStatus.RESERVED: ("#dbeafe", "#1e40af", "R"),
    UnitStatus.SOLD: ("#0f766e", "#ffffff", "S"),
    UnitStatus.HANDED_OVER: ("#334155", "#ffffff", "K"),
    UnitStatus.BLOCKED: ("#fee2e2", "#991b1b", "B"),
}
