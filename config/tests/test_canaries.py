"""What is secret stands nowhere, and what is private is told to nobody, after a whole life here."""

from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pyotp
import pytest
from django.core import mail
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.credentials.models import OneTimeCode
from accounts.gateways.sms import MemorySms
from accounts.models import AuditEvent, Building, IdempotencyKey, User
from accounts.services.residencies import grant_residency
from accounts.tests.clients import client_of
from accounts.tests.factories.buildings import BuildingFactory, ResidencyFactory
from accounts.tests.factories.organizations import reviewer, seated
from accounts.tests.factories.papers import CheckedFileFactory
from accounts.tests.factories.people import UserFactory
from accounts.tests.factories.people import sign_in as sign_in_anew
from accounts.tests.outbox import code_sent_to, link_sent_to
from config.shared.docs import description
from config.tests.canaries import OWN_ROWS, found_by, in_databases, in_text, listening, read_by
from config.tests.support import drain

pytestmark = pytest.mark.django_db

API = "/api/v1/"
PHONE, NEW_PHONE = "+971558123407", "+971558123499"
EMAIL = "canary.bird@yellow-feathers.example"
PASSWORD, NEW_PASSWORD = "yellow feathers in a mine", "green feathers in a mine"
IDENTITY = "784-1987-7654321-2"
LATITUDE, LONGITUDE = "25.08051", "55.14019"


@pytest.fixture
def life() -> Iterator[SimpleNamespace]:
    """Everything that a person does here, and what was logged meanwhile."""
    with listening() as lines:
        lived = live()
        lived.lines = lines
        yield lived


def live() -> SimpleNamespace:
    building = BuildingFactory()
    me = APIClient()
    secrets = {"password": PASSWORD, "new password": NEW_PASSWORD}
    secrets |= {"identity number": IDENTITY, "plain identity number": IDENTITY.replace("-", "")}
    secrets |= register(me)
    person = User.objects.get(phone_number=PHONE)
    secrets |= guard(me)
    settle(me, person, building)
    secrets |= change_contacts(me)
    secrets |= forget_password(me)
    drain()
    return SimpleNamespace(person=person, client=me, building=building, secrets=secrets)


def ask(client: APIClient, path: str, body: Any = None, *, method: str = "post") -> Any:
    """One request that has to succeed; with a key, so that its answer is kept where it may be."""
    response = getattr(client, method)(f"{API}{path}", body, HTTP_IDEMPOTENCY_KEY=path)
    assert response.status_code < 300, response.content
    return response.json() if response.content else {}


def sign_in(client: APIClient, answer: Any, when: str) -> dict[str, str]:
    """Go on with the tokens of ``answer``; they are secrets by their signatures."""
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {answer['access_token']}")
    names = ("access_token", "refresh_token")
    return {f"{name} {when}": answer[name].rpartition(".")[2] for name in names}


def register(me: APIClient) -> dict[str, str]:
    wishes = {"phone_number": PHONE, "email": EMAIL, "name": "Serin", "password": PASSWORD}
    challenge = ask(me, "auth/register/", wishes | {"role": "contractor"})
    code = code_sent_to(PHONE)
    shown = {"challenge_id": challenge["challenge_id"], "code": code}
    secrets = sign_in(me, ask(me, "auth/verify-otp/", shown), "of registration")
    challenge = ask(me, "auth/send-otp/", {"email": EMAIL, "purpose": "verification"})
    proof = code_sent_to(EMAIL)
    ask(me, "auth/verify-otp/", {"challenge_id": challenge["challenge_id"], "code": proof})
    return secrets | {"code of registration": code, "code of verification": proof}


def guard(me: APIClient) -> dict[str, str]:
    """A second factor, and signing in with it."""
    secret = ask(me, "auth/mfa/totp/start/")["secret"]
    backup = ask(me, "auth/mfa/totp/confirm/", {"code": pyotp.TOTP(secret).now()})["backup_codes"]
    me.credentials()
    waiting = ask(me, "auth/login/", {"identifier": EMAIL, "password": PASSWORD})
    answer = ask(me, "auth/mfa/verify/", {"mfa_token": waiting["mfa_token"], "code": backup[0]})
    found = sign_in(me, answer, "of the second factor") | {"authenticator secret": secret}
    return found | {f"backup code {place}": code for place, code in enumerate(backup)}


def settle(me: APIClient, person: User, building: Building) -> None:
    """A place, a profile, papers, a home, an organization, a file, neighbours."""
    place = {"lat": float(LATITUDE), "lng": float(LONGITUDE)}
    ask(me, "users/profile/", {"address": "Cage 4, Mine 7", "location": place}, method="patch")
    ask(me, "profile/", {"headline": "Singer", "trades": ["plumbing"]}, method="patch")
    files = {
        f"emirates_id_{side}": str(CheckedFileFactory(owner=person).pk)
        for side in ("front", "back")
    }
    papers = {"verification_type": "emirates_id", "emirates_id_number": IDENTITY}
    handed = ask(me, "verifications/", papers | files)
    ask(client_of(reviewer()), f"verifications/{handed['id']}/approve/")
    ask(me, "organizations/", {"kind": "contractor", "name": "Feathers", "city": "Dubai"})
    ask(me, "papers/", {"kind": "license", "valid_until": "2040-01-01"})
    home = {"building": str(building.pk), "unit_label": "7A", "relation": "owner"}
    ask(me, "residencies/", home | {"method": "committee"})
    ask(me, f"users/{UserFactory().pk}/follow/")
    grant_residency(user=person, building=building, unit_label="7A")


