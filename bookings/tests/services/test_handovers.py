"""The handover: both sides sign, and the home is the buyer's."""

import pytest

from accounts.choices import MembershipRole, ResidencyStatus
from accounts.groups import FINANCE, SUPPORT
from accounts.models import AuditEvent, Membership, Residency
from accounts.services.residencies import claim_residency
from accounts.tests.factories.buildings import BuildingFactory
from accounts.tests.factories.organizations import MembershipFactory, owner_of, staff_in
from accounts.tests.factories.people import UserFactory
from bookings.choices import BookingStatus
from bookings.deal_exceptions import RequestOpenError, SignedAlreadyError
from bookings.services.cancellations import ask_cancellation
from bookings.services.handovers import resident_moved_in, sign_handover
from bookings.tests.deals import confirmed_booking, fresh, home_to_hand_over, site_worker_of
from catalog.tests.factories.homes import member_of
from config.shared.errors import InvalidTransitionError, NotAllowedError
from messaging.models import Notification

pytestmark = [pytest.mark.django_db, pytest.mark.capability("R37")]


@pytest.fixture
def building():
    return BuildingFactory(name="Tower One")


@pytest.fixture
def booking(building):
    return home_to_hand_over(building, block="A", number="1204")


def handed_over(booking):
    sign_handover(booking=booking, actor=booking.customer)
    return sign_handover(booking=booking, actor=site_worker_of(booking))


@pytest.mark.parametrize("customer_first", [True, False])
@pytest.mark.capability("R12")
def test_the_second_signature_completes_whoever_is_first(booking, customer_first):
    signers = [booking.customer, site_worker_of(booking)]
    first, second = signers if customer_first else reversed(signers)

    half = sign_handover(booking=booking, actor=first, note="A scratched door")
    whole = sign_handover(booking=booking, actor=second)

    assert (half.status, half.completed_at) == (BookingStatus.CONTRACTED, None)
    assert (whole.status, whole.completed_at is not None) == (BookingStatus.COMPLETED, True)
    assert whole.handover_signed_by_builder == site_worker_of(booking)
    assert whole.handover_builder_at is not None
    assert whole.handover_customer_at is not None
    note = whole.handover_customer_note if customer_first else whole.handover_builder_note
    assert note == "A scratched door"
    assert fresh(booking.unit).status == "handed_over"


def test_until_then_nothing_but_the_signature_is_there(booking):
    sign_handover(booking=booking, actor=booking.customer)

    assert fresh(booking.unit).status == "sold"
    assert not Residency.objects.exists()
    assert not Membership.objects.filter(user=booking.customer).exists()
    told = Notification.objects.get(type="handover_signed", user=owner_of(booking.builder))
    assert told.data["side"] == "customer"


def test_the_buyer_is_a_verified_resident(booking, building):
    handed_over(booking)

    home = Residency.objects.get(user=booking.customer)
    assert (home.building, home.unit_label) == (building, "A-1204")
    assert (home.status, home.method) == (ResidencyStatus.VERIFIED, "booking")
    assert (home.relation, home.verified_at is not None) == ("owner", True)


@pytest.mark.capability("A21")
def test_a_home_that_was_claimed_before_is_verified_by_the_handover(booking, building):
    claim = claim_residency(
        user=booking.customer,
        building=building,
        unit_label="a-1204",
        relation="tenant",
        method="committee",
    )

    handed_over(booking)

    home = Residency.objects.get()
    assert (home.pk, home.status, home.method) == (claim.pk, ResidencyStatus.VERIFIED, "booking")
    assert home.relation == "owner"


def test_the_buyer_joins_the_society_and_it_is_told(booking, building):
    handed_over(booking)

    seat = Membership.objects.get(user=booking.customer, organization=building.society)
    assert (seat.role, seat.status) == (MembershipRole.MEMBER, "live")
    told = Notification.objects.get(user=owner_of(building.society), type="resident_joined")
    assert told.data == {"unit": "A-1204", "building": "Tower One"}


def test_whoever_has_a_place_in_the_society_keeps_it(booking, building):
    MembershipFactory(organization=building.society, user=booking.customer, role="committee")

    handed_over(booking)

    seat = Membership.objects.get(user=booking.customer)
    assert (seat.role, seat.status) == (MembershipRole.COMMITTEE, "live")


