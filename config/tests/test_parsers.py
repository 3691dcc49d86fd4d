"""Bodies that no honest client sends are refused before anything reads them."""

from typing import Any

import pytest
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from config.shared.errors import InvalidInputError
from config.shared.parsers import MAX_DEPTH, parse_json
from config.shared.renderers import to_json

pytestmark = [pytest.mark.urls("config.tests.kernel_urls"), pytest.mark.capability("A06")]

SURVEYS = "/api/v1/surveys/"
ROOMS = b'"rooms": []'


def send(api: Any, body: bytes, content_type: str = "application/json") -> Any:
    return api.generic("POST", SURVEYS, body, content_type)


def test_an_honest_body_is_read(api):
    body = '{"title": "Père \U0001f3e0", "rooms": [{"room": "A", "area": 9.5}]}'

    response = send(api, body.encode())

    assert response.status_code == 200
    assert response.json() == {"title": "Père \U0001f3e0", "rooms": 1}


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        (b'{"title": "a\\u0000b", "rooms": []}', "/title", "null_characters"),
        (b'{"title": "\\ud800", "rooms": []}', "/title", "surrogate_characters"),
        (b'{"title": "\\uDFFFx", "rooms": []}', "/title", "surrogate_characters"),
        (b'{"notes": {"a/b": ["\\u0000"]}}', "/notes/a~1b/0", "null_characters"),
        (b'{"notes": {"\\u0000": 1}}', "/notes", "null_characters"),
        (b'{"title": "\xed\xa0\x80"}', "", "not_utf8"),
        (b'{"title": "\xff"}', "", "not_utf8"),
        (b'{"title": "a\x00b"}', "", "not_json"),
        (b'{"title": NaN}', "", "not_json"),
        (b'{"title": -Infinity}', "", "not_json"),
        (b'{"title": 1e999}', "", "number_too_large"),
        (b'{"title": 9223372036854775808}', "", "number_too_large"),
        (b'{"title": ' + b"9" * 5000 + b"}", "", "number_too_large"),
        (b'{"title": "a", "title": "b"}', "", "repeated_name"),
        (b'{"title": ', "", "not_json"),
        (b"{'title': 1}", "", "not_json"),
        (b"", "/title", "required"),
        (b"\xef\xbb\xbf{}", "", "not_json"),
        (b'{"notes": ' + b"[" * 33 + b"]" * 33 + b"}", "", "too_deep"),
        (b"[" * 100_000, "", "too_deep"),
        (b'{"a":' * 50_000, "", "too_deep"),
    ],
)
def test_a_hostile_body_is_refused_with_its_place(api, body, pointer, code):
    response = send(api, body)

    assert response.status_code == 400, response.content
    assert (pointer, code) in {
        (error["pointer"], error["code"]) for error in response.json()["errors"]
    }


def test_a_surrogate_pair_is_one_character(api):
    response = send(api, b'{"title": "\\ud83c\\udfe0", "rooms": []}')

    assert response.json()["title"] == "\U0001f3e0"


def test_a_body_may_be_as_deep_as_the_limit():
    body = b"[" * MAX_DEPTH + b"]" * MAX_DEPTH

    assert to_json(parse_json(body)) == body


@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=100)
def test_a_body_that_lies_about_its_length_is_cut_off(api):
    declared = api.generic("POST", SURVEYS, b'{"title": "' + b"x" * 200 + b'"}', "application/json")
    form = api.generic("POST", SURVEYS, b"title=" + b"x" * 200, "application/x-www-form-urlencoded")

    assert declared.status_code == 413
    assert form.status_code == 413


@pytest.mark.parametrize("body", [b"title=a%00b", b"a%00b=1", b"title=\xff"])
def test_a_hostile_form_is_refused(api, body):
    response = send(api, body, "application/x-www-form-urlencoded")

    assert response.status_code == 400
    assert response.json()["code"] == "malformed"


def test_a_form_with_too_many_fields_is_refused(api):
    body = "&".join(f"f{number}=1" for number in range(600)).encode()

    response = send(api, body, "application/x-www-form-urlencoded")

    assert response.status_code == 400
    assert response.json()["errors"][0]["code"] == "too_many_fields"


def test_bytes_that_are_signed_are_left_alone(api):
    response = api.generic("POST", "/api/v1/callbacks/", b"\x00\xff{", "application/octet-stream")

    assert response.json() == {"count": 3}


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63) + 1, 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def outcome(body: bytes) -> tuple[str, Any]:
    """What ``body`` says, or why it is refused; anything else would be a fault."""
    try:
        return "read", parse_json(body)
    except InvalidInputError as error:
        return error.errors[0].code, error.code


@settings(deadline=None)
@given(JSON)
def test_whatever_can_be_stored_comes_back_as_it_was_sent(value):
    body = to_json(value)

    answer = outcome(body)

    assert answer == ("read", value) or (
        b"\\u0000" in body and answer == ("null_characters", "malformed")
    )


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_are_a_fault(body):
    kind, parsed = outcome(body)

    assert kind == "read" or parsed == "malformed"