def change_contacts(me: APIClient) -> dict[str, str]:
    challenge = ask(me, "auth/change-phone/", {"phone_number": NEW_PHONE})
    code = code_sent_to(NEW_PHONE)
    shown = {"challenge_id": challenge["challenge_id"], "code": code}
    tokens = ask(me, "auth/change-phone/confirm/", shown)
    return sign_in(me, tokens, "of the change") | {"code of the change": code}


def forget_password(me: APIClient) -> dict[str, str]:
    # A minute has to pass between two messages to one address.
    OneTimeCode.objects.update(created_at=timezone.now() - timedelta(minutes=2))
    ask(me, "auth/forgot-password/", {"email": EMAIL})
    token = link_sent_to(EMAIL).partition("token=")[2].rstrip(".)")
    ask(APIClient(), "auth/reset-password/", {"token": token, "new_password": NEW_PASSWORD})
    return {"reset token": token.partition(".")[2]}


def private() -> dict[str, str]:
    """What strangers may not learn, and what is written only where it belongs."""
    return {
        "phone": PHONE,
        "new phone": NEW_PHONE,
        "phone without its sign": NEW_PHONE[1:],
        "e-mail": EMAIL,
        "latitude": LATITUDE,
        "longitude": LONGITUDE,
        "address": "Cage 4",
        "identity number's end": "43212",
    }


@pytest.mark.capability("A07", "A15", "A27", "A28", "A30", "A37")
def test_secrets_stand_in_neither_database(life: SimpleNamespace) -> None:
    assert len(life.secrets) > 20
    assert in_databases(life.secrets) == []


@pytest.mark.capability("A04", "A24")
def test_what_is_private_stands_only_in_the_rows_that_are_about_it(life: SimpleNamespace) -> None:
    assert in_databases(private(), but=OWN_ROWS) == []


@pytest.mark.capability("A15")
def test_logs_have_nothing_secret_and_nothing_private(life: SimpleNamespace) -> None:
    logged = life.lines.getvalue()

    assert '"route":"api/v1/auth/verify-otp/"' in logged
    assert in_text(life.secrets | private(), logged) == []


@pytest.mark.capability("A04", "A35", "A37")
def test_strangers_and_neighbours_are_told_nothing_of_it(life: SimpleNamespace) -> None:
    schema = description(staff=True)
    keys = {
        "users/": {"id": life.person.pk},
        "contractors/": {"id": life.person.pk},
        "buildings/": {"id": life.building.pk},
        "verifications/": {"id": life.person.verification.pk},
        "organizations/": {
            "id": life.person.memberships.get().organization_id,
            "organization_id": life.person.memberships.get().organization_id,
        },
    }
    others = {
        "nobody": APIClient(),
        "a stranger": client_of(UserFactory()),
        "a neighbour": client_of(ResidencyFactory(building=life.building, verified=True).user),
        "the committee": client_of(seated(life.building.society, "committee")),
        "staff without permissions": client_of(UserFactory(staff=True)),
    }

    for who, client in others.items():
        told = read_by(client, schema, keys)
        assert str(life.person.pk) in told
        assert (who, in_text(life.secrets | private(), told)) == (who, [])


@pytest.mark.capability("A35")
def test_nobody_is_found_by_what_is_private(life: SimpleNamespace) -> None:
    client = client_of(UserFactory())
    schema = description(staff=True)

    found = [
        where
        for word in (NEW_PHONE, NEW_PHONE[-7:], EMAIL, "canary.bird", "Cage 4")
        for where in found_by(client, schema, word, life.person.pk)
    ]

    assert found_by(client, schema, "Serin", life.person.pk) != []
    assert found == []


@pytest.mark.capability("A14", "A15")
def test_codes_and_links_go_to_their_own_address_alone(life: SimpleNamespace) -> None:
    sent = [(to, text) for to, text in MemorySms.outbox]
    sent += [(message.to[0], str(message.body)) for message in mail.outbox]
    theirs = {PHONE, NEW_PHONE, EMAIL}
    hidden = {"e-mail": EMAIL, "new phone": NEW_PHONE, "phone": PHONE, "password": PASSWORD}

    strays = [to for to, text in sent if to not in theirs and in_text(life.secrets, text)]
    told = [(to, what) for to, text in sent for what in in_text(hidden, text)]

    assert len(sent) >= 6
    assert strays == []
    assert told == []


def test_a_canary_that_sings_is_heard(life: SimpleNamespace) -> None:
    """The control: what is written down where it should not be is found, text or bytes."""
    AuditEvent.objects.create(action="a.b.c", object_type="x", object_id="1", reason=PASSWORD)
    kept = IdempotencyKey.objects.filter(owner=life.person).first()
    kept.response_body = NEW_PASSWORD.encode()
    kept.save()

    assert in_databases(life.secrets) == [
        "default.accounts_auditevent: password",
        "default.accounts_idempotencykey: new password",
    ]
    owner = APIClient()
    sign_in_anew(owner, User.objects.get(pk=life.person.pk), amr=("passkey",))
    assert in_text(private(), read_by(owner, description(), {})) != []
