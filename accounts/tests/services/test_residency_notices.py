"""Who is told that a home is claimed: those who decide, once an hour, and nobody else."""

from datetime import timedelta

import pytest
from django.core import mail

from accounts.models import Building, OutgoingMessage, User
from accounts.services.buildings import rotate_join_code
from accounts.services.organizations import suspend_organization
from accounts.services.residencies import claim_residency, grant_residency
from accounts.tests.factories.buildings import BuildingFactory
from accounts.tests.factories.organizations import owner_of, reviewer, seated
from accounts.tests.factories.people import UserFactory
from accounts.tests.outbox import sent_sms
from config.tests.support import drain

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A21")]


@pytest.fixture
def building() -> Building:
    return BuildingFactory(name="Tower One")


def claim(building: Building, user: User, unit: str = "12B") -> None:
    claim_residency(
        user=user, building=building, unit_label=unit, relation="tenant", method="committee"
    )


def told() -> list[User]:
    messages = OutgoingMessage.objects.filter(template="residency_claimed")
    return [message.user for message in messages.order_by("pk")]


def test_those_who_decide_are_told_of_a_claim(building: Building) -> None:
    committee = seated(building.society, "committee")
    seated(building.society, "member")
    seated(building.society, "finance")
    reviewer()
    resident = UserFactory()

    claim(building, resident)
    drain()

    assert set(told()) == {owner_of(building.society), committee}
    assert sent_sms(committee.phone_number)[-1] == (
        "Courtyard: somebody asks to be confirmed as living in 12B, Tower One. Sign in to decide."
    )
    assert sent_sms(resident.phone_number) == []


def test_an_e_mail_takes_the_place_of_the_sms_in_the_readers_language(building: Building) -> None:
    committee = seated(building.society, "committee")
    User.objects.filter(pk=committee.pk).update(
        email="noor@example.com", email_verified=True, locale="ar"
    )

    claim(building, UserFactory())
    drain()

    (message,) = [found for found in mail.outbox if found.to == ["noor@example.com"]]
    assert message.subject == "سكن ينتظر قرار لجنتك"
    assert not [text for text in sent_sms(committee.phone_number) if "Tower One" in text]


def test_many_claims_are_one_message_an_hour(building: Building) -> None:
    resident = UserFactory()

    for unit in ("1", "2", "3"):
        claim(building, resident, unit)
    assert told() == [owner_of(building.society)]

    message = OutgoingMessage.objects.get(template="residency_claimed")
    hour = message.created_at - timedelta(hours=1)
    key = str(message.dedupe_key)
    OutgoingMessage.objects.update(dedupe_key=f"{key[:-10]}{hour:%Y%m%d%H}")
    claim(building, resident, "4")
    assert len(told()) == 2


def test_a_member_of_the_committee_is_not_told_of_their_own_claim(building: Building) -> None:
    committee = seated(building.society, "committee")

    claim(building, committee)

    assert told() == [owner_of(building.society)]


@pytest.mark.parametrize("state", ["suspended", "inactive"])
def test_people_who_are_away_are_not_told(building: Building, state: str) -> None:
    User.objects.filter(pk=owner_of(building.society).pk).update(status=state, is_active=False)

    claim(building, UserFactory())

    assert told() == []


def test_a_suspended_society_and_no_society_are_told_nothing(building: Building) -> None:
    suspend_organization(organization=building.society, staff=reviewer(), reason="Complaints")

    claim(Building.objects.get(pk=building.pk), UserFactory())
    claim(Building.objects.create(name="Lone", city="Dubai"), UserFactory())

    assert told() == []


def test_a_claim_that_needs_no_decision_is_told_to_nobody(building: Building) -> None:
    code = rotate_join_code(building=building, actor=owner_of(building.society))

    claim_residency(
        user=UserFactory(),
        building=building,
        unit_label="9",
        relation="owner",
        method="code",
        code=code,
    )
    grant_residency(user=UserFactory(), building=building, unit_label="10")

    assert told() == []
