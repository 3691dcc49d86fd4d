"""Phone numbers, e-mail addresses and usernames: what a person types to say who they are."""

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from accounts.choices import MessageChannel, UserStatus
from accounts.models import User
from config.shared.errors import InvalidInputError
from config.shared.phones import normalise_phone

MAX_EMAIL = 254
USERNAME = re.compile(r"[A-Za-z][A-Za-z0-9._-]{2,39}")
_SALT = "accounts.services.identifiers"


@dataclass(frozen=True, slots=True)
class Contact:
    """A phone number (E.164) or an e-mail address (in small letters) that a code can reach."""

    channel: MessageChannel
    value: str

    @property
    def is_phone(self) -> bool:
        return self.channel == MessageChannel.SMS

    @property
    def mac(self) -> str:
        """What the database knows it by: equal for equal contacts, and not to be turned back."""
        return mac_of(self.value)

    @property
    def hint(self) -> str:
        """Enough for its owner to recognise it: ``+971•••4567``, ``s•••@example.com``."""
        if self.is_phone:
            return f"{self.value[:4]}•••{self.value[-4:]}"
        local, _, domain = self.value.rpartition("@")
        return f"{local[:1]}•••@{domain}"[:80]


def phone_contact(text: str, *, pointer: str = "/phone_number") -> Contact:
    """The mobile number that ``text`` spells, or ``InvalidInputError`` at ``pointer``."""
    return Contact(MessageChannel.SMS, normalise_phone(text, pointer=pointer))


def email_contact(text: str, *, pointer: str = "/email") -> Contact:
    """The e-mail address that ``text`` spells, or ``InvalidInputError`` at ``pointer``."""
    value = text.strip().lower()
    try:
        validate_email(value)
    except ValidationError:
        value = ""
    if not 0 < len(value) <= MAX_EMAIL:
        raise InvalidInputError.at(pointer, "email_invalid", "This is not an e-mail address.")
    return Contact(MessageChannel.EMAIL, value)


def contact(text: str, *, pointer: str = "/identifier") -> Contact:
    """The e-mail address or else the phone number that ``text`` spells."""
    if "@" in text:
        return email_contact(text, pointer=pointer)
    return phone_contact(text, pointer=pointer)


def mac_of(value: str) -> str:
    """A keyed hash of an identifier."""
    return salted_hmac(_SALT, value, algorithm="sha256").hexdigest()


def normalised(text: str) -> str:
    """One spelling for all spellings of an identifier, also of one that is none."""
    if USERNAME.fullmatch(text.strip()):
        return text.strip().lower()
    try:
        return contact(text).value
    except InvalidInputError:
        return text.strip().lower()[:MAX_EMAIL]


def find_person(text: str) -> User | None:
    """Whoever has this username, e-mail address (also an unproved one) or phone number."""
    value = normalised(text)
    if "@" in value:
        return _by_lower("email", value).first()
    if value.startswith("+"):
        return User.objects.filter(phone_number=value).first()
    return _by_lower("username", value).first()


def owner_of(found: Contact) -> User | None:
    """The account that a code sent to this contact may open, in whatever status.

    A phone number is only ever written on an account once it is proved, or by staff. An e-mail
    address that was never proved is a mere claim, unless it is all that the account has: an
    imported account, which has nothing else to be opened by.
    """
    if found.is_phone:
        return User.objects.filter(phone_number=found.value).first()
    proved = Q(email_verified=True) | Q(phone_number__isnull=True)
    return _by_lower("email", found.value).filter(proved).first()


def claimants_of(email: str) -> QuerySet[User]:
    """Accounts on which this e-mail address stands, proved or not: at most one."""
    return _by_lower("email", email)


def contacts_of(user: User) -> list[Contact]:
    """Where a code reaches ``user`` with certainty: phone first, then e-mail."""
    found = []
    if user.phone_number and (user.phone_verified or user.status == UserStatus.PENDING):
        found.append(Contact(MessageChannel.SMS, user.phone_number))
    if user.email and user.email_verified:
        found.append(Contact(MessageChannel.EMAIL, user.email.lower()))
    return found


def _by_lower(column: str, value: str) -> QuerySet[User]:
    return User.objects.alias(lowered=Lower(column)).filter(lowered=value)
