"""What the demo's people were lately told about homes; some of it they have read."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from bookings.choices import InstalmentStatus
from bookings.demo_deals import Deal
from bookings.models import Instalment
from catalog.choices import UpdateStatus
from catalog.models import ConstructionUpdate, DevelopmentFollow
from config.shared.seeding import Seed
from messaging.choices import NotificationPriority
from messaging.models import Notification
from messaging.services.categories import category_of

# Of a state, the message that tells of it.
TOLD = {
    InstalmentStatus.OVERDUE: "instalment_overdue",
    InstalmentStatus.DUE: "instalment_due",
    InstalmentStatus.WAIVED: "instalment_waived",
}
URGENT = ("instalment_overdue", "hold_placed")
# Whatever is older than this was read.
UNREAD = timedelta(days=3)


def notices(seed: Seed, deals: Mapping[str, Deal]) -> Iterator[Notification]:
    """Notices about bookings, payments and what is due, and about news from the site."""
    for deal in deals.values():
        where = {"unit": str(deal.unit), "development": deal.development.name}
        link = f"/api/v1/bookings/{deal.booking.pk}/"
        if deal.agent is not None and "hours" in deal.words:
            until = str(deal.booking.held_until)
            told = {**where, "reference": deal.booking.reference, "until": until}
            yield _notice(
                deal, "hold_placed", deal.booking.pk, told=told, link=link, at=deal.placed
            )
        for row in deal.payments:
            if row.completed_at and row.payer_id == deal.customer.pk:
                paid = f"{row.amount} {row.currency}"
                told = {**where, "amount": paid, "reference": row.reference}
                told["receipt"] = row.receipt_no
                at = row.completed_at
                yield _notice(deal, "payment_received", row.pk, told=told, link=link, at=at)
        yield from _of_instalments(deal, link)
    yield from _of_news(seed)


def _of_instalments(deal: Deal, link: str) -> Iterator[Notification]:
    for line in deal.instalments:
        kind = TOLD.get(InstalmentStatus(line.status))
        at = line.waived_at or line.overdue_at or line.due_at
        if kind and at and line.order > 1:
            told = {**_about(deal, line), "amount": f"{line.amount} {line.currency}"}
            yield _notice(deal, kind, line.pk, told=told, link=link, at=at)


def _about(deal: Deal, line: Instalment) -> dict[str, str]:
    return {
        "label": line.label,
        "booking": deal.booking.reference,
        "development": deal.development.name,
        "due_date": str(line.due_date),
    }


def _of_news(seed: Seed) -> Iterator[Notification]:
    """What followers were told when news were published."""
    news = ConstructionUpdate.objects.filter(status=UpdateStatus.PUBLISHED, corrected_at=None)
    for update in news.select_related("development").order_by("pk"):
        follows = DevelopmentFollow.objects.filter(
            development=update.development, created_at__lt=update.published_at
        )
        for follow in follows.order_by("pk"):
            key = f"construction_update:{update.pk}:{follow.user_id}"
            yield Notification(
                id=seed.key("notice", key),
                user_id=follow.user_id,
                type="construction_update",
                category=category_of("construction_update"),
                data={
                    "development": update.development.name,
                    "title": update.title,
                    "percent": str(update.percent_snapshot),
                },
                link=f"/api/v1/updates/{update.pk}/",
                dedupe_key=key,
                **_times(seed, update.published_at),
            )


def _notice(
    deal: Deal, kind: str, about: Any, *, told: Mapping[str, str], link: str, at: Any
) -> Notification:
    seed, key = deal.seed, f"{kind}:{about}"
    return Notification(
        id=seed.key("notice", key),
        user=deal.customer,
        type=kind,
        category=category_of(kind),
        data=dict(told),
        link=link,
        priority=NotificationPriority.URGENT if kind in URGENT else NotificationPriority.NORMAL,
        dedupe_key=key,
        **_times(seed, at),
    )


def _times(seed: Seed, at: Any) -> dict[str, Any]:
    read = at < seed.present - UNREAD
    return {"created_at": at, "read_at": at + timedelta(hours=5) if read else None}
