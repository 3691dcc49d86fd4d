"""Sign-in with Google: accounts are linked by Google's ``sub``, never by e-mail alone.

An e-mail that matches an account links nothing by itself: its owner proves the account by
signing in here, and links Google then. A newcomer's account comes about as by a code to the
e-mail address that Google has verified: the pending person, the credential with the link, the
active person. A crash at any step leaves less access, and the next sign-in goes on from there.
"""

import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Now

from accounts.choices import CodePurpose, UserStatus
from accounts.credentials.models import Credential
from accounts.gateways import google
from accounts.gateways.google import GoogleIdentity
from accounts.models import User
from accounts.proof_exceptions import (
    GoogleLinkRequiredError,
    GoogleRefusedError,
    GoogleTakenError,
)
from accounts.services import identifiers, notices, registration, sign_in, step_up
from accounts.services.challenges import limit_anonymous, open_challenge, take_challenge
from accounts.services.codes import Proof
from accounts.services.facts import RequestFacts
from accounts.services.identifiers import Contact
from accounts.services.outage import needs_credentials
from accounts.services.step_up import Caller
from config.shared import audit
from config.shared.errors import InvalidInputError, MissingError
from config.shared.origins import origin_of

CREDENTIALS = "credentials"
PURPOSE = "google"
LINK_PURPOSE = "google_link"
CHALLENGE_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Started:
    """A sign-in that waits for Google: send the browser to ``authorization_url``.

    ``challenge_id`` is only told to whoever started, and is in no address: so an answer of Google
    that somebody else obtained cannot be slipped under this sign-in.
    """

    challenge_id: UUID
    state: str
    nonce: str
    authorization_url: str
    expires_in: int = CHALLENGE_SECONDS


@needs_credentials
def start(*, redirect_uri: str, ip_prefix: str, user: User | None = None) -> Started:
    """Begin a sign-in with a nonce and a PKCE verifier of its own.

    For a signed-in ``user`` it begins a link, which only they can finish. Raises
    ``InvalidInputError`` for a ``redirect_uri`` elsewhere than on this site, ``GoogleOffError``,
    ``OutsideServiceError``, ``TooManyRequestsError``.
    """
    _refuse_elsewhere(redirect_uri)
    limit_anonymous("google_start", ip_prefix)
    nonce, state, verifier = (secrets.token_urlsafe(36) for _ in range(3))
    address = google.authorization_address(
        nonce=nonce,
        state=state,
        challenge=urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode(),
        redirect_uri=redirect_uri,
    )
    challenge_id = open_challenge(
        PURPOSE,
        {"nonce": nonce, "verifier": verifier, "redirect_uri": redirect_uri},
        seconds=CHALLENGE_SECONDS,
        user_id=user.pk if user else None,
    )
    return Started(challenge_id, state, nonce, address)


@needs_credentials
def finish(
    *, challenge_id: UUID, code: str = "", id_token: str = "", request_facts: RequestFacts
) -> sign_in.SignedIn | sign_in.SecondFactorNeeded:
    """Sign in with what Google gave: an authorization ``code`` or an ``id_token``.

    A person new to the site gets an account. Raises ``ChallengeClosedError``,
    ``GoogleRefusedError``, ``GoogleLinkRequiredError``, ``OutsideServiceError`` and what
    ``sign_in.begin`` raises.
    """
    identity = _identify(challenge_id, code=code, id_token=id_token, user_id=None)
    user = _linked(identity)
    if user is None or user.status == UserStatus.PENDING:
        user = _open_account(identity, unfinished=user)
    return sign_in.begin(user, amr={"google"}, request_facts=request_facts)


@needs_credentials
def link(
    caller: Caller,
    *,
    link_token: UUID | None = None,
    challenge_id: UUID | None = None,
    code: str = "",
    id_token: str = "",
) -> None:
    """Link a Google account to the caller's: that behind ``link_token``, or Google's answer.

    Raises ``FreshSignInRequiredError``, ``ChallengeClosedError``, ``GoogleTakenError`` and, for
    an answer of Google's, what ``finish`` raises.
    """
    step_up.require_fresh(caller)
    user = caller.user
    if link_token is not None:
        kept = take_challenge(link_token, LINK_PURPOSE, user_id=user.pk, pointer="/link_token")
        subject, token = kept["subject"], kept["given"].encode()
    elif challenge_id is not None:
        identity = _identify(challenge_id, code=code, id_token=id_token, user_id=user.pk)
        subject, token = identity.subject, identity.token
    else:
        raise InvalidInputError.at("/link_token", "required", "A link token, or Google's answer.")
    _refuse_taken(user, subject)
    _tell(user, "google_linked")
    _store(user, subject, token)


