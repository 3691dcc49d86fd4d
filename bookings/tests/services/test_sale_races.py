"""Sales in the same moment, with real threads and connections: one outcome each time."""

import pytest
from django.db.models import Sum

from accounts.groups import FINANCE
from accounts.tests.clients import client_of
from accounts.tests.factories.organizations import staff_in
from accounts.tests.factories.people import UserFactory
from bookings.gateways.built_in import BuiltInGateway
from bookings.models import LedgerEntry, Payment, Refund, Transaction
from bookings.payment_exceptions import InboxFailedError
from bookings.sale_exceptions import NoHandoverCodeError, WrongHandoverCodeError
from bookings.services.carrying_out import carry_out_refund
from bookings.services.disputes import decide_dispute, open_dispute
from bookings.services.handover_codes import hand_over, issue_code
from bookings.services.money_integrity import check_money
from bookings.services.payouts import pay_out
from bookings.services.reconciling import reconcile
from bookings.services.releasing import confirm_handover, release_lapsed
from bookings.services.sale_payments import buy_product
from bookings.services.sale_refunds import refund_sale
from bookings.services.webhooks import receive_message
from bookings.tests.factories.market import lapse_reservation
from bookings.tests.selling import begin_purchase, days_pass, sold, states, with_account
from catalog.models import Product
from catalog.tests.factories.market import ProductFactory
from config.shared.errors import AlreadyClaimedError, DomainError
from config.tests.racing import race

pytestmark = pytest.mark.django_db(transaction=True)

CROWD = 50


@pytest.fixture(autouse=True)
def _books_agree():
    """After every test the ledger, the refunds and the gateway tell one story."""
    yield
    assert check_money().sentences == []
    assert reconcile().differences == []


def deliver(message):
    body, headers = message
    while True:
        try:
            return receive_message(gateway="test", body=body, headers=headers).outcome
        except InboxFailedError:
            continue


def carry_out_all():
    for refund in Refund.objects.order_by("pk"):
        carry_out_refund(refund_id=refund.pk)


@pytest.mark.capability("K11")
def test_of_fifty_who_buy_at_once_one_gets_it():
    product = ProductFactory()
    people = UserFactory.create_batch(CROWD)

    results = race(
        *[lambda buyer=buyer: buy_product(buyer=buyer, product=product) for buyer in people],
        patience=90,
    )

    winners = [each for each in results if isinstance(each, Payment)]
    assert len(winners) == 1
    assert sum(isinstance(each, AlreadyClaimedError) for each in results) == CROWD - 1
    assert Transaction.objects.count() == Payment.objects.count() == 1
    assert Product.objects.get().status == "reserved"


@pytest.mark.capability("K11")
def test_of_fifty_whose_money_comes_at_once_one_is_sold_to_and_the_others_are_paid_back():
    product = ProductFactory()
    payments = []
    for _ in range(CROWD):
        payment = begin_purchase(product)
        lapse_reservation(payment.transaction)
        payments.append(payment)
    messages = [
        BuiltInGateway().simulate(payment.stripe_payment_intent_id, "succeed")
        for payment in payments
    ]

    outcomes = race(
        *[lambda message=message: deliver(message) for message in messages], patience=120
    )
    carry_out_all()

    assert set(outcomes) == {"applied"}
    assert Transaction.objects.filter(status="completed").count() == 1
    assert Transaction.objects.filter(status="failed").count() == CROWD - 1
    assert Payment.objects.filter(status="completed").count() == 1
    assert Payment.objects.filter(status="refunded").count() == CROWD - 1
    assert Product.objects.get().status == "sold"


@pytest.mark.capability("K15")
def test_fifty_deliveries_of_one_message_sell_once():
    payment = begin_purchase()
    message = BuiltInGateway().simulate(payment.stripe_payment_intent_id, "succeed")

    outcomes = race(*[lambda: deliver(message)] * CROWD, patience=90)

    assert set(outcomes) == {"applied"}
    assert states(payment.transaction) == ("completed", "held", "sold")
    assert LedgerEntry.objects.count() == 5


