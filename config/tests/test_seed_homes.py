"""The homes of the seed: every state of every flow, and everything that has to agree does."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import Count, F, Max, Q, Sum
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
    Payment,
    PaymentFact,
    Refund,
    TransferRequest,
    WaitlistEntry,
    WebhookEvent,
)
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
from config.tests.sown import sow, sown
from messaging.models import Notification
from messaging.services.categories import category_of

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
def community(django_db_setup, django_db_blocker, tmp_path_factory):
    """The small community; gives the folder of its files."""
    with sown(django_db_blocker, tmp_path_factory.mktemp("media")) as folder:
        yield folder


@pytest.fixture(autouse=True)
def files(settings, community):
    """The community's folder, also for what a test adds."""
    settings.MEDIA_ROOT = community
    return community


def test_everything_about_homes_is_there_in_every_state(db):
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
    for kind, category in set(Notification.objects.values_list("type", "category")):
        assert category == category_of(kind), kind


def test_rows_about_homes_are_as_the_services_would_have_made_them(db):
    models = (*STATES, Availability, AvailabilityException, LedgerEntry, PaymentFact)
    for model in (*models, DevelopmentFollow, Notification, ClaimLog):
        for row in model.objects.all():
            row.full_clean()


def test_units_are_as_their_bookings_and_waiting_lists_say(db):
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


def test_a_demo_of_today_has_holds_offers_and_visits_that_are_still_to_come(db):
    now = timezone.now()
    assert Booking.objects.filter(status="held", held_until__gt=now).count() == 4
    assert Booking.objects.filter(status="pending_payment", pay_until__gt=now).count() == 3
    assert WaitlistEntry.objects.filter(status="offered", offer_until__gt=now).exists()
    assert Appointment.objects.taking().filter(during__startswith__gt=now).count() == 7
    assert not Appointment.objects.taking().filter(during__startswith__lt=now).exists()
    assert not Booking.objects.filter(created_at__gt=now).exists()
    assert not Payment.objects.filter(completed_at__gt=now).exists()
    assert not Refund.objects.filter(completed_at__gt=now).exists()


def test_those_who_were_handed_their_homes_live_there(db):
    for booking in Booking.objects.filter(status="completed").select_related("unit__building"):
        home = Residency.objects.get(
            user=booking.customer, building=booking.unit.building, unit_label=str(booking.unit)
        )
        society = home.building.society
        assert (home.status, home.method) == ("verified", "booking")
        assert society.memberships.live().filter(user=booking.customer).exists()


def test_nobody_books_before_they_came_or_before_it_was_launched(db):
    early = Booking.objects.filter(created_at__lt=F("customer__created_at"))
    assert not early.exists()
    assert not Booking.objects.filter(created_at__lt=F("development__created_at")).exists()
    assert not Booking.objects.filter(contracted_at__lt=F("confirmed_at")).exists()
    assert not Payment.objects.filter(completed_at__lt=F("created_at")).exists()


def test_what_was_sown_about_homes_is_not_sown_again(db):
    Unit.objects.filter(status="available").order_by("pk").update(price=1)
    before = Unit.objects.aggregate(last=Max("updated_at"))

    said = sow()

    assert Booking.objects.count() == 63
    assert "0 rows added" in said
    assert Unit.objects.aggregate(last=Max("updated_at")) == before
    assert Unit.objects.filter(price=1).exists()


def test_on_another_day_the_same_things_are_there(db):
    day = datetime.now(UTC).date() + timedelta(days=40)

    assert "0 rows added" in sow(today=day)


def test_pictures_and_models_of_homes_pass_the_checks_of_uploads(db, files):
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


def test_a_larger_community_has_more_homes_and_bookings_that_agree(db):
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
