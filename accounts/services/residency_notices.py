"""Who is told about homes: residents of what became of theirs, committees of what awaits them."""

from accounts.choices import MessageChannel, OrganizationStatus, UserStatus
from accounts.models import Membership, Residency, User
from accounts.querysets.organizations import DECIDING_ROLES
from accounts.services import notices, outbox
from config.shared.clock import database_now


def tell_resident(residency: Residency) -> None:
    """Tell the resident what became of their claim or residency, in the open transaction."""
    notices.tell(
        residency.user,
        "residency_decided",
        status=residency.status,
        building=residency.building.name,
        unit=residency.unit_label,
        reason=residency.decision_note,
    )


def tell_committee(residency: Residency) -> None:
    """Tell those who decide that a claim awaits them, in the open transaction.

    Each is told once an hour and building at most, on one channel: nobody can flood a committee
    with claims. Staff who review for all buildings have their queue, and are told nothing.
    """
    society = residency.building.society
    if society is None or society.status != OrganizationStatus.ACTIVE:
        return
    hour = f"{database_now():%Y%m%d%H}"
    seats = Membership.objects.live().filter(
        organization=society, role__in=DECIDING_ROLES, user__status=UserStatus.ACTIVE
    )
    for seat in seats.exclude(user=residency.user).select_related("user").order_by("pk"):
        _tell_one(seat.user, residency, hour)


def _tell_one(member: User, residency: Residency, hour: str) -> None:
    if member.email and member.email_verified:
        channel, address = MessageChannel.EMAIL, member.email
    elif member.phone_number and member.phone_verified:
        channel, address = MessageChannel.SMS, member.phone_number
    else:
        return
    send = outbox.send_sms if channel == MessageChannel.SMS else outbox.send_email
    send(
        to=address,
        template="residency_claimed",
        context={"building": residency.building.name, "unit": residency.unit_label},
        user=member,
        dedupe_key=f"residency_claimed:{residency.building_id.hex}:{member.pk.hex}:{hour}",
    )
