"""What people type to say who they are."""

import pytest

from accounts.choices import UserStatus
from accounts.services import identifiers
from accounts.services.facts import RequestFacts
from accounts.tests.factories.people import UserFactory
from config.shared.errors import InvalidInputError

SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/604.1"
CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0"


@pytest.mark.capability("A01")
@pytest.mark.parametrize(
    "text",
    [
        "+971501234567",
        "0501234567",
        "050 123 4567",
        "00971 50 123-4567",
        "tel:+971-50-123-4567",
        "+971 (0) 50 1234567",
        "٠٥٠١٢٣٤٥٦٧",
        "０５０１２３４５６７",
    ],
)
def test_every_spelling_of_a_number_is_one_contact(text: str) -> None:
    contact = identifiers.phone_contact(text)

    assert (contact.value, contact.is_phone) == ("+971501234567", True)
    assert contact.mac == identifiers.phone_contact("+971501234567").mac
    assert contact.hint == "+971•••4567"
    assert identifiers.normalised(text) == "+971501234567"


def test_addresses_differ_in_no_capitals() -> None:
    contact = identifiers.contact(" Sam.Lee@Example.COM ")

    assert (contact.value, contact.hint) == ("sam.lee@example.com", "s•••@example.com")
    assert contact.mac != identifiers.phone_contact("0501234567").mac


@pytest.mark.parametrize("text", ["@", "a@", "a b@example.com", "a@b", f"{'a' * 250}@example.com"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        identifiers.email_contact(text)

    assert refusal.value.errors[0].code == "email_invalid"


@pytest.mark.django_db
def test_a_username_is_found_whatever_its_capitals() -> None:
    person = UserFactory(username="Priya.Nair")

    assert identifiers.find_person("priya.NAIR") == person
    assert identifiers.find_person("priya") is None
    assert identifiers.find_person("!") is None
    assert identifiers.find_person("") is None


@pytest.mark.django_db
def test_a_code_to_an_address_opens_only_accounts_that_proved_it() -> None:
    contact = identifiers.email_contact("sam@example.com")
    claimant = UserFactory(email="Sam@example.com", email_verified=False)
    assert identifiers.owner_of(contact) is None
    assert list(identifiers.claimants_of(contact.value)) == [claimant]

    claimant.email_verified = True
    claimant.save()
    assert identifiers.owner_of(contact) == claimant


@pytest.mark.django_db
def test_an_imported_account_with_nothing_but_an_address_is_opened_by_it() -> None:
    imported = UserFactory(phone_number=None, email="sam@example.com", email_verified=False)

    assert identifiers.owner_of(identifiers.email_contact("sam@example.com")) == imported


@pytest.mark.django_db
def test_codes_reach_people_where_it_is_verified() -> None:
    both = UserFactory(with_email=True)
    neither = UserFactory(unverified=True, email="x@example.com")
    pending = UserFactory(pending=True)

    assert [contact.channel for contact in identifiers.contacts_of(both)] == ["sms", "email"]
    assert identifiers.contacts_of(neither) == []
    assert pending.status == UserStatus.PENDING
    assert len(identifiers.contacts_of(pending)) == 1


@pytest.mark.parametrize(
    ("agent", "label"),
    [
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36", "Chrome on Windows"),
        (f"Mozilla/5.0 (X11; Linux x86_64) {CHROME} Safari/537.36 Edg/141.0", "Edge on Linux"),
        (f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) {SAFARI}", "Safari on iPhone"),
        (f"Mozilla/5.0 (Linux; Android 15; Pixel 9) {CHROME} Mobile", "Chrome on Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14.0; rv:140.0) Firefox/140.0", "Firefox on Mac"),
        ("Courtyard/3.1 CFNetwork/1568.200.51 Darwin/24.1.0", "iOS app"),
        ("curl/8.5.0", "curl"),
        ("", "Unknown device"),
        ("\x1b[31mevil\x07/1", "[31mevil"),
    ],
)
@pytest.mark.capability("A28")
def test_devices_have_names_that_people_recognise(agent: str, label: str) -> None:
    assert RequestFacts(user_agent=agent).device_label == label
