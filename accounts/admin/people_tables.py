"""The tables on a person's page that come from elsewhere than their own row."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from accounts.credentials.models import OneTimeCode, Passkey, Session
from accounts.models import AuditEvent, User, Verification
from config.shared.admin import Table

NEWEST = 20


def sessions_table(user: User) -> SafeString:
    """The person's devices, the most recently used first."""
    rows = Session.objects.of(user.pk)[:NEWEST]
    table = Table("Device", "Network", "Signed in", "Last used", "Ended")
    return table.render(
        (
            (
                session.device_label,
                session.ip_prefix,
                _time(session.created_at),
                _time(session.last_used_at),
                _ended(session),
            )
            for session in rows
        ),
        empty="Never signed in.",
    )


def codes_table(user: User) -> SafeString:
    """The codes that were sent to the person, and what became of each; never a code."""
    rows = OneTimeCode.objects.filter(user_id=user.pk).order_by("-created_at", "pk")[:NEWEST]
    table = Table("Sent", "Purpose", "To", "Tries", "Outcome")
    return table.render(
        (
            (
                _time(code.created_at),
                code.get_purpose_display(),
                code.identifier_hint,
                f"{code.attempts} of {code.max_attempts}",
                _outcome(code),
            )
            for code in rows
        ),
        empty="No code was sent.",
    )


def passkeys_table(user: User) -> SafeString:
    """The names of the person's passkeys."""
    return Table("Name", "Added", "Last used").render(
        (
            (key.name, _time(key.created_at), _time(key.last_used_at))
            for key in Passkey.objects.of(user.pk)[:NEWEST]
        ),
        empty="None.",
    )


def verification_line(user: User) -> SafeString | str:
    """Where the person's identity papers stand, with a link to the review."""
    found = Verification.objects.filter(user=user).first()
    if found is None:
        return "Nothing was handed in."
    url = reverse("admin:accounts_verification_change", args=[found.pk])
    return format_html('<a class="underline" href="{}">{}</a>', url, found.get_status_display())


def audit_table(user: User) -> SafeString:
    """What was done to the person's account."""
    events = AuditEvent.objects.about(user).select_related("actor")[:NEWEST]
    return Table("When", "What", "Who", "Why").render(
        (
            (_time(event.at), event.action, event.actor or "system", event.reason)
            for event in events
        ),
        empty="Nothing was done yet.",
    )


def _ended(session: Session) -> str:
    if session.revoked_at is None:
        return ""
    return f"{_time(session.revoked_at)}, {session.get_revoked_reason_display()}"


def _outcome(code: OneTimeCode) -> str:
    if code.is_verified:
        return "used"
    if code.superseded_at:
        return "replaced by a newer one"
    if code.attempts >= code.max_attempts:
        return "dead after wrong tries"
    return "used" if code.is_used else "not used"


def _time(value: Any) -> str:
    return f"{localtime(value):%Y-%m-%d %H:%M}" if value else ""
