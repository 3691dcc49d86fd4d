"""What the seed says of places and times: a community that has lived, and lives."""

from datetime import UTC, date, datetime, time, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import F

from accounts.choices import CodeState
from accounts.credentials.models import OneTimeCode, Session
from accounts.models import (
    ContractorPaper,
    Follow,
    Membership,
    OutgoingMessage,
    Residency,
    User,
    Verification,
)
from accounts.services import integrity

TODAY = date(2026, 11, 21)


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    """A folder of its own for the files of each test."""
    settings.MEDIA_ROOT = tmp_path / "media"


def sow(**options):
    call_command("seed", seed=1, today=TODAY, no_pictures=True, stdout=StringIO(), **options)


def test_contractors_are_found_around_a_place_on_the_map(db, client):
    sow()

    found = client.get("/api/v1/contractors/?near=25.12,55.21&radius_km=10").json()["results"]

    assert {person["name"] for person in found} == {"Priya Nair", "Bilal Ansari"}
    assert all(0 < person["distance_m"] < 10_000 for person in found)


def test_the_last_month_has_newcomers_and_the_last_weeks_have_sign_ins(db):
    sow()

    newcomers = User.objects.filter(created_at__date__gt=TODAY - timedelta(days=30))
    days = {moment.date() for moment in Session.objects.values_list("created_at", flat=True)}
    assert len({person.created_at.date() for person in newcomers}) > 5
    assert newcomers.count() < User.objects.count() / 2
    assert len(days) > 10


def test_codes_in_every_state_were_sent_and_nothing_opens_with_them(db):
    sow()

    rows = list(OneTimeCode.objects.all())
    messages = OutgoingMessage.objects.all()
    assert {row.state for row in rows} == set(CodeState.values) - {CodeState.ISSUED}
    assert not OneTimeCode.objects.live().exists()
    assert {message.status for message in messages} == {"sent", "failed"}
    assert not messages.filter(payload__isnull=False).exists()


@pytest.mark.parametrize("scale", ["small", "medium"])
def test_the_two_databases_agree(db, scale):
    sow(scale=scale)

    report = integrity.check()

    assert report.problems == 0
    assert report.credentials == report.people + 1  # one is pending


@pytest.mark.parametrize("scale", ["small", "medium"])
def test_nothing_happens_before_its_time(db, scale):
    sow(scale=scale)

    midnight = datetime.combine(TODAY, time(), UTC)
    for model in (User, Membership, Residency, Verification, ContractorPaper, Session):
        assert not model.objects.filter(created_at__gt=midnight).exists()
    assert not Membership.objects.filter(created_at__lt=F("user__created_at")).exists()
    assert not Membership.objects.filter(until__gt=midnight).exists()
    assert not Residency.objects.filter(created_at__lt=F("user__created_at")).exists()
    assert not Residency.objects.filter(verified_at__lt=F("created_at")).exists()
    assert not Residency.objects.filter(until__gt=TODAY).exists()
    assert not Verification.objects.filter(submitted_at__lt=F("user__created_at")).exists()
    assert not Follow.objects.filter(created_at__lt=F("follower__created_at")).exists()
