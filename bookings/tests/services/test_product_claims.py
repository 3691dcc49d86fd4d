"""Claims to products: one of each, ended by time, given up, and remembered."""

from collections import Counter
from decimal import Decimal

import pytest
from django.db import IntegrityError, connections, transaction

from accounts.tests.factories.people import UserFactory
from bookings.choices import SaleMethod, TransactionOrigin
from bookings.models import ClaimLog, Transaction
from bookings.product_exceptions import ProductUnavailableError, SaleOpenError
from bookings.services.market_sweeping import sweep_market
from bookings.services.product_claims import (
    lost_claim,
    release_claim,
    settle_product,
)
from bookings.services.product_withdrawals import withdraw_product
from bookings.tasks import sweep_claims as job
from bookings.tests.factories.market import ReservationFactory, lapse_reservation, reserved
from catalog.models import Product
from catalog.services import hooks
from catalog.tests.factories.market import ProductFactory
from config.shared.clock import database_now
from config.shared.errors import AlreadyClaimedError, InvalidTransitionError
from config.shared.locks import lock
from config.tests.racing import race
from messaging.models import Notification

pytestmark = pytest.mark.django_db


def state_of(sale):
    product = Product.objects.get(pk=sale.product_id)
    return Transaction.objects.get(pk=sale.pk).status, product.status, product.claimed_until


@pytest.mark.capability("K07", "K10", "K14")
def test_a_claim_reserves_the_product_and_says_what_everybody_gets():
    product, buyer = ProductFactory(price=Decimal("99.99")), UserFactory()

    sale = reserved(product, buyer, Decimal("99.99"), method=SaleMethod.CASH)

    assert state_of(sale) == ("pending", "reserved", sale.reserved_until)
    assert (sale.platform_fee, sale.seller_payout) == (Decimal("5.00"), Decimal("94.99"))
    assert (sale.seller, sale.buyer, sale.feed_type) == (product.seller, buyer, "discover")
    assert (sale.payment_method, sale.origin, sale.currency) == ("cash", "checkout", "AED")
    assert sale.reference.startswith("SL-20")
    assert product.is_available is False
    claim = ClaimLog.objects.get()
    assert (claim.subject, claim.object_id, claim.who) == ("product", product.pk, buyer)
    assert (claim.outcome, claim.transaction) == ("won", sale)


@pytest.mark.capability("K10", "K11")
def test_whoever_comes_second_learns_when_it_frees_and_not_who_was_first():
    sale = ReservationFactory()
    loser, later = UserFactory(), UserFactory()

    places = []
    for person in (loser, later, loser):
        with pytest.raises(AlreadyClaimedError) as refused:
            reserved(sale.product, person)
        noted = lost_claim(
            refusal=refused.value,
            product=sale.product,
            who=person,
            asked_at=database_now(),
            now=database_now(),
        )
        places.append(noted.extra["your_place"])

    said = refused.value.extra
    assert (said["current"], said["free_at"]) == ("reserved", sale.reserved_until)
    assert said["transaction"] is None
    assert str(sale.buyer_id) not in str(said)
    assert places == [2, 3, 2]
    assert Transaction.objects.count() == 1


def test_whoever_has_it_already_is_told_which_sale_it_is():
    sale = ReservationFactory()

    with pytest.raises(AlreadyClaimedError) as refused:
        reserved(sale.product, sale.buyer)

    assert refused.value.extra["transaction"] == str(sale.pk)


@pytest.mark.parametrize("status", ["draft", "removed"])
def test_what_is_not_on_sale_is_not_claimed(status):
    product = ProductFactory(draft=True, status=status)

    with pytest.raises(ProductUnavailableError) as refused:
        reserved(product, UserFactory())

    assert refused.value.current == status
    assert not Transaction.objects.exists()
    assert not ClaimLog.objects.exists()


