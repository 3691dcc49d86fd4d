"""The homes of the seed: every state of every flow, and everything that has to agree does."""

from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connections, transaction
from django.db.models import Count, F, Max, Q, Sum
from django.test import override_settings
from django.utils import timezone

from accounts.models import MediaFile, Residency
from bookings import choices
from bookings.models import (
    Appointment,
    Booking,
    CancellationRequest,
    ChangeRequest,
    ClaimLog,
    Instalment,
    LedgerEntry,
    NumberSeries,
    Payment,
    PaymentFact,
    Refund,
    TransferRequest,
    WaitlistEntry,
    WebhookEvent,
)
from bookings.services.references import BOOKING, PAYMENT, next_receipt_number, next_reference
from catalog.choices import DevelopmentStatus, ModelFormat, PhaseStatus, UnitStatus, UpdateStatus
from catalog.models import (
    Availability,
    AvailabilityException,
    ConstructionUpdate,
    Development,
    DevelopmentFollow,
    Model3D,
    ProgressPhase,
    Unit,
)
from messaging.models import Notification

SHADOWS = {
    "held": UnitStatus.HELD,
    "pending_payment": UnitStatus.HELD,
    "confirmed": UnitStatus.RESERVED,
    "contracted": UnitStatus.SOLD,
    "completed": UnitStatus.HANDED_OVER,
}
# Of what the two kinds of requests share, each knows only these.
OF_CANCELLATIONS = {"asked", "second_needed", "approved", "rejected", "withdrawn"}
OF_TRANSFERS = {"asked", "accepted", "approved", "rejected", "declined", "withdrawn"}
STATES = {
    Development: set(DevelopmentStatus.values),
    Unit: set(UnitStatus.values),
    ProgressPhase: set(PhaseStatus.values),
    ConstructionUpdate: set(UpdateStatus.values),
    Booking: set(choices.BookingStatus.values),
    WaitlistEntry: set(choices.WaitlistStatus.values),
    CancellationRequest: OF_CANCELLATIONS,
    TransferRequest: OF_TRANSFERS,
    Instalment: set(choices.InstalmentStatus.values),
    Payment: set(choices.PaymentStatus.values),
    Refund: set(choices.RefundStatus.values),
    Appointment: set(choices.AppointmentStatus.values),
    ChangeRequest: set(choices.ChangeRequestStatus.values),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where the files of the community lie."""
    return tmp_path_factory.mktemp("media")


@pytest.fixture(scope="module")
def community(django_db_setup, django_db_blocker, folder):
    """The small community without pictures, sown once; each test's own changes are undone."""
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=folder), ExitStack() as stack:
        for alias in connections:
            stack.enter_context(transaction.atomic(using=alias))
        sow()
        yield
        for alias in connections:
            transaction.set_rollback(True, using=alias)


@pytest.fixture(autouse=True)
def files(settings, folder):
    """The community's folder, also for what a test adds."""
    settings.MEDIA_ROOT = folder
    return folder


def sow(*, no_pictures=True, **options):
    out = StringIO()
    call_command("seed", seed=1, no_pictures=no_pictures, stdout=out, **options)
    return out.getvalue()


def test_everything_about_homes_is_there_in_every_state(community, db):
    found = {model: set(model.objects.values_list("status", flat=True)) for model in STATES}
    outcomes = set(ClaimLog.objects.values_list("outcome", flat=True))
    assert found == STATES
    assert outcomes == set(choices.ClaimOutcome.values)
    assert set(WebhookEvent.objects.values_list("outcome", flat=True)) == {
        "applied",
        "ignored",
        "failed",
    }
    assert Unit.objects.count() >= 400
    assert Unit.objects.filter(waiting_count__gt=0).count() == 3
    assert DevelopmentFollow.objects.count() > 10
    assert Notification.objects.filter(read_at=None).exists()
    assert Notification.objects.exclude(read_at=None).exists()


def test_rows_about_homes_are_as_the_services_would_have_made_them(community, db):
    models = (*STATES, Availability, AvailabilityException, LedgerEntry, PaymentFact)
    for model in (*models, DevelopmentFollow, Notification, ClaimLog):
        for row in model.objects.all():
            row.full_clean()


def test_units_are_as_their_bookings_and_waiting_lists_say(community, db):
    live = {
        booking.unit_id: booking
        for booking in Booking.objects.filter(status__in=[*choices.LIVE_BOOKINGS, "completed"])
    }
    offers = {row.unit_id: row for row in WaitlistEntry.objects.filter(status="offered")}
    for unit in Unit.objects.annotate(waiting=Count("waitlist", Q(waitlist__status="waiting"))):
        booking, offer = live.get(unit.pk), offers.get(unit.pk)
        free = {UnitStatus.AVAILABLE, UnitStatus.BLOCKED}
        expected = {SHADOWS[booking.status]} if booking else {"held"} if offer else free
        ends = booking and {"held": booking.held_until, "pending_payment": booking.pay_until}
        until = ends.get(booking.status) if ends else offer and offer.offer_until
        assert unit.status in expected
        assert unit.claimed_until == until
        assert unit.waiting_count == unit.waiting


