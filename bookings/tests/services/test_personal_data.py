"""What bookings keep about a person: taken away on request, in the way while open, forgotten."""

import json

import pytest

from accounts.models import MediaFile, User
from accounts.services.erasure import carry_out, obstacles_of, schedule
from accounts.tests.factories.papers import CheckedFileFactory
from accounts.tests.factories.people import UserFactory
from accounts.tests.lives import found_anywhere
from bookings.models import Appointment, Booking, Instalment, Payment
from bookings.services.cancellations import (
    approve_cancellation,
    ask_cancellation,
    reject_cancellation,
)
from bookings.services.change_requests import draft_change
from bookings.services.checkout import release_booking
from bookings.services.handovers import sign_handover
from bookings.services.objections import object_to_instalment, resolve_objection
from bookings.services.transfers import ask_transfer, decline_transfer
from bookings.tests.deals import (
    confirmed_booking,
    contracted_booking,
    fresh,
    home_to_hand_over,
    leader_of,
    second_leader_of,
    site_worker_of,
)
from bookings.tests.factories.appointments import AppointmentFactory
from bookings.tests.factories.homes import BookingFactory, WaitlistEntryFactory, lapse
from catalog.models import DevelopmentFollow
from catalog.tests.factories.homes import DevelopmentFactory, UnitFactory
from config.shared.personal_data import collected
from config.tests.support import drain

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.capability("A23"),
    pytest.mark.usefixtures("media_folder"),
]

MARKS = ("Zebedee", "Quagmire")


@pytest.fixture
def media_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"


def a_person():
    return UserFactory(
        full_name="Zebedee Quagmire", first_name="Zebedee", last_name="Quagmire", with_email=True
    )


def a_home_bought_by(person):
    """A home that was handed over to somebody who wrote wherever one can write."""
    unit = UnitFactory(development=DevelopmentFactory(ready=True))
    booking = confirmed_booking(unit, person)
    owed = object_to_instalment(
        instalment=booking.instalments.get(order=2), customer=person, text="Quagmire objects"
    )
    resolve_objection(
        instalment=owed, actor=leader_of(booking), outcome="dismissed", answer="It was built"
    )
    draft = draft_change(
        actor=person,
        booking=booking,
        category="kitchen",
        description="Quagmire's kitchen",
        media=[CheckedFileFactory(owner=person, purpose="change_request", name="Quagmire.jpg")],
    )
    wish = ask_cancellation(booking=booking, actor=person, reason="Quagmire moves")
    reject_cancellation(request=wish, actor=leader_of(booking), reason="A fixed term")
    offer = ask_transfer(
        booking=booking, actor=person, to_customer=UserFactory(), reason="Quagmire's sister"
    )
    decline_transfer(request=offer, actor=offer.to_customer)
    done = home_to_hand_over(customer=person)
    sign_handover(booking=done, actor=person, note="Quagmire saw a scratched door")
    sign_handover(booking=done, actor=site_worker_of(done))
    approve_all(ask_cancellation(booking=booking, actor=person, reason="Quagmire moves after all"))
    return done, draft


def approve_all(wish):
    booking = wish.booking
    approve_cancellation(request=wish, actor=leader_of(booking))
    approve_cancellation(request=wish, actor=second_leader_of(booking))


def a_life():
    """Somebody with something in every table of bookings, and nothing that is still open."""
    person = a_person()
    a_home_bought_by(person)
    left = BookingFactory(customer=person, notes="Quagmire likes it high")
    release_booking(booking=left, actor=person, reason="Quagmire found another")
    visit = AppointmentFactory(guest=person, notes="Quagmire comes by car")
    WaitlistEntryFactory(customer=person)
    DevelopmentFollow.objects.create(user=person, development=visit.development)
    drain()
    return person


def erase(person):
    request = schedule(person, asked_by=person, at_once=True)
    carry_out(request_id=request.pk)
    drain()
    return User.objects.get(pk=person.pk)


