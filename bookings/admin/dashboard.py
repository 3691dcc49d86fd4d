"""Homes on the front page of the back office: sales, money, and what waits for somebody."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet, Sum
from django.db.models.functions import Now
from django.utils import timezone

from accounts.groups import FINANCE, SITE_ADMINISTRATION, SUPPORT
from bookings.choices import (
    OWED_INSTALMENTS,
    RECEIVED_PAYMENTS,
    SOLD_BOOKINGS,
    AppointmentStatus,
    ChangeRequestStatus,
    InstalmentStatus,
    RefundStatus,
    RequestStatus,
    WebhookOutcome,
)
from bookings.models import (
    Appointment,
    Booking,
    CancellationRequest,
    ChangeRequest,
    Instalment,
    Payment,
    Refund,
    TransferRequest,
    WebhookEvent,
)
from catalog.choices import UnitStatus
from catalog.models import Unit
from config.shared.dashboard import Content, Figure, panel
from config.shared.dashboard_parts import age, by_day, in_currencies, is_old, list_of

WAITING_CHANGES = (ChangeRequestStatus.SUBMITTED, ChangeRequestStatus.UNDER_REVIEW)
WAITING_CANCELLATIONS = (RequestStatus.ASKED, RequestStatus.SECOND_NEEDED)


def sums(rows: QuerySet[Any], amount: Any) -> str:
    """The sum of ``amount`` over ``rows`` by currency, in one query."""
    found = rows.order_by().values_list("currency").annotate(total=Sum(amount))
    return in_currencies(dict(found))


@panel("Units", groups=(SUPPORT, FINANCE, SITE_ADMINISTRATION), place=40)
def units() -> Content:
    """How many units there are in each state, as they are stored."""
    lapsed = Q(status=UnitStatus.HELD, claimed_until__lte=Now())
    counts = Unit.objects.aggregate(
        lapsed=Count("pk", filter=lapsed),
        **{status.value: Count("pk", filter=Q(status=status)) for status in UnitStatus},
    )
    figures = [
        Figure(
            status.label,
            counts[status.value],
            list_of("catalog.unit", status__exact=status.value),
            f"{counts['lapsed']} have lapsed"
            if status == UnitStatus.HELD and counts["lapsed"]
            else "",
        )
        for status in UnitStatus
    ]
    return figures, [by_day("Bookings", Booking.objects.all(), "created_at")]


@panel("Sales and money", groups=(FINANCE, SITE_ADMINISTRATION), place=10)
def sales() -> Content:
    """What was sold, collected, is owed and overdue, each currency for itself."""
    received = Payment.objects.filter(status__in=RECEIVED_PAYMENTS)
    owed = Instalment.objects.filter(status__in=OWED_INSTALMENTS)
    overdue = owed.filter(status=InstalmentStatus.OVERDUE)
    unpaid = F("amount") + F("late_fee")
    figures = [
        Figure(
            "Value sold",
            sums(Booking.objects.filter(status__in=SOLD_BOOKINGS), "price"),
            list_of("bookings.booking", status__exact="confirmed"),
        ),
        Figure(
            "Collected",
            sums(received, F("amount") - F("refunded_amount")),
            list_of("bookings.payment", status__exact="completed"),
        ),
        Figure("Due", sums(owed, unpaid), list_of("bookings.instalment", status__exact="due")),
        Figure(
            "Overdue",
            sums(overdue, unpaid),
            list_of("bookings.instalment", status__exact="overdue"),
            is_urgent=overdue.exists(),
        ),
        Figure("Fees", sums(received, "platform_fee"), list_of("bookings.ledgerentry")),
    ]
    charts = [
        by_day("Money that came in", received, "completed_at", amount="amount"),
        by_day("Sales", Booking.objects.filter(status__in=SOLD_BOOKINGS), "confirmed_at"),
    ]
    return figures, charts


@panel("Waiting: homes", groups=(SUPPORT, FINANCE, SITE_ADMINISTRATION), place=30)
def waiting() -> Content:
    """What customers wait for."""
    objections = Instalment.objects.filter(
        objected_at__isnull=False, objection_resolved_at__isnull=True
    ).aggregate(number=Count("pk"), oldest=Min("objected_at"))
    changes = ChangeRequest.objects.filter(status__in=WAITING_CHANGES).aggregate(
        number=Count("pk"), oldest=Min("submitted_at")
    )
    leaving = CancellationRequest.objects.filter(status__in=WAITING_CANCELLATIONS).aggregate(
        number=Count("pk"), oldest=Min("created_at")
    )
    passing = TransferRequest.objects.filter(status=RequestStatus.ACCEPTED).aggregate(
        number=Count("pk"), oldest=Min("accepted_at")
    )
    visits = Appointment.objects.filter(status=AppointmentStatus.REQUESTED).aggregate(
        number=Count("pk"), oldest=Min("created_at")
    )
    figures = [
        queue("Objections", objections, list_of("bookings.instalment", objection="open")),
        queue("Change requests", changes, list_of("bookings.changerequest")),
        queue("Cancellations", leaving, list_of("bookings.cancellationrequest")),
        queue("Transfers", passing, list_of("bookings.transferrequest")),
        queue("Visits asked for", visits, list_of("bookings.appointment")),
    ]
    return figures, []


@panel("Waiting: money", groups=(FINANCE, SITE_ADMINISTRATION), place=20)
def money_waiting() -> Content:
    """What finance has to decide, and what did not go through."""
    refunds = Refund.objects.filter(status=RefundStatus.REQUESTED).aggregate(
        number=Count("pk"), oldest=Min("created_at")
    )
    failed = Refund.objects.filter(status=RefundStatus.FAILED).count()
    waivers = Instalment.objects.filter(
        waiver_asked_by__isnull=False, waived_by__isnull=True
    ).aggregate(number=Count("pk"), oldest=Min("waiver_asked_at"))
    messages = WebhookEvent.objects.filter(outcome=WebhookOutcome.FAILED).count()
    since = timezone.now() - timedelta(days=1)
    stuck = Payment.objects.filter(
        status__in=["pending", "processing"], created_at__lte=since
    ).count()
    figures = [
        queue(
            "Refunds to approve",
            refunds,
            list_of("bookings.refund", status__exact="requested"),
        ),
        Figure(
            "Refunds that failed",
            failed,
            list_of("bookings.refund", status__exact="failed"),
            is_urgent=failed > 0,
        ),
        queue("Waivers to second", waivers, list_of("bookings.instalment")),
        Figure(
            "Messages of gateways that failed",
            messages,
            list_of("bookings.webhookevent", outcome__exact="failed"),
            is_urgent=messages > 0,
        ),
        Figure("Payments open for a day", stuck, list_of("bookings.payment")),
    ]
    return figures, []


def queue(label: str, found: dict[str, Any], url: str) -> Figure:
    """How many wait, how long the oldest has, and where they are."""
    return Figure(
        label, found["number"], url, age(found["oldest"]), is_urgent=is_old(found["oldest"])
    )
