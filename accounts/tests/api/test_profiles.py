"""The profile of the caller: what it takes, what it refuses, and who overwrites whom."""

import pytest

from accounts.models import Profile, User
from accounts.services.profile_schemas import SCHEMAS

PROFILE = "/api/v1/profile/"


@pytest.fixture
def person(db):
    return User.objects.create_user(
        "+971501110002", full_name="Priya Nair", first_name="Priya", last_name="Nair"
    )


@pytest.fixture
def mine(api, person):
    api.force_authenticate(person)
    return api


@pytest.mark.capability("J02", "J03")
def test_a_profile_is_there_before_anything_is_said(mine, person):
    response = mine.get(PROFILE)

    assert response.status_code == 200
    assert response.data["name"] == "Priya Nair"
    assert response.data["phone_number"] == "+971501110002"
    assert response.data["skills"] == []
    assert response.data["updated_at"] is None
    assert not Profile.objects.exists()


@pytest.mark.capability("J02", "J03", "R01")
def test_what_is_put_comes_back(mine, person):
    sent = {
        "name": "Priya R. Nair",
        "headline": "Electrician",
        "location": "Dubai, AE",
        "portfolio_links": [{"label": "Site", "url": "https://nair.example"}],
        "target_roles": ["Lead electrician"],
        "target_locations": ["Dubai", "Sharjah"],
        "salary_min": "9000.00",
        "salary_max": "12000.00",
        "salary_currency": "AED",
        "open_to_relocation": True,
        "remote_preference": "onsite",
        "summary": "Fourteen years of light.",
        "skills": [{"name": "Solar", "years": 6, "x-endorsed": True}],
        "education": [{"institution": "NIT Calicut", "study_type": "BTech", "end_date": "2009"}],
        "work_experience": [{"company": "Gulf Light", "position": "Electrician"}],
        "languages": [{"language": "Malayalam", "fluency": "Native"}],
        "certificates": [{"name": "DEWA licence", "date": "2015-02-01"}],
        "trades": ["electrical"],
        "notification_prefs": {"email": True, "topics": {"offers": {"sms": False}}},
        "visibility": {"show_city": False, "unheard_of": {"kept": 1}},
    }

    response = mine.put(PROFILE, sent)

    assert response.status_code == 200
    assert {field: response.data[field] for field in sent} == sent
    assert {field: mine.get(PROFILE).data[field] for field in sent} == sent
    person.refresh_from_db()
    assert (person.first_name, person.last_name) == ("Priya R.", "Nair")


@pytest.mark.capability("J03", "R01")
def test_what_is_left_out_stays(mine):
    mine.put(PROFILE, {"headline": "Electrician", "trades": ["electrical"]})

    response = mine.patch(PROFILE, {"headline": "Solar electrician"})

    assert response.data["headline"] == "Solar electrician"
    assert response.data["trades"] == ["electrical"]


@pytest.mark.capability("R01")
def test_a_customer_says_what_home_they_look_for(mine):
    sent = {
        "budget_min": "900000.00",
        "budget_max": "1400000.00",
        "preferred_locations": ["Dubai Marina", "Business Bay"],
        "bedrooms": 2,
        "purpose": "live_in",
    }

    assert mine.patch(PROFILE, sent).status_code == 200
    reversed_budget = mine.patch(PROFILE, {"budget_max": "800000.00"})

    assert reversed_budget.status_code == 400
    assert reversed_budget.data["errors"][0]["code"] == "budget_range"
    assert {field: mine.get(PROFILE).data[field] for field in sent} == sent