def test_everything_that_is_kept_is_in_the_export():
    person = a_life()

    data = collected(person)

    states = {row["status"] for row in data["bookings.bookings"]}
    assert states == {"completed", "cancelled"}
    assert len(data["bookings.instalments"]) == 4
    assert {row["status"] for row in data["bookings.payments"]} == {"completed", "refunded"}
    assert len(data["bookings.refunds"]) == 1
    assert [row["notes"] for row in data["bookings.appointments"]] == ["Quagmire comes by car"]
    assert [row["description"] for row in data["bookings.change_requests"]] == [
        "Quagmire's kitchen"
    ]
    assert {row["reason"] for row in data["bookings.requests"]["cancellations"]} == {
        "Quagmire moves",
        "Quagmire moves after all",
    }
    assert [row["given"] for row in data["bookings.requests"]["transfers"]] == [True]
    assert len(data["bookings.claims"]["waiting_lists"]) == 1
    assert len(data["catalog.developments_followed"]) == 1
    assert data["messaging.notifications"]
    assert json.dumps(data)


def test_no_word_of_the_person_is_left_anywhere():
    person = a_life()
    assert {found.partition(":")[0] for found in found_anywhere(*MARKS)} >= {
        "default.bookings_booking",
        "default.bookings_instalment",
        "default.bookings_changerequest",
        "default.bookings_appointment",
        "default.bookings_cancellationrequest",
        "default.bookings_transferrequest",
        "default.messaging_notification",
    }

    erase(person)

    assert found_anywhere(*MARKS) == set()


def test_the_books_stay_and_open_wishes_end():
    person = a_life()
    counts = [model.objects.count() for model in (Booking, Instalment, Payment)]
    events = Booking.objects.filter(customer=person).first().events.count()

    gone = erase(person)

    assert [model.objects.count() for model in (Booking, Instalment, Payment)] == counts
    assert Booking.objects.filter(customer=gone).first().events.count() >= events
    visit = Appointment.objects.get(guest=gone)
    assert (visit.status, visit.notes) == ("cancelled", "")
    assert not gone.waitlist_entries.open().exists()
    assert not MediaFile.objects.filter(owner=gone).exists()
    assert not gone.developments_followed.exists()


def test_erasing_may_be_repeated():
    from accounts.services.erasure import erase_rows

    person = a_life()
    erase(person)

    again = erase_rows(fresh(person))

    assert {name: count for name, count in again.items() if name == "bookings.notices"} == {
        "bookings.notices": 0
    }
    assert found_anywhere(*MARKS) == set()


@pytest.mark.parametrize(
    "make",
    [
        lambda: BookingFactory(held=True),
        lambda: BookingFactory(pending_payment=True),
        confirmed_booking,
        contracted_booking,
    ],
    ids=["held", "pending_payment", "confirmed", "contracted"],
)
def test_a_live_booking_stands_against_it(make):
    booking = make()

    (obstacle,) = obstacles_of(booking.customer)

    assert (obstacle.code, obstacle.about["reference"]) == ("live_booking", booking.reference)


def test_a_hold_that_has_lapsed_does_not():
    booking = BookingFactory()
    lapse(booking)

    assert obstacles_of(booking.customer) == []


def test_money_on_its_way_back_stands_against_it():
    booking = confirmed_booking()
    approve_all(ask_cancellation(booking=booking, actor=booking.customer, reason="We move"))

    before = obstacles_of(booking.customer)
    drain()
    after = obstacles_of(booking.customer)

    assert [obstacle.code for obstacle in before] == ["refund_open"]
    assert after == []


def test_an_offer_to_somebody_who_goes_is_declined():
    booking, buyer = confirmed_booking(), UserFactory()
    offer = ask_transfer(booking=booking, actor=booking.customer, to_customer=buyer)

    erase(buyer)

    assert (fresh(offer).status, fresh(booking).status) == ("declined", "confirmed")


def test_the_export_costs_the_same_however_much_there_is(assert_constant_queries):
    person = UserFactory()
    development = DevelopmentFactory(max_holds_per_user=100)

    assert_constant_queries(
        lambda: collected(person),
        lambda: BookingFactory(unit=UnitFactory(development=development), customer=person),
        times=3,
    )
