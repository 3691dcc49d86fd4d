"""The state machines of the catalogue, as data. Services make the moves."""

from itertools import pairwise

from catalog.choices import (
    DevelopmentStatus,
    PhaseStatus,
    ProductStatus,
    StreamStatus,
    UnitStatus,
    UpdateStatus,
)
from config.shared.flows import Flow

_D = DevelopmentStatus
_ORDER = (
    _D.PLANNING,
    _D.PRE_LAUNCH,
    _D.SELLING,
    _D.UNDER_CONSTRUCTION,
    _D.READY,
    _D.HANDED_OVER,
)

DEVELOPMENT_FLOW = Flow(
    "catalog.development",
    {
        **{now: {after, _D.ARCHIVED} for now, after in pairwise(_ORDER)},
        _D.HANDED_OVER: {_D.ARCHIVED},
    },
    initial=_D.PLANNING,
)

UNIT_FLOW = Flow(
    "catalog.unit",
    {
        # Late money confirms what has become free again, so that a unit may be reserved at once.
        UnitStatus.AVAILABLE: {UnitStatus.HELD, UnitStatus.RESERVED, UnitStatus.BLOCKED},
        UnitStatus.HELD: {UnitStatus.AVAILABLE, UnitStatus.RESERVED},
        UnitStatus.RESERVED: {UnitStatus.AVAILABLE, UnitStatus.SOLD},
        # A contract that passes to somebody else begins as a confirmed booking again.
        UnitStatus.SOLD: {UnitStatus.AVAILABLE, UnitStatus.HANDED_OVER, UnitStatus.RESERVED},
        UnitStatus.BLOCKED: {UnitStatus.AVAILABLE},
    },
    initial=UnitStatus.AVAILABLE,
)

PHASE_FLOW = Flow(
    "catalog.progressphase",
    {
        PhaseStatus.PLANNED: {PhaseStatus.IN_PROGRESS},
        PhaseStatus.IN_PROGRESS: {
            PhaseStatus.COMPLETED,
            PhaseStatus.ON_HOLD,
            PhaseStatus.DELAYED,
        },
        PhaseStatus.ON_HOLD: {PhaseStatus.IN_PROGRESS},
        PhaseStatus.DELAYED: {PhaseStatus.IN_PROGRESS},
        # Only as a correction with a reason.
        PhaseStatus.COMPLETED: {PhaseStatus.IN_PROGRESS},
    },
    initial=PhaseStatus.PLANNED,
)

UPDATE_FLOW = Flow(
    "catalog.constructionupdate",
    {
        UpdateStatus.DRAFT: {UpdateStatus.PUBLISHED},
        UpdateStatus.PUBLISHED: {UpdateStatus.WITHDRAWN},
    },
    initial=UpdateStatus.DRAFT,
)

PRODUCT_FLOW = Flow(
    "catalog.product",
    {
        ProductStatus.DRAFT: {ProductStatus.ACTIVE, ProductStatus.REMOVED},
        # Late money buys what has become free again, without a reservation in between.
        ProductStatus.ACTIVE: {ProductStatus.RESERVED, ProductStatus.SOLD, ProductStatus.REMOVED},
        ProductStatus.RESERVED: {
            ProductStatus.ACTIVE,
            ProductStatus.SOLD,
            ProductStatus.REMOVED,
        },
        # A sale that was given back in full: the seller may offer it again.
        ProductStatus.SOLD: {ProductStatus.ACTIVE, ProductStatus.REMOVED},
    },
    initial=ProductStatus.DRAFT,
)

STREAM_FLOW = Flow(
    "catalog.stream",
    {
        # A recorded show has been when it is published.
        StreamStatus.SCHEDULED: {StreamStatus.LIVE, StreamStatus.ENDED, StreamStatus.CANCELLED},
        StreamStatus.LIVE: {StreamStatus.ENDED},
    },
    initial=StreamStatus.SCHEDULED,
)
