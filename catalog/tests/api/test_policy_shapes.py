"""What the description of the API says of plans and policies is what the services take."""

import pytest
from jsonschema import Draft202012Validator

from catalog.api.serializers.policies import CANCELLATION, LATE_FEES, PLAN
from catalog.services.policies import check_cancellation_policy, check_late_fee_policy, check_plan
from config.shared import docs

SHAPES = {
    "plan_template": (PLAN, check_plan),
    "late_fee_policy": (LATE_FEES, check_late_fee_policy),
    "cancellation_policy": (CANCELLATION, check_cancellation_policy),
}


@pytest.mark.capability("R13", "R15", "R18")
@pytest.mark.parametrize("name", SHAPES)
def test_the_example_of_a_policy_is_one_that_is_taken(name):
    schema, check = SHAPES[name]

    kept = check(schema["example"])

    assert kept
    assert Draft202012Validator(schema).is_valid(kept)


@pytest.mark.capability("R09")
def test_what_a_booking_froze_is_described():
    booking = docs.description(staff=False)["components"]["schemas"]["Booking"]["properties"]

    assert set(booking["plan"]["properties"]) == {"price", "currency", "lines"}
    assert set(booking["terms"]["properties"]) == {
        "terms",
        "late_fee_policy",
        "cancellation_policy",
    }
    assert booking["plan"]["readOnly"] is booking["terms"]["readOnly"] is True
