"""Signing in by a code: asked for, shown, and what follows from each purpose."""

from dataclasses import dataclass
from uuid import UUID

from accounts.choices import CodePurpose
from accounts.exceptions import WrongCodeError
from accounts.models import User
from accounts.services import codes, identifiers, passwords, proved, registration, sign_in
from accounts.services.code_requests import ask_for
from accounts.services.codes import Issued, Proof
from accounts.services.facts import RequestFacts
from accounts.services.identifiers import Contact
from accounts.services.outage import needs_credentials
from config.shared.errors import InvalidInputError, NotAuthenticatedError

SHOWN_FOR = frozenset({CodePurpose.LOGIN, CodePurpose.REGISTRATION, CodePurpose.VERIFICATION})


@dataclass(frozen=True, slots=True)
class Verified:
    """A signed-in person proved a contact of theirs."""

    user: User
    contact: Contact


def enter(
    *, identifier: str, password: str, request_facts: RequestFacts
) -> sign_in.SignedIn | sign_in.SecondFactorNeeded | Issued:
    """Sign in with a password or, where none is given, send a code to sign in with.

    Raises what ``sign_in.by_password`` and ``ask_to_sign_in`` raise.
    """
    if password:
        return sign_in.by_password(
            identifier=identifier, password=password, request_facts=request_facts
        )
    contact = identifiers.contact(identifier)
    return ask_to_sign_in(contact=contact, ip_prefix=request_facts.ip_prefix)


@needs_credentials
def send(
    *,
    contact: Contact | None,
    purpose: CodePurpose,
    challenge_id: UUID | None,
    user: User | None,
    ip_prefix: str,
) -> Issued:
    """Send a code for one of the purposes that anybody may ask for.

    With ``challenge_id`` a registration that was asked for before is sent a new code. Raises
    ``InvalidInputError`` without a contact, and what the purposes raise.
    """
    if challenge_id is not None:
        return registration.register_again(challenge_id=challenge_id, ip_prefix=ip_prefix)
    if contact is None:
        raise InvalidInputError.at("/identifier", "required", "Say where the code should go.")
    if purpose == CodePurpose.REGISTRATION:
        return registration.start(contact=contact, payload={}, ip_prefix=ip_prefix)
    if purpose == CodePurpose.VERIFICATION:
        return ask_to_verify(user=user, contact=contact, ip_prefix=ip_prefix)
    if purpose == CodePurpose.PASSWORD_RESET:
        return passwords.ask_to_reset(contact=contact, ip_prefix=ip_prefix)
    return ask_to_sign_in(contact=contact, ip_prefix=ip_prefix)


@needs_credentials
def ask_to_sign_in(*, contact: Contact, ip_prefix: str) -> Issued:
    """Send a code that signs in whoever has this contact.

    Where nobody has it the answer is the same, and the message says that there is no account.
    Raises what ``codes.issue`` raises.
    """
    return ask_for(
        CodePurpose.LOGIN,
        contact=contact,
        owner=identifiers.owner_of(contact),
        ip_prefix=ip_prefix,
    )


@needs_credentials
def ask_to_verify(*, user: User | None, contact: Contact, ip_prefix: str) -> Issued:
    """Send a code by which ``user`` proves a contact that stands on their account.

    Raises ``NotAuthenticatedError`` when nobody is signed in, and ``InvalidInputError`` for a
    contact that is not on the account.
    """
    if user is None:
        raise NotAuthenticatedError
    if contact.value not in {user.phone_number, (user.email or "").lower()}:
        raise InvalidInputError.at(
            "/identifier", "not_on_account", "This is not on your account: change it there first."
        )
    return ask_for(CodePurpose.VERIFICATION, contact=contact, owner=user, ip_prefix=ip_prefix)


@needs_credentials
def show(
    *,
    code: str,
    purpose: CodePurpose | None,
    challenge_id: UUID | None,
    contact: Contact | None,
    user: User | None,
    request_facts: RequestFacts,
) -> sign_in.SignedIn | sign_in.SecondFactorNeeded | Verified:
    """Take a code that was sent for ``purpose``, and do what it was asked for.

    A code for signing in or registering signs in; a pending account becomes an active one, and a
    deactivated one comes back. A code for verifying belongs to the signed-in ``user``. Raises
    ``WrongCodeError`` and what ``codes.verify`` and ``sign_in.begin`` raise.
    """
    purposes = SHOWN_FOR if purpose is None else SHOWN_FOR & {purpose}
    if user is None:
        purposes -= {CodePurpose.VERIFICATION}
    proof = codes.verify(
        code=code,
        purposes=purposes,
        challenge_id=challenge_id,
        contact=contact,
        ip_prefix=request_facts.ip_prefix,
    )
    if proof.purpose == CodePurpose.VERIFICATION:
        return _verified(user, proof)
    methods = {"otp", str(proof.contact.channel)}
    return sign_in.begin(registration.complete(proof), amr=methods, request_facts=request_facts)


def _verified(user: User | None, proof: Proof) -> Verified:
    if user is None or proof.user_id != user.pk:
        raise WrongCodeError
    user.refresh_from_db()
    if proof.contact.value not in {user.phone_number, (user.email or "").lower()}:
        raise WrongCodeError
    return Verified(proved.confirm(user=user, contact=proof.contact), proof.contact)
