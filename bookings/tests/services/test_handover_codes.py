"""Held money: by the buyer's code, at the buyer's word, after some days, and never twice."""

from datetime import timedelta

import pytest

from accounts.models import AuditEvent
from accounts.tests.factories.people import UserFactory
from bookings.models import LedgerEntry, Transaction
from bookings.sale_exceptions import (
    NoHandoverCodeError,
    NotBuyerError,
    NotHeldError,
    NotSellerError,
    WrongHandoverCodeError,
)
from bookings.services.handover_codes import code_of, hand_over, issue_code
from bookings.services.releasing import confirm_handover, release_lapsed
from bookings.tests.factories.market import ReservationFactory
from bookings.tests.selling import (
    balances,
    days_pass,
    paid_out,
    sold,
    states,
    with_account,
)
from messaging.models import Notification

pytestmark = [pytest.mark.django_db, pytest.mark.capability("K16")]


def another(code):
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_the_code_that_the_buyer_shows_releases_the_money():
    sale = sold()
    issued = issue_code(sale=sale, actor=sale.buyer)

    done = hand_over(sale=sale, actor=sale.seller, code=issued.code)

    assert len(issued.code) == 6
    assert issued.qr_svg.startswith("data:image/svg+xml")
    assert states(done) == ("completed", "released", "sold")
    assert done.handover_confirmed_at == done.released_at
    assert done.handover_code_hash == ""
    assert balances(done.payments.get()) == {
        "gateway_clearing": 200,
        "seller": -190,
        "platform_fee": -10,
    }
    told = Notification.objects.filter(type="sale_released").values_list("user", flat=True)
    assert set(told) == {sale.buyer_id, sale.seller_id}


def test_the_code_is_kept_as_a_keyed_hash_and_shown_once():
    sale = sold()
    code = issue_code(sale=sale, actor=sale.buyer).code
    sale.refresh_from_db()

    standing = code_of(sale=sale, actor=sale.buyer)

    assert code not in sale.handover_code_hash
    assert sale.handover_code_hash.startswith("dev$") or "$" in sale.handover_code_hash
    assert (standing.is_issued, standing.attempts_left, standing.code) == (True, 5, "")
    assert code not in repr(issue_code(sale=sale, actor=sale.buyer))
    assert not AuditEvent.objects.filter(after__icontains=code).exists()


def test_a_wrong_code_counts_and_after_five_a_new_one_is_needed():
    sale = sold()
    code = issue_code(sale=sale, actor=sale.buyer).code

    for left in (4, 3, 2, 1, 0):
        with pytest.raises(WrongHandoverCodeError) as caught:
            hand_over(sale=sale, actor=sale.seller, code=another(code))
        assert caught.value.extra["attempts_left"] == left
    with pytest.raises(NoHandoverCodeError):
        hand_over(sale=sale, actor=sale.seller, code=code)

    assert states(sale) == ("completed", "held", "sold")
    assert sale.handover_attempts == 5
    assert Notification.objects.get(type="handover_code_spent").user == sale.buyer
    fresh = issue_code(sale=sale, actor=sale.buyer).code
    hand_over(sale=sale, actor=sale.seller, code=fresh)
    assert states(sale) == ("completed", "released", "sold")


def test_a_new_code_makes_the_old_one_worthless():
    sale = sold()
    old = issue_code(sale=sale, actor=sale.buyer).code
    new = issue_code(sale=sale, actor=sale.buyer).code
    while new == old:
        new = issue_code(sale=sale, actor=sale.buyer).code

    with pytest.raises(WrongHandoverCodeError):
        hand_over(sale=sale, actor=sale.seller, code=old)


def test_the_code_of_one_sale_opens_no_other():
    one, other = sold(), sold()
    code = issue_code(sale=one, actor=one.buyer).code
    issue_code(sale=other, actor=other.buyer)
    Transaction.objects.filter(pk=other.pk).update(
        handover_code_hash=Transaction.objects.get(pk=one.pk).handover_code_hash
    )

    with pytest.raises(WrongHandoverCodeError):
        hand_over(sale=other, actor=other.seller, code=code)


def test_each_side_does_its_own_part_and_strangers_none():
    sale = sold()
    code = issue_code(sale=sale, actor=sale.buyer).code

    for actor in (sale.seller, UserFactory()):
        with pytest.raises(NotBuyerError):
            issue_code(sale=sale, actor=actor)
        with pytest.raises(NotBuyerError):
            code_of(sale=sale, actor=actor)
        with pytest.raises(NotBuyerError):
            confirm_handover(sale=sale, actor=actor)
    for actor in (sale.buyer, UserFactory()):
        with pytest.raises(NotSellerError):
            hand_over(sale=sale, actor=actor, code=code)

    assert states(sale) == ("completed", "held", "sold")
    assert sale.handover_attempts == 0


def test_without_a_code_nothing_can_be_typed():
    sale = sold()

    with pytest.raises(NoHandoverCodeError):
        hand_over(sale=sale, actor=sale.seller, code="000000")


def test_before_the_money_and_after_the_release_there_is_no_code():
    waiting, done = ReservationFactory(), sold()
    confirm_handover(sale=done, actor=done.buyer)

    for sale in (waiting, done):
        with pytest.raises(NotHeldError):
            issue_code(sale=sale, actor=sale.buyer)
        with pytest.raises(NotHeldError):
            confirm_handover(sale=sale, actor=sale.buyer)


def test_the_buyers_word_alone_releases_it():
    sale = sold()

    confirm_handover(sale=sale, actor=sale.buyer)

    assert states(sale) == ("completed", "released", "sold")
    assert sale.handover_confirmed_at is not None


def test_what_nobody_objects_to_is_released_after_seven_days_and_not_before():
    early, due = sold(), days_pass(sold(), days=8)

    assert release_lapsed() == 1

    assert states(early) == ("completed", "held", "sold")
    assert states(due) == ("completed", "released", "sold")
    assert due.handover_confirmed_at is None
    assert release_lapsed() == 0
    assert due.released_at - due.completed_at < timedelta(minutes=1)


def test_released_money_reaches_the_sellers_account_once():
    sale = sold()
    with_account(sale.seller)
    confirm_handover(sale=sale, actor=sale.buyer)

    payment = paid_out(sale)
    again = paid_out(sale)

    assert payment.stripe_transfer_id == again.stripe_transfer_id != ""
    assert balances(payment) == {"gateway_clearing": 10, "platform_fee": -10}
    assert LedgerEntry.objects.filter(payment=payment, step__startswith="payout").count() == 2


def test_nothing_is_paid_out_before_the_release():
    sale = sold()
    with_account(sale.seller)

    payment = paid_out(sale)

    assert payment.stripe_transfer_id == ""
    assert balances(payment)["held"] == -190
