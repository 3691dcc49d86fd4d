"""What the gateway never told us is found and applied, and contradictions are named."""

from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models.functions import Now

from bookings.demo_gateway import teach_gateway
from bookings.gateways.built_in import BuiltInGateway
from bookings.models import NumberSeries, Payment, Refund
from bookings.services.money_integrity import check_money
from bookings.services.polling import poll_payments
from bookings.services.refunds import refund_payment
from bookings.services.simulation import simulate
from bookings.tests.factories.homes import BookingFactory
from bookings.tests.paying import carry_out_refunds, open_payment, pay, pay_offline
from config.tests.support import drain

pytestmark = pytest.mark.django_db


def deposit():
    return BookingFactory(pending_payment=True).instalments.get(kind="deposit")


def run(*arguments):
    said = StringIO()
    try:
        call_command("reconcile_payments", *arguments, stdout=said, stderr=StringIO())
    except CommandError as error:
        return said.getvalue(), str(error)
    return said.getvalue(), ""


def silent_success(payment):
    """The payer pays, and the gateway's message is lost."""
    BuiltInGateway().simulate(payment.stripe_payment_intent_id, "succeed")


@pytest.mark.capability("R16")
def test_a_lost_message_is_found_and_applied():
    pay(deposit())
    payment = open_payment(deposit())
    silent_success(payment)

    said, refused = run()
    payment.refresh_from_db()
    assert f"{payment}: the gateway says succeeded 100000.00 AED" in said
    assert "2 payments compared, 1 differences, 0 payments" in said
    assert refused.startswith("1 differences are left. Run it with --fix")
    assert payment.status == "pending"
    assert run("--fix", "--dry-run")[1]

    said, refused = run("--fix")

    payment.refresh_from_db()
    assert (payment.status, refused) == ("completed", "")
    assert "1 payments brought up to date." in said
    assert run() == ("2 payments compared, 0 differences, 0 payments brought up to date.\n", "")


@pytest.mark.capability("R16")
def test_a_refund_made_at_the_gateway_is_found_and_applied():
    payment = pay(deposit())
    BuiltInGateway().refund(
        payment.stripe_payment_intent_id,
        amount=50_000,
        currency="AED",
        refund="",
        key=f"by hand {payment.pk}",
    )

    said, _ = run("--fix")

    payment.refresh_from_db()
    refund = Refund.objects.get()
    assert "the gateway says refunded 500.00 AED" in said
    assert (refund.status, refund.requested_by, refund.amount) == ("completed", None, 500)
    assert payment.refunded_amount == 500
    assert check_money().problems == 0


@pytest.mark.capability("R16")
def test_what_the_gateway_does_not_know_is_named():
    payment = pay(deposit())
    Payment.objects.filter(pk=payment.pk).update(stripe_payment_intent_id="test_pi_nobody")

    said, refused = run("--fix")

    assert f"{payment}: the gateway does not know it (resource_missing)." in said
    assert refused == "1 differences are left."


def test_a_gateway_that_lost_its_file_is_told_of_the_payments(settings, tmp_path):
    paid, open_one, declined = pay(deposit()), open_payment(deposit()), open_payment(deposit())
    simulate(payment=declined, actor=declined.payer, outcome="decline")
    refund_payment(payment=paid, amount=Decimal("7.00"), reason="goodwill", requested_by=None)
    carry_out_refunds(paid)
    settings.DATA_DIR = tmp_path
    assert "3 differences" in run()[0]

    assert (teach_gateway(), teach_gateway()) == (3, 0)

    assert run()[0].startswith("3 payments compared, 0 differences")
    assert simulate(payment=open_one, actor=open_one.payer, outcome="succeed").receipt_no


def test_only_payments_since_a_day_are_compared():
    pay(deposit())

    assert run("--since", "2999-01-01")[0].startswith("0 payments compared")
    assert run("--since", "2020-01-01T10:00:00Z")[0].startswith("1 payments compared")
    assert run("--since", "yesterday")[1] == "yesterday is no day: write it as 2026-11-01."
    assert run("--since", "2026-02-31")[1].startswith("2026-02-31 is no day")


def age(*rows, minutes=16):
    for row in rows:
        past = Now() - timedelta(minutes=minutes)
        type(row).objects.filter(pk=row.pk).update(updated_at=past, created_at=past)


@pytest.mark.capability("R16")
def test_payments_that_hang_in_the_air_are_looked_up():
    heard, quiet, fresh = (open_payment(deposit()) for _ in range(3))
    for payment in (heard, fresh):
        silent_success(payment)
    age(heard, quiet)

    assert poll_payments() == 1

    states = [Payment.objects.get(pk=each.pk).status for each in (heard, quiet, fresh)]
    assert states == ["completed", "pending", "pending"]
    assert poll_payments() == 0


def test_a_payment_that_nobody_came_back_to_is_given_up():
    payment = open_payment(deposit())
    Payment.objects.filter(pk=payment.pk).update(stripe_payment_intent_id="")
    age(payment)
    assert poll_payments() == 0

    age(payment, minutes=8 * 24 * 60)

    assert poll_payments() == 1
    payment.refresh_from_db()
    assert (payment.status, payment.failure_code) == ("failed", "abandoned")


@pytest.mark.capability("R16")
def test_a_refund_whose_job_was_lost_is_handed_out_again():
    payment = pay(deposit())
    refund = refund_payment(
        payment=payment, amount=Decimal("5.00"), reason="goodwill", requested_by=None
    )
    drain()
    refund.refresh_from_db()
    assert refund.status == "completed"
    other = refund_payment(
        payment=payment, amount=Decimal("6.00"), reason="goodwill", requested_by=None
    )
    Refund.objects.filter(pk=other.pk).update(status="processing")
    age(other)

    poll_payments()
    drain()

    other.refresh_from_db()
    assert other.status == "completed"


@pytest.mark.capability("R16")
def test_what_the_services_write_tells_one_story():
    payment = pay(deposit())
    offline = pay_offline(deposit())
    for each in (payment, offline):
        refund_payment(payment=each, amount=Decimal("9.99"), reason="goodwill", requested_by=None)
    carry_out_refunds(payment)
    open_payment(deposit())

    report = check_money()

    assert (report.payments, report.problems, report.sentences) == (3, 0, [])


@pytest.mark.capability("R16")
def test_what_contradicts_itself_is_named():
    arrived, waiting, third = pay(deposit()), open_payment(deposit()), pay(deposit())
    Payment.objects.filter(pk=arrived.pk).update(status="refunded", refunded_amount=arrived.amount)
    Payment.objects.filter(pk=waiting.pk).update(
        status="completed", completed_at=Now(), receipt_no="RC-2026-999999"
    )
    Payment.objects.filter(pk=third.pk).update(platform_fee=1)
    NumberSeries.objects.update(last=7)

    report = check_money()

    assert [sentence.partition(":")[0] for sentence in report.sentences][:4] == [
        str(arrived),
        str(waiting),
        str(waiting),
        str(third),
    ]
    assert report.sentences[-1].endswith("3 receipts, the last number is 7.")
    assert report.problems == 5
    with pytest.raises(CommandError, match=r"5 rows do not fit"):
        call_command("check_integrity", stdout=StringIO(), stderr=StringIO())
