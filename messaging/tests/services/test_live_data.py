"""What live updates keep about a person is shown to them, and goes with them."""

import pytest

from accounts.tests.factories.people import UserFactory, open_session
from config.shared import realtime
from messaging.models import LiveEvent, RealtimeTicket
from messaging.services.live_data import forget_live_events, live_events
from messaging.services.tickets import issue_ticket


@pytest.mark.django_db
def test_events_are_shown_to_their_person_and_go_with_them() -> None:
    person, other = UserFactory.create_batch(2)
    issue_ticket(user=person, session_id=open_session(person).session.pk)
    realtime.publish(users=[person.pk, other.pk], event="booking.changed", data={"status": "held"})

    [shown] = live_events(person)
    assert shown["type"] == "booking.changed"
    assert shown["data"] == {"status": "held"}
    assert not {"xid", "horizon", "user"} & set(shown)

    assert forget_live_events(person) == 2
    assert forget_live_events(person) == 0
    assert live_events(person) == []
    assert LiveEvent.objects.get().user == other
    assert not RealtimeTicket.objects.exists()