@needs_credentials
def unlink(caller: Caller) -> None:
    """Forget the caller's Google account; phone, e-mail or password still sign in.

    Raises ``FreshSignInRequiredError``, and ``MissingError`` when none is linked.
    """
    step_up.require_fresh(caller)
    linked = Credential.objects.filter(pk=caller.user.pk, google_sub__isnull=False)
    if not linked.update(google_sub=None, google_oauth_token=None, updated_at=Now()):
        raise MissingError
    _tell(caller.user, "google_unlinked")


def _refuse_elsewhere(redirect_uri: str) -> None:
    """Let browsers come back to this site only, or exactly where the operator allows it."""
    if redirect_uri in settings.GOOGLE_REDIRECT_URIS:
        return
    here = origin_of(settings.PUBLIC_BASE_URL)
    if origin_of(redirect_uri) != here or "#" in redirect_uri or "@" in urlsplit(redirect_uri)[1]:
        raise InvalidInputError.at(
            "/redirect_uri", "redirect_not_allowed", "Google answers to addresses of this site."
        )


def _identify(
    challenge_id: UUID, *, code: str, id_token: str, user_id: UUID | None
) -> GoogleIdentity:
    asked = take_challenge(challenge_id, PURPOSE, user_id=user_id)
    if code:
        id_token = google.exchange(
            code=code, verifier=asked["verifier"], redirect_uri=asked["redirect_uri"]
        )
    return google.read_identity(id_token, nonce=asked["nonce"])


def _linked(identity: GoogleIdentity) -> User | None:
    """The person whom this Google account is linked to, with the newest token kept."""
    rows = Credential.objects.filter(google_sub=identity.subject)
    user_id = rows.values_list("pk", flat=True).first()
    if user_id is None:
        return None
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        _release(identity.subject)
        return None
    rows.update(google_oauth_token=identity.token, updated_at=Now())
    return user


def _open_account(identity: GoogleIdentity, *, unfinished: User | None) -> User:
    """The account of a newcomer, or of one whose account a crash left ``unfinished``."""
    contact = _verified_contact(identity)
    earlier = unfinished.pk if unfinished is not None else None
    account = registration.account_for(contact, user_id=earlier)
    if unfinished is not None and unfinished.pk != account.pk:
        _release(identity.subject)
    if account.status != UserStatus.PENDING:
        raise GoogleLinkRequiredError(link_token=str(_link_token(identity, account)))
    _store(account, identity.subject, identity.token)
    proof = Proof(
        challenge_id=account.pk,
        purpose=CodePurpose.REGISTRATION,
        contact=contact,
        user_id=account.pk,
        payload={"full_name": identity.name},
    )
    user = registration.complete(proof)
    with transaction.atomic(durable=True):
        audit.record("accounts.user.google_linked", target=user, actor=user)
    return user


def _verified_contact(identity: GoogleIdentity) -> Contact:
    if not (identity.email and identity.email_verified):
        raise GoogleRefusedError("Google has not verified this e-mail address.")
    try:
        return identifiers.email_contact(identity.email)
    except InvalidInputError as error:
        raise GoogleRefusedError from error


def _refuse_taken(user: User, subject: str) -> None:
    """Refuse what is linked otherwise; an account that never came about does not count."""
    own = Credential.objects.filter(pk=user.pk).values_list("google_sub", flat=True).first()
    if own not in {None, subject}:
        raise GoogleTakenError
    others = Credential.objects.filter(google_sub=subject).exclude(pk=user.pk)
    holder = others.values_list("pk", flat=True).first()
    if holder is None:
        return
    if User.objects.filter(pk=holder).exclude(status=UserStatus.PENDING).exists():
        raise GoogleTakenError
    _release(subject)


def _store(user: User, subject: str, token: bytes) -> None:
    """Link, in one statement that may be repeated."""
    Credential.objects.bulk_create([Credential(user_id=user.pk)], ignore_conflicts=True)
    free = Q(google_sub__isnull=True) | Q(google_sub=subject)
    try:
        with transaction.atomic(using=CREDENTIALS):
            stored = Credential.objects.filter(free, pk=user.pk).update(
                google_sub=subject, google_oauth_token=token, updated_at=Now()
            )
    except IntegrityError as error:
        raise GoogleTakenError from error
    if not stored:
        raise GoogleTakenError


def _release(subject: str) -> None:
    """Let go of a link to somebody who is gone, or whose account never came about."""
    Credential.objects.filter(google_sub=subject).update(
        google_sub=None, google_oauth_token=None, updated_at=Now()
    )


def _link_token(identity: GoogleIdentity, owner: User) -> UUID:
    """What ``owner``, once they have proved the account, links this Google account with."""
    return open_challenge(
        LINK_PURPOSE,
        {"subject": identity.subject, "given": identity.token.decode()},
        seconds=CHALLENGE_SECONDS,
        user_id=owner.pk,
    )


def _tell(user: User, what: str) -> None:
    """Write down and tell the owner what happened to the link."""
    with transaction.atomic(durable=True):
        audit.record(f"accounts.user.{what}", target=user, actor=user)
        notices.tell(user, "security_changed", what=what)
