"""What panels of the front page are put together from: links, ages, sums and charts."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince

from config.shared.dashboard import Chart

CHART_DAYS = 30
OLD = timedelta(days=2)


def list_of(label: str, **filters: str) -> str:
    """The address of the list of ``app.model``, filtered."""
    app, model = label.split(".")
    query = "&".join(f"{name}={value}" for name, value in filters.items())
    address = reverse(f"admin:{app}_{model}_changelist")
    return f"{address}?{query}" if query else address


def age(oldest: Any) -> str:
    """How long the oldest has waited, in words; nothing where there is none."""
    return f"oldest {timesince(oldest, depth=1)}" if oldest else ""


def is_old(oldest: Any) -> bool:
    """Whether the oldest has waited for more than two days."""
    return oldest is not None and oldest < timezone.now() - OLD


def by_day(title: str, rows: QuerySet[Any], moment: str, *, amount: str = "") -> Chart:
    """The number of rows on each of the last thirty days, or the sum of their ``amount``."""
    today = timezone.localdate()
    days = [today - timedelta(days=back) for back in reversed(range(CHART_DAYS))]
    counted = dict(
        rows.filter(**{f"{moment}__date__gte": days[0]})
        .order_by()
        .annotate(day=TruncDate(moment))
        .values_list("day")
        .annotate(found=Sum(amount) if amount else Count("pk"))
    )
    return Chart(
        title, [f"{day:%d %b}" for day in days], [_plain(counted.get(day, 0)) for day in days]
    )


def in_currencies(sums: dict[str, Decimal | None]) -> str:
    """Sums of money by currency, as one text: currencies are never added up."""
    shown = [f"{amount:,.0f} {currency}" for currency, amount in sorted(sums.items()) if amount]
    return " · ".join(shown) or "0"


def _plain(value: Any) -> int | float:
    return float(value) if isinstance(value, Decimal) else value
