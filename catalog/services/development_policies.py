"""The terms on which a development sells, checked before anything is sold on them."""

from collections.abc import Mapping
from typing import Any

from catalog.models import Development
from catalog.services.policies import check_cancellation_policy, check_late_fee_policy, check_plan


def checked_policies(*, development: Development, values: Mapping[str, Any]) -> dict[str, Any]:
    """The policies in ``values`` as they are kept; ``InvalidInputError`` points at what is wrong.

    A phase that a plan names has to be one of the development's.
    """
    checked: dict[str, Any] = {}
    if "plan_template" in values:
        checked["plan_template"] = check_plan(values["plan_template"], development=development)
    if "late_fee_policy" in values:
        checked["late_fee_policy"] = check_late_fee_policy(values["late_fee_policy"])
    if "cancellation_policy" in values:
        checked["cancellation_policy"] = check_cancellation_policy(values["cancellation_policy"])
    return checked