@pytest.mark.capability("K10")
def test_what_lapsed_is_free_for_the_next_without_any_job():
    sale = ReservationFactory()
    lapse_reservation(sale)

    second = reserved(sale.product, UserFactory())

    assert state_of(sale)[0] == "failed"
    assert state_of(second) == ("pending", "reserved", second.reserved_until)
    assert Transaction.objects.get(pk=sale.pk).ended_reason == "lapsed"
    outcomes = ClaimLog.objects.filter(transaction=sale).values_list("outcome", flat=True)
    assert sorted(outcomes) == ["expired", "won"]


@pytest.mark.capability("K10")
def test_the_sweeper_frees_what_lapsed_and_tells_both_once():
    lapsed, going = ReservationFactory(), ReservationFactory()
    lapse_reservation(lapsed)

    job()

    assert state_of(lapsed) == ("failed", "active", None)
    assert state_of(going) == ("pending", "reserved", going.reserved_until)
    told = Notification.objects.filter(type="reservation_lapsed")
    assert {notice.user for notice in told} == {lapsed.buyer, lapsed.seller}
    assert sweep_market() == 0


@pytest.mark.capability("K10")
def test_a_reservation_is_let_go_once():
    sale = ReservationFactory()

    with transaction.atomic():
        lock(sale.product, sale)
        ended = release_claim(
            transaction=sale, now=database_now(), reason="Too far", actor=sale.buyer
        )

    assert state_of(sale) == ("failed", "active", None)
    assert ended.ended_reason == "Too far"
    assert ClaimLog.objects.filter(outcome="released", transaction=sale).count() == 1
    with pytest.raises(InvalidTransitionError):
        release_claim(transaction=ended, now=database_now(), reason="", actor=None)


def test_a_removed_product_ends_its_reservation_and_a_paid_one_stands_in_the_way():
    open_sale, paid = ReservationFactory(), ReservationFactory()
    now = database_now()
    Transaction.objects.filter(pk=paid.pk).update(
        status="completed", completed_at=now, release_state="held", auto_release_at=now
    )

    with transaction.atomic():
        (product,) = lock(open_sale.product)
        hooks.withdraw_product(product=product, actor=None, now=now, reason="Not allowed here")

    assert state_of(open_sale) == ("failed", "active", None)
    assert (product.status, product.claimed_until) == ("active", None)
    with pytest.raises(SaleOpenError):
        withdraw_product(product=paid.product, actor=None, now=now, reason="Not allowed")
    assert state_of(paid)[:2] == ("completed", "reserved")


@pytest.mark.capability("M10")
def test_a_seller_reads_why_the_staff_took_a_product_down_and_is_told_of_no_act_of_theirs():
    taken, own = ProductFactory(title="Copied bag"), ProductFactory()
    moderator = UserFactory()
    now = database_now()

    for product, actor in ((taken, moderator), (own, own.seller)):
        with transaction.atomic():
            (locked,) = lock(product)
            withdraw_product(product=locked, actor=actor, now=now, reason="A copy of a brand")

    told = Notification.objects.get(type="product_removed")
    assert (told.user, told.data["product"]) == (taken.seller, "Copied bag")
    assert told.data["reason"] == "A copy of a brand"
    assert told.link == f"/api/v1/products/{taken.pk}/"


def test_nothing_is_left_to_settle_on_a_product_that_nobody_claims():
    product = ProductFactory()

    with transaction.atomic():
        assert settle_product(product=product, now=database_now()) is None


@pytest.mark.capability("K11")
def test_the_database_refuses_a_second_claim_whatever_the_code_does():
    sale = ReservationFactory()
    copy = Transaction.objects.get(pk=sale.pk)
    copy.pk, copy.reference, copy._state.adding = None, "SL-0", True

    with pytest.raises(IntegrityError, match="bookings_transaction_one_live"), transaction.atomic():
        copy.save(force_insert=True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.capability("K11")
def test_of_fifty_who_want_one_product_one_gets_it():
    product = ProductFactory()
    people = [UserFactory() for _ in range(50)]
    attempts = [lambda who=who: reserved(Product.objects.get(), who) for who in people]

    results = race(*attempts)

    assert Counter(map(type, results)) == {Transaction: 1, AlreadyClaimedError: 49}
    assert Transaction.objects.get().product == product
    assert TransactionOrigin.CHECKOUT == Transaction.objects.get().origin
    connections.close_all()
