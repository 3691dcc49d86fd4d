"""What people change of their own account, and what is not theirs to change."""

import pytest
from django.contrib.auth.models import Group, Permission

from accounts.choices import MediaKind, MediaPurpose, MediaStatus
from accounts.models import MediaFile, User
from accounts.tests.factories.people import UserFactory
from config.shared.clock import database_now

ACCOUNT = "/api/v1/users/profile/"
SENT = {
    "name": "Priya Nair",
    "username": "Priya.Nair",
    "bio": "Light, everywhere.",
    "description": "Electrician",
    "address": "Marina Walk 3",
    "city": "Dubai",
    "state": "Dubai",
    "pincode": "00000",
    "neighborhood": "Marina",
    "building_name": "Pearl House",
    "location": {"lat": 25.0805, "lng": 55.1403},
    "locale": "ar-AE",
    "time_zone": "Asia/Kolkata",
}


@pytest.fixture
def person(db):
    return UserFactory(full_name="Before", first_name="Before", last_name="")


@pytest.fixture
def mine(api, person):
    api.force_authenticate(person)
    return api


@pytest.fixture
def picture(person):
    return make_picture(person)


def make_picture(owner, **changes):
    values = {
        "owner": owner,
        "kind": MediaKind.IMAGE,
        "purpose": MediaPurpose.AVATAR,
        "status": MediaStatus.CLEAN,
        "name": "me.webp",
        "file": "images/me.webp",
        "sha256": "0" * 64,
        "content_type": "image/webp",
        "completed_at": database_now(),
    }
    return MediaFile.objects.create(**(values | changes))


@pytest.mark.capability("A04", "A11")
@pytest.mark.parametrize("method", ["put", "patch"])
def test_what_is_sent_is_what_the_account_says(mine, person, method):
    response = getattr(mine, method)(ACCOUNT, SENT)

    person.refresh_from_db()
    assert response.status_code == 200, response.data
    assert {field: response.data[field] for field in SENT} == SENT
    assert (person.full_name, person.first_name, person.last_name) == (
        "Priya Nair",
        "Priya",
        "Nair",
    )
    assert (person.lat, person.lng) == (25.0805, 55.1403)


@pytest.mark.capability("A04")
@pytest.mark.parametrize(
    ("sent", "names"),
    [
        ({"full_name": " Mary  Ann   Lee "}, ("Mary Ann Lee", "Mary Ann", "Lee")),
        ({"name": "Cher"}, ("Cher", "Cher", "")),
        ({"first_name": "Omar"}, ("Omar Last", "Omar", "Last")),
        ({"last_name": "Said"}, ("First Said", "First", "Said")),
        ({"first_name": "Omar", "last_name": "Said"}, ("Omar Said", "Omar", "Said")),
        (
            {"full_name": "O. Said", "first_name": "Omar", "last_name": "Said"},
            ("O. Said", "Omar", "Said"),
        ),
    ],
)
def test_names_that_are_left_out_follow_from_those_given(mine, person, sent, names):
    person.full_name, person.first_name, person.last_name = "First Last", "First", "Last"
    person.save()

    mine.patch(ACCOUNT, sent)

    person.refresh_from_db()
    assert (person.full_name, person.first_name, person.last_name) == names


@pytest.mark.capability("A03", "A14")
def test_an_account_takes_nothing_that_is_not_its_owners_to_say(mine, person):
    group = Group.objects.create(name="Testers")
    sent = {
        "id": "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f",
        "phone_number": "+971509999999",
        "email": "other@courtyard.example",
        "status": "suspended",
        "is_active": False,
        "is_staff": True,
        "is_superuser": True,
        "is_verified": False,
        "phone_verified": False,
        "email_verified": True,
        "token_version": 99,
        "stripe_customer_id": "cus_1",
        "stripe_connect_account_id": "acct_1",
        "external_subject": "x",
        "anonymised_at": "2026-01-01T00:00:00Z",
        "created_at": "2001-01-01T00:00:00Z",
        "last_login_at": "2001-01-01T00:00:00Z",
        "password": "another password",
        "groups": [group.pk],
        "user_permissions": [Permission.objects.first().pk],
        "primary_role": "admin",
    }
    before = User.objects.values().get(pk=person.pk)

    response = mine.put(ACCOUNT, {**sent, "city": "Ajman"})

    after = User.objects.values().get(pk=person.pk)
    changed = {field for field in after if after[field] != before[field]}
    assert response.status_code == 200
    assert changed == {"city", "updated_at"}
    assert not person.groups.exists()
    assert not person.user_permissions.exists()
    person.refresh_from_db()
    assert not person.check_password("another password")


@pytest.mark.capability("A02")
@pytest.mark.parametrize(
    ("sent", "roles", "primary"),
    [
        ({"roles": ["contractor", "seller"]}, ["seller", "contractor"], "seller"),
        ({"role": "contractor"}, ["resident", "contractor"], "contractor"),
        ({"role": "both"}, ["resident", "buyer", "seller"], "buyer"),
        (
            {"roles": ["society", "contractor"], "role": "society"},
            ["contractor", "society"],
            "society",
        ),
        ({"roles": []}, [], "resident"),
    ],
)
def test_people_choose_among_the_roles_that_grant_nothing(mine, person, sent, roles, primary):
    response = mine.patch(ACCOUNT, sent)

    assert (response.data["roles"], response.data["role"]) == (roles, primary)
    assert response.data["is_contractor"] is ("contractor" in roles)
    assert response.data["is_society"] is ("society" in roles)
    assert response.data["is_admin"] is False