@pytest.mark.capability("J04")
@pytest.mark.parametrize(
    ("sent", "pointer", "code"),
    [
        ({"skills": "Solar"}, "/skills", "wrong_type"),
        ({"skills": [{"level": "Expert"}]}, "/skills/0", "required"),
        ({"skills": [{"name": "A"}, {"name": 7}]}, "/skills/1/name", "wrong_type"),
        ({"skills": [{"name": "A", "years": -1}]}, "/skills/0/years", "too_small"),
        (
            {"work_experience": [{"start_date": "2020-13"}]},
            "/work_experience/0/start_date",
            "wrong_format",
        ),
        ({"work_experience": {"company": "A"}}, "/work_experience", "wrong_type"),
        ({"education": [{"courses": [1]}]}, "/education/0/courses/0", "wrong_type"),
        ({"portfolio_links": [{"url": "javascript:alert(1)"}]}, "/portfolio_links/0/url", None),
        ({"portfolio_links": [{"label": "Nowhere"}]}, "/portfolio_links/0", "incomplete"),
        ({"languages": [None]}, "/languages/0", "wrong_type"),
        ({"certificates": [{"name": "x" * 201}]}, "/certificates/0/name", "too_long"),
        ({"notification_prefs": {"email": "yes"}}, "/notification_prefs/email", "wrong_type"),
        ({"notification_prefs": []}, "/notification_prefs", "wrong_type"),
        ({"visibility": {"show_city": 1}}, "/visibility/show_city", "wrong_type"),
        ({"visibility": None}, "/visibility", "null"),
        ({"skills": [{"name": "A", "note": "x" * 66_000}]}, "/skills", "too_large"),
        ({"skills": [{"name": str(n)} for n in range(201)]}, "/skills", "too_many"),
        ({"target_roles": ["x" * 81]}, "/target_roles/0", "max_length"),
        ({"target_roles": ["x"] * 31}, "/target_roles", "max_length"),
        ({"salary_min": "2.00", "salary_max": "1.00"}, "", "salary_range"),
        # "XXX" is ISO 4217's code for no currency at all.
        ({"salary_currency": "XXX"}, "/salary_currency", "unknown"),
        (
            {"salary_min": "1.50", "salary_currency": "JPY"},
            "/salary_min",
            "amount_too_precise",
        ),
        ({"service_radius_km": 501}, "/service_radius_km", "radius_too_large"),
        ({"name": ""}, "/name", "blank"),
        ({"name": "x" * 161}, "/name", "max_length"),
    ],
)
def test_what_does_not_fit_is_refused_where_it_stands_and_changes_nothing(
    mine, person, sent, pointer, code
):
    mine.put(PROFILE, {"headline": "Electrician"})
    before = Profile.objects.values().get()

    response = mine.patch(PROFILE, {"headline": "Other", **sent})

    assert response.status_code == 400, response.data
    found = [(error["pointer"], error["code"]) for error in response.data["errors"]]
    assert (pointer, code) in found or (code is None and pointer in dict(found))
    assert Profile.objects.values().get() == before


def test_a_profile_takes_nothing_that_is_not_its_own_to_say(mine, person):
    other = User.objects.create_user("+971501110003")
    sent = {"user": str(other.pk), "user_id": str(other.pk), "extra": {"jsonresume": {"x": 1}}}
    sent |= {"phone_number": "+971509999999", "email": "other@courtyard.example", "id": "1"}

    response = mine.put(PROFILE, {"headline": "Electrician", **sent})

    person.refresh_from_db()
    profile = Profile.objects.get()
    assert response.status_code == 200
    assert (profile.user, profile.extra) == (person, {})
    assert (person.phone_number, person.email) == ("+971501110002", None)


def test_nobody_overwrites_what_they_have_not_seen(mine, person):
    seen = mine.get(PROFILE)["ETag"]
    mine.patch(PROFILE, {"headline": "From the phone"})

    late = mine.patch(PROFILE, {"headline": "From the laptop"}, headers={"if-match": seen})
    again = mine.patch(
        PROFILE, {"headline": "From the laptop"}, headers={"if-match": mine.get(PROFILE)["ETag"]}
    )

    assert (late.status_code, late.data["code"]) == (412, "stale")
    assert (again.status_code, again.data["headline"]) == (200, "From the laptop")


def test_a_new_name_is_a_new_version_of_the_profile(mine, person):
    seen = mine.get(PROFILE)["ETag"]
    person.full_name = "Priya Menon"
    person.save(update_fields=["full_name", "updated_at"])

    response = mine.patch(PROFILE, {"headline": "Late"}, headers={"if-match": seen})

    assert response.status_code == 412


@pytest.mark.parametrize("method", ["get", "put", "patch"])
def test_a_profile_is_for_people_who_are_signed_in(api, db, method):
    response = getattr(api, method)(PROFILE, {"headline": "x"})

    assert response.status_code == 401


@pytest.mark.capability("J04")
@pytest.mark.parametrize("name", SCHEMAS)
def test_the_schemas_are_published(api, db, name):
    response = api.get(f"/api/v1/profile/schemas/{name}/")

    assert response.status_code == 200
    assert response.json()["$schema"].startswith(("https://json-schema.org", "http://json-schema"))


def test_a_schema_that_is_not_there_is_missing(api, db):
    response = api.get("/api/v1/profile/schemas/secrets/")

    assert (response.status_code, response.json()["code"]) == (404, "not_found")
