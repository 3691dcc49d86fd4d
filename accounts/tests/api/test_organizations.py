"""Organizations in the API: what everybody sees, and what only some may do."""

import pytest

from accounts.choices import MediaPurpose
from accounts.models import Membership, Organization
from accounts.tests.clients import client_of
from accounts.tests.factories.organizations import OrganizationFactory, owner_of, seated
from accounts.tests.factories.papers import CheckedFileFactory
from accounts.tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

LIST = "/api/v1/organizations/"
MARINA = {"lat": 25.0803, "lng": 55.1403}


def page(organization):
    return f"{LIST}{organization.pk}/"


@pytest.mark.capability("A16", "R01")
def test_whoever_founds_an_organization_gets_its_page_and_owns_it():
    founder = UserFactory()

    response = client_of(founder).post(
        LIST, {"kind": "society", "name": "Marina Heights", "city": "Dubai", **MARINA}
    )

    assert response.status_code == 201
    assert response["ETag"]
    assert response.data["name"] == "Marina Heights"
    assert response.data["location"] == MARINA
    assert (response.data["my_role"], response.data["members_count"]) == ("owner", 1)
    assert (response.data["verified_at"], response.data["status"]) == (None, "active")
    assert Membership.objects.get().user == founder


@pytest.mark.capability("A16")
def test_a_kind_is_needed_and_never_changes():
    organization = OrganizationFactory()
    client = client_of(owner_of(organization))

    missing = client.post(LIST, {"name": "Marina Heights"})
    changed = client.patch(page(organization), {"kind": "builder", "status": "suspended"})

    assert missing.status_code == 400
    assert missing.data["errors"][0]["pointer"] == "/kind"
    assert changed.status_code == 200
    organization.refresh_from_db()
    assert (organization.kind, organization.status) == ("society", "active")


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"name": ""}, "/name", "blank"),
        ({"email": "nobody"}, "/email", "invalid"),
        ({"website": "javascript:alert(1)"}, "/website", "invalid"),
        ({"phone": "12"}, "/phone", "phone_not_e164"),
        ({"country": "Emirates"}, "/country", "invalid"),
        ({"lat": 25.0}, "", "place_incomplete"),
        ({"lat": 95.0, "lng": 0.0}, "/lat", "max_value"),
        ({"established_year": 1066}, "/established_year", "established_year"),
    ],
)
def test_what_cannot_be_is_refused_where_it_stands(body, pointer, code):
    organization = OrganizationFactory()
    before = Organization.objects.values().get()

    response = client_of(owner_of(organization)).patch(page(organization), body)

    assert response.status_code == 400
    assert (pointer, code) in [
        (error["pointer"], error["code"]) for error in response.data["errors"]
    ]
    assert Organization.objects.values().get() == before


@pytest.mark.capability("A16")
def test_a_registration_number_that_is_taken_is_a_400_with_its_code():
    OrganizationFactory(kind="builder", registration_no="CN-1")

    response = client_of(UserFactory()).post(
        LIST, {"kind": "builder", "name": "Copy", "registration_no": "CN-1"}
    )

    assert response.status_code == 400
    assert response.data["errors"][0]["code"] == "registration_taken"
    assert Organization.objects.count() == 1


@pytest.mark.capability("A16")
def test_nobody_overwrites_what_they_have_not_seen():
    organization = OrganizationFactory()
    client, other = client_of(owner_of(organization)), client_of(seated(organization, "admin"))
    seen = client.get(page(organization))["ETag"]
    other.patch(page(organization), {"description": "By the administrator"})

    stale = client.patch(page(organization), {"description": "Mine"}, HTTP_IF_MATCH=seen)
    fresh = client.get(page(organization))["ETag"]
    retried = client.patch(page(organization), {"description": "Mine"}, HTTP_IF_MATCH=fresh)

    assert (stale.status_code, stale.data["code"]) == (412, "stale")
    assert retried.status_code == 200
    assert retried["ETag"] not in {seen, fresh}
    organization.refresh_from_db()
    assert organization.description == "Mine"


@pytest.mark.capability("A16", "R01")
def test_strangers_read_a_page_and_change_nothing(api):
    organization = OrganizationFactory(name="Marina Heights")
    stranger = client_of(UserFactory(society=True))

    assert api.get(page(organization)).data["name"] == "Marina Heights"
    assert api.get(page(organization)).data["my_role"] is None
    assert api.patch(page(organization), {"name": "Mine"}).status_code == 401
    assert api.post(LIST, {"kind": "society", "name": "Mine"}).status_code == 401
    assert stranger.patch(page(organization), {"name": "Mine"}).status_code == 403
    assert stranger.delete(page(organization)).status_code == 405
    assert list(Organization.objects.values_list("name", flat=True)) == ["Marina Heights"]


