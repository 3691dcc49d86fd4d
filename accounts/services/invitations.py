"""Inviting people to an organization by name, or by an address that may be nobody's."""

from typing import Any
from uuid import UUID

from accounts.exceptions import AlreadyMemberError
from accounts.models import Membership, Organization, User
from accounts.services import notices
from accounts.services.memberships import check_grant, offer_place
from config.shared import audit
from config.shared.errors import InvalidInputError, MissingError, NotAllowedError
from config.shared.jobs import defer
from config.shared.locks import lock
from config.shared.phones import normalise_phone
from config.shared.retries import retry_transaction
from config.shared.sealed import seal, unseal

JOB = "accounts.deliver_invitation"
PAGE = "/invitations/"
SEALED_FOR = "accounts.deliver_invitation.address"


@retry_transaction
def invite_member(
    *, organization: Organization, inviter: User, user: User, role: str, title: str = ""
) -> Membership:
    """Offer ``user`` a place in ``organization``; it is theirs once they accept.

    Owners and administrators invite; only owners make owners and administrators. Raises
    ``AlreadyMemberError``, ``NotAllowedError``, and ``MissingError`` where a block stands between
    the two.
    """
    (organization,) = lock(organization)
    check_grant(actor=inviter, organization=organization, role=role)
    if not User.objects.active().visible_to(inviter).filter(pk=user.pk).exists():
        raise MissingError
    offered = offer_place(
        organization=organization, inviter=inviter, user=user, role=role, title=title
    )
    _tell(offered, inviter)
    return offered


@retry_transaction
def invite_by_address(
    *,
    organization: Organization,
    inviter: User,
    role: str,
    title: str = "",
    phone_number: str = "",
    email: str = "",
) -> None:
    """Invite whoever has this verified phone number or e-mail address, if anybody has.

    Nothing is looked up before a job does, so the caller learns nothing about the address, not
    even by the clock; and only the invited person sees the invitation until they accept it.
    """
    (organization,) = lock(organization)
    check_grant(actor=inviter, organization=organization, role=role)
    if bool(phone_number) == bool(email):
        raise InvalidInputError.at("", "one_address", "Give a phone number or an e-mail address.")
    address = normalise_phone(phone_number) if phone_number else email.strip().lower()
    audit.record(
        "accounts.organization.invited_an_address",
        target=organization,
        actor=inviter,
        after={"role": role, "channel": "sms" if phone_number else "email"},
    )
    defer(
        JOB,
        organization_id=organization.pk,
        inviter_id=inviter.pk,
        role=role,
        title=title,
        sealed_address=seal(address.encode(), context=SEALED_FOR),
    )


@retry_transaction
def deliver_invitation(
    *, organization_id: UUID, inviter_id: UUID, role: str, title: str, sealed_address: str
) -> Membership | None:
    """The job behind ``invite_by_address``: the invitation, if there is anybody to have it.

    Nobody has it who is a member or invited already, has a block with the inviter, or is not
    active; nor is it sent for an inviter who may not invite any more. May be repeated.
    """
    address = unseal(sealed_address, context=SEALED_FOR).decode()
    person = _holder_of(address)
    inviter = User.objects.filter(pk=inviter_id).first()
    if person is None or inviter is None:
        return None
    if not User.objects.active().visible_to(inviter).filter(pk=person.pk).exists():
        return None
    (organization,) = lock(Organization(pk=organization_id))
    try:
        check_grant(actor=inviter, organization=organization, role=role)
        offered = offer_place(
            organization=organization,
            inviter=inviter,
            user=person,
            role=role,
            title=title,
            by_address=True,
        )
    except (AlreadyMemberError, NotAllowedError):
        return None
    _tell(offered, inviter)
    return offered


def _holder_of(address: str) -> User | None:
    verified: dict[str, Any] = (
        {"email__iexact": address, "email_verified": True}
        if "@" in address
        else {"phone_number": address, "phone_verified": True}
    )
    return User.objects.active().filter(**verified).first()


def _tell(offered: Membership, inviter: User) -> None:
    notices.tell(
        offered.user,
        "invitation",
        organization=offered.organization.name,
        inviter=str(inviter),
        role=offered.get_role_display(),
        link_path=PAGE,
    )
