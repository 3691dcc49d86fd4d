"""Sales through Stripe's own SDK: held on our account, passed on, and taken back."""

from decimal import Decimal

import pytest

from accounts.services.settings import change_setting
from accounts.tests.clients import client_of
from bookings.models import Payment, Transaction
from bookings.services.carrying_out import carry_out_refund
from bookings.services.money_integrity import check_money
from bookings.services.payouts import pay_out
from bookings.services.reconciling import reconcile
from bookings.services.releasing import confirm_handover
from bookings.services.sale_refunds import refund_sale
from bookings.tests.selling import balances, begin_purchase, states

pytestmark = [pytest.mark.django_db, pytest.mark.capability("K15")]

CARD = "payment_method=pm_card_visa"
INBOX = "/api/v1/webhooks/stripe/"


@pytest.fixture(autouse=True)
def _books_agree(stripe):
    yield
    assert check_money().sentences == []
    assert reconcile().differences == []


def paid(stripe, api, payment):
    """The sale of ``payment`` once Stripe's messages have been applied, each of them twice."""
    intent = payment.stripe_payment_intent_id
    stripe._carried_out("POST", f"/v1/payment_intents/{intent}/confirm", CARD)
    for body, signature in stripe.messages() * 2:
        answer = api.post(
            INBOX, body, content_type="application/json", HTTP_STRIPE_SIGNATURE=signature
        )
        assert answer.status_code == 204
    return Transaction.objects.get()


def test_a_held_sale_is_charged_to_us_and_passed_on_after_the_handover(stripe, api):
    payment = begin_purchase()
    sale = paid(stripe, api, payment)
    (intent,) = stripe.books.all("payment_intent")
    assert "transfer_data" not in intent
    assert states(sale) == ("completed", "held", "sold")

    opened = client_of(sale.seller).post("/api/v1/payments/payout-account/")
    confirm_handover(sale=sale, actor=sale.buyer)
    pay_out(payment_id=payment.pk)
    pay_out(payment_id=payment.pk)

    (account,) = stripe.books.all("account")
    (transfer,) = stripe.books.all("transfer")
    payment.refresh_from_db()
    assert (account["type"], account["metadata"]["user"]) == ("express", str(sale.seller_id))
    assert opened.data["onboarding_url"].endswith(account["id"])
    assert (transfer["amount"], transfer["destination"]) == (19_000, account["id"])
    assert transfer["source_transaction"] == payment.stripe_charge_id
    assert payment.stripe_transfer_id == transfer["id"]

    refund = refund_sale(sale=sale, actor=sale.seller, reason="goodwill", amount=Decimal(50))
    carry_out_refund(refund_id=refund.pk)
    carry_out_refund(refund_id=refund.pk)

    assert stripe.books.get(transfer["id"], "transfer")["amount_reversed"] == 4_750
    assert balances(payment)["gateway_clearing"] == Decimal("7.5")


def test_without_holding_a_connected_seller_is_paid_by_the_charge_itself(stripe, api):
    change_setting(key="hold_sales", value=False, actor=None, reason="Test")
    payment = begin_purchase()
    payment.delete()
    sale = Transaction.objects.get()
    client_of(sale.seller).post("/api/v1/payments/payout-account/")
    client_of(sale.buyer).post(f"/api/v1/transactions/{sale.pk}/pay/", {}, HTTP_IDEMPOTENCY_KEY="k")
    payment = Payment.objects.get()

    sale = paid(stripe, api, payment)

    (intent,) = stripe.books.all("payment_intent", id=payment.stripe_payment_intent_id)
    assert intent["transfer_data"]["destination"] == payment.destination_account
    assert int(intent["application_fee_amount"]) == 1_000
    assert states(sale) == ("completed", "released", "sold")
    refund = refund_sale(sale=sale, actor=sale.seller, reason="goodwill")
    carry_out_refund(refund_id=refund.pk)
    (fee,) = stripe.books.all("application_fee")
    assert fee["refunded"] == fee["amount"] == 1_000
    assert balances(payment) == {}
