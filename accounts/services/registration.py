"""Opening an account: what is asked for is kept with the code, and happens when the code is shown.

Whoever registers a phone number or e-mail address gets the same answer whether or not somebody
has it. What they ask for (names, roles, a password) is sealed with the code that is sent; only
showing that code applies it, and only where there is no account yet. So a password that somebody
else chose for this number never opens the owner's account.

The account comes about in an order in which every crash leaves less access and nothing stuck: the
pending person, then the credential, then the active person, then the request is forgotten. Each
step may be repeated, by the next code or by ``accounts.services.upkeep``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.choices import CodePurpose, Role, UserStatus
from accounts.credentials.models import Credential, OneTimeCode
from accounts.exceptions import WrongCodeError
from accounts.flows import USER_FLOW
from accounts.hashers import hash_password
from accounts.models import User
from accounts.services import codes, identifiers, proved
from accounts.services.code_messages import send_code
from accounts.services.code_requests import withheld_from
from accounts.services.codes import BOUND, Issued, Proof
from accounts.services.identifiers import Contact
from accounts.services.names import complete_names
from accounts.services.outage import needs_credentials
from accounts.services.password_rules import check_new_password
from accounts.services.profiles import NAME_FIELDS, chosen_roles
from config.shared.errors import InvalidInputError
from config.shared.flows import move
from config.shared.models import uuid7


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What somebody asks for on registering; applied when they show the code."""

    full_name: str = ""
    first_name: str = ""
    last_name: str = ""
    roles: Iterable[str] = ()
    username: str = ""
    email: str = ""
    password: str = ""

    @property
    def names(self) -> dict[str, str]:
        given = {
            "full_name": self.full_name,
            "first_name": self.first_name,
            "last_name": self.last_name,
        }
        return {name: value for name, value in given.items() if value}


@needs_credentials
def register(*, contact: Contact, wishes: Wishes, ip_prefix: str) -> Issued:
    """Send a code to ``contact`` that opens an account there, or signs its owner in.

    The answer and the work are the same for a contact that somebody has. Raises
    ``InvalidInputError`` for a password or username that will not do, and what
    ``codes.issue`` raises.
    """
    return start(contact=contact, payload=_payload(contact, wishes), ip_prefix=ip_prefix)


def register_again(*, challenge_id: UUID, ip_prefix: str) -> Issued:
    """Send a new code for the same request. Raises ``WrongCodeError`` when there is none."""
    row = OneTimeCode.objects.filter(
        pk=challenge_id, purpose=CodePurpose.REGISTRATION, is_used=False
    ).first()
    if row is None:
        raise WrongCodeError(pointer="/challenge_id")
    contact, payload = codes.contact_of(row), codes.payload_of(row)
    return start(contact=contact, payload=payload, ip_prefix=ip_prefix)


def start(*, contact: Contact, payload: Mapping[str, Any], ip_prefix: str) -> Issued:
    """Send a code that opens an account with what ``payload`` holds."""
    owner = _account_at(contact)
    user_id = owner.pk if owner else uuid7()
    withheld = withheld_from(owner, contact)
    issued = codes.issue(
        contact=contact,
        purpose=CodePurpose.REGISTRATION,
        user_id=user_id,
        ip_prefix=ip_prefix,
        payload=payload,
        withheld=withheld,
    )
    with transaction.atomic(durable=True):
        # For a contact that somebody has, this inserts nothing, at the same cost.
        _insert_pending(user_id, contact)
        if not withheld:
            send_code(issued, contact=contact, purpose=CodePurpose.REGISTRATION, user=None)
    return issued


def complete(proof: Proof) -> User:
    """The person who has proved ``proof.contact``: a new one, or the one who had it before.

    Of the request only what belongs to a new account is applied; an account that is there keeps
    its password and everything else, and its contact counts as verified from now on.
    """
    user = _account_at(proof.contact) or _pending(proof.user_id, proof.contact)
    if user.status == UserStatus.PENDING:
        user = _activate(user, proof.contact, proof.payload or _unfinished(proof.contact))
    else:
        user = proved.confirm(user=user, contact=proof.contact)
    codes.forget_payload(proof.challenge_id)
    return user


def account_for(contact: Contact, *, user_id: UUID | None = None) -> User:
    """The account that a proof of ``contact`` opens: the one there, or a pending one for it.

    ``user_id`` is that of a pending person whom an earlier attempt made.
    """
    return _account_at(contact) or _pending(user_id or uuid7(), contact)


