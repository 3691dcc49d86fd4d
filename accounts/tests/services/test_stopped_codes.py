"""Codes that wrong guesses have stopped: freed by staff, on proved contacts, with a reason."""

from importlib import import_module

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from accounts.credentials.models import FailureCounter
from accounts.exceptions import CodesStoppedError, NothingStoppedError, OwnRequestError
from accounts.groups import SITE_ADMINISTRATION, SUPPORT
from accounts.models import AuditEvent, User
from accounts.services import code_limits, code_sign_in, stopped_codes
from accounts.services.identifiers import Contact, email_contact, phone_contact
from accounts.tests.factories.organizations import staff_in
from accounts.tests.factories.people import UserFactory
from config.shared.errors import DomainError, InvalidInputError, NotAllowedError

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A06", "A29")]

PHONE = "+971501234567"
EMAIL = "sam@example.com"


def stop(contact: Contact) -> FailureCounter:
    return FailureCounter.objects.create(key=code_limits.failures_key(contact.mac), failures=100)


def stopped() -> list[str]:
    return list(FailureCounter.objects.order_by("key").values_list("key", flat=True))


def clerk(group: str = SUPPORT) -> User:
    """Staff of a group, which may do what the migration lets it do."""
    person = staff_in(group)
    import_module("accounts.migrations.0011_freeing_codes").allow(apps, None)
    return person


@pytest.fixture
def person(db: None) -> User:
    return UserFactory(phone_number=PHONE, email=EMAIL, email_verified=True)


@pytest.mark.parametrize("group", [SUPPORT, SITE_ADMINISTRATION])
def test_staff_free_the_codes_of_a_person(person: User, group: str) -> None:
    stop(phone_contact(PHONE))
    staff = clerk(group)
    with pytest.raises(CodesStoppedError):
        code_sign_in.ask_to_sign_in(contact=phone_contact(PHONE), ip_prefix="")

    stopped_codes.free_codes(user=person, actor=staff, reason="Called back on their landline")

    assert code_sign_in.ask_to_sign_in(contact=phone_contact(PHONE), ip_prefix="")
    event = AuditEvent.objects.about(person).get(action="accounts.user.codes_freed")
    assert (event.actor, event.after) == (staff, {"channels": ["sms"]})
    assert event.reason == "Called back on their landline"


def test_an_address_that_is_merely_claimed_stays_stopped() -> None:
    claimant = UserFactory(phone_number=PHONE, email=EMAIL)
    counter = stop(email_contact(EMAIL))

    with pytest.raises(NothingStoppedError):
        stopped_codes.free_codes(user=claimant, actor=clerk(), reason="Says it is theirs")

    assert stopped() == [counter.key]
    assert not AuditEvent.objects.filter(action="accounts.user.codes_freed").exists()


@pytest.mark.parametrize(
    ("traits", "reason", "refusal"),
    [
        ({}, "Please", NotAllowedError),
        ({"staff": True}, "Please", NotAllowedError),
        ({"superuser": True, "suspended": True}, "Please", NotAllowedError),
        ({"superuser": True}, "  ", InvalidInputError),
    ],
)
def test_others_free_nothing(
    person: User, traits: dict[str, bool], reason: str, refusal: type[DomainError]
) -> None:
    counter = stop(phone_contact(PHONE))
    actor = UserFactory(**traits)

    with pytest.raises(refusal):
        stopped_codes.free_codes(user=person, actor=actor, reason=reason)
    with pytest.raises(refusal):
        stopped_codes.free_counter(counter=counter, actor=actor, reason=reason)

    assert stopped() == [counter.key]
    assert not AuditEvent.objects.exists()


def test_nobody_frees_their_own_codes() -> None:
    staff = clerk()
    counter = stop(phone_contact(str(staff.phone_number)))

    with pytest.raises(OwnRequestError):
        stopped_codes.free_codes(user=staff, actor=staff, reason="Mine")
    with pytest.raises(OwnRequestError):
        stopped_codes.free_counter(counter=counter, actor=staff, reason="Mine")

    assert stopped() == [counter.key]


def test_a_number_without_an_account_is_freed_by_its_counter() -> None:
    counter = stop(phone_contact("+971507654321"))
    staff = clerk()

    stopped_codes.free_counter(counter=counter, actor=staff, reason="Wants to register")

    assert stopped() == []
    event = AuditEvent.objects.get(action="accounts.codes.freed")
    assert (event.actor, event.object_id) == (staff, str(counter.pk))
    assert event.before == {"failures": 100}


def test_a_stopped_password_is_not_freed() -> None:
    counter = FailureCounter.objects.create(key="password:0199:account", failures=100)

    with pytest.raises(NotAllowedError):
        stopped_codes.free_counter(counter=counter, actor=clerk(), reason="Asked nicely")

    assert stopped() == [counter.key]


def test_the_back_office_frees_a_person_and_a_counter(person: User, client: Client) -> None:
    client.force_login(clerk())
    other = stop(phone_contact("+971507654321"))
    stop(phone_contact(PHONE))
    body = {"_form_submitted": "on", "reason": "Called back"}

    client.post(f"/admin/accounts/user/{person.pk}/free-codes/", body)
    left = stopped()
    client.post(f"/admin/credentials/failurecounter/{other.pk}/free/", body)

    assert left == [other.key]
    assert stopped() == []


def test_the_back_office_offers_it_to_those_who_may(person: User, client: Client) -> None:
    counter = stop(phone_contact(PHONE))
    password = FailureCounter.objects.create(key="password:0199:account", failures=100)
    client.force_login(clerk())
    page = reverse("admin:accounts_user_change", args=[person.pk])

    assert "/free-codes/" in client.get(page).content.decode()
    for row, offered in ((counter, True), (password, False)):
        shown = client.get(reverse("admin:credentials_failurecounter_change", args=[row.pk]))
        assert (f"/{row.pk}/free/" in shown.content.decode()) is offered

    client.force_login(clerk("Moderation"))
    assert "/free-codes/" not in client.get(page).content.decode()
    refused = client.post(
        f"/admin/accounts/user/{person.pk}/free-codes/", {"_form_submitted": "on", "reason": "I"}
    )
    assert refused.status_code == 403
    assert counter.key in stopped()
