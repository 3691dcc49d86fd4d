"""Filters, search and order: what is declared works, everything else is refused by name."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Building, Organization
from config.shared.filters import with_key
from config.tests.kernel_views import BuildingViewSet

pytestmark = [
    pytest.mark.urls("config.tests.kernel_urls"),
    pytest.mark.django_db,
    pytest.mark.capability("A06"),
]

BUILDINGS = "/api/v1/buildings/"


@pytest.fixture
def houses() -> list[Building]:
    """Three houses in two cities and countries."""
    society = Organization.objects.create(kind="society", name="Palm Residents")
    return [
        Building.objects.create(name="Palm Heights", city="Dubai", floors=60, society=society),
        Building.objects.create(name="Creek View", city="Dubai", floors=4),
        Building.objects.create(name="Garden Court", city="Pune", country="IN", floors=9),
    ]


def names(api: Any, **query: Any) -> list[str]:
    response = api.get(BUILDINGS, query)
    assert response.status_code == 200, response.content
    return [row["name"] for row in response.json()["results"]]


def refused(api: Any, **query: Any) -> dict[str, Any]:
    """The only error that the list refuses ``query`` with."""
    response = api.get(BUILDINGS, query)
    assert response.status_code == 400, response.content
    errors = response.json()["errors"]
    assert {(error["pointer"], error["parameter"]) for error in errors} == {("", *query)}
    return errors[0]


def test_filters_narrow_a_list(api, houses):
    assert names(api, city="Pune") == ["Garden Court"]
    assert names(api, floors_min="9") == ["Garden Court", "Palm Heights"]
    assert names(api, country=["AE", "IN"]) == ["Creek View", "Garden Court", "Palm Heights"]
    assert names(api, country="IN") == ["Garden Court"]
    assert names(api, society=houses[0].society_id) == ["Palm Heights"]
    assert names(api, ids=f"{houses[0].pk},{houses[1].pk}") == ["Creek View", "Palm Heights"]
    assert names(api, since="2999-01-01T00:00:00Z") == []
    assert names(api, day=datetime.now(UTC).date(), country="IN") == ["Garden Court"]
    assert names(api, day="2026-01-01") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("true", ["Palm Heights"]),
        ("TRUE", ["Palm Heights"]),
        ("1", ["Palm Heights"]),
        ("false", ["Creek View", "Garden Court"]),
        ("0", ["Creek View", "Garden Court"]),
        ("", ["Creek View", "Garden Court", "Palm Heights"]),
    ],
)
def test_a_truth_is_true_or_false(api, houses, text, found):
    assert names(api, has_society=text) == found


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("city", "x" * 51, "max_length"),
        ("floors_min", "nine", "invalid"),
        ("floors_min", "0", "min_value"),
        ("floors_min", "301", "max_value"),
        ("floors_min", "1e50", "max_value"),
        ("floors_min", "NaN", "invalid"),
        ("has_society", "maybe", "invalid"),
        ("society", "17", "invalid"),
        ("country", "XX", "invalid_choice"),
        ("country", ["AE", "AE"], "repeated"),
        ("built", "2", "invalid_choice"),
        ("since", "yesterday", "invalid"),
        ("since", "0000-01-01T00:00:00Z", "invalid"),
        ("day", "21/11/2026", "invalid"),
        ("day", "99999-01-01", "invalid"),
        ("ids", "", "max_length"),
        ("ids", "1,2", "invalid"),
        ("ids", ",".join(["019a9f3c-7d2e-7b41-8c5f-2f6a1d3e4b5c"] * 101), "max_length"),
    ],
)
def test_a_value_that_a_filter_does_not_take_is_refused(api, name, value, code):
    error = refused(api, **{name: value})

    assert (error["parameter"], error["code"]) == (name, code)


def test_an_unknown_parameter_is_named_with_those_that_exist(api):
    response = api.get(BUILDINGS, {"colour": "blue"})

    assert response.status_code == 400
    body = response.json()
    assert body["errors"][0]["parameter"] == "colour"
    assert body["errors"][0]["code"] == "unknown_parameter"
    assert body["allowed"] == [
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


@pytest.mark.parametrize("name", ["city__regex", "name__icontains", "created_at__year", "format"])
def test_a_lookup_of_the_orm_is_an_unknown_parameter(api, name):
    assert refused(api, **{name: "x"})["code"] == "unknown_parameter"


@pytest.mark.parametrize("name", ["city", "page", "ordering", "search"])
def test_a_parameter_cannot_be_given_twice(api, name):
    assert refused(api, **{name: ["1", "2"]})["code"] == "repeated_parameter"


def test_a_search_finds_all_words_in_any_field(api, houses):
    assert names(api, search="dubai creek") == ["Creek View"]
    assert names(api, search="pune palm") == []
    assert names(api, search="") == ["Creek View", "Garden Court", "Palm Heights"]
    assert names(api, search="%") == []


@pytest.mark.parametrize("text", ["x" * 101, "a b c d e f g h i"])
def test_a_search_is_bounded(api, text):
    error = refused(api, search=text)

    assert (error["parameter"], error["code"]) == ("search", "too_long")


def test_a_list_stands_in_the_order_asked_for(api, houses):
    assert names(api, ordering="height") == ["Creek View", "Garden Court", "Palm Heights"]
    assert names(api, ordering="-height") == ["Palm Heights", "Garden Court", "Creek View"]
    assert names(api, ordering="-newest,name") == ["Garden Court", "Creek View", "Palm Heights"]


@pytest.mark.parametrize(
    "value", ["floors", "created_at", "", "name,", "name,-name", "--name", "?"]
)
def test_an_unknown_order_is_refused_with_those_that_exist(api, value):
    response = api.get(BUILDINGS, {"ordering": value})

    assert response.status_code == 400
    assert response.json()["errors"][0]["code"] == "unknown_ordering"
    assert response.json()["allowed"] == ["name", "-name", "newest", "-newest", "height", "-height"]


@pytest.mark.parametrize(
    ("query", "tail"),
    [
        ({}, '"name" ASC, "accounts_building"."id" ASC LIMIT'),
        ({"ordering": "-height"}, '"floors" DESC, "accounts_building"."id" DESC LIMIT'),
    ],
)
def test_every_order_ends_in_the_key(api, houses, query, tail):
    with CaptureQueriesContext(connection) as queries:
        names(api, **query)

    assert tail in queries[-1]["sql"]


def test_an_order_that_has_the_key_is_left_alone():
    assert with_key(["name", "-pk"], Building.objects.all()) == ["name", "-pk"]
    assert with_key(["id"], Building.objects.all()) == ["id"]
    assert with_key([], Building.objects.all()) == ["pk"]


def test_query_parameters_have_no_say_in_a_detail(api, houses):
    response = api.get(f"{BUILDINGS}{houses[0].pk}/", {"city": "Pune", "colour": "blue"})

    assert response.status_code == 200
    assert response.json()["name"] == "Palm Heights"


def test_a_list_of_its_own_filters_and_pages_like_the_others(api, houses):
    found = api.get(f"{BUILDINGS}tall/", {"city": "Dubai"})
    unknown = api.get(f"{BUILDINGS}tall/", {"colour": "blue"})

    assert [row["name"] for row in found.json()["results"]] == ["Palm Heights"]
    assert found.json()["count"] == 1
    assert unknown.status_code == 400


def test_a_search_by_pattern_is_a_mistake_of_ours(api, houses, monkeypatch):
    monkeypatch.setattr(BuildingViewSet, "search_fields", ["$name"])

    with pytest.raises(ImproperlyConfigured):
        api.get(BUILDINGS, {"search": "a"})