def proof_of(row: OneTimeCode) -> Proof:
    """The proof that a code was, once it has been shown."""
    return Proof(
        row.pk,
        CodePurpose(row.purpose),
        codes.contact_of(row),
        row.user_id,
        codes.payload_of(row),
    )


def _payload(contact: Contact, wishes: Wishes) -> dict[str, Any]:
    if wishes.username and identifiers.find_person(wishes.username):
        raise InvalidInputError.at("/username", "username_taken", "This username is taken.")
    email = identifiers.email_contact(wishes.email).value if wishes.email else ""
    payload: dict[str, Any] = {
        **wishes.names,
        "roles": chosen_roles(wishes.roles),
        "username": wishes.username,
    }
    bound = {"email": email if contact.is_phone else ""}
    if wishes.password:
        known = (contact.value, email, wishes.username)
        check_new_password(wishes.password, identifiers=known)
        bound["password_hash"] = hash_password(wishes.password)
    return payload | {BOUND: bound}


def _account_at(contact: Contact) -> User | None:
    """Who has this contact, proved or pending; a mere claim on an address is nobody's."""
    found = identifiers.owner_of(contact)
    if found is None and not contact.is_phone:
        pending = identifiers.claimants_of(contact.value).filter(status=UserStatus.PENDING)
        return pending.first()
    return found


def _insert_pending(user_id: UUID | None, contact: Contact) -> None:
    column = "phone_number" if contact.is_phone else "email"
    person = User(pk=user_id, status=UserStatus.PENDING, **{column: contact.value})
    User.objects.bulk_create([person], ignore_conflicts=True)


def _pending(user_id: UUID | None, contact: Contact) -> User:
    """The pending person, made again where the first attempt was lost or swept away.

    Raises ``WrongCodeError`` where the person has been forgotten, or has left the contact behind,
    while their code was being shown.
    """
    _insert_pending(user_id, contact)
    found = _account_at(contact)
    if found is None:
        # The address stands on somebody's account as a claim, so the row cannot hold it yet.
        User.objects.bulk_create(
            [User(pk=user_id, status=UserStatus.PENDING)], ignore_conflicts=True
        )
        found = User.objects.get(pk=user_id)
        if found.status != UserStatus.PENDING:
            raise WrongCodeError("This code is no longer valid: ask for a new one.")
    return found


def _unfinished(contact: Contact) -> dict[str, Any]:
    """What a code that was shown before had asked for, if a crash kept it from being done."""
    shown = OneTimeCode.objects.filter(
        identifier_mac=contact.mac, purpose=CodePurpose.REGISTRATION, is_verified=True
    )
    row = shown.order_by("-created_at", "pk").first()
    return codes.payload_of(row) if row else {}


def _store_credential(user: User, payload: Mapping[str, Any]) -> None:
    encoded = payload.get(BOUND, {}).get("password_hash", "")
    if encoded:
        Credential.objects.upsert_hash(user_id=user.pk, password_hash=encoded)
    else:
        Credential.objects.bulk_create([Credential(user_id=user.pk)], ignore_conflicts=True)


def _activate(user: User, contact: Contact, payload: Mapping[str, Any]) -> User:
    wanted = {name: payload[name] for name in NAME_FIELDS if name in payload}
    roles = chosen_roles(payload.get("roles", ())) or [Role.RESIDENT.value]
    with transaction.atomic(durable=True):
        user, others = proved.lock_with_claimants(user, contact)
        if user.status != UserStatus.PENDING:
            return user
        _store_credential(user, payload)
        move(
            user,
            UserStatus.ACTIVE,
            flow=USER_FLOW,
            actor=user,
            is_active=True,
            roles=roles,
            primary_role=roles[0],
            **complete_names(wanted),
        )
        proved.note(user, contact, claimants=others)
        _claim(user, "username", payload.get("username"))
        _claim(user, "email", payload.get(BOUND, {}).get("email"))
    return user


def _claim(user: User, column: str, value: str | None) -> None:
    """Put an unproved value on the account, unless somebody else has it."""
    if not value or getattr(user, column):
        return
    try:
        with transaction.atomic():
            User.objects.filter(pk=user.pk).update(**{column: value})
    except IntegrityError:
        return
    setattr(user, column, value)