@pytest.mark.capability("K14")
def test_fifty_requests_with_one_key_buy_once():
    product, buyer = ProductFactory(), UserFactory()
    client = client_of(buyer)
    body = {"product": str(product.pk)}

    def ask():
        return client.post("/api/v1/transactions/", body, HTTP_IDEMPOTENCY_KEY="k-1").status_code

    answers = race(*[ask] * CROWD, patience=90)

    assert set(answers) <= {201, 409}
    assert ask() == 201
    assert Payment.objects.count() == Transaction.objects.count() == 1


@pytest.mark.capability("K16")
def test_of_fifty_wrong_guesses_five_are_looked_at():
    sale = sold()
    code = issue_code(sale=sale, actor=sale.buyer).code
    guesses = [f"{(int(code) + step) % 1_000_000:06d}" for step in range(1, CROWD + 1)]

    results = race(
        *[
            lambda guess=guess: hand_over(sale=sale, actor=sale.seller, code=guess)
            for guess in guesses
        ],
        patience=90,
    )

    assert sum(isinstance(each, WrongHandoverCodeError) for each in results) == 5
    assert sum(isinstance(each, NoHandoverCodeError) for each in results) == CROWD - 5
    assert states(sale) == ("completed", "held", "sold")
    assert sale.handover_attempts == 5


@pytest.mark.capability("K17")
@pytest.mark.parametrize("round_", range(4))
def test_a_dispute_a_code_the_buyers_word_and_the_clock_have_one_outcome(round_):
    sale = sold()
    code = issue_code(sale=sale, actor=sale.buyer).code
    days_pass(sale, 7 if round_ % 2 else 0)

    results = race(
        lambda: open_dispute(sale=sale, actor=sale.buyer, reason="Broken"),
        lambda: hand_over(sale=sale, actor=sale.seller, code=code),
        lambda: confirm_handover(sale=sale, actor=sale.buyer),
        release_lapsed,
    )

    won = [each for each in results if isinstance(each, Transaction) or each == 1]
    assert len(won) == 1
    assert all(isinstance(each, Transaction | DomainError | int) for each in results)
    assert states(sale) in {("disputed", "frozen", "sold"), ("completed", "released", "sold")}
    released = LedgerEntry.objects.filter(step="release").count()
    assert released == (2 if sale.release_state == "released" else 0)


@pytest.mark.capability("K17")
def test_two_who_decide_at_once_move_the_money_once():
    sale = sold()
    open_dispute(sale=sale, actor=sale.buyer, reason="Broken")
    judges = [staff_in(FINANCE) for _ in range(6)]

    results = race(
        *[
            lambda judge=judge, outcome=outcome: decide_dispute(
                sale=sale, actor=judge, outcome=outcome, note="So be it"
            )
            for judge, outcome in zip(judges, ["released", "refunded"] * 3, strict=True)
        ]
    )
    carry_out_all()

    assert sum(isinstance(each, Transaction) for each in results) == 1
    assert states(sale) in {("refunded", "returned", "sold"), ("completed", "released", "sold")}


@pytest.mark.capability("K18")
def test_refunds_payouts_and_releases_at_once_lose_no_coin():
    sale = sold()
    with_account(sale.seller)
    payment = Payment.objects.get()

    race(
        *[lambda: refund_sale(sale=sale, actor=sale.seller, reason="goodwill", amount=None)] * 2,
        lambda: confirm_handover(sale=sale, actor=sale.buyer),
        *[lambda: pay_out(payment_id=payment.pk)] * 4,
    )
    pay_out(payment_id=payment.pk)
    carry_out_all()
    carry_out_all()

    assert Refund.objects.count() == 1
    assert states(sale) == ("refunded", "returned", "sold")
    total = LedgerEntry.objects.values("account").annotate(sum=Sum("amount"))
    assert {row["sum"] for row in total} == {0}


@pytest.mark.capability("K16")
def test_a_payout_is_sent_once_however_many_workers_try():
    sale = sold()
    with_account(sale.seller)
    confirm_handover(sale=sale, actor=sale.buyer)
    payment = Payment.objects.get()

    race(*[lambda: pay_out(payment_id=payment.pk)] * 12)

    assert LedgerEntry.objects.filter(step__startswith="payout").count() == 2
    payment.refresh_from_db()
    assert BuiltInGateway().transferred(payment.stripe_transfer_id).amount == 190
