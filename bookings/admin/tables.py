"""The small tables on a booking's page: its instalments, payments, claims and timeline."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from unfold.decorators import display

from accounts.models import AuditEvent
from bookings.choices import ClaimSubject
from bookings.models import Booking, ClaimLog, LedgerEntry, Payment
from config.shared.admin import Table
from config.shared.money import grouped

NEWEST = 50
LINK = '<a class="text-primary-600 dark:text-primary-500" href="{}">{}</a>'


def when(moment: Any) -> str:
    """A moment as staff read it."""
    return f"{localtime(moment):%Y-%m-%d %H:%M}" if moment else ""


def page_of(row: Any) -> SafeString:
    """A link to the page of ``row``."""
    address = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    return format_html(LINK, reverse(address, args=[row.pk]), row)


def money(amount: Any, currency: str) -> str:
    """An amount as staff read it."""
    return grouped(amount, currency) if amount is not None else ""


def sum_of(name: str, title: str) -> Callable[[Any, Any], str]:
    """What shows the amount ``name`` of a row under ``title``, in the row's currency."""

    @display(description=title, ordering=name)
    def shown(page: Any, row: Any) -> str:
        return money(getattr(row, name), row.currency)

    return shown


def evidence_table(evidence: dict[str, Any]) -> SafeString:
    """What showed that a phase was completed, as it was frozen, with the files to look at."""
    if not evidence:
        return Table().render((), empty="None: it does not wait for a phase, or is not due yet.")
    said = f"{evidence['name']}, {evidence['percent']} %, completed {evidence['completed_at']}"
    files = (
        (
            format_html(LINK, reverse("admin:accounts_mediafile_change", args=[file["id"]]), name),
            file["sha256"],
        )
        for file in evidence["files"]
        for name in [file["name"]]
    )
    table = Table("File", "SHA-256").render(files, empty="No files.")
    return format_html("<p>{}</p>{}", said, table)


def instalments_table(booking: Booking) -> SafeString:
    """What is owed, part by part."""
    rows: Any = booking.instalments.with_paid().select_related("booking").order_by("order", "pk")
    table = Table("Part", "Due", "Status", "Amount", "Late fee", "Paid", "Left")
    return table.render(
        (
            (
                page_of(row),
                row.due_date or row.get_due_rule_display(),
                row.get_status_display(),
                money(row.amount, row.currency),
                money(row.late_fee, row.currency) if row.late_fee else "",
                money(row.paid_amount, row.currency),
                money(row.outstanding, row.currency),
            )
            for row in rows
        ),
        empty="Instalments are made when the deposit is asked for.",
    )


def payments_table(booking: Booking) -> SafeString:
    """What was paid, and given back."""
    table = Table("Payment", "For", "Status", "Amount", "Given back", "Receipt", "When")
    rows = booking.payments.select_related("instalment").order_by("-created_at", "pk")
    return table.render(
        (
            (
                page_of(row),
                row.instalment.label if row.instalment else "",
                row.get_status_display(),
                money(row.amount, row.currency),
                money(row.refunded_amount, row.currency) if row.refunded_amount else "",
                row.receipt_no,
                when(row.created_at),
            )
            for row in rows[:NEWEST]
        ),
        empty="Nothing was paid.",
    )


def ledger_table(entries: Any) -> SafeString:
    """Lines of the ledger, the oldest first; of one moment the charge, then the capture."""
    table = Table("When", "Payment", "Step", "Account", "Debit", "Credit")
    entries = entries.order_by("at", "payment", "-step", "-amount", "pk")
    return table.render(
        map(_line, entries.select_related("payment")[: NEWEST * 4]), empty="Nothing."
    )


def _line(entry: LedgerEntry) -> tuple[Any, ...]:
    amount = money(abs(entry.amount), entry.currency)
    debit, credit = (amount, "") if entry.amount > 0 else ("", amount)
    return (
        when(entry.at),
        page_of(entry.payment),
        entry.step,
        entry.get_account_display(),
        debit,
        credit,
    )


def booking_ledger(booking: Booking) -> SafeString:
    """The ledger of everything that was paid for a booking."""
    paid = Payment.objects.filter(booking=booking).values("pk")
    return ledger_table(LedgerEntry.objects.filter(payment__in=paid))


def claims_table(booking: Booking) -> SafeString:
    """Who asked for the unit, and what came of it."""
    rows = (
        ClaimLog.objects.filter(subject=ClaimSubject.UNIT, object_id=booking.unit_id)
        .select_related("who", "booking")
        .order_by("-asked_at", "pk")
    )
    table = Table("Asked", "Who", "Outcome", "Ended", "Booking", "Why")
    return table.render(
        (
            (
                when(row.asked_at),
                row.who,
                row.get_outcome_display(),
                when(row.ended_at),
                page_of(row.booking) if row.booking else "",
                row.reason,
            )
            for row in rows[:NEWEST]
        ),
        empty="Nobody asked for it.",
    )


def timeline_table(*things: Any) -> SafeString:
    """What was done to ``things``, the newest first."""
    about = Q(pk__in=())
    for thing in things:
        about |= Q(object_type=thing._meta.label_lower, object_id=str(thing.pk))
    rows = AuditEvent.objects.filter(about).select_related("actor").order_by("-at", "pk")
    return Table("When", "What", "Who", "From", "To", "Why").render(
        map(_event, rows[:NEWEST]), empty="Nothing happened yet."
    )


def _event(event: AuditEvent) -> Iterator[Any]:
    yield when(event.at)
    yield event.action.rpartition(".")[2].replace("_", " ")
    yield event.actor or "system"
    yield event.before.get("status", "")
    yield event.after.get("status", "")
    yield event.reason