@pytest.mark.capability("A16", "A03")
def test_a_suspended_organization_is_missing_to_strangers(api):
    organization = OrganizationFactory(suspended=True)
    owner = client_of(owner_of(organization))

    assert api.get(page(organization)).status_code == 404
    assert client_of(UserFactory()).patch(page(organization), {"name": "X"}).status_code == 404
    assert owner.get(page(organization)).data["status"] == "suspended"
    refused = owner.patch(page(organization), {"name": "X"})
    assert (refused.status_code, refused.data["code"]) == (403, "organization_suspended")


@pytest.mark.capability("R01")
def test_a_builder_has_a_page_with_the_company_behind_it(api):
    company = {
        "legal_name": "Creek Builders LLC",
        "registration_no": "CN-2201",
        "description": "Homes by the water since 1998.",
        "website": "https://creek.example",
    }
    builder = OrganizationFactory(builder=True, name="Creek Builders")

    response = client_of(owner_of(builder)).patch(page(builder), company)
    shown = api.get(page(builder))

    assert response.status_code == 200
    assert (shown.data["kind"], shown.data["name"]) == ("builder", "Creek Builders")
    assert {name: shown.data[name] for name in company} == company


def test_a_logo_is_taken_by_identifier_and_shown_by_address():
    organization = OrganizationFactory()
    owner = owner_of(organization)
    logo = CheckedFileFactory(owner=owner, purpose=MediaPurpose.ORGANIZATION)
    foreign = CheckedFileFactory(purpose=MediaPurpose.ORGANIZATION)
    client = client_of(owner)

    refused = client.patch(page(organization), {"logo": str(foreign.pk)})
    response = client.patch(page(organization), {"logo": str(logo.pk)})

    assert refused.data["errors"][0]["code"] == "does_not_exist"
    assert response.data["logo_url"].endswith(f"/api/v1/media/{logo.pk}/file/")
    assert client.patch(page(organization), {"logo": None}).data["logo_url"] is None


@pytest.mark.capability("A16", "R01")
def test_organizations_are_found_by_what_is_known_of_them(api):
    society = OrganizationFactory(name="Marina Heights", city="Dubai", verified=True)
    builder = OrganizationFactory(builder=True, name="Creek Builders", city="Sharjah")

    def found(query, client=api):
        return {row["name"] for row in client.get(f"{LIST}?{query}").data["results"]}

    assert found("kind=builder") == {"Creek Builders"}
    assert found("city=dubai") == {"Marina Heights"}
    assert found("verified=true") == {"Marina Heights"}
    assert found("verified=false") == {"Creek Builders"}
    assert found("search=creek") == {"Creek Builders"}
    assert found("mine=true") == set()
    assert found("mine=true", client_of(owner_of(builder))) == {"Creek Builders"}
    assert [row["name"] for row in api.get(f"{LIST}?ordering=-name").data["results"]] == [
        "Marina Heights",
        "Creek Builders",
    ]
    assert society.verified_at is not None


@pytest.mark.parametrize(
    "query", ["color=red", "ordering=phone", "kind=castle", "verified=maybe", "page_size=1000"]
)
def test_unknown_filters_and_values_are_refused(api, query):
    assert api.get(f"{LIST}?{query}").status_code == 400


@pytest.mark.capability("A16")
def test_organizations_are_found_near_a_point_and_in_a_box_and_as_geojson(api):
    near = OrganizationFactory(name="Near", **MARINA)
    OrganizationFactory(name="Far", lat=24.4539, lng=54.3773)
    OrganizationFactory(name="Nowhere")

    close = api.get(f"{LIST}?near=25.08,55.14&radius_km=5").data["results"]
    boxed = api.get(f"{LIST}?bbox=55.0,25.0,55.2,25.2").data["results"]
    features = api.get(f"{LIST}?near=25.08,55.14&radius_km=5", HTTP_ACCEPT="application/geo+json")

    assert [row["name"] for row in close] == [row["name"] for row in boxed] == ["Near"]
    assert 0 < close[0]["distance_m"] < 100
    assert features["Content-Type"] == "application/geo+json"
    (feature,) = features.json()["features"]
    assert feature["id"] == str(near.pk)
    assert feature["geometry"] == {"type": "Point", "coordinates": [55.1403, 25.0803]}
    assert feature["properties"]["name"] == "Near"
    assert features.json()["count"] == 1


@pytest.mark.parametrize(
    "query",
    [
        "near=25",
        "near=a,b",
        "near=95,0&radius_km=1",
        "radius_km=5",
        "near=25,55&radius_km=0",
        "near=25,55&radius_km=501",
        "near=nan,nan",
        "bbox=1,2,3",
        "bbox=0,50,10,40",
        "bbox=-180,-90,180,90",
    ],
)
def test_impossible_places_are_refused(api, query):
    response = api.get(f"{LIST}?{query}")

    assert response.status_code == 400
    assert response.data["errors"][0]["parameter"] in {"near", "radius_km", "bbox"}


@pytest.mark.capability("A16")
def test_the_list_costs_the_same_however_long_it_is(assert_constant_queries):
    client = client_of(UserFactory())

    assert_constant_queries(
        lambda: client.get("/api/v1/organizations/?near=25.08,55.14&radius_km=5"),
        lambda: OrganizationFactory(**MARINA),
    )
