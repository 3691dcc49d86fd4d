"""The terms on which a development sells, checked before anything is sold on them."""

from collections.abc import Mapping
from typing import Any

from catalog.models import Development

POLICIES = ("plan_template", "late_fee_policy", "cancellation_policy")


def checked_policies(*, development: Development, values: Mapping[str, Any]) -> dict[str, Any]:
    """The policies in ``values`` as they are kept."""
    return {name: values[name] for name in POLICIES if name in values}
