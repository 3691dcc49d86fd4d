"""What the database derives from coordinates, and which coordinates it takes."""

import math

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from geographiclib.geodesic import Geodesic

from config.shared import geodesy
from config.tests.stalls import DUBAI, Stall, scattered
from config.tests.tables import tables


@pytest.fixture
def stall(db):
    with tables(Stall):
        yield Stall


def test_the_database_and_python_know_the_same_cells(stall):
    stall.objects.bulk_create(stall(lat=lat, lng=lng) for lat, lng in scattered(1000, seed=3))

    for row in stall.objects.all():
        assert (row.cell_lat, row.cell_lng) == geodesy.public_cell(row.lat, row.lng)
        assert row.cell_point == pytest.approx(geodesy.geocentric(row.cell_lat, row.cell_lng))


def test_a_cell_is_about_a_kilometre_wide_and_its_centre_lies_in_itself():
    for lat, lng in scattered(1000, seed=11):
        centre = geodesy.public_cell(lat, lng)

        assert geodesy.public_cell(*centre) == centre
        assert Geodesic.WGS84.Inverse(lat, lng, *centre)["s12"] < 1_100
        assert abs(centre[0]) < 90
        assert -180 <= centre[1] < 180


def test_a_place_without_coordinates_is_nowhere(stall):
    row = stall.objects.create()

    row.refresh_from_db()
    assert (row.point, row.cell_lat, row.cell_lng, row.cell_point) == (None, None, None, None)
    assert not stall.objects.near(0, 0, 500_000, exact=True)
    assert not stall.objects.in_bbox(-4, -4, 4, 4)


def test_the_point_follows_the_coordinates(stall):
    row = stall.objects.create(lat=0, lng=0)
    assert row.point == pytest.approx((geodesy.SEMI_MAJOR_M, 0, 0))

    stall.objects.update(lat=90)

    row.refresh_from_db()
    assert row.point == pytest.approx((0, 0, 6_356_752.314245), abs=1e-6)


def test_the_other_name_of_the_antimeridian_is_stored_as_one(stall):
    created = stall.objects.create(lat=0, lng=180.0)
    stall.objects.create(lat=1, lng=0)
    stall.objects.filter(lat=1).update(lng=180)

    assert set(stall.objects.values_list("lng", flat=True)) == {-180.0}
    created.refresh_from_db()
    assert created.point == pytest.approx((-geodesy.SEMI_MAJOR_M, 0, 0), abs=1e-6)


@pytest.mark.parametrize(
    ("lat", "lng", "constraint"),
    [
        (1, None, "both_or_neither"),
        (None, 1, "both_or_neither"),
        (90.0001, 0, "lat_in_range"),
        (-91, 0, "lat_in_range"),
        (math.nan, 0, "lat_in_range"),
        (math.inf, 0, "out of range"),
        (0, 180.0001, "lng_in_range"),
        (0, -181, "lng_in_range"),
        (0, math.nan, "lng_in_range"),
    ],
)
def test_half_a_place_or_one_off_the_earth_is_refused_by_the_database(stall, lat, lng, constraint):
    with pytest.raises(DatabaseError, match=constraint), transaction.atomic():
        stall.objects.create(lat=lat, lng=lng)

    assert not stall.objects.exists()


@pytest.mark.parametrize(("lat", "lng"), [(91, 0), (0, 181), (math.nan, 0), (0, math.inf)])
def test_validation_says_so_before_the_database_does(stall, lat, lng):
    with pytest.raises(ValidationError) as refusal:
        stall(lat=lat, lng=lng).full_clean()

    assert set(refusal.value.error_dict) & {"lat", "lng", "__all__"}


def test_the_point_is_right_when_a_restore_has_no_search_path(stall):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path = ''")
        cursor.execute(
            "INSERT INTO public.config_stall (lat, lng, kind) VALUES (%s, %s, 'tea')", DUBAI
        )
        cursor.execute("UPDATE public.config_stall SET lat = lat + 0")
        cursor.execute("SET LOCAL search_path = public")

    (row,) = stall.objects.near(*DUBAI, 1, exact=True)
    assert row.point == pytest.approx(geodesy.geocentric(*DUBAI))
