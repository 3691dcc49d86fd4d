"""Nobody decides for the builder about money or papers of their own, however they came to them."""

from decimal import Decimal

import pytest

from accounts.choices import MediaKind, MediaPurpose
from accounts.tests.factories.papers import CheckedFileFactory
from accounts.tests.factories.people import UserFactory
from bookings.choices import PaymentMethod
from bookings.models import Booking, Payment, Refund
from bookings.payment_exceptions import OwnPaymentError
from bookings.services.contracts import sign_contract
from bookings.services.offline import confirm_offline
from bookings.services.payments import begin_payment
from bookings.services.refunds import approve_refund, request_refund
from bookings.services.transfers import accept_transfer, approve_transfer, ask_transfer
from bookings.tests.factories.homes import BookingFactory
from bookings.tests.paying import pay
from catalog.tests.factories.homes import member_of
from config.shared.errors import NotAllowedError

pytestmark = pytest.mark.django_db


def passed_on(booking, to):
    """``booking`` as it goes on for ``to``."""
    request = ask_transfer(booking=booking, actor=booking.customer, to_customer=to)
    request = accept_transfer(request=request, actor=to)
    leader = member_of(booking.builder, "owner")
    return approve_transfer(request=request, actor=leader).new_booking


def bought():
    """A booking whose deposit was paid, and that payment."""
    booking = BookingFactory(pending_payment=True)
    payment = pay(booking.instalments.get(kind="deposit"))
    booking.refresh_from_db()
    return booking, payment


@pytest.mark.capability("R16", "R19")
def test_finance_confirms_no_money_for_a_booking_that_passed_to_them():
    booking, _ = bought()
    finance = member_of(booking.builder, "finance")
    announced = begin_payment(
        payer=booking.customer,
        instalment=booking.instalments.get(kind="plan"),
        payment_method=PaymentMethod.BANK_TRANSFER,
    )
    passed_on(booking, finance)

    with pytest.raises(OwnPaymentError):
        confirm_offline(payment=announced, actor=finance, reference="TRF-1")

    announced.refresh_from_db()
    assert (announced.status, announced.completed_at) == ("failed", None)


@pytest.mark.capability("R18", "R19")
def test_finance_gives_nothing_back_of_a_booking_that_passed_to_them():
    booking, payment = bought()
    finance = member_of(booking.builder, "finance")
    passed_on(booking, finance)
    payment = Payment.objects.get(pk=payment.pk)
    values = {"payment": payment, "amount": Decimal(50000), "reason": "goodwill"}

    with pytest.raises(OwnPaymentError):
        request_refund(**values, actor=finance)
    asked = request_refund(**values, actor=member_of(booking.builder, "admin"))
    with pytest.raises(OwnPaymentError):
        approve_refund(refund=asked, actor=finance)

    assert Refund.objects.get().status == "requested"


@pytest.mark.capability("R18")
def test_many_small_refunds_by_one_person_are_as_one_large():
    booking, payment = bought()
    finance = member_of(booking.builder, "finance")

    refunds = [
        request_refund(payment=payment, amount=Decimal(amount), reason="goodwill", actor=finance)
        for amount in ("6000.00", "4000.00", "0.01")
    ]

    assert [each.status for each in refunds] == ["approved", "approved", "requested"]
    assert [each.needs_second_person for each in refunds] == [False, False, True]


@pytest.mark.capability("R12")
def test_sales_sign_no_contract_for_what_they_buy_themselves():
    buyer = UserFactory()
    booking = BookingFactory(confirmed=True, customer=buyer)
    sales = member_of(booking.builder, "sales")
    Booking.objects.filter(pk=booking.pk).update(customer=sales)
    paper = CheckedFileFactory(owner=sales, kind=MediaKind.DOCUMENT, purpose=MediaPurpose.CONTRACT)
    booking = Booking.objects.get(pk=booking.pk)

    with pytest.raises(NotAllowedError):
        sign_contract(booking=booking, actor=sales, document=paper)

    booking.refresh_from_db()
    assert (booking.status, booking.contract) == ("confirmed", None)
