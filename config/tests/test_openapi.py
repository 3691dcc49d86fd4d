"""How views are described: truthfully, with their bounds, errors and examples."""

from typing import Any

import pytest
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from config.shared.openapi_examples import Sampler
from config.tests.descriptions import ALWAYS, by_id, contradictions, parameters, warnings

pytestmark = pytest.mark.capability("A06")


@pytest.fixture(scope="module")
def small() -> dict[str, Any]:
    """The description of the kernel's test views, made without a single warning."""
    GENERATOR_STATS.reset()
    made = SchemaGenerator(urlconf="config.tests.kernel_urls").get_schema(public=True)
    assert warnings() == []
    return made


def test_the_description_of_the_kernel_is_valid(small):
    OpenAPIV31SpecValidator(small).validate()

    assert small["openapi"] == "3.1.0"


def test_operations_have_names_that_read_well(small):
    assert sorted(by_id(small)) == [
        "buildings_create",
        "buildings_destroy",
        "buildings_list",
        "buildings_partial_update",
        "buildings_retrieve",
        "buildings_survey",
        "buildings_tall",
        "callbacks",
        "feed_list",
        "feed_retrieve",
        "forgotten_list",
        "forgotten_retrieve",
        "halfway_retrieve",
        "mixed_feed_list",
        "mixed_feed_retrieve",
        "orders_broken",
        "orders_clashing",
        "orders_counted",
        "orders_create",
        "orders_paid",
        "orders_secret",
        "orders_stepwise",
        "surveys",
    ]


def test_summaries_and_descriptions_come_from_docstrings(small):
    found = by_id(small)

    assert found["buildings_survey"]["summary"] == "Survey a building"
    assert found["buildings_survey"]["description"] == (
        "Survey a building. The surveyor is whoever is signed in."
    )
    assert found["buildings_list"]["summary"] == "List buildings"
    assert found["buildings_create"]["summary"] == "Add a building"
    assert found["buildings_destroy"]["description"] == "Buildings that people live in."
    assert {operation["tags"][0] for name, operation in found.items() if "build" in name} == {
        "buildings"
    }


def test_what_is_for_staff_is_in_no_public_description(small):
    assert "/staff/" not in "".join(small["paths"])


def test_a_list_has_its_filters_order_and_pages_with_their_bounds(small):
    found = parameters(by_id(small)["buildings_list"])

    assert sorted(found) == [
        "built",
        "city",
        "country",
        "day",
        "floors_min",
        "has_society",
        "ids",
        "ordering",
        "page",
        "page_size",
        "search",
        "since",
        "society",
    ]
    assert found["page_size"]["schema"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": 100,
        "default": 20,
    }
    assert found["ordering"]["schema"]["items"]["enum"][:2] == ["name", "-name"]
    assert (found["ordering"]["explode"], found["ordering"]["style"]) == (False, "form")
    assert found["city"]["schema"]["maxLength"] == 50
    assert found["floors_min"]["schema"] == {"type": "integer", "minimum": 1, "maximum": 300}
    assert found["ids"]["schema"]["maxItems"] == 100
    assert found["search"]["schema"]["maxLength"] == 100
    assert found["built"]["description"].startswith("How high it is.")


def test_what_is_paged_says_so_and_nothing_else_does(small):
    found = by_id(small)

    def shown(name: str, status: str = "200") -> str:
        content = found[name]["responses"][status]["content"]["application/json"]
        return content["schema"]["$ref"].rsplit("/", 1)[-1]

    assert shown("buildings_list") == shown("buildings_tall") == "PaginatedBuildingList"
    assert shown("buildings_survey", "201") == "Building"
    assert set(parameters(found["buildings_survey"])) == {"id", "Idempotency-Key"}
    envelope = small["components"]["schemas"]["PaginatedBuildingList"]
    assert envelope["required"] == [
        "count",
        "count_is_capped",
        "next",
        "previous",
        "results",
    ]
    assert envelope["properties"]["results"]["maxItems"] == 100
    assert shown("feed_list") == "BuildingFeed"
    feed = small["components"]["schemas"]["BuildingFeed"]
    assert feed["required"] == ["next", "previous", "results"]
    assert {"cursor", "page_size"} <= set(parameters(found["feed_list"]))
    assert "page" not in parameters(found["feed_list"])


def test_an_identifier_in_a_path_is_a_uuid(small):
    identifier = parameters(by_id(small)["buildings_retrieve"])["id"]

    assert identifier["schema"] == {"type": "string", "format": "uuid"}


