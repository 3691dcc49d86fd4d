"""What the groups of staff may do with messages, products, sales and streams."""

from collections.abc import Iterable, Mapping

from accounts.groups import FINANCE, MODERATION, SITE_ADMINISTRATION, SUPPORT, VERIFICATION

_MARKET = tuple(f"catalog.view_{model}" for model in ("product", "stream", "streampin"))
_DEALS = ("bookings.view_offer", "bookings.view_transaction", "bookings.view_review")
_TOLD = tuple(
    f"messaging.view_{model}"
    for model in (
        "notification",
        "notificationpreference",
        "notificationschedule",
        "delivery",
        "pushsubscription",
    )
)
# What was said stands in no list: it is shown with the report about it.
_REPORTS = ("messaging.view_report", "messaging.decide_report")

MARKET_GRANTS: Mapping[str, Iterable[str]] = {
    SUPPORT: (
        *_MARKET,
        *_DEALS,
        *_TOLD,
        "messaging.view_report",
        "messaging.change_delivery",
    ),
    MODERATION: (
        *_MARKET,
        *_DEALS,
        *_REPORTS,
        "catalog.moderate_product",
        "catalog.moderate_stream",
        "bookings.moderate_review",
    ),
    VERIFICATION: (),
    FINANCE: (
        *_MARKET,
        *_DEALS,
        "bookings.decide_dispute",
        "bookings.export_transaction",
    ),
    SITE_ADMINISTRATION: (
        *_MARKET,
        *_DEALS,
        *_TOLD,
        *_REPORTS,
        "catalog.moderate_product",
        "catalog.export_product",
        "catalog.moderate_stream",
        "catalog.view_streamkey",
        "catalog.view_streamviewer",
        "catalog.view_productlike",
        "catalog.view_productview",
        "catalog.view_productimage",
        "bookings.moderate_review",
        "bookings.decide_dispute",
        "bookings.export_transaction",
        "messaging.change_delivery",
        "messaging.view_liveevent",
    ),
}
