"""How the back office looks, and what its side bar offers to whom."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.text import format_lazy


def _may_view(model: str) -> Callable[[HttpRequest], bool]:
    app, name = model.split(".")

    def permission(request: HttpRequest) -> bool:
        return request.user.has_perm(f"{app}.view_{name}")

    return permission


def _list(title: str, icon: str, model: str, query: str = "", **more: Any) -> dict[str, Any]:
    """One line of the side bar: the list of a model, for whoever may view it."""
    app, name = model.split(".")
    address = reverse_lazy(f"admin:{app}_{name}_changelist")
    return {
        "title": title,
        "icon": icon,
        "link": format_lazy("{}{}", address, query) if query else address,
        "permission": _may_view(model),
        **more,
    }


WAITING_PAPERS = "accounts.admin.badges.papers_waiting"
FAILED_JOBS = "accounts.admin.badges.failed_jobs"
_HOMES = "bookings.admin.badges."
_TALK = "messaging.admin.badges."

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Courtyard",
    "SITE_HEADER": "Courtyard",
    "SITE_URL": "/",
    "SITE_SYMBOL": "cottage",
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "BORDER_RADIUS": "6px",
    "COLORS": {
        "primary": {
            "50": "oklch(97.7% .017 184)",
            "100": "oklch(94.3% .045 184)",
            "200": "oklch(88.8% .082 185)",
            "300": "oklch(81.0% .105 186)",
            "400": "oklch(71.0% .110 187)",
            "500": "oklch(60.5% .100 188)",
            "600": "oklch(51.5% .088 189)",
            "700": "oklch(44.5% .075 190)",
            "800": "oklch(38.5% .062 191)",
            "900": "oklch(34.0% .051 192)",
            "950": "oklch(24.0% .042 193)",
        },
    },
    "ACCOUNT": {
        "navigation": [
            {"title": "Change password", "link": reverse_lazy("admin:password_change")},
            {"title": "Second factor", "link": reverse_lazy("admin:second_factor_setup")},
        ],
    },
    "COMMAND": {
        "search_models": [
            "accounts.user",
            "accounts.organization",
            "accounts.building",
            "catalog.development",
            "catalog.product",
            "bookings.booking",
            "bookings.payment",
        ]
    },
    "SIDEBAR": {
        "show_search": True,
        "command_search": True,
        "show_all_applications": False,
        "navigation": [
            {
                "title": "",
                "items": [
                    {"title": "Today", "icon": "today", "link": reverse_lazy("admin:index")},
                ],
            },
            {
                "title": "Queues",
                "items": [
                    _list(
                        "Identity papers",
                        "badge",
                        "accounts.verification",
                        badge=WAITING_PAPERS,
                    ),
                    _list("Residencies", "key", "accounts.residency"),
                    _list("Contractor papers", "license", "accounts.contractorpaper"),
                    _list(
                        "Reports",
                        "flag",
                        "messaging.report",
                        badge="messaging.admin.dashboard.reports_waiting",
                    ),
                    _list(
                        "Objections",
                        "front_hand",
                        "bookings.instalment",
                        query="?objection=open",
                        badge=f"{_HOMES}objections_open",
                    ),
                    _list(
                        "Change requests",
                        "construction",
                        "bookings.changerequest",
                        badge=f"{_HOMES}changes_waiting",
                    ),
                    _list(
                        "Cancellations",
                        "event_busy",
                        "bookings.cancellationrequest",
                        badge=f"{_HOMES}cancellations_waiting",
                    ),
                    _list("Transfers", "swap_horiz", "bookings.transferrequest"),
                    _list(
                        "Refunds",
                        "undo",
                        "bookings.refund",
                        badge=f"{_HOMES}refunds_waiting",
                    ),
                    _list(
                        "Questions to the staff",
                        "contact_support",
                        "messaging.conversation",
                        badge=f"{_TALK}questions_waiting",
                    ),
                    _list(
                        "Disputes",
                        "gavel",
                        "bookings.transaction",
                        query="?dispute=open",
                        badge=f"{_HOMES}disputes_open",
                    ),
                    _list(
                        "Jobs",
                        "pending_actions",
                        "procrastinate.procrastinatejob",
                        badge=FAILED_JOBS,
                    ),
                ],
            },
            {
                "title": "Homes",
                "items": [
                    _list("Developments", "location_city", "catalog.development"),
                    _list("Units", "door_front", "catalog.unit"),
                    _list("Bookings", "real_estate_agent", "bookings.booking"),
                    _list("Waiting lists", "hourglass_top", "bookings.waitlistentry"),
                    _list("Appointments", "calendar_month", "bookings.appointment"),
                    _list("Phases", "stairs", "catalog.progressphase"),
                    _list("Updates", "newspaper", "catalog.constructionupdate"),
                    _list("3D models", "view_in_ar", "catalog.model3d"),
                ],
            },
            {
                "title": "Market",
                "items": [
                    _list("Products", "sell", "catalog.product"),
                    _list("Offers", "handshake", "bookings.offer"),
                    _list("Sales", "shopping_bag", "bookings.transaction"),
                    _list("Reviews", "reviews", "bookings.review"),
                    _list("Streams", "live_tv", "catalog.stream"),
                ],
            },
            {
                "title": "Money",
                "items": [
                    _list("Instalments", "receipt_long", "bookings.instalment"),
                    _list("Payments", "payments", "bookings.payment"),
                    _list("Ledger", "account_balance", "bookings.ledgerentry"),
                    _list("Gateway messages", "webhook", "bookings.webhookevent"),
                ],
            },
            {
                "title": "Community",
                "items": [
                    _list("People", "group", "accounts.user"),
                    _list("Profiles", "contact_page", "accounts.profile"),
                    _list("Organizations", "corporate_fare", "accounts.organization"),
                    _list("Memberships", "groups", "accounts.membership"),
                    _list("Buildings", "apartment", "accounts.building"),
                    _list("Files", "perm_media", "accounts.mediafile"),
                    _list("Follows", "favorite", "accounts.follow"),
                    _list("Blocks", "block", "accounts.block"),
                    _list("Notifications", "notifications", "messaging.notification"),
                    _list("Deliveries", "local_shipping", "messaging.delivery"),
                    _list("Channels", "tune", "messaging.notificationpreference"),
                    _list("Quiet hours", "bedtime", "messaging.notificationschedule"),
                    _list("Browsers", "web", "messaging.pushsubscription"),
                    _list("Participants", "forum", "messaging.participant"),
                    _list("Messages", "chat", "messaging.message"),
                    _list("Read marks", "done_all", "messaging.readmark"),
                ],
            },
            {
                "title": "Sign-in",
                "collapsible": True,
                "items": [
                    _list("Sessions", "devices", "credentials.session"),
                    _list("Codes sent", "sms", "credentials.onetimecode"),
                    _list("Wrong guesses", "gpp_maybe", "credentials.failurecounter"),
                    _list("Passkeys", "passkey", "credentials.passkey"),
                    _list("Messages sent", "outbox", "accounts.outgoingmessage"),
                ],
            },
            {
                "title": "Platform",
                "collapsible": True,
                "items": [
                    _list("Audit", "history_edu", "accounts.auditevent"),
                    _list("Settings", "tune", "accounts.systemsetting"),
                    _list("Groups", "shield_person", "auth.group"),
                    _list("Repeatable requests", "repeat", "accounts.idempotencykey"),
                    _list("Counters", "speed", "accounts.ratebucket"),
                    _list("Live events", "bolt", "messaging.liveevent"),
                    _list("Tickets for sockets", "local_activity", "messaging.realtimeticket"),
                ],
            },
        ],
    },
}

LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
