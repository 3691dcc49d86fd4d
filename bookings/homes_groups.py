"""What the groups of staff may do with homes, bookings and money."""

from collections.abc import Iterable, Mapping

from accounts.groups import FINANCE, MODERATION, SITE_ADMINISTRATION, SUPPORT, VERIFICATION

_CATALOGUE = tuple(
    f"catalog.view_{model}"
    for model in (
        "development",
        "unit",
        "progressphase",
        "constructionupdate",
        "model3d",
        "availability",
        "availabilityexception",
        "developmentfollow",
    )
)
_DEALS = tuple(
    f"bookings.view_{model}"
    for model in (
        "booking",
        "waitlistentry",
        "claimlog",
        "cancellationrequest",
        "transferrequest",
        "instalment",
        "appointment",
        "changerequest",
    )
)
_MONEY = tuple(
    f"bookings.view_{model}"
    for model in (
        "payment",
        "paymentfact",
        "refund",
        "ledgerentry",
        "webhookevent",
        "numberseries",
    )
)

HOMES_GRANTS: Mapping[str, Iterable[str]] = {
    SUPPORT: (
        *_CATALOGUE,
        *_DEALS,
        "bookings.view_payment",
        "bookings.view_refund",
        "bookings.manage_appointment",
        "messaging.view_notification",
    ),
    MODERATION: _CATALOGUE,
    VERIFICATION: ("catalog.view_development", "catalog.view_unit", "bookings.view_booking"),
    FINANCE: (
        *_CATALOGUE,
        *_DEALS,
        *_MONEY,
        "bookings.confirm_offline_payment",
        "bookings.refund_payment",
        "bookings.approve_refund",
        "bookings.waive_instalment",
        "bookings.resolve_objection",
        "bookings.retry_webhookevent",
        "bookings.manage_booking",
        "bookings.export_booking",
        "bookings.export_instalment",
        "bookings.export_payment",
    ),
    SITE_ADMINISTRATION: (
        *_CATALOGUE,
        *_DEALS,
        *_MONEY,
        "catalog.add_development",
        "catalog.change_development",
        "catalog.manage_development",
        "catalog.export_development",
        "catalog.add_unit",
        "catalog.change_unit",
        "catalog.import_unit",
        "catalog.add_progressphase",
        "catalog.change_progressphase",
        "catalog.add_constructionupdate",
        "catalog.change_constructionupdate",
        "catalog.add_model3d",
        "catalog.change_model3d",
        "bookings.manage_booking",
        "bookings.manage_appointment",
        "bookings.manage_changerequest",
        "bookings.resolve_objection",
        "bookings.retry_webhookevent",
        "bookings.export_booking",
        "bookings.export_instalment",
        "messaging.view_notification",
    ),
}
