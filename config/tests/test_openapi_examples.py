"""Examples of the API's description: what they are made of, and that readers can use them."""

from typing import Any

import pytest

from config.shared import docs
from config.shared.openapi_examples import WORDS, Sampler
from config.tests.descriptions import bodies, examples, operations

pytestmark = pytest.mark.capability("A06")

# What stands where nobody thought of anything.
FILLER = WORDS[:15]
PERSON = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "username": {"type": ["string", "null"]}},
}
BUILDING = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "floors": {"type": "integer", "maximum": 300}},
}
TOKENS = {"type": "object", "properties": {"access_token": {"type": "string"}}}
CODE = {
    "type": "object",
    "properties": {"challenge_id": {"type": "string", "format": "uuid"}},
}


def texts(value: Any) -> list[str]:
    """Every string anywhere in ``value``."""
    if isinstance(value, dict):
        return [text for inner in value.values() for text in texts(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in texts(inner)]
    return [value] if isinstance(value, str) else []


def test_every_example_of_the_api_says_something():
    filler = [
        place
        for place, operation in operations(docs.description(staff=True))
        for _, media in bodies(operation)
        for example in examples(media)
        if any(text.startswith(FILLER) for text in texts(example))
    ]

    assert filler == []


def test_alternatives_that_exclude_each_other_are_not_shown_together():
    sent = request_examples()

    for names in (
        {"email", "new_email"},
        {"phone_number", "new_phone"},
        {"code", "otp", "otp_code"},
        {"document", "code"},
        {"identifier", "username"},
    ):
        assert [place for place, example in sent if len(names & example.keys()) > 1] == []


def request_examples() -> list[tuple[str, dict[str, Any]]]:
    """The example of every body that is sent as an object, with where it is sent."""
    return [
        (place, example)
        for place, operation in operations(docs.description(staff=True))
        for media in operation.get("requestBody", {}).get("content", {}).values()
        for example in examples(media)
        if isinstance(example, dict)
    ]


@pytest.mark.parametrize(
    ("schema", "example"),
    [
        (PERSON, {"name": "Amina Rahman", "username": "amina.rahman"}),
        (BUILDING, {"name": "Palm Heights", "floors": 24}),
    ],
)
def test_a_name_is_that_of_what_it_stands_beside(schema, example):
    assert Sampler({}).sample(schema) == example


@pytest.mark.parametrize(
    ("name", "schema", "example"),
    [
        ("roles", {"type": "array", "items": {"enum": ["resident", "contractor"]}}, None),
        ("billing_city", {"type": "string"}, "Dubai"),
        ("role", {"enum": ["owner", "member"]}, "member"),
        ("since", {"type": "string", "format": "date-time"}, "2025-03-01T08:30:00Z"),
        ("established_year", {"type": "integer", "minimum": 1700}, 2011),
        ("floors", {"type": "integer", "maximum": 9}, 3),
        ("next", {"type": ["string", "null"], "format": "uri"}, None),
        ("next", {"type": "string", "format": "uri"}, "https://example.com/courtyard"),
        ("avatar_url", {"type": "integer"}, 3),
    ],
)
def test_a_member_holds_what_its_name_says_where_that_is_allowed(name, schema, example):
    made = Sampler({}).sample(schema, name)

    assert made == (["resident", "contractor"] if name == "roles" else example)


def test_a_given_example_stays_where_its_members_are_known():
    sampler = Sampler({"Code": CODE})
    either = {"anyOf": [TOKENS, {"$ref": "#/components/schemas/Code"}]}

    assert sampler.knows(TOKENS, {"access_token": "eyJ"})
    assert sampler.knows(either, {"challenge_id": "019a9f3c"})
    assert sampler.knows({"type": "object"}, {"anything": 1})
    assert not sampler.knows(CODE, {"access_token": "eyJ"})
