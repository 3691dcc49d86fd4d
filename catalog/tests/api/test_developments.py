"""Developments in the API: everybody finds what is launched, builders change their own."""

import pytest

from accounts.choices import MediaKind, MediaPurpose
from accounts.services.organizations import suspend_organization
from accounts.tests.clients import client_of
from accounts.tests.factories.organizations import (
    OrganizationFactory,
    owner_of,
    reviewer,
)
from accounts.tests.factories.papers import CheckedFileFactory
from accounts.tests.factories.people import UserFactory
from catalog.models import Development
from catalog.tests.factories.homes import DevelopmentFactory, UnitFactory, member_of

pytestmark = pytest.mark.django_db

LIST = "/api/v1/developments/"
MARINA = {"lat": 25.0803, "lng": 55.1403}


def page(development):
    return f"{LIST}{development.pk}/"


def new(builder, **changes):
    return {"builder": str(builder.pk), "name": "Marina Heights", "city": "Dubai", **changes}


@pytest.fixture
def builder():
    return OrganizationFactory(builder=True, verified=True)


@pytest.mark.capability("R02", "R10")
def test_a_builder_lists_a_development_and_launches_it(api, builder):
    client = client_of(owner_of(builder))

    made = client.post(
        LIST,
        new(
            builder,
            **MARINA,
            amenities=[" Pool ", "pool", "Gym"],
            max_holds_per_user=3,
            hold_minutes=20,
        ),
    )

    assert made.status_code == 201
    assert made.data["slug"] == "marina-heights"
    assert made.data["amenities"] == ["Pool", "Gym"]
    assert made.data["location"] == MARINA
    assert (made.data["max_holds_per_user"], made.data["hold_minutes"]) == (3, 20)
    assert (made.data["status"], made.data["is_selling"]) == ("planning", False)
    assert (made.data["total_units"], made.data["price_from"]) == (0, None)
    assert made.data["percent_built"] == "0.00"
    address = f"{LIST}{made.data['id']}/"
    assert api.get(address).status_code == 404
    launched = client.post(f"{address}advance/", {"target": "pre_launch"})
    assert (launched.status_code, launched.data["status"]) == (200, "pre_launch")
    assert api.get(address).data["builder"]["id"] == str(builder.pk)


@pytest.mark.capability("R02")
def test_nobody_else_lists_a_development_for_a_builder(api, builder):
    others = [
        UserFactory(builder=True),
        owner_of(OrganizationFactory(builder=True, verified=True)),
        member_of(builder, "sales"),
        member_of(builder, "site"),
        UserFactory(staff=True),
    ]

    assert api.post(LIST, new(builder)).status_code == 401
    for person in others:
        assert client_of(person).post(LIST, new(builder)).status_code == 403
    assert not Development.objects.exists()


@pytest.mark.capability("R02")
def test_only_builders_have_developments():
    society = OrganizationFactory(society=True)

    response = client_of(owner_of(society)).post(LIST, new(society))

    assert response.status_code == 400
    assert response.data["errors"][0]["code"] == "not_a_builder"
    assert not Development.objects.exists()


@pytest.mark.capability("R02")
def test_a_builder_has_one_development_of_a_name_in_a_city(builder):
    client = client_of(owner_of(builder))
    client.post(LIST, new(builder))
    other = OrganizationFactory(builder=True)

    again = client.post(LIST, new(builder, name=" marina HEIGHTS "))

    assert again.status_code == 400
    assert again.data["errors"][0]["code"] == "development_exists"
    assert client.post(LIST, new(builder, city="Doha")).status_code == 201
    assert client_of(owner_of(other)).post(LIST, new(other)).status_code == 201
    assert Development.objects.count() == 3


@pytest.mark.capability("R02")
def test_strangers_and_other_builders_change_nothing(api):
    development = DevelopmentFactory(name="Marina Heights")
    builder = development.builder
    people = [
        UserFactory(),
        owner_of(OrganizationFactory(builder=True, verified=True)),
        member_of(builder, "sales"),
        member_of(builder, "finance"),
    ]
    acts = ["start-selling", "pause-selling", "archive", "advance"]
    body = {"reason": "x", "target": "under_construction"}

    assert api.patch(page(development), {"name": "X"}).status_code == 401
    assert api.delete(page(development)).status_code == 401
    for client in map(client_of, people):
        assert client.patch(page(development), {"name": "X"}).status_code == 403
        assert client.delete(page(development)).status_code == 403
        for act in acts:
            assert client.post(f"{page(development)}{act}/", body).status_code == 403
    development.refresh_from_db()
    assert (development.name, development.status) == ("Marina Heights", "selling")
    assert (development.is_selling, development.deleted_at) == (True, None)


@pytest.mark.capability("R02")
def test_a_suspended_builder_changes_nothing_and_is_not_seen(api):
    development = DevelopmentFactory()
    owner = owner_of(development.builder)
    suspend_organization(organization=development.builder, staff=reviewer(), reason="Complaints")

    response = client_of(owner).patch(page(development), {"name": "X"})

    assert response.status_code == 403
    assert api.get(page(development)).status_code == 404
    assert api.get(LIST).data["count"] == 0
    assert client_of(owner).get(page(development)).status_code == 200


