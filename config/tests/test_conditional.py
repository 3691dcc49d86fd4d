"""ETags: nobody overwrites what they have not seen."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from rest_framework.test import APIClient

from accounts.models import Building
from accounts.tests.factories.people import UserFactory, open_session, sign_in

pytestmark = [pytest.mark.urls("config.tests.kernel_urls"), pytest.mark.capability("A06")]


@pytest.fixture
def caller(db, api: APIClient) -> APIClient:
    """A client that somebody has signed in."""
    sign_in(api, UserFactory())
    return api


@pytest.fixture
def house(db) -> Building:
    """A house of four floors."""
    return Building.objects.create(name="Palm Heights", city="Dubai", floors=4)


def address(house: Building) -> str:
    return f"/api/v1/buildings/{house.pk}/"


def test_a_representation_has_a_tag_that_changes_with_it(caller, house):
    read = caller.get(address(house))
    again = caller.get(address(house))
    changed = caller.patch(address(house), {"floors": 5})
    after = caller.get(address(house))

    assert read["ETag"].startswith('W/"')
    assert again["ETag"] == read["ETag"]
    assert changed["ETag"] == after["ETag"] != read["ETag"]


def test_what_was_just_read_can_be_changed_and_removed(caller, house):
    tag = caller.get(address(house))["ETag"]

    changed = caller.patch(address(house), {"floors": 5}, headers={"If-Match": tag})
    removed = caller.delete(address(house), headers={"If-Match": changed["ETag"]})

    assert (changed.status_code, changed.json()["floors"]) == (200, 5)
    assert removed.status_code == 204
    assert Building.objects.count() == 0


@pytest.mark.parametrize("method", ["patch", "delete"])
@pytest.mark.parametrize("tag", ['W/"0123"', '"0123"', "nonsense", "", 'W/"a", "b"'])
def test_a_stale_tag_stops_the_change(caller, house, method, tag):
    call = getattr(caller, method)

    response = call(address(house), {"floors": 5}, headers={"If-Match": tag})

    assert response.status_code == 412
    assert response.json()["code"] == "stale"
    assert response.json()["current"] == caller.get(address(house))["ETag"]
    house.refresh_from_db()
    assert house.floors == 4


def test_any_of_several_tags_or_a_star_will_do(caller, house):
    tag = caller.get(address(house))["ETag"]

    several = caller.patch(address(house), {"floors": 5}, headers={"If-Match": f'"x", {tag}'})
    star = caller.patch(address(house), {"floors": 6}, headers={"If-Match": "*"})

    assert (several.status_code, star.status_code) == (200, 200)


def test_a_tag_of_something_that_is_gone_is_not_found(caller, house):
    tag = caller.get(address(house))["ETag"]
    house.delete()

    response = caller.patch(address(house), {"floors": 5}, headers={"If-Match": tag})

    assert response.status_code == 404


@pytest.mark.django_db(transaction=True)
def test_of_ten_who_saw_the_same_version_one_changes_it():
    token = open_session(UserFactory()).tokens.access_token
    house = Building.objects.create(name="Palm Heights", city="Dubai", floors=4)
    tag = APIClient().get(address(house))["ETag"]
    barrier = threading.Barrier(10)

    def change(floors: int) -> Any:
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
        barrier.wait()
        try:
            return client.patch(
                address(house), {"floors": floors}, headers={"If-Match": tag}
            ).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as threads:
        statuses = list(threads.map(change, range(10, 20)))

    assert sorted(statuses) == [200, *[412] * 9]
    house.refresh_from_db()
    assert house.floors == 10 + statuses.index(200)
