"""Identity's part in forgetting a person: what goes, what stays without a name, what forbids it."""

from collections.abc import Iterable
from typing import Any

import pgtrigger
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Q, QuerySet

from accounts.choices import MembershipRole, MembershipStatus, OrganizationStatus, Role
from accounts.credentials.models import Challenge, Credential, OneTimeCode, Passkey, Session
from accounts.flows import MEMBERSHIP_FLOW
from accounts.models import (
    Block,
    ContractorPaper,
    Follow,
    IdempotencyKey,
    MediaFile,
    Membership,
    OutgoingMessage,
    Profile,
    Residency,
    User,
    Verification,
)
from accounts.services import media, notices
from accounts.services.identifiers import contacts_of, mac_of
from accounts.services.memberships import refuse_headless
from config.shared import audit
from config.shared.clock import database_now
from config.shared.flows import move
from config.shared.locks import lock
from config.shared.personal_data import Obstacle, erases, obstructs

BATCH = 500
# Files of things that belong to the person alone; those of an organization stay with it.
OWN_TARGETS = ("", "accounts.user", "accounts.verification", "accounts.residency")
PAPER = "accounts.contractorpaper"
# Rows of these models are followed by a history of every change.
TRACKED = frozenset({User, Membership, Residency, Verification})
EMPTY: dict[str, Any] = {
    "phone_number": None,
    "email": None,
    "username": None,
    "full_name": "",
    "first_name": "",
    "last_name": "",
    "avatar": None,
    "bio": "",
    "description": "",
    "address": "",
    "city": "",
    "state": "",
    "pincode": "",
    "neighborhood": "",
    "building_name": "",
    "lat": None,
    "lng": None,
    "roles": [],
    "primary_role": Role.RESIDENT,
    "is_staff": False,
    "is_superuser": False,
    "email_verified": False,
    "phone_verified": False,
    "external_subject": None,
    "stripe_customer_id": None,
    "stripe_connect_account_id": None,
    "locale": "en",
    "time_zone": "UTC",
    "last_login_at": None,
}


def hold_organizations(person: User) -> None:
    """Lock what ``person`` owns, so that of two owners who go at once the second sees the first."""
    lock(*(seat.organization for seat in owned_by(person)))


def owned_by(person: User) -> QuerySet[Membership]:
    """Places in which ``person`` owns an organization that is not suspended."""
    seats = Membership.objects.live().filter(
        user=person, role=MembershipRole.OWNER, organization__status=OrganizationStatus.ACTIVE
    )
    return seats.select_related("organization")


@obstructs("accounts.organizations")
def last_owner_of(person: User) -> Iterable[Obstacle]:
    """Organizations that would be left without an owner."""
    for seat in owned_by(person):
        others = Membership.objects.owners().filter(organization=seat.organization)
        if not others.exclude(user=person).exists():
            yield Obstacle(
                "last_owner",
                f"You are the last owner of {seat.organization.name}: make somebody else an owner.",
                {"organization": str(seat.organization_id), "name": seat.organization.name},
            )


@obstructs("accounts.staff")
def works_here(person: User) -> Iterable[Obstacle]:
    """Members of staff, whose acts must keep their name while they have the keys."""
    if person.is_staff or person.is_superuser:
        yield Obstacle("staff_account", "A colleague has to end your work as staff first.")


@erases("accounts.memberships")
def leave_organizations(person: User) -> int:
    """End every place in an organization; that there was one stays, without a title."""
    current = Membership.objects.filter(user=person).exclude(status=MembershipStatus.ENDED)
    ended = 0
    for row in current.select_related("organization").order_by("organization_id", "pk"):
        organization, member = lock(row.organization, row)
        is_live = member.status == MembershipStatus.LIVE
        if is_live and organization.status == OrganizationStatus.ACTIVE:
            refuse_headless(organization=organization, leaving=member)
        now = database_now()
        move(member, MembershipStatus.ENDED, flow=MEMBERSHIP_FLOW, actor=None, until=now)
        ended += 1
    titled = Membership.objects.filter(user=person).exclude(title="")
    changed = titled.update(title="")
    forget_history(Membership.objects.filter(user=person))
    return ended + changed


@erases("accounts.papers")
def forget_papers(person: User) -> int:
    """Delete identity papers, licences and insurances, with their numbers and files."""
    rows = forget(Verification.objects.filter(user=person))
    return rows + forget(ContractorPaper.objects.filter(user=person))