@pytest.mark.capability("A02")
def test_an_administrator_does_not_lose_the_role_by_choosing_others(mine, person):
    person.roles = ["resident", "admin"]
    person.save()

    response = mine.patch(ACCOUNT, {"roles": ["buyer"]})

    assert response.data["roles"] == ["buyer", "admin"]


@pytest.mark.parametrize(
    ("sent", "pointer", "code"),
    [
        ({"roles": ["resident", "admin"]}, "/roles/1", "not_yours"),
        ({"role": "admin"}, "/role", "not_yours"),
        ({"roles": ["landlord"]}, "/roles/0", "invalid_choice"),
        ({"username": "1abc"}, "/username", "invalid"),
        ({"username": "ab"}, "/username", "invalid"),
        ({"time_zone": "Mars/Olympus"}, "/time_zone", "not_a_choice"),
        ({"time_zone": "../../etc/passwd"}, "/time_zone", "not_a_choice"),
        ({"locale": "english"}, "/locale", "wrong_format"),
        ({"location": {"lat": 25.0}}, "/location/lng", "required"),
        ({"location": {"lat": 91, "lng": 0}}, "/location/lat", "max_value"),
        ({"location": [25, 55]}, "/location", "invalid"),
        ({"bio": "x" * 501}, "/bio", "max_length"),
        ({"name": "x" * 161}, "/name", "max_length"),
        ({"profile_image": "https://elsewhere.example/me.png"}, "/profile_image", "foreign"),
        ({"avatar_url": 7}, "/avatar_url", "does_not_exist"),
    ],
)
def test_what_will_not_do_is_refused_where_it_stands_and_changes_nothing(
    mine, person, sent, pointer, code
):
    before = User.objects.values().get(pk=person.pk)

    response = mine.patch(ACCOUNT, {"city": "Ajman", **sent})

    errors = [(error["pointer"], error["code"]) for error in response.data["errors"]]
    assert (response.status_code, errors) == (400, [(pointer, code)])
    assert User.objects.values().get(pk=person.pk) == before


@pytest.mark.capability("A01")
def test_a_username_belongs_to_one_person_whatever_its_case(mine, person):
    UserFactory(username="Priya")

    response = mine.patch(ACCOUNT, {"username": "pRIYA"})

    errors = [(error["pointer"], error["code"]) for error in response.data["errors"]]
    assert (response.status_code, errors) == (400, [("/username", "username_taken")])


@pytest.mark.capability("A04")
@pytest.mark.parametrize("field", ["profile_image", "avatar_url"])
def test_a_picture_of_ones_own_is_shown_to_everybody(mine, person, picture, field):
    response = mine.patch(ACCOUNT, {field: str(picture.pk)})

    person.refresh_from_db()
    picture.refresh_from_db()
    assert response.status_code == 200, response.data
    assert person.avatar == picture
    assert (picture.is_private, picture.target_id) == (False, person.pk)
    assert response.data["profile_image"] == response.data["avatar_url"]
    assert str(picture.pk) in response.data["profile_image_url"]


def test_the_address_of_the_picture_can_be_sent_back(mine, person, picture):
    address = mine.patch(ACCOUNT, {"profile_image": str(picture.pk)}).data["profile_image"]

    response = mine.patch(ACCOUNT, {"profile_image": address})

    assert (response.status_code, response.data["profile_image"]) == (200, address)


def test_another_picture_takes_the_place_of_the_first(mine, person, picture):
    mine.patch(ACCOUNT, {"profile_image": str(picture.pk)})
    other = make_picture(person)

    mine.patch(ACCOUNT, {"profile_image": str(other.pk)})

    person.refresh_from_db()
    assert person.avatar == other
    assert list(MediaFile.objects.all()) == [other]


def test_the_picture_can_be_taken_away(mine, person, picture):
    mine.patch(ACCOUNT, {"profile_image": str(picture.pk)})

    response = mine.patch(ACCOUNT, {"profile_image": None})

    assert response.data["profile_image"] is None
    assert not MediaFile.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"status": MediaStatus.REJECTED},
        {"kind": MediaKind.DOCUMENT},
        {"purpose": MediaPurpose.VERIFICATION},
    ],
)
def test_only_a_checked_picture_uploaded_for_this_will_do(mine, person, changes):
    picture = make_picture(person, **changes)

    response = mine.patch(ACCOUNT, {"profile_image": str(picture.pk)})

    assert response.status_code == 400
    assert response.data["errors"][0]["pointer"] == "/profile_image"
    assert MediaFile.objects.get().is_private is True


def test_a_picture_of_somebody_else_is_not_there(mine, person):
    picture = make_picture(UserFactory(), is_private=False)

    response = mine.patch(ACCOUNT, {"profile_image": str(picture.pk)})

    assert response.data["errors"][0]["code"] == "does_not_exist"
    person.refresh_from_db()
    assert person.avatar is None


def test_nobody_overwrites_what_they_have_not_seen(mine, person):
    seen = mine.patch(ACCOUNT, {"city": "Dubai"})["ETag"]
    mine.patch(ACCOUNT, {"city": "Sharjah"})

    late = mine.patch(ACCOUNT, {"city": "Ajman"}, headers={"if-match": seen})

    person.refresh_from_db()
    assert (late.status_code, person.city) == (412, "Sharjah")


@pytest.mark.parametrize("method", ["put", "patch"])
def test_it_takes_somebody_who_is_signed_in(api, db, method):
    assert getattr(api, method)(ACCOUNT, SENT).status_code == 401
