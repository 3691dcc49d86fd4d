"""Searches by place against a geodesic library, on every part of the earth."""

import math
import random

import pytest
from django.db import connection, connections
from geographiclib.geodesic import Geodesic

from config.shared import geodesy
from config.shared.errors import InvalidInputError
from config.tests.stalls import CENTRES, DUBAI, Stall, scattered
from config.tests.tables import tables


def ground(centre, stall):
    return Geodesic.WGS84.Inverse(*centre, stall.lat, stall.lng)["s12"]


@pytest.fixture
def stall(db):
    with tables(Stall):
        yield Stall


@pytest.fixture
def stalls(stall):
    edges = [(90, 0), (90, 77), (-90, 5), (0, 180), (0, -180), (10, 179.999999), DUBAI]
    stall.objects.bulk_create(stall(lat=lat, lng=lng) for lat, lng in scattered(1500, seed=7))
    stall.objects.bulk_create(stall(lat=lat, lng=lng) for lat, lng in edges)
    stall.objects.create()
    return stall.objects.all()


@pytest.mark.capability("A35")
@pytest.mark.parametrize("centre", CENTRES.values(), ids=CENTRES)
@pytest.mark.parametrize("radius_m", [1_000, 50_000, 500_000])
def test_near_finds_what_the_geodesic_finds_nearest_first(stalls, centre, radius_m):
    distances = {row.pk: ground(centre, row) for row in stalls.exclude(lat=None)}
    expected = {pk for pk, metres in distances.items() if metres <= radius_m}

    found = list(stalls.near(*centre, radius_m, exact=True))

    assert {row.pk for row in found} == expected
    assert len(found) == len(expected)
    assert [row.distance_m for row in found] == sorted(row.distance_m for row in found)
    for row in found:
        assert row.distance_m == pytest.approx(distances[row.pk], rel=3e-6, abs=0.001)


@pytest.mark.parametrize("radius_m", [1_000, 50_000])
def test_a_distance_up_to_50_km_is_right_to_a_few_millimetres(stall, radius_m):
    for bearing in range(0, 360, 30):
        away = Geodesic.WGS84.Direct(*DUBAI, bearing, radius_m * 0.999)
        stall.objects.create(lat=away["lat2"], lng=away["lon2"])

    found = stall.objects.near(*DUBAI, radius_m, exact=True)

    assert [row.distance_m for row in found] == pytest.approx([radius_m * 0.999] * 12, rel=3e-8)


def naive_box(stalls, west, south, east, north):
    """The members of a box, one by one."""
    found = set()
    for row in stalls.exclude(lat=None):
        meridians = {row.lng} | ({180.0} if row.lng == -180 else set())
        crosses = west > east
        inside = any(
            (lng >= west or lng <= east) if crosses else west <= lng <= east for lng in meridians
        )
        if south <= row.lat <= north and (inside or abs(row.lat) == 90):
            found.add(row.pk)
    return found


@pytest.mark.parametrize(
    "box",
    [
        (54, 24, 57, 27),
        (176, -19, -177, -13),
        (175, -2, 180, 2),
        (-180, -2, -176, 2),
        (-180, 88, 180, 90),
        (0, 85, 40, 90),
        (-180, -90, 180, -88.5),
        (-5, -3, 5, 3),
        (55.2708, 25.2048, 55.2708, 25.2048),
    ],
)
def test_a_box_holds_what_lies_in_it_across_the_antimeridian_too(stalls, box):
    expected = naive_box(stalls, *box)

    found = set(stalls.in_bbox(*box, exact=True).values_list("pk", flat=True))

    assert found == expected
    assert found


@pytest.mark.parametrize("seed", range(20))
def test_the_box_in_space_holds_every_place_of_the_box_in_degrees(seed):
    dice = random.Random(seed)
    for _ in range(50):
        south, north = sorted(dice.uniform(-90, 90) for _ in range(2))
        west, east = (dice.uniform(-180, 180) for _ in range(2))
        low, high = geodesy.box_of(west, south, east, north)
        width = (east - west) % 360

        for _ in range(20):
            lng = (west + dice.uniform(0, width) + 180) % 360 - 180
            point = geodesy.geocentric(dice.uniform(south, north), lng)
            assert all(a <= at <= b for a, at, b in zip(low, point, high, strict=True))


