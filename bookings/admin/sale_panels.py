"""The market's money on the front page of the back office."""

from django.db.models import Count, Min

from accounts.groups import FINANCE, SITE_ADMINISTRATION
from bookings.admin.dashboard import queue, sums
from bookings.choices import ReleaseState, SaleMethod, TransactionStatus
from bookings.models import Transaction
from bookings.services.payouts import waiting_payouts
from config.shared.dashboard import Content, Figure, panel
from config.shared.dashboard_parts import by_day, list_of

PAID = (TransactionStatus.COMPLETED, TransactionStatus.DISPUTED)


@panel("Market: sales", groups=(FINANCE, SITE_ADMINISTRATION), place=15)
def market_sales() -> Content:
    """What neighbours sell to each other, and what waits between the two of them."""
    paid = Transaction.objects.filter(status__in=PAID)
    by_card = paid.filter(payment_method=SaleMethod.CARD)
    held = Transaction.objects.filter(release_state=ReleaseState.HELD)
    disputed = Transaction.objects.filter(status=TransactionStatus.DISPUTED)
    waiting = waiting_payouts()
    counted = waiting.order_by().aggregate(number=Count("pk"), oldest=Min("released_at"))
    open_ones = disputed.aggregate(number=Count("pk"), oldest=Min("dispute_opened_at"))
    page = "bookings.transaction"
    figures = [
        Figure("Sold", sums(paid, "amount"), list_of(page, status__exact="completed")),
        Figure("Fees of sales", sums(by_card, "platform_fee"), list_of(page)),
        Figure("Held", sums(held, "seller_payout"), list_of(page, release_state__exact="held")),
        queue("Disputes open", open_ones, list_of(page, dispute="open")),
        queue("Payouts waiting", counted, list_of(page, payout="waiting")),
    ]
    charts = [
        by_day("Things sold", paid, "completed_at"),
        by_day("Fees of sales", by_card, "completed_at", amount="platform_fee"),
    ]
    return figures, charts