def test_a_demo_of_today_has_holds_offers_and_visits_that_are_still_to_come(community, db):
    now = timezone.now()
    assert Booking.objects.filter(status="held", held_until__gt=now).count() == 4
    assert Booking.objects.filter(status="pending_payment", pay_until__gt=now).count() == 3
    assert WaitlistEntry.objects.filter(status="offered", offer_until__gt=now).exists()
    assert Appointment.objects.taking().filter(during__startswith__gt=now).count() == 7
    assert not Appointment.objects.taking().filter(during__startswith__lt=now).exists()
    assert not Booking.objects.filter(created_at__gt=now).exists()
    assert not Payment.objects.filter(completed_at__gt=now).exists()
    assert not Refund.objects.filter(completed_at__gt=now).exists()


def test_instalments_make_the_price_and_payments_make_what_is_paid(community, db):
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


def test_nothing_is_demanded_that_the_platform_would_not_demand(community, db):
    demanding = Instalment.objects.filter(booking__status__in=["confirmed", "contracted"])
    waiting = demanding.filter(status="scheduled")
    assert not waiting.filter(phase__status=PhaseStatus.COMPLETED).exists()
    assert not waiting.filter(due_date__lte=timezone.now().date()).exists()
    assert not waiting.filter(due_at__isnull=False).exists()
    assert not demanding.filter(due_at__isnull=True).exclude(status="scheduled").exists()
    assert not demanding.filter(phase__isnull=False, due_at__isnull=False, evidence={}).exists()


def test_the_ledger_adds_up_and_says_what_payments_and_refunds_say(community, db):
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


def test_numbers_go_on_where_the_seed_has_stopped(community, db):
    receipts = Payment.objects.exclude(receipt_no="").values_list("receipt_no", flat=True)
    by_year = Counter(number[3:7] for number in receipts)
    series = {f"receipts-{year}": count for year, count in by_year.items()}
    assert dict(NumberSeries.objects.values_list("name", "last")) == series
    assert not Booking.objects.filter(reference=next_reference(BOOKING)).exists()
    assert not Payment.objects.filter(reference=next_reference(PAYMENT)).exists()
    assert next_receipt_number() not in receipts


def test_a_transferred_booking_passes_everything_on(community, db):
    old = Booking.objects.get(status="transferred")
    new = old.transferred_to
    assert not old.instalments.exists()
    assert new.instalments.count() == len(new.plan["lines"])
    assert set(new.payments.values_list("payer", flat=True)) == {old.customer_id}
    assert old.transfer_requests.get(status="approved").new_booking == new


def test_those_who_were_handed_their_homes_live_there(community, db):
    for booking in Booking.objects.filter(status="completed").select_related("unit__building"):
        home = Residency.objects.get(
            user=booking.customer, building=booking.unit.building, unit_label=str(booking.unit)
        )
        society = home.building.society
        assert (home.status, home.method) == ("verified", "booking")
        assert society.memberships.live().filter(user=booking.customer).exists()


def test_nobody_books_before_they_came_or_before_it_was_launched(community, db):
    early = Booking.objects.filter(created_at__lt=F("customer__created_at"))
    assert not early.exists()
    assert not Booking.objects.filter(created_at__lt=F("development__created_at")).exists()
    assert not Booking.objects.filter(contracted_at__lt=F("confirmed_at")).exists()
    assert not Payment.objects.filter(completed_at__lt=F("created_at")).exists()


def test_what_was_sown_about_homes_is_not_sown_again(community, db):
    Unit.objects.filter(status="available").order_by("pk").update(price=1)
    before = Unit.objects.aggregate(last=Max("updated_at"))

    said = sow()

    assert Booking.objects.count() == 63
    assert "0 rows added" in said
    assert Unit.objects.aggregate(last=Max("updated_at")) == before
    assert Unit.objects.filter(price=1).exists()


def test_on_another_day_the_same_things_are_there(community, db):
    day = datetime.now(UTC).date() + timedelta(days=40)

    assert "0 rows added" in sow(today=day)


def test_pictures_and_models_of_homes_pass_the_checks_of_uploads(community, db, files):
    sow(no_pictures=False)

    shown = MediaFile.objects.exclude(purpose__in=["avatar", "organization", "verification"])
    assert set(shown.values_list("status", flat=True)) == {"clean"}
    assert not shown.filter(target_id__isnull=True).exists()
    assert not Development.objects.filter(Q(cover=None) | Q(brochure=None)).exists()
    assert Unit.objects.filter(floor_plan=None).count() == 0
    assert set(Model3D.objects.values_list("format", flat=True)) == {ModelFormat.GLB}
    assert not Model3D.objects.filter(thumbnail=None).exists()
    for model in Model3D.objects.select_related("file"):
        assert model.file.meta["model"]["triangles"] > 90
    for phase in ProgressPhase.objects.filter(status="completed"):
        assert phase.evidence.exists()
    for media in shown:
        assert all((files / part["key"]).is_file() for part in media.renditions.values())


def test_a_larger_community_has_more_homes_and_bookings_that_agree(community, db):
    sow(scale="medium")

    claimed = Unit.objects.filter(status__in=[UnitStatus.RESERVED, UnitStatus.SOLD])
    sums = Booking.objects.exclude(instalments=None).annotate(
        sum=Sum("instalments__amount", filter=~Q(instalments__kind="change"))
    )
    steps = LedgerEntry.objects.order_by().values("payment", "step")
    assert Unit.objects.count() == 2410
    assert Booking.objects.count() > 600
    assert not claimed.exclude(bookings__status__in=["confirmed", "contracted"]).exists()
    assert not sums.exclude(sum=F("price")).exists()
    assert not steps.annotate(sum=Sum("amount")).exclude(sum=0).exists()
    assert not Instalment.objects.filter(due_at__lt=F("created_at")).exists()
    assert "0 rows added" in sow(scale="medium")