def test_a_building_without_a_society_has_nobody_to_join(db):
    booking = home_to_hand_over(
        BuildingFactory(society=None, actor=staff_in("Site administration"))
    )

    handed_over(booking)

    assert Residency.objects.get().status == ResidencyStatus.VERIFIED
    assert not Membership.objects.filter(user=booking.customer).exists()


def test_the_customer_is_told_and_it_is_written_down(booking):
    handed_over(booking)

    told = Notification.objects.get(user=booking.customer, type="handover_completed")
    assert (told.data["reference"], told.data["building"]) == (booking.reference, "Tower One")
    acts = AuditEvent.objects.filter(object_id=str(booking.pk)).order_by("at", "pk")
    assert list(acts.values_list("action", flat=True))[-3:] == [
        "bookings.booking.handover_signed",
        "bookings.booking.handover_signed",
        "bookings.booking.completed",
    ]


def test_circles_of_the_building_are_told_through_the_hook(booking, building, monkeypatch):
    seen = []
    monkeypatch.setattr(resident_moved_in, "_functions", [lambda **facts: seen.append(facts)])

    handed_over(booking)

    assert [(each["user"], each["building"]) for each in seen] == [(booking.customer, building)]


def test_what_follows_from_a_handover_fails_with_it(booking, monkeypatch):
    def broken(**facts):
        raise ConnectionError

    monkeypatch.setattr(resident_moved_in, "_functions", [broken])
    sign_handover(booking=booking, actor=booking.customer)

    with pytest.raises(ConnectionError):
        sign_handover(booking=booking, actor=site_worker_of(booking))

    half = fresh(booking)
    assert (half.status, half.handover_builder_at) == ("contracted", None)
    assert fresh(booking.unit).status == "sold"
    assert not Residency.objects.exists()


@pytest.mark.parametrize("role", ["owner", "admin", "site"])
def test_those_who_work_on_the_site_sign_for_the_builder(booking, role):
    signed = sign_handover(booking=booking, actor=member_of(booking.builder, role))

    assert signed.handover_builder_at is not None


def test_nobody_else_signs(booking):
    roles = [member_of(booking.builder, role) for role in ("sales", "finance", "member")]

    for actor in (*roles, UserFactory(), staff_in(SUPPORT)):
        with pytest.raises(NotAllowedError):
            sign_handover(booking=booking, actor=actor)

    signed = fresh(booking)
    assert (signed.handover_builder_at, signed.handover_customer_at) == (None, None)


def test_staff_who_may_manage_bookings_sign_for_the_builder(booking):
    signed = sign_handover(booking=booking, actor=staff_in(FINANCE))

    assert (signed.handover_builder_at is None, signed.handover_customer_at) == (False, None)


def test_nobody_signs_for_both_sides(booking):
    MembershipFactory(organization=booking.builder, user=booking.customer, role="site")

    signed = sign_handover(booking=booking, actor=booking.customer)
    with pytest.raises(SignedAlreadyError):
        sign_handover(booking=booking, actor=booking.customer)

    assert (signed.handover_builder_at, signed.status) == (None, "contracted")
    assert fresh(booking).handover_builder_at is None


def test_each_side_signs_once(booking):
    first = sign_handover(booking=booking, actor=site_worker_of(booking), note="Keys")

    with pytest.raises(SignedAlreadyError):
        sign_handover(booking=booking, actor=owner_of(booking.builder), note="No keys")

    assert fresh(booking).handover_builder_note == "Keys"
    assert fresh(booking).handover_signed_by_builder == first.handover_signed_by_builder


@pytest.mark.capability("R12")
def test_only_what_is_contracted_is_handed_over():
    booking = confirmed_booking()

    with pytest.raises(InvalidTransitionError) as refused:
        sign_handover(booking=booking, actor=booking.customer)

    assert refused.value.current == "confirmed"
    assert fresh(booking).handover_customer_at is None


def test_what_is_completed_is_signed_no_more(booking):
    handed_over(booking)

    with pytest.raises(InvalidTransitionError):
        sign_handover(booking=booking, actor=booking.customer)

    assert Residency.objects.count() == 1


@pytest.mark.capability("R18")
def test_nobody_signs_while_the_customer_wants_to_leave(booking):
    ask_cancellation(booking=booking, actor=booking.customer, reason="Damp walls")

    with pytest.raises(RequestOpenError):
        sign_handover(booking=booking, actor=site_worker_of(booking))

    assert fresh(booking).handover_builder_at is None