def test_strangers_search_by_the_cell_alone(stall):
    stall.objects.create(lat=DUBAI[0], lng=DUBAI[1])
    cell = geodesy.public_cell(*DUBAI)

    (found,) = stall.objects.near(*cell, 10)
    assert found.distance_m == pytest.approx(0, abs=0.001)
    assert (found.cell_lat, found.cell_lng) == cell
    assert not stall.objects.near(*DUBAI, 10)
    assert len(stall.objects.near(*DUBAI, 10, exact=True)) == 1
    (west, east), (south, north) = sorted((DUBAI[1], cell[1])), sorted((DUBAI[0], cell[0]))
    assert len(stall.objects.in_bbox(cell[1], cell[0], cell[1], cell[0])) == 1
    assert not stall.objects.in_bbox(DUBAI[1], DUBAI[0], DUBAI[1], DUBAI[0])
    assert len(stall.objects.in_bbox(west, south, east, north)) == 1


def test_neighbours_in_one_cell_look_alike_to_strangers(stall):
    stall.objects.create(lat=25.2041, lng=55.2711)
    stall.objects.create(lat=25.2079, lng=55.2688)

    one, two = stall.objects.near(*DUBAI, 5_000)

    assert one.distance_m == two.distance_m
    assert (one.cell_lat, one.cell_lng) == (two.cell_lat, two.cell_lng)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((91, 0, 10), "position_off_the_earth"),
        ((0, 181, 10), "position_off_the_earth"),
        ((math.nan, 0, 10), "position_off_the_earth"),
        ((0, math.inf, 10), "position_off_the_earth"),
        ((0, 0, 0), "radius_out_of_range"),
        ((0, 0, 500_001), "radius_out_of_range"),
        ((0, 0, math.nan), "radius_out_of_range"),
    ],
)
def test_a_search_off_the_earth_or_across_a_continent_is_refused(stall, arguments, code):
    with pytest.raises(InvalidInputError) as refusal:
        stall.objects.near(*arguments)

    assert refusal.value.errors[0].code == code


@pytest.mark.parametrize(
    ("box", "code"),
    [
        ((0, 5, 1, 4), "box_upside_down"),
        ((0, -91, 1, 4), "position_off_the_earth"),
        ((-180, -90, 180, 90), "box_too_large"),
        ((10, 0, 9, 5), "box_too_large"),
        ((0, 0, math.nan, 1), "position_off_the_earth"),
    ],
)
def test_a_box_that_is_none_or_is_a_continent_is_refused(stall, box, code):
    with pytest.raises(InvalidInputError) as refusal:
        stall.objects.in_bbox(*box)

    assert refusal.value.errors[0].code == code


def test_the_index_answers_near_in_order_with_and_without_the_filter(stalls):
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE config_stall")
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")

    for rows in (stalls, stalls.filter(kind="tea")):
        plan = rows.near(*DUBAI, 50_000, exact=True)[:20].explain()
        assert "Index Scan using config_stall_place" in plan
        assert "Order By: (point <-> " in plan


def test_an_older_server_is_not_made_to_sort_the_whole_circle(stalls, monkeypatch):
    assert stalls.near(*DUBAI, 50_000).query.order_by == ("_chord", "pk")

    monkeypatch.setitem(vars(connections["default"]), "pg_version", 160_004)

    assert stalls.near(*DUBAI, 50_000).query.order_by == ("_chord",)


def test_near_composes_with_other_filters_counts_and_pages(stalls):
    stalls.filter(pk__in=list(stalls.values_list("pk", flat=True)[::2])).update(kind="coffee")
    near = stalls.near(*DUBAI, 500_000, exact=True)

    coffee = near.filter(kind="coffee")

    assert coffee.count() == len([row for row in near if row.kind == "coffee"])
    assert [row.pk for row in coffee[:3]] == [row.pk for row in coffee][:3]
    assert set(stalls.filter(pk__in=coffee.values("pk"))) == set(coffee)
