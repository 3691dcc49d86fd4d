"""What identity keeps about a person, as they get it when they ask for all of it.

Secrets are not among it: of a password, a code or a key, only that there is one, and since when.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Model, Q

from accounts.credentials.models import Credential, OneTimeCode, Passkey, Session
from accounts.models import (
    AuditEvent,
    Block,
    ContractorPaper,
    ErasureRequest,
    Follow,
    MediaFile,
    Membership,
    Organization,
    OutgoingMessage,
    Profile,
    Residency,
    User,
    Verification,
)
from config.shared.geo import CubeField
from config.shared.personal_data import collects

MOST_ROWS = 50_000


def plain(value: Any) -> Any:
    """A column's value as JSON has it."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain(inner) for inner in value]
    return str(value)


def facts(row: Model, *, without: Collection[str] = ()) -> dict[str, Any]:
    """The columns of a row, by the names of its fields; sealed ones as they read."""
    return {
        field.name: plain(getattr(row, field.attname))
        for field in row._meta.concrete_fields
        if field.name not in without and not isinstance(_kind(field), CubeField)
    }


def all_facts(rows: Iterable[Model], *, without: Collection[str] = ()) -> list[dict[str, Any]]:
    """``facts`` of every row."""
    return [facts(row, without=without) for row in rows]


@collects("accounts.account")
def account(person: User) -> dict[str, Any]:
    """The person's own row."""
    return facts(person)


@collects("accounts.profile")
def profile(person: User) -> dict[str, Any] | None:
    """What they say about themselves."""
    found = Profile.objects.filter(user=person).first()
    return None if found is None else facts(found, without={"user"})


@collects("accounts.organizations")
def organizations(person: User) -> dict[str, Any]:
    """Organizations they founded, and every place they ever had in one."""
    members = Membership.objects.filter(user=person).select_related("organization")
    return {
        "founded": all_facts(Organization.objects.filter(created_by=person)),
        "memberships": [
            {"organization_name": row.organization.name, **facts(row, without={"user"})}
            for row in members
        ],
    }


@collects("accounts.residencies")
def residencies(person: User) -> list[dict[str, Any]]:
    """Where they live and lived."""
    rows = Residency.objects.filter(user=person).select_related("building")
    return [
        {"building_name": row.building.name, **facts(row, without={"user", "verified_by"})}
        for row in rows
    ]


@collects("accounts.verification")
def verification(person: User) -> dict[str, Any] | None:
    """Their identity papers, with the numbers, and what was decided."""
    found = Verification.objects.filter(user=person).first()
    return None if found is None else facts(found, without={"user", "reviewed_by"})


@collects("accounts.papers")
def papers(person: User) -> list[dict[str, Any]]:
    """Licences and insurances of theirs."""
    return all_facts(ContractorPaper.objects.filter(user=person), without={"user"})


@collects("accounts.connections")
def connections(person: User) -> dict[str, Any]:
    """Whom they follow and have shut out, and who follows them."""
    following = Follow.objects.filter(follower=person)
    followers = Follow.objects.filter(followed=person)
    blocks = Block.objects.filter(blocker=person)
    return {
        "follows": list(map(plain, following.values("followed", "created_at")[:MOST_ROWS])),
        "followed_by": list(map(plain, followers.values("follower", "created_at")[:MOST_ROWS])),
        "has_blocked": list(map(plain, blocks.values("blocked", "created_at")[:MOST_ROWS])),
    }


@collects("accounts.files")
def files(person: User) -> list[dict[str, Any]]:
    """The files they uploaded; an archive holds their contents as well."""
    hidden = {"owner", "incoming_key", "renditions"}
    return all_facts(MediaFile.objects.filter(owner=person), without=hidden)


@collects("accounts.messages_sent")
def messages_sent(person: User) -> list[dict[str, Any]]:
    """Mail and SMS that went to them; the texts are not kept."""
    hidden = {"user", "payload", "dedupe_key", "claimed_until", "error"}
    return all_facts(OutgoingMessage.objects.filter(user=person), without=hidden)


@collects("accounts.acts")
def acts(person: User) -> list[dict[str, Any]]:
    """What they did, and what was done to their account, with reasons."""
    own = Q(actor=person) | Q(object_type=User._meta.label_lower, object_id=str(person.pk))
    found = []
    for row in AuditEvent.objects.filter(own).order_by("-at", "pk")[:MOST_ROWS]:
        by_yourself = row.actor_id == person.pk
        # Where somebody else was when they did it is not this person's to know.
        hidden = {"actor"} if by_yourself else {"actor", "ip_prefix", "request_id"}
        found.append(facts(row, without=hidden) | {"by_yourself": by_yourself})
    return found


@collects("accounts.history")
def history(person: User) -> list[dict[str, Any]]:
    """How their account looked at every change."""
    events = apps.get_model("accounts", "UserEvent")
    rows = events._default_manager.filter(pgh_obj_id=person.pk).order_by("pgh_id")
    return all_facts(rows[:MOST_ROWS], without={"pgh_context", "pgh_obj"})


@collects("accounts.erasure")
def erasure(person: User) -> list[dict[str, Any]]:
    """Their wishes to be forgotten."""
    return all_facts(ErasureRequest.objects.filter(user=person), without={"user", "asked_by"})


@collects("accounts.sign_in")
def sign_in(person: User) -> dict[str, Any]:
    """How they prove who they are: that they can and since when, never with what."""
    found = Credential.objects.filter(pk=person.pk).first() or Credential(user_id=person.pk)
    password = found.password_hash
    return {
        "has_password": bool(password) and not password.startswith("!"),
        "password_changed_at": plain(found.password_changed_at),
        "second_factor_since": plain(found.totp_confirmed_at),
        "backup_codes_left": len(found.backup_codes),
        "google_account": found.google_sub,
        "passkeys": list(
            map(
                plain,
                Passkey.objects.of(person.pk).values(
                    "name", "transports", "created_at", "last_used_at"
                ),
            )
        ),
        "sessions": all_facts(
            Session.objects.of(person.pk),
            without={"user_id", "refresh_hash", "previous_hash", "token_version"},
        ),
        "codes_sent": all_facts(
            OneTimeCode.objects.filter(user_id=person.pk),
            without={"user_id", "identifier_mac", "code_hash", "payload"},
        ),
    }


def _kind(field: Any) -> Any:
    return field.output_field if field.generated else field