def test_keys_and_tags_are_described_where_they_count(small):
    found = by_id(small)

    assert parameters(found["orders_paid"])["Idempotency-Key"]["required"] is True
    assert "required" not in parameters(found["orders_create"])["Idempotency-Key"]
    assert "Idempotency-Key" not in parameters(found["orders_secret"])
    assert "If-Match" in parameters(found["buildings_partial_update"])
    assert "If-Match" in parameters(found["buildings_destroy"])
    assert "If-Match" not in parameters(found["buildings_survey"])
    assert "ETag" in found["buildings_retrieve"]["responses"]["200"]["headers"]
    assert "headers" not in found["feed_retrieve"]["responses"]["200"]


def test_each_operation_names_the_errors_that_it_can_end_in(small):
    found = {name: set(operation["responses"]) for name, operation in by_id(small).items()}

    assert found["feed_list"] == {"200", "401", "404", *ALWAYS}
    assert found["buildings_retrieve"] == {"200", "401", "404", *ALWAYS}
    assert found["buildings_partial_update"] == (
        {"200", "401", "403", "404", "409", "412", "413", "415", "429", *ALWAYS}
    )
    assert found["buildings_survey"] == (
        {"201", "401", "403", "404", "409", "413", "415", "422", "429", "502", *ALWAYS}
    )
    assert found["buildings_destroy"] == (
        {"204", "401", "403", "404", "409", "412", "429", *ALWAYS}
    )
    assert "422" not in found["orders_secret"]


def test_an_error_is_one_problem_with_an_example(small):
    response = small["components"]["responses"]["ProblemNotFound"]
    content = response["content"]["application/problem+json"]

    assert content["schema"] == {"$ref": "#/components/schemas/Problem"}
    assert content["example"]["code"] == "not_found"
    assert "Retry-After" in small["components"]["responses"]["ProblemTooManyRequests"]["headers"]


def test_who_may_call_is_said(small):
    found = by_id(small)

    assert found["buildings_create"]["security"] == [{"Bearer": []}]
    assert found["buildings_list"]["security"] == [{"Bearer": []}, {}]
    assert small["components"]["securitySchemes"]["Bearer"]["scheme"] == "bearer"


def test_a_body_is_bounded_in_the_description_as_in_the_code(small):
    survey = small["components"]["schemas"]["SurveyRequest"]["properties"]

    assert survey["title"]["maxLength"] == 40
    assert survey["rooms"]["maxItems"] == 3
    assert survey["tags"]["maxItems"] == 4
    assert survey["labels"]["maxProperties"] == 2
    assert (survey["buildings"]["maxItems"], survey["buildings"]["uniqueItems"]) == (3, True)
    area = small["components"]["schemas"]["RoomRequest"]["properties"]["area"]
    assert area["pattern"] == r"^-?\d{1,4}(?:\.\d{1,2})?$"


def test_an_example_that_was_given_is_shown_as_it_is(small):
    shown = by_id(small)["halfway_retrieve"]["responses"]["200"]

    assert shown["content"]["application/json"]["example"] == {"count": 17}


def test_every_example_of_the_kernel_is_accepted_by_its_schema(small):
    assert contradictions(small) == []


@pytest.mark.parametrize(
    ("schema", "example"),
    [
        ({"type": ["null", "string"], "format": "uuid"}, "019a9f3c-7d2e-7b41-8c5f-2f6a1d3e4b5c"),
        ({"enum": [None, "a", "b"]}, "a"),
        ({"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Colour"}]}, "blue"),
        ({"allOf": [{"$ref": "#/components/schemas/Colour"}], "default": "red"}, "red"),
        ({"type": "array", "items": {"type": "integer", "minimum": 7}, "minItems": 2}, [7, 7]),
        ({"type": "array", "maxItems": 0}, []),
        ({"type": "string", "minLength": 50, "maxLength": 60}, None),
        ({"type": "string", "maxLength": 3}, "Pal"),
        ({"type": "number", "maximum": 1}, 1),
        ({"type": "object", "properties": {"is_open": {"type": "boolean"}}}, {"is_open": True}),
        ({"type": "string", "pattern": r"^\d+$"}, "1"),
    ],
)
def test_an_example_is_made_up_from_a_schema(schema, example):
    components = {"Colour": {"type": "string", "enum": ["blue", "red"]}}

    made = Sampler(components).sample(schema)

    rules = {**schema, "components": {"schemas": components}}
    assert list(Draft202012Validator(rules).iter_errors(made)) == []
    assert example is None or made == example
