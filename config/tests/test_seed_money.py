"""The money of the seed: instalments, payments, refunds and the ledger agree to the last fils."""

from collections import Counter
from decimal import Decimal

import pytest
from django.db.models import Q, Sum
from django.utils import timezone

from bookings import choices
from bookings.demo_gateway import teach_gateway
from bookings.gateways.choosing import gateway_named
from bookings.models import (
    Booking,
    CancellationRequest,
    Instalment,
    LedgerEntry,
    NumberSeries,
    Payment,
    PaymentFact,
    Refund,
)
from bookings.services.polling import look_up
from bookings.services.receiving import apply_report
from bookings.services.references import BOOKING, PAYMENT, next_receipt_number, next_reference
from catalog.choices import PhaseStatus
from config.tests.sown import sown


@pytest.fixture(scope="module")
def community(django_db_setup, django_db_blocker, tmp_path_factory):
    """The small community; gives the folder of its files."""
    with sown(django_db_blocker, tmp_path_factory.mktemp("media")) as folder:
        yield folder


@pytest.fixture(autouse=True)
def files(settings, community):
    """The community's folder, also for what a test adds."""
    settings.MEDIA_ROOT = community
    return community


def test_instalments_make_the_price_and_payments_make_what_is_paid(db):
    for booking in Booking.objects.exclude(instalments=None):
        plan = booking.instalments.exclude(kind="change")
        assert plan.aggregate(sum=Sum("amount"))["sum"] == booking.price
        assert booking.deposit_amount == plan.get(order=1).amount
    for line in Instalment.objects.with_paid().filter(booking__status__in=choices.SOLD_BOOKINGS):
        if line.status == "paid":
            assert line.outstanding == 0
        elif line.status == "partially_paid":
            assert 0 < line.paid_amount < line.amount
        else:
            assert line.paid_amount == 0
    assert Instalment.objects.filter(status="overdue", late_fee__gt=0).count() == 2
    assert Instalment.objects.objected().count() == 1
    assert Instalment.objects.filter(objection_resolved_at__isnull=False).count() == 1


def test_nothing_is_demanded_that_the_platform_would_not_demand(db):
    demanding = Instalment.objects.filter(booking__status__in=["confirmed", "contracted"])
    waiting = demanding.filter(status="scheduled")
    assert not waiting.filter(phase__status=PhaseStatus.COMPLETED).exists()
    assert not waiting.filter(due_date__lte=timezone.now().date()).exists()
    assert not waiting.filter(due_at__isnull=False).exists()
    assert not demanding.filter(due_at__isnull=True).exclude(status="scheduled").exists()
    assert not demanding.filter(phase__isnull=False, due_at__isnull=False, evidence={}).exists()


def test_the_ledger_adds_up_and_says_what_payments_and_refunds_say(db):
    steps = LedgerEntry.objects.order_by().values("payment", "step")
    assert not steps.annotate(sum=Sum("amount")).exclude(sum=0).exists()
    came = Payment.objects.received()
    assert came.count() == LedgerEntry.objects.filter(step="charge", account="customer").count()
    for refund in Refund.objects.select_related("payment"):
        entries = LedgerEntry.objects.filter(payment=refund.payment)
        owed = refund.status in {"approved", "processing", "completed", "failed"}
        paid = refund.status == "completed"
        assert entries.filter(step=f"refund:{refund.reference}").exists() == owed
        assert entries.filter(step=f"refund_paid:{refund.reference}").exists() == paid
    for payment in came.annotate(
        back=Sum("refunds__amount", filter=Q(refunds__status="completed"))
    ):
        assert payment.refunded_amount == (payment.back or Decimal(0))
    for request in CancellationRequest.objects.filter(status="approved"):
        back = request.refunds.aggregate(sum=Sum("amount"))["sum"]
        assert back == request.refund_amount == request.booking.refund_due
        assert request.kept_amount + request.refund_amount == request.paid_amount


def test_the_gateway_knows_the_payments_that_are_said_to_be_its(db):
    known = PaymentFact.objects.count()
    teach_gateway()

    for payment in Payment.objects.filter(gateway="test").exclude(status="completed"):
        assert not look_up(payment)
    for payment in Payment.objects.filter(gateway="test", status="completed"):
        intent = payment.stripe_payment_intent_id
        apply_report(payment=payment, report=gateway_named("test").retrieve(intent))

    assert PaymentFact.objects.count() == known


def test_numbers_go_on_where_the_seed_has_stopped(db):
    receipts = Payment.objects.exclude(receipt_no="").values_list("receipt_no", flat=True)
    by_year = Counter(number[3:7] for number in receipts)
    series = {f"receipts-{year}": count for year, count in by_year.items()}
    assert dict(NumberSeries.objects.values_list("name", "last")) == series
    assert not Booking.objects.filter(reference=next_reference(BOOKING)).exists()
    assert not Payment.objects.filter(reference=next_reference(PAYMENT)).exists()
    assert next_receipt_number() not in receipts


def test_a_transferred_booking_passes_everything_on(db):
    old = Booking.objects.get(status="transferred")
    new = old.transferred_to
    assert not old.instalments.exists()
    assert new.instalments.count() == len(new.plan["lines"])
    assert set(new.payments.values_list("payer", flat=True)) == {old.customer_id}
    assert old.transfer_requests.get(status="approved").new_booking == new
