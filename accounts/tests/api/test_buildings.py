"""Buildings in the API: everybody finds them, few change them."""

import pytest

from accounts.models import Building
from accounts.tests.clients import client_of
from accounts.tests.factories.buildings import BuildingFactory, ResidencyFactory
from accounts.tests.factories.organizations import OrganizationFactory, owner_of, seated
from accounts.tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

LIST = "/api/v1/buildings/"
MARINA = {"lat": 25.0803, "lng": 55.1403}


def page(building):
    return f"{LIST}{building.pk}/"


@pytest.mark.capability("A16")
def test_a_society_lists_its_building():
    society = OrganizationFactory(society=True)

    response = client_of(owner_of(society)).post(
        LIST, {"name": "Tower", "city": "Dubai", "society": str(society.pk), **MARINA}
    )

    assert response.status_code == 201
    assert response.data["society"]["id"] == str(society.pk)
    assert response.data["location"] == MARINA
    assert "join_code_hash" not in response.data


@pytest.mark.capability("A16")
def test_a_building_that_is_listed_already_is_a_400_with_its_code():
    building = BuildingFactory(name="Tower", city="Dubai", address="Street 1")

    response = client_of(building.created_by).post(
        LIST,
        {
            "name": "Tower",
            "city": "Dubai",
            "address": "Street 1",
            "country": "AE",
            "society": str(building.society_id),
        },
    )

    assert response.status_code == 400
    assert "building_exists" in response.content.decode()
    assert Building.objects.count() == 1


@pytest.mark.capability("A16", "A02")
def test_strangers_find_a_building_and_change_nothing(api):
    building = BuildingFactory(name="Tower")
    society = building.society
    strangers = [
        client_of(UserFactory(builder=True)),
        client_of(owner_of(OrganizationFactory(society=True))),
        client_of(seated(society, "member")),
    ]

    assert api.get(page(building)).data["name"] == "Tower"
    assert api.post(LIST, {"name": "X", "city": "Dubai"}).status_code == 401
    assert api.patch(page(building), {"name": "X"}).status_code == 401
    assert api.post(f"{page(building)}join-code/").status_code == 401
    for client in strangers:
        body = {"name": "X", "city": "Dubai", "society": str(society.pk)}
        assert client.post(LIST, body).status_code == 403
        assert client.patch(page(building), {"name": "X"}).status_code == 403
        assert client.post(f"{page(building)}join-code/").status_code == 403
    assert list(Building.objects.values_list("name", "join_code_hash")) == [("Tower", "")]


@pytest.mark.capability("A16")
def test_nobody_overwrites_a_building_they_have_not_seen():
    building = BuildingFactory()
    client = client_of(building.created_by)
    seen = client.get(page(building))["ETag"]
    client.patch(page(building), {"floors": 40}, HTTP_IF_MATCH=seen)

    stale = client.patch(page(building), {"floors": 41}, HTTP_IF_MATCH=seen)

    assert stale.status_code == 412
    building.refresh_from_db()
    assert building.floors == 40


def test_the_society_of_a_building_is_not_changed_by_those_who_describe_it():
    building = BuildingFactory()
    other = OrganizationFactory(society=True, creator=building.created_by)

    response = client_of(building.created_by).patch(page(building), {"society": str(other.pk)})

    assert response.status_code == 200
    assert Building.objects.get().society_id == building.society_id


@pytest.mark.capability("A21")
def test_a_join_code_is_shown_once_and_never_again():
    building = BuildingFactory()
    client = client_of(building.created_by)

    response = client.post(f"{page(building)}join-code/")

    assert response.status_code == 201
    code = response.data["join_code"]
    assert len(code) == 14
    assert code not in client.get(page(building)).content.decode()
    assert response["Cache-Control"] == "no-store"


@pytest.mark.capability("A21")
def test_an_idempotency_key_keeps_no_join_code():
    building = BuildingFactory()
    client = client_of(building.created_by)

    codes = {
        client.post(f"{page(building)}join-code/", HTTP_IDEMPOTENCY_KEY="code-1").data["join_code"]
        for _ in range(2)
    }

    assert len(codes) == 2


@pytest.mark.capability("A16")
def test_buildings_are_found_by_what_is_known_of_them(api):
    tower = BuildingFactory(name="Tower", city="Dubai", **MARINA)
    BuildingFactory(name="Villa", city="Sharjah", lat=25.35, lng=55.42)
    resident = ResidencyFactory(building=tower, verified=True).user

    def found(query, client=api):
        return [row["name"] for row in client.get(f"{LIST}?{query}").data["results"]]

    assert found("city=SHARJAH") == ["Villa"]
    assert found("search=tow") == ["Tower"]
    assert found(f"society={tower.society_id}") == ["Tower"]
    assert found("near=25.08,55.14&radius_km=5") == ["Tower"]
    assert found("near=25.08,55.14&radius_km=500") == ["Tower", "Villa"]
    assert found("bbox=55.4,25.3,55.5,25.4") == ["Villa"]
    assert found("mine=true") == []
    assert found("mine=true", client_of(resident)) == ["Tower"]
    assert found("ordering=-name") == ["Villa", "Tower"]
    collection = api.get(LIST, HTTP_ACCEPT="application/geo+json").json()
    assert [feature["geometry"]["coordinates"] for feature in collection["features"]] == [
        [55.1403, 25.0803],
        [55.42, 25.35],
    ]
    feature = api.get(page(tower), HTTP_ACCEPT="application/geo+json").json()
    assert (feature["type"], feature["properties"]["name"]) == ("Feature", "Tower")


@pytest.mark.capability("A16")
def test_the_list_of_buildings_costs_the_same_however_long_it_is(api, assert_constant_queries):
    assert_constant_queries(
        lambda: api.get("/api/v1/buildings/?bbox=55,25,56,26"), lambda: BuildingFactory(**MARINA)
    )
