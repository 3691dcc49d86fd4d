"""Codes that somebody asks for: sent to whoever has the contact, at the same cost if nobody has."""

from django.db import transaction

from accounts.choices import CodePurpose, UserStatus
from accounts.models import User
from accounts.services import code_limits, codes
from accounts.services.code_messages import send_code, send_no_account
from accounts.services.codes import Issued
from accounts.services.identifiers import Contact


def ask_for(
    purpose: CodePurpose, *, contact: Contact, owner: User | None, ip_prefix: str
) -> Issued:
    """Send ``owner`` a code for ``purpose``, or the message that nobody has this contact.

    Raises what ``codes.issue`` raises.
    """
    withheld = withheld_from(owner, contact)
    issued = codes.issue(
        contact=contact,
        purpose=purpose,
        user_id=owner.pk if owner else None,
        ip_prefix=ip_prefix,
        withheld=withheld,
    )
    with transaction.atomic(durable=True):
        if withheld:
            return issued
        if owner is None:
            send_no_account(contact=contact)
        else:
            send_code(issued, contact=contact, purpose=purpose, user=owner)
    return issued


def withheld_from(owner: User | None, contact: Contact) -> bool:
    """Whether a code for this number is not sent: nobody has proved it, and codes do not return.

    Whoever asks gets the usual answer, and people whose number is proved get their codes.
    """
    proved = owner is not None and owner.status != UserStatus.PENDING
    return contact.is_phone and code_limits.codes_do_not_return() and not proved
