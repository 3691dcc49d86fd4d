"""The contractor directory: who is in it, how they are found, and what it never tells."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db.models import Case, DecimalField, Value, When
from django.utils import timezone

from accounts.models import Profile, Verification
from accounts.services.connections import block_user
from accounts.services.directory import forget_figure, register_figure
from accounts.services.verifications import approve_verification, submit_verification
from accounts.tests.clients import client_of
from accounts.tests.factories.organizations import reviewer
from accounts.tests.factories.papers import license_papers
from accounts.tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

LIST = "/api/v1/contractors/"
MARINA = {"lat": 25.080312, "lng": 55.140345}
SECRETS = (
    "971501234567",
    "priya@example.com",
    "Al Marsa",
    "98765",
    "Marina Heights",
    "cheap on Fridays",
    "9000",
    "25.0803",
    "55.1403",
    "salary",
    "notification",
)


def contractor(name="Priya Nair", *, profile=None, **columns):
    person = UserFactory(contractor=True, full_name=name, **columns)
    if profile is not None:
        Profile.objects.create(user=person, **profile)
    return person


def private_contractor():
    """Somebody with everything that strangers must not learn."""
    return contractor(
        phone_number="+971501234567",
        email="priya@example.com",
        address="Al Marsa Street 14",
        pincode="98765",
        building_name="Marina Heights",
        bio="Electrician",
        **MARINA,
        profile={
            "summary": "Fourteen years of light.",
            "skills": [{"name": "Solar", "level": "Expert", "private_note": "cheap on Fridays"}],
            "salary_min": 9000,
            "notification_prefs": {"email": True},
            "hourly_rate": Decimal("120.5"),
        },
    )


def names(response):
    assert response.status_code == 200, response.data
    return [row["name"] for row in response.data["results"]]


@pytest.fixture
def ratings():
    """Gives contractors ratings by name, as the app that keeps reviews will."""
    given = {}

    def rating():
        cases = [When(full_name=name, then=Value(Decimal(stars))) for name, stars in given.items()]
        return Case(*cases, output_field=DecimalField(max_digits=3, decimal_places=2))

    replaced = register_figure("rating", rating)
    yield given
    forget_figure("rating")
    if replaced is not None:
        register_figure("rating", replaced)


@pytest.mark.capability("A35")
def test_the_directory_lists_active_contractors_who_want_to_be_found(api):
    contractor("Ahmed", profile={"headline": "Plumber"})
    contractor("Without a profile")
    contractor("Left out", profile={"visibility": {"show_in_directory": False}})
    contractor("Suspended", suspended=True)
    UserFactory(full_name="Neighbour")

    response = api.get(LIST)

    assert names(response) == ["Ahmed", "Without a profile"]
    assert response.data["results"][0]["headline"] == "Plumber"
    assert response.data["count"] == 2


@pytest.mark.capability("A35", "A36")
def test_a_block_hides_a_contractor_from_the_directory(api):
    person, neighbour = contractor(), UserFactory()
    block_user(blocker=person, blocked=neighbour)
    client = client_of(neighbour)

    assert names(client.get(LIST)) == []
    assert client.get(f"{LIST}{person.pk}/").status_code == 404
    assert names(api.get(LIST)) == ["Priya Nair"]


@pytest.mark.capability("A35")
def test_a_contractors_page_has_no_private_data(api):
    person = private_contractor()

    page = api.get(f"{LIST}{person.pk}/")
    listed = api.get(f"{LIST}?near=25.08,55.14")
    features = api.get(LIST, HTTP_ACCEPT="application/geo+json")

    assert page.data["summary"] == "Fourteen years of light."
    assert page.data["skills"] == ["Solar"]
    assert page.data["rates"] == {"hourly_rate": "120.50", "visit_rate": None, "currency": "AED"}
    for response in (page, listed, features):
        shown = json.dumps(response.json())
        for secret in SECRETS:
            assert secret not in shown
    (feature,) = features.json()["features"]
    assert feature["geometry"]["coordinates"] == [person.cell_lng, person.cell_lat]


@pytest.mark.capability("A35")
def test_the_distance_is_that_of_the_cell_and_rounded(api):
    here = contractor("Here", lat=25.0851, lng=55.1501)
    contractor("In the same cell", lat=25.0899, lng=55.1509, profile={})

    rows = api.get(f"{LIST}?near=25.0900,55.1600&radius_km=5").data["results"]

    assert (here.cell_lat, here.cell_lng) != (here.lat, here.lng)
    distances = {row["distance_m"] for row in rows}
    assert len(rows) == 2
    assert len(distances) == 1
    assert distances.pop() % 100 == 0
    assert api.get(LIST).data["results"][0]["distance_m"] is None


@pytest.mark.capability("A35")
def test_contractors_are_found_nearest_first(api):
    contractor("Far", lat=25.20, lng=55.30)
    contractor("Near", **MARINA)
    contractor("Nowhere")
    contractor("Hidden", **MARINA, profile={"visibility": {"show_neighborhood": False}})

    assert names(api.get(f"{LIST}?near=25.08,55.14&radius_km=50")) == ["Near", "Far"]
    assert names(api.get(f"{LIST}?near=25.08,55.14&radius_km=5")) == ["Near"]
    assert names(api.get(f"{LIST}?near=25.08,55.14&radius_km=50&ordering=name")) == ["Far", "Near"]
    assert names(api.get(f"{LIST}?bbox=55.2,25.1,55.4,25.3")) == ["Far"]
    hidden = next(row for row in api.get(LIST).data["results"] if row["name"] == "Hidden")
    assert (hidden["location"]["lat"], hidden["distance_m"]) == (None, None)


@pytest.mark.capability("A35")
def test_contractors_are_found_by_trade_skill_city_and_name(api):
    contractor(
        "Ahmed Khan",
        city="Dubai",
        profile={"trades": ["plumbing", "tiling"], "skills": [{"name": "Pipe Freezing"}]},
    )
    contractor("Priya Nair", city="Sharjah", profile={"trades": ["Electrical"]})
    contractor("Shy", city="Dubai", profile={"visibility": {"show_city": False}})

    assert names(api.get(f"{LIST}?trade=Plumbing")) == ["Ahmed Khan"]
    assert names(api.get(f"{LIST}?trade=electrical")) == ["Priya Nair"]
    assert names(api.get(f"{LIST}?skill=PIPE freezing")) == ["Ahmed Khan"]
    assert names(api.get(f"{LIST}?skill=pipe")) == []
    assert names(api.get(f"{LIST}?city=dubai")) == ["Ahmed Khan"]
    assert names(api.get(f"{LIST}?search=nair")) == ["Priya Nair"]
    assert names(api.get(f"{LIST}?trade=plumbing&city=Sharjah")) == []
    assert names(api.get(f"{LIST}?ordering=-name")) == ["Shy", "Priya Nair", "Ahmed Khan"]


@pytest.mark.capability("A35", "A37")
def test_contractors_are_found_by_approved_papers_that_still_count(api):
    approved, expired, waiting = (contractor(name) for name in ("Approved", "Expired", "Waiting"))
    for person in (approved, expired, waiting):
        papers = submit_verification(user=person, **license_papers(person))
        if person is not waiting:
            approve_verification(verification=papers, reviewer=reviewer())
    past = timezone.now().date() - timedelta(days=2)
    Verification.objects.filter(user=expired).update(license_valid_until=past)

    assert names(api.get(f"{LIST}?verified=true")) == ["Approved"]
    assert names(api.get(f"{LIST}?verified=false")) == ["Expired", "Waiting"]
    shown = {row["name"]: row["is_approved"] for row in api.get(LIST).data["results"]}
    assert shown == {"Approved": True, "Expired": False, "Waiting": False}
    assert date(2031, 1, 31).isoformat() not in json.dumps(api.get(LIST).json())


@pytest.mark.capability("A35")
def test_contractors_are_found_and_ordered_by_rating(api, ratings):
    for name in ("Ahmed", "Priya", "Unrated"):
        contractor(name)
    ratings |= {"Ahmed": "3.50", "Priya": "4.75"}

    assert names(api.get(f"{LIST}?rating_min=4")) == ["Priya"]
    assert names(api.get(f"{LIST}?ordering=-rating")) == ["Priya", "Ahmed", "Unrated"]
    assert [row["rating"] for row in api.get(f"{LIST}?ordering=name").data["results"]] == [
        "3.50",
        "4.75",
        None,
    ]


@pytest.mark.capability("A35")
def test_without_reviews_nobody_has_a_rating(api):
    contractor()

    assert names(api.get(f"{LIST}?rating_min=1")) == []
    assert names(api.get(f"{LIST}?ordering=-rating")) == ["Priya Nair"]
    assert api.get(LIST).data["results"][0]["rating"] is None


@pytest.mark.capability("A35")
def test_hidden_rates_are_not_shown(api):
    contractor(
        profile={"hourly_rate": Decimal(120), "visibility": {"show_rates": False}},
    )

    assert api.get(LIST).data["results"][0]["rates"] is None


@pytest.mark.parametrize("query", ["phone=1", "ordering=phone_number", "rating_min=9", "near=1"])
def test_what_the_directory_does_not_know_is_refused(api, query):
    assert api.get(f"{LIST}?{query}").status_code == 400


@pytest.mark.capability("A35")
def test_the_directory_costs_the_same_however_long_it_is(api, assert_constant_queries):
    assert_constant_queries(
        lambda: api.get("/api/v1/contractors/?near=25.08,55.14&radius_km=5&ordering=-rating"),
        lambda: contractor(**MARINA, profile={"trades": ["plumbing"]}),
    )
