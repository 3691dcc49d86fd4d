"""What the API takes has a largest size, and a check that says where it has none."""

from typing import Any

import pytest

from config import checks


def request_with(schema: dict[str, Any], **components: Any) -> dict[str, Any]:
    content = {"application/json": {"schema": schema}}
    operation = {"requestBody": {"content": content}, "parameters": []}
    return {"paths": {"/x/": {"post": operation}}, "components": {"schemas": components}}


@pytest.mark.parametrize(
    ("schema", "found"),
    [
        ({"type": "string"}, ["POST /x/"]),
        ({"type": "string", "maxLength": 5}, []),
        ({"type": "string", "format": "uuid"}, []),
        ({"type": "string", "format": "email"}, ["POST /x/"]),
        ({"type": "string", "enum": ["a"]}, []),
        ({"type": ["string", "null"]}, ["POST /x/"]),
        ({"type": "array", "items": {"type": "integer"}}, ["POST /x/"]),
        ({"type": "array", "maxItems": 3, "items": {"type": "string"}}, ["POST /x/[]"]),
        ({"type": "object", "properties": {"a": {"type": "string"}}}, ["POST /x/.a"]),
        ({"type": "object", "properties": {"a": {"type": "string", "readOnly": True}}}, []),
        ({"oneOf": [{"type": "string"}, {"type": "null"}]}, ["POST /x/"]),
        ({"$ref": "#/components/schemas/Node"}, ["POST /x/.name"]),
    ],
)
def test_what_clients_may_send_has_a_largest_size(schema: dict[str, Any], found: list[str]) -> None:
    node = {
        "type": "object",
        "properties": {"name": {"type": "string"}, "next": {"$ref": "#/components/schemas/Node"}},
    }

    assert checks.unbounded(request_with(schema, Node=node)) == found


def test_query_parameters_have_a_largest_size_too() -> None:
    parameters = [
        {"in": "query", "name": "search", "schema": {"type": "string"}},
        {"in": "query", "name": "city", "schema": {"type": "string", "maxLength": 80}},
        {"in": "path", "name": "key", "schema": {"type": "string"}},
    ]
    document = {"paths": {"/x/": {"get": {"parameters": parameters}}}}

    assert checks.unbounded(document) == ["GET /x/ parameter search"]


def test_the_api_takes_nothing_without_a_largest_size() -> None:
    assert checks.check_schema() == []
