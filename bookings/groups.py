"""What the groups of staff may do with all that people agree on."""

from collections.abc import Iterable, Mapping

from bookings.homes_groups import HOMES_GRANTS
from bookings.market_groups import MARKET_GRANTS

GRANTS: Mapping[str, Iterable[str]] = {
    group: (*permissions, *MARKET_GRANTS.get(group, ()))
    for group, permissions in HOMES_GRANTS.items()
}
