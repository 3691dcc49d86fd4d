"""Contracts: who signs them, what follows, and what a refused one changes: nothing."""

import pytest

from accounts.choices import MediaKind, MediaPurpose, MediaStatus
from accounts.groups import FINANCE, SUPPORT
from accounts.models import AuditEvent, MediaFile
from accounts.tests.factories.organizations import staff_in
from accounts.tests.factories.people import UserFactory
from bookings.choices import BookingStatus
from bookings.deal_exceptions import RequestOpenError
from bookings.services.cancellations import ask_cancellation
from bookings.services.contracts import sign_contract
from bookings.tests.deals import (
    confirmed_booking,
    contracted_booking,
    fresh,
    paper_of,
    seller_of,
)
from bookings.tests.factories.homes import BookingFactory
from catalog.tests.factories.homes import member_of
from config.shared.errors import InvalidInputError, InvalidTransitionError, NotAllowedError
from messaging.models import Notification

pytestmark = [pytest.mark.django_db, pytest.mark.capability("R12")]


def test_a_signed_paper_makes_a_booking_a_sale():
    booking = confirmed_booking()
    seller = seller_of(booking)
    paper = paper_of(seller)

    sold = sign_contract(booking=booking, actor=seller, document=paper)

    assert (sold.status, sold.contract_id) == (BookingStatus.CONTRACTED, paper.pk)
    assert sold.contracted_at is not None
    assert fresh(sold.unit).status == "sold"
    event = AuditEvent.objects.get(action="bookings.booking.contracted")
    assert (event.actor_id, event.before, event.after) == (
        seller.pk,
        {"status": "confirmed"},
        {"status": "contracted"},
    )


def test_the_customer_is_told_of_the_contract():
    booking = contracted_booking()

    told = Notification.objects.get(user=booking.customer, type="contract_signed")

    assert told.data["reference"] == booking.reference
    assert told.link == f"/api/v1/bookings/{booking.pk}/"


@pytest.mark.capability("R35")
def test_the_contract_opens_to_whoever_sees_the_booking_alone():
    booking = contracted_booking()
    others = [UserFactory(), member_of(booking.builder, "member"), staff_in("Moderation")]
    seeing = [booking.customer, member_of(booking.builder, "finance"), staff_in(SUPPORT)]

    def opens(user):
        return MediaFile.objects.visible_to(user).filter(pk=booking.contract_id).exists()

    assert booking.contract.is_private
    assert [opens(user) for user in seeing] == [True, True, True]
    assert [opens(user) for user in others] == [False, False, False]


@pytest.mark.parametrize("role", ["owner", "admin", "sales"])
def test_those_who_sell_for_the_builder_sign(role):
    booking = confirmed_booking()
    actor = member_of(booking.builder, role)

    sign_contract(booking=booking, actor=actor, document=paper_of(actor))

    assert fresh(booking).status == "contracted"


def test_staff_who_may_manage_bookings_sign():
    booking = confirmed_booking()
    actor = staff_in(FINANCE)

    sign_contract(booking=booking, actor=actor, document=paper_of(actor))

    assert fresh(booking).status == "contracted"


@pytest.mark.parametrize("role", ["site", "finance", "member"])
def test_others_of_the_builder_do_not_sign(role):
    booking = confirmed_booking()
    refuse(booking, member_of(booking.builder, role))


def test_neither_the_customer_nor_strangers_nor_other_staff_sign():
    booking = confirmed_booking()
    elsewhere = seller_of(confirmed_booking())

    for actor in (booking.customer, UserFactory(), elsewhere, staff_in(SUPPORT)):
        refuse(booking, actor)


def refuse(booking, actor, error=NotAllowedError):
    paper = paper_of(actor)

    with pytest.raises(error):
        sign_contract(booking=booking, actor=actor, document=paper)

    assert fresh(booking).contract_id is None
    assert fresh(booking.unit).status == "reserved"
    assert fresh(paper).target_id is None


@pytest.mark.parametrize("trait", ["held", "pending_payment"])
def test_only_a_confirmed_booking_is_contracted(trait):
    booking = BookingFactory(**{trait: True})
    seller = seller_of(booking)

    with pytest.raises(InvalidTransitionError) as refused:
        sign_contract(booking=booking, actor=seller, document=paper_of(seller))

    assert refused.value.current == trait
    assert fresh(booking).status == trait


def test_a_contract_is_signed_once():
    booking = contracted_booking()
    seller = seller_of(booking)

    with pytest.raises(InvalidTransitionError):
        sign_contract(booking=booking, actor=seller, document=paper_of(seller))

    assert fresh(booking).contract_id == booking.contract_id


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": MediaKind.IMAGE},
        {"purpose": MediaPurpose.UNIT},
        {"status": MediaStatus.UPLOADED},
    ],
    ids=["a picture", "for something else", "not checked"],
)
def test_a_file_that_is_no_contract_is_refused(changes):
    booking = confirmed_booking()
    seller = seller_of(booking)

    with pytest.raises(InvalidInputError) as refused:
        sign_contract(booking=booking, actor=seller, document=paper_of(seller, **changes))

    assert refused.value.errors[0].pointer == "/document"
    assert fresh(booking).status == "confirmed"


def test_the_paper_of_somebody_else_or_of_another_booking_is_refused():
    booking, other = confirmed_booking(), contracted_booking()
    seller = seller_of(booking)

    for paper in (paper_of(UserFactory()), other.contract):
        with pytest.raises(InvalidInputError):
            sign_contract(booking=booking, actor=seller, document=paper)

    assert fresh(booking).status == "confirmed"


@pytest.mark.capability("R18")
def test_no_contract_is_signed_while_the_customer_wants_to_leave():
    booking = confirmed_booking()
    ask_cancellation(booking=booking, actor=booking.customer, reason="I move away")

    refuse(booking, seller_of(booking), RequestOpenError)
