"""Pages by number and by cursor: every row once, and nothing beyond the bounds."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.models import F, Func
from django.test.utils import CaptureQueriesContext

from accounts.models import Building
from config.shared import pagination
from config.shared.keyset import Cursor, Keyset

pytestmark = [
    pytest.mark.urls("config.tests.kernel_urls"),
    pytest.mark.django_db,
    pytest.mark.capability("A06", "R32"),
]

BUILDINGS, FEED, MIXED = "/api/v1/buildings/", "/api/v1/feed/", "/api/v1/mixed-feed/"
START = datetime(2026, 11, 1, tzinfo=UTC)


def build(count: int, *, names: int = 10_000) -> list[Building]:
    """So many buildings, in pairs of the same moment, with so many different names."""
    made = [
        Building.objects.create(
            name=f"House {number % names:03}", address=str(number), city="Dubai"
        )
        for number in range(count)
    ]
    for number, building in enumerate(made):
        moment = START + timedelta(minutes=number // 2)
        Building.objects.filter(pk=building.pk).update(created_at=moment)
    return made


def names(response: Any) -> list[str]:
    assert response.status_code == 200, response.content
    return [row["name"] for row in response.json()["results"]]


def walk(api: Any, address: str, direction: str = "next") -> list[list[str]]:
    """The identifiers of each page from ``address`` on, until there is no further one."""
    pages = []
    while address:
        body = api.get(address).json()
        pages.append([row["id"] for row in body["results"]])
        address = body[direction]
    return pages


def test_pages_have_totals_and_links(api):
    build(5)

    first = api.get(BUILDINGS, {"page_size": 2}).json()
    last = api.get(first["next"].replace("page=2", "page=3")).json()

    assert (first["count"], first["previous"]) == (5, None)
    assert first["next"] == "http://testserver/api/v1/buildings/?page=2&page_size=2"
    assert [row["name"] for row in last["results"]] == ["House 004"]
    assert (last["next"], last["previous"]) == (
        None,
        "http://testserver/api/v1/buildings/?page=2&page_size=2",
    )


def test_the_link_to_the_first_page_has_no_number(api):
    build(3)

    second = api.get(BUILDINGS, {"page_size": 2, "page": 2}).json()

    assert second["previous"] == "http://testserver/api/v1/buildings/?page_size=2"


def test_an_empty_list_has_one_empty_page(api):
    response = api.get(BUILDINGS)

    assert response.json() == {
        "count": 0,
        "count_is_capped": False,
        "next": None,
        "previous": None,
        "results": [],
    }


def test_a_page_beyond_the_last_is_not_found(api):
    build(1)

    response = api.get(BUILDINGS, {"page": 2})

    assert response.status_code == 404
    assert response.json()["detail"] == "There is no page 2 of 1 results."


@pytest.mark.parametrize(
    ("made", "count", "capped"), [(3, 3, False), (4, 4, False), (5, 4, True), (9, 4, True)]
)
def test_a_total_is_counted_so_far_and_no_further(api, monkeypatch, made, count, capped):
    monkeypatch.setattr(pagination, "MAX_COUNT", 4)
    build(made)

    body = api.get(BUILDINGS, {"page_size": 2}).json()

    assert (body["count"], body["count_is_capped"]) == (count, capped)


def test_pages_go_on_where_counting_has_stopped(api, monkeypatch):
    monkeypatch.setattr(pagination, "MAX_COUNT", 4)
    made = build(7)

    pages = walk(api, f"{BUILDINGS}?page_size=2")
    beyond = api.get(BUILDINGS, {"page_size": 2, "page": 5})

    assert [len(page) for page in pages] == [2, 2, 2, 1]
    assert sorted(key for page in pages for key in page) == sorted(str(row.pk) for row in made)
    assert (beyond.status_code, beyond.json()["detail"]) == (404, "There is no page 5.")


def test_counting_reads_no_more_rows_than_it_tells_of(api):
    build(3)

    with CaptureQueriesContext(connection) as queries:
        api.get(BUILDINGS)

    counting, reading = (query["sql"] for query in queries)
    assert "COUNT(*)" in counting
    assert "LIMIT 1001" in counting
    assert "ORDER BY" not in counting
    assert "LIMIT 21" in reading


@pytest.mark.parametrize("address", [BUILDINGS, FEED])
@pytest.mark.parametrize("size", ["0", "101", "1e3", "-1", "", "٣", "99999999999999999999", "2.0"])
def test_a_page_size_beyond_the_bounds_is_refused_not_corrected(api, address, size):
    response = api.get(address, {"page_size": size})

    assert response.status_code == 400
    assert response.json()["errors"] == [
        {
            "pointer": "",
            "code": "out_of_range",
            "detail": "Must be a whole number from 1 to 100.",
            "parameter": "page_size",
        }
    ]


def test_a_page_may_have_a_hundred_results(api):
    build(101)

    assert len(names(api.get(BUILDINGS, {"page_size": 100}))) == 100


@pytest.mark.parametrize("page", ["0", "-1", "last", "5001"])
def test_a_page_number_beyond_the_bounds_is_refused(api, page):
    response = api.get(BUILDINGS, {"page": page})

    assert response.status_code == 400
    assert response.json()["errors"][0]["parameter"] == "page"


@pytest.mark.parametrize("address", [FEED, MIXED, f"{FEED}?ordering=name"])
def test_a_cursor_walks_every_row_once_there_and_back(api, address):
    made = build(9, names=4)
    separator = "&" if "?" in address else "?"

    forth = walk(api, f"{address}{separator}page_size=4")
    last_page = f"{address}{separator}page_size=4"
    while following := api.get(last_page).json()["next"]:
        last_page = following
    back = walk(api, last_page, "previous")

    assert [len(page) for page in forth] == [4, 4, 1]
    assert sorted(key for page in forth for key in page) == sorted(str(row.pk) for row in made)
    assert back[::-1] == forth


def test_a_feed_stands_in_the_declared_order(api):
    build(6)

    rows = names(api.get(FEED))
    mixed = names(api.get(MIXED))

    assert set(rows[:2]) == {"House 004", "House 005"}
    assert mixed == [f"House {number:03}" for number in (5, 4, 3, 2, 1, 0)]


def test_rows_that_come_and_go_neither_repeat_nor_hide_others(api):
    made = build(6)
    first = api.get(FEED, {"page_size": 3}).json()

    Building.objects.create(name="New", city="Dubai")
    Building.objects.filter(pk=first["results"][-1]["id"]).delete()
    second = api.get(first["next"]).json()

    seen = [row["id"] for row in (*first["results"], *second["results"])]
    assert sorted(seen) == sorted(str(row.pk) for row in made)


def test_a_page_costs_one_query_wherever_it_lies(api):
    build(12)
    first = api.get(FEED, {"page_size": 4}).json()

    with CaptureQueriesContext(connection) as queries:
        api.get(first["next"])

    assert len(queries) == 1
    sql = queries[0]["sql"]
    assert '("accounts_building"."created_at", "accounts_building"."id") < (' in sql
    assert "OFFSET" not in sql


@pytest.mark.parametrize(
    "tampering", ["", "nonsense", "x" * 5000, "eyJhIjoxfQ:1abc:sig", "\U0001f4a3"]
)
def test_a_made_up_cursor_is_refused(api, tampering):
    response = api.get(FEED, {"cursor": tampering})

    assert response.status_code == 400
    assert response.json()["errors"][0]["code"] == "invalid_cursor"


def test_a_cursor_of_another_order_is_refused(api):
    build(3)
    following = api.get(FEED, {"page_size": 1}).json()["next"]

    response = api.get(f"{following}&ordering=name")

    assert response.status_code == 400
    assert response.json()["errors"][0]["parameter"] == "cursor"


def test_a_list_has_the_parameters_of_its_own_kind_of_pages(api):
    by_number = api.get(BUILDINGS, {"cursor": "x"})
    by_cursor = api.get(FEED, {"page": 2})

    assert by_number.json()["errors"][0]["code"] == "unknown_parameter"
    assert by_cursor.json()["errors"][0]["code"] == "unknown_parameter"


def test_a_cursor_says_the_same_of_a_row_after_its_journey():
    (building,) = build(1)
    building.refresh_from_db()
    keyset = Keyset.of(Building.objects.order_by("created_at", "country"))

    cursor = keyset.cursor_at(building, backwards=True)

    assert Cursor.read(cursor.written(), keyset) == cursor
    assert cursor.values == (building.created_at, "AE", building.pk)


def test_the_key_runs_the_way_of_the_last_column():
    downwards = Keyset.of(Building.objects.order_by("name", F("created_at").desc()))
    default = Keyset.of(Building.objects.all())

    assert downwards.columns == (("name", False), ("created_at", True), ("pk", True))
    assert default.columns == (("name", False), ("pk", False))


@pytest.mark.parametrize("order", ["floors", "?", Func(F("name"), function="LOWER").asc()])
def test_an_order_that_a_cursor_cannot_follow_is_a_mistake_of_ours(order):
    with pytest.raises(ImproperlyConfigured):
        Keyset.of(Building.objects.order_by(order))


@pytest.mark.parametrize("address", [BUILDINGS, FEED])
def test_a_list_costs_the_same_however_long_it_is(api, assert_constant_queries, address):
    assert_constant_queries(lambda: api.get(address), build_one)


def build_one() -> Building:
    return Building.objects.create(
        name="House", address=str(Building.objects.count()), city="Dubai"
    )


def test_a_forgotten_queryset_shows_nothing(api):
    response = api.get("/api/v1/forgotten/")

    assert response.json()["results"] == []
