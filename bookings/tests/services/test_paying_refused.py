"""Reservations that nobody begins to pay for: between people who cannot deal with each other."""

import pytest

from accounts.models import Block, User
from bookings.models import Payment
from bookings.services.sale_payments import pay_sale
from bookings.tests.factories.market import ReservationFactory
from messaging.conversation_exceptions import NotReachableError

pytestmark = pytest.mark.django_db


@pytest.mark.capability("M08", "K14")
@pytest.mark.parametrize("turned", [False, True])
def test_after_a_block_nothing_is_begun_to_be_paid(turned):
    sale = ReservationFactory(origin="offer")
    pair = (sale.seller, sale.buyer) if turned else (sale.buyer, sale.seller)
    Block.objects.create(blocker=pair[0], blocked=pair[1])

    with pytest.raises(NotReachableError):
        pay_sale(sale=sale, buyer=sale.buyer)

    assert not Payment.objects.exists()


@pytest.mark.capability("K14")
def test_nothing_is_begun_to_be_paid_to_a_seller_who_is_suspended():
    sale = ReservationFactory(origin="offer")
    User.objects.filter(pk=sale.seller_id).update(status="suspended", is_active=False)

    with pytest.raises(NotReachableError):
        pay_sale(sale=sale, buyer=sale.buyer)

    assert not Payment.objects.exists()
