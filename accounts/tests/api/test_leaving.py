"""Export, deactivation and erasure over the API."""

import io
import json
import zipfile
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.choices import ErasureStatus, UserStatus
from accounts.credentials.models import Session
from accounts.models import ErasureRequest, MediaFile
from accounts.tests.factories.organizations import OrganizationFactory
from accounts.tests.factories.people import PASSWORD, UserFactory, sign_in
from accounts.tests.outbox import code_sent_to, sent_email
from config.tests.support import drain

EXPORT = "/api/v1/me/export/"
ARCHIVE = "/api/v1/me/export/archive/"
DEACTIVATE = "/api/v1/me/deactivate/"
ERASE = "/api/v1/me/erase/"

pytestmark = [pytest.mark.capability("A23"), pytest.mark.usefixtures("media_folder")]


@pytest.fixture
def person(api, db):
    found = UserFactory(with_email=True, full_name="Priya Nair", password=PASSWORD)
    sign_in(api, found)
    return found


def grow_stale():
    Session.objects.update(authenticated_at=timezone.now() - timedelta(minutes=11))


def test_everything_is_one_download(api, person):
    response = api.get(EXPORT)

    document = json.loads(response.content)
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment")
    assert document["format"] == "courtyard-export/1"
    assert document["data"]["accounts.account"]["full_name"] == "Priya Nair"
    assert document["data"]["accounts.sign_in"]["sessions"][0]["device_label"]


def test_an_archive_is_asked_for_waited_for_and_fetched(api, person, mailoutbox):
    nothing = api.get(ARCHIVE).data
    asked = api.post(ARCHIVE)
    drain()
    ready = api.get(ARCHIVE).data

    address = urlsplit(ready["url"])
    fetched = APIClient().get(f"{address.path}?{address.query}")
    content = b"".join(fetched.streaming_content)
    assert (nothing["state"], asked.status_code, ready["state"]) == ("none", 202, "ready")
    assert fetched["Content-Disposition"].startswith("attachment")
    assert "data.json" in zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert "/export/" in sent_email(person.email)[-1].body


def test_a_link_to_an_archive_stays_its_owners(api, person):
    api.post(ARCHIVE)
    drain()
    media = MediaFile.objects.get()
    stranger = APIClient()
    sign_in(stranger, UserFactory())

    assert stranger.get(f"/api/v1/media/{media.pk}/file/").status_code == 404
    assert stranger.get(f"/api/v1/media/{media.pk}/").status_code == 404
    assert stranger.get(ARCHIVE).data["state"] == "none"


@pytest.mark.parametrize(("method", "path"), [("get", EXPORT), ("post", ARCHIVE), ("post", ERASE)])
def test_a_sign_in_of_long_ago_has_to_be_confirmed(api, person, method, path):
    grow_stale()

    refused = getattr(api, method)(path)
    confirmed = api.post("/api/v1/auth/step-up/", {"password": PASSWORD})
    allowed = getattr(api, method)(path)

    assert (refused.status_code, refused.json()["code"]) == (403, "fresh_sign_in_required")
    assert confirmed.status_code in {200, 204}
    assert allowed.status_code in {200, 202}


def test_a_deactivated_account_is_signed_out_hidden_and_brought_back_by_a_code(api, person):
    other = APIClient()
    sign_in(other, UserFactory())
    page = f"/api/v1/users/{person.pk}/"
    before = other.get(page).status_code

    response = api.post(DEACTIVATE)

    person.refresh_from_db()
    assert (response.status_code, person.status) == (204, UserStatus.INACTIVE)
    assert (before, other.get(page).status_code) == (200, 404)
    assert api.get("/api/v1/auth/me/").status_code == 401
    assert not Session.objects.filter(user_id=person.pk, revoked_at=None).exists()
    api.credentials()
    login = {"identifier": person.email, "password": PASSWORD}
    assert api.post("/api/v1/auth/login/", login).json()["code"] == "account_inactive"
    assert back_with_a_code(api, person).status_code == 200
    person.refresh_from_db()
    assert person.status == UserStatus.ACTIVE


def back_with_a_code(api, person):
    asked = api.post("/api/v1/auth/login/", {"phone_number": person.phone_number})
    body = {"code": code_sent_to(person.phone_number), "purpose": "login"}
    body |= {"phone_number": person.phone_number}
    if challenge := asked.json().get("challenge_id"):
        body["challenge_id"] = challenge
    return api.post("/api/v1/auth/verify-otp/", body)


def test_erasing_takes_two_weeks_in_which_a_code_takes_it_back(api, person):
    preview = api.get(ERASE).data

    response = api.post(ERASE)

    person.refresh_from_db()
    assert preview == {"possible": True, "reasons": [], "grace_days": 14}
    assert (response.status_code, response.data["status"]) == (202, "scheduled")
    assert (person.status, person.anonymised_at) == (UserStatus.INACTIVE, None)
    assert api.get(ERASE).status_code == 401
    api.credentials()
    assert back_with_a_code(api, person).status_code == 200
    assert ErasureRequest.objects.get().status == ErasureStatus.CANCELLED


def test_who_does_not_come_back_is_erased_on_the_day(api, person):
    api.post(ERASE)

    drain(later=True)
    ErasureRequest.objects.update(due_at=timezone.now())
    drain()
    from accounts.tasks import erase_due

    erase_due()

    person.refresh_from_db()
    assert (person.full_name, person.phone_number) == ("", None)
    api.credentials()
    login = api.post("/api/v1/auth/login/", {"identifier": "Priya", "password": PASSWORD})
    assert login.status_code == 401


def test_what_has_to_be_settled_first_is_said_and_nothing_happens(api, person):
    firm = OrganizationFactory(creator=person, name="Nair Electric")

    preview, refused = api.get(ERASE).data, api.post(ERASE)

    person.refresh_from_db()
    assert preview["possible"] is False
    assert (refused.status_code, refused.json()["code"]) == (409, "erasure_refused")
    assert refused.json()["reasons"] == [
        {
            "code": "last_owner",
            "detail": "You are the last owner of Nair Electric: make somebody else an owner.",
            "organization": str(firm.pk),
            "name": "Nair Electric",
        }
    ]
    assert preview["reasons"] == refused.json()["reasons"]
    assert person.status == UserStatus.ACTIVE
    assert not ErasureRequest.objects.exists()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", EXPORT),
        ("get", ARCHIVE),
        ("post", ARCHIVE),
        ("post", DEACTIVATE),
        ("get", ERASE),
        ("post", ERASE),
    ],
)
def test_it_takes_somebody_who_is_signed_in(api, db, method, path):
    assert getattr(api, method)(path).status_code == 401