@pytest.mark.capability("R02")
def test_nobody_overwrites_a_development_they_have_not_seen():
    development = DevelopmentFactory()
    client = client_of(owner_of(development.builder))
    seen = client.get(page(development))["ETag"]

    first = client.patch(page(development), {"hold_minutes": 30}, HTTP_IF_MATCH=seen)
    stale = client.patch(page(development), {"hold_minutes": 45}, HTTP_IF_MATCH=seen)

    assert (first.status_code, stale.status_code) == (200, 412)
    assert first["ETag"] != seen
    development.refresh_from_db()
    assert development.hold_minutes == 30


@pytest.mark.capability("R02")
def test_a_change_says_neither_state_nor_builder():
    development = DevelopmentFactory()
    other = OrganizationFactory(builder=True, creator=owner_of(development.builder))

    response = client_of(owner_of(development.builder)).patch(
        page(development),
        {"status": "handed_over", "is_selling": False, "builder": str(other.pk), "slug": "x"},
    )

    assert response.status_code == 200
    development.refresh_from_db()
    assert (development.status, development.is_selling) == ("selling", True)
    assert development.builder_id != other.pk


@pytest.mark.capability("R02")
@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"hold_minutes": 0}, "hold_minutes_range"),
        ({"max_holds_per_user": 101}, "max_holds_range"),
        ({"lat": 25.0}, "place_incomplete"),
        ({"lat": 91.0, "lng": 0.0}, "max_value"),
        ({"time_zone": "Mars/Olympus"}, "time_zone_unknown"),
        # "XXX" is ISO 4217's code for no currency at all.
        ({"currency": "XXX"}, "unknown"),
        ({"country": "uae"}, "invalid"),
        (
            {"launch_date": "2029-01-01", "expected_completion": "2028-01-01"},
            "dates_reversed",
        ),
        ({"plan_template": {"lines": [{"label": "All"}]}}, ""),
        ({"late_fee_policy": {"kind": "percent", "percent": "-1"}}, ""),
        ({"cancellation_policy": {"keep": "everything"}}, ""),
        ({"name": "x" * 161}, "max_length"),
        ({"name": "a\x00b"}, ""),
        ({"amenities": ["x"] * 41}, "max_length"),
        ({"images": ["nonsense"]}, ""),
    ],
)
def test_what_will_not_do_is_refused_where_it_stands(builder, values, code):
    response = client_of(owner_of(builder)).post(LIST, new(builder, **values))

    assert response.status_code == 400
    assert code in response.content.decode()
    assert not Development.objects.exists()


@pytest.mark.capability("R02")
def test_a_plan_waits_for_phases_of_the_same_development_only(builder):
    phase = "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f"
    lines = [
        {"label": "Deposit", "percent": "10", "due": {"rule": "deposit"}},
        {"label": "Structure", "percent": "90", "due": {"rule": "phase", "phase": phase}},
    ]

    response = client_of(owner_of(builder)).post(LIST, new(builder, plan_template={"lines": lines}))

    assert response.status_code == 400
    assert response.data["errors"][0]["pointer"] == "/plan_template/lines/1/due/phase"


@pytest.mark.capability("R02", "R35")
def test_pictures_and_the_brochure_are_shown_to_everybody_in_all_sizes(api):
    development = DevelopmentFactory()
    owner = owner_of(development.builder)
    renditions = {
        "320": {"key": "k/320.webp", "size": 100},
        "800": {"key": "k/800.webp", "size": 9},
    }
    kept = {"purpose": MediaPurpose.DEVELOPMENT, "renditions": renditions, "owner": owner}
    cover, first, second = (CheckedFileFactory(**kept) for _ in range(3))
    brochure = CheckedFileFactory(**kept, kind=MediaKind.DOCUMENT)
    colleague = member_of(development.builder, "admin")

    response = client_of(owner).patch(
        page(development),
        {
            "cover": str(cover.pk),
            "images": [str(first.pk), str(second.pk)],
            "brochure": str(brochure.pk),
        },
    )

    assert response.status_code == 200
    shown = api.get(page(development)).data
    assert sorted(shown["cover"]["links"]) == ["320", "800"]
    assert [image["id"] for image in shown["images"]] == [str(first.pk), str(second.pk)]
    assert "token" not in shown["brochure"]["links"]["320"]
    fewer = client_of(colleague).patch(page(development), {"images": [str(second.pk)]})
    assert [image["id"] for image in fewer.data["images"]] == [str(second.pk)]
    foreign = CheckedFileFactory(purpose=MediaPurpose.DEVELOPMENT, is_private=False)
    refused = client_of(owner).patch(page(development), {"cover": str(foreign.pk)})
    assert refused.data["errors"][0]["code"] == "file_unusable"
    assert Development.objects.get().cover_id == cover.pk


@pytest.mark.capability("R32")
def test_a_deleted_development_is_kept_and_seen_by_nobody(api):
    development = DevelopmentFactory()
    unit = UnitFactory(development=development)
    client = client_of(owner_of(development.builder))

    response = client.delete(page(development))

    assert response.status_code == 204
    development.refresh_from_db()
    assert development.deleted_at is not None
    for caller in (api, client):
        assert caller.get(page(development)).status_code == 404
        assert caller.get(f"/api/v1/units/{unit.pk}/").status_code == 404
        assert caller.get(LIST).data["count"] == 0
    again = client.post(
        LIST, {"builder": str(development.builder_id), "name": development.name, "city": "Dubai"}
    )
    assert again.status_code == 201