@erases("accounts.residencies")
def forget_homes(person: User) -> int:
    """Delete where they live and lived: an address says who somebody is."""
    return forget(Residency.objects.filter(user=person))


@erases("accounts.connections")
def forget_connections(person: User) -> int:
    """Delete whom they follow or have shut out, and who did so with them."""
    follows = Follow.objects.filter(Q(follower=person) | Q(followed=person))
    blocks = Block.objects.filter(Q(blocker=person) | Q(blocked=person))
    return follows.delete()[0] + blocks.delete()[0]


@erases("accounts.files")
def forget_files(person: User) -> int:
    """Delete their files; what they uploaded for an organization is the organization's."""
    User.objects.filter(pk=person.pk).update(avatar=None)
    of_firms = ContractorPaper.objects.filter(organization__isnull=False).values("pk")
    own = Q(target_type__in=OWN_TARGETS) | (Q(target_type=PAPER) & ~Q(target_id__in=of_firms))
    rows = MediaFile.objects.filter(own, owner=person)
    for row in rows:
        media.discard(row)
    return len(rows)


@erases("accounts.traces")
def forget_traces(person: User) -> int:
    """Delete the profile, messages that were sent, and answers kept for repeated requests."""
    profiles = forget(Profile.objects.filter(user=person))
    sent = OutgoingMessage.objects.filter(user=person).delete()[0]
    return profiles + sent + IdempotencyKey.objects.filter(owner=person).delete()[0]


@transaction.atomic
def anonymise(person: User) -> None:
    """Take the name off the row that acts and payments go on pointing at, and off its history.

    The last message, to the address that is forgotten with it, exists exactly if this happened.
    """
    (row,) = lock(person)
    if row.anonymised_at is not None:
        return
    contacts = contacts_of(row)
    for name, value in EMPTY.items():
        setattr(row, name, value)
    row.anonymised_at = database_now()
    row.save(update_fields=[*EMPTY, "anonymised_at", "updated_at"])
    row.groups.clear()
    row.user_permissions.clear()
    forget_history(User.objects.filter(pk=row.pk))
    for contact in contacts:
        notices.tell_at(contact.channel, contact.value, "erasure_done", user=None)
    audit.record("accounts.user.erased", target=row, actor=None)


def forget_codes(person: User) -> None:
    """Delete the codes that went to the person's addresses, also before they had an account."""
    addresses = (person.phone_number, (person.email or "").lower())
    macs = [mac_of(address) for address in addresses if address]
    OneTimeCode.objects.filter(identifier_mac__in=macs).delete()


def forget_secrets(person: User) -> int:
    """Delete everything that proved who they are, in the other database; how many rows."""
    models_of_secrets = (Passkey, Challenge, OneTimeCode, Session, Credential)
    return sum(model.objects.filter(user_id=person.pk).delete()[0] for model in models_of_secrets)


def forget(rows: QuerySet[Any]) -> int:
    """Delete rows, what their history says, and what the back office's log called them."""
    forget_history(rows)
    return rows.delete()[0]


def forget_history(rows: QuerySet[Any]) -> None:
    """Delete the history of rows, and their names in the log of the back office.

    History can only be added to; this is the one place where its trigger is told to let go, and
    only inside the open transaction.
    """
    keys = list(rows.values_list("pk", flat=True))
    model: type[models.Model] = rows.model
    LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(model), object_id__in=list(map(str, keys))
    ).update(object_repr="erased", change_message="")
    if model in TRACKED:
        events = apps.get_model("accounts", f"{model.__name__}Event")
        with pgtrigger.ignore(f"accounts.{events.__name__}:append_only"):
            events._default_manager.filter(pgh_obj_id__in=keys).delete()


def scrub_history(rows: QuerySet[Any], **values: str) -> None:
    """Put ``values`` in the place of texts in the history of ``rows``: what people wrote goes.

    For rows that stay because others need them, such as bookings; their states, dates and amounts
    stay in the history too.
    """
    model: type[models.Model] = rows.model
    events = apps.get_model(model._meta.app_label, f"{model.__name__}Event")
    keys = list(rows.values_list("pk", flat=True))
    with pgtrigger.ignore(f"{model._meta.app_label}.{events.__name__}:append_only"):
        for name, value in values.items():
            said = events._default_manager.filter(pgh_obj_id__in=keys).exclude(**{name: ""})
            said.update(**{name: value})
