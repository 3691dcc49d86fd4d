"""The ledger: every step adds up, nothing is changed, and the database itself sees to it."""

from contextlib import suppress
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.services.settings import change_setting
from bookings.choices import LedgerAccount
from bookings.models import LedgerEntry
from bookings.services.ledger import UnbalancedError, post
from bookings.services.refunds import refund_payment, reject_refund
from bookings.tests.factories.homes import BookingFactory
from bookings.tests.paying import carry_out_refunds, open_payment, pay
from catalog.tests.factories.homes import member_of
from config.shared.errors import DomainError

HUNDRED = Decimal("100.00")


def deposit():
    return BookingFactory(pending_payment=True).instalments.get(kind="deposit")


@transaction.atomic
def save(payment, **lines):
    """Write lines of one step past the service."""
    for account, amount in lines.items():
        LedgerEntry.objects.create(
            payment=payment,
            step="charge",
            account=account,
            amount=amount,
            currency=payment.currency,
        )


@pytest.mark.django_db
@pytest.mark.capability("R16")
def test_what_does_not_add_up_is_not_posted():
    payment = open_payment(deposit())

    with pytest.raises(UnbalancedError):
        post(payment=payment, step="charge", entries={LedgerAccount.CUSTOMER: HUNDRED})

    assert not LedgerEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.capability("R16")
def test_the_database_refuses_an_unbalanced_step_at_commit():
    payment = open_payment(deposit())

    with pytest.raises(IntegrityError) as refused:
        save(payment, customer=HUNDRED, builder=1 - HUNDRED)

    assert refused.value.__cause__.sqlstate == "23001"
    assert not LedgerEntry.objects.exists()
    save(payment, customer=HUNDRED, builder=-HUNDRED)
    assert LedgerEntry.objects.count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.capability("R16")
def test_the_ledger_only_grows_whoever_asks():
    pay(deposit())
    attempts = [
        "UPDATE bookings_ledgerentry SET amount = amount * 2",
        "DELETE FROM bookings_ledgerentry",
        "SET LOCAL courtyard.allow_reset = 'off'; TRUNCATE bookings_ledgerentry CASCADE",
        "UPDATE bookings_paymentfact SET amount = 0",
        "DELETE FROM bookings_paymentfact",
    ]
    before = list(LedgerEntry.objects.order_by("pk").values_list("account", "amount"))

    for attempt in attempts:
        with (
            pytest.raises(IntegrityError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(attempt)

    assert list(LedgerEntry.objects.order_by("pk").values_list("account", "amount")) == before


@pytest.mark.django_db
@pytest.mark.capability("R16")
def test_a_step_is_posted_once():
    payment = pay(deposit())
    entries = {LedgerAccount.CUSTOMER: HUNDRED, LedgerAccount.BUILDER: -HUNDRED}

    with pytest.raises(IntegrityError), transaction.atomic():
        post(payment=payment, step="charge", entries=entries)

    assert LedgerEntry.objects.count() == 4


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["pay", "refund", "ask", "reject", "carry"]),
        st.decimals("0.01", "60000", places=2),
    ),
    min_size=3,
    max_size=12,
)


@pytest.fixture
def later():
    change_setting(key="homes_fee_percent", value="3.3", actor=None)
    return BookingFactory(confirmed=True).instalments.get(order=2)


def act(later, kind, amount):
    """One thing that people may do; most amounts are refused some time, and then nothing is."""
    payments = list(later.payments.received().order_by("pk"))
    finance = member_of(later.booking.builder, "finance")
    if kind == "pay":
        pay(later, amount)
        return
    if not payments:
        return
    asker = finance if kind == "ask" else None
    if kind in {"refund", "ask"}:
        refund_payment(payment=payments[-1], amount=amount, reason="goodwill", requested_by=asker)
    waiting = [each for found in payments for each in found.refunds.filter(status="requested")]
    if kind == "reject" and waiting:
        reject_refund(refund=waiting[0], actor=finance, reason="No")
    if kind == "carry":
        for payment in payments:
            carry_out_refunds(payment)


@pytest.mark.django_db
@pytest.mark.capability("R16")
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    derandomize=True,
)
@given(acts=ACTS)
def test_whatever_people_do_the_ledger_adds_up_to_nothing(later, acts):
    with transaction.atomic():
        for kind, amount in acts:
            with suppress(DomainError):
                act(later, kind, amount)
        for payment in map(carry_out_refunds, later.payments.received()):
            entries = LedgerEntry.objects.filter(payment=payment)
            done = payment.refunds.filter(status="completed")
            returned = sum((each.amount for each in done), Decimal(0))
            kept = sum((each.platform_fee for each in done), Decimal(0))
            assert entries.balance() == 0
            assert entries.filter(account="customer").balance() == 0
            assert entries.filter(account="refund").balance() == 0
            assert payment.refunded_amount == returned <= payment.amount
            clearing = entries.filter(account="gateway_clearing").balance()
            assert clearing == payment.amount - returned
            fee = entries.filter(account="platform_fee").balance()
            assert fee == kept - payment.platform_fee
        transaction.set_rollback(True)
