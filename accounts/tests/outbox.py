"""What tests can see of the messages that were sent."""

import re
from typing import Any

from django.core import mail

from accounts.gateways.sms import MemorySms
from accounts.models import OutgoingMessage
from accounts.services import outbox
from config.tests.support import drain

PHONE = "+971501234567"
CODE = {"purpose": "login", "code": "246810", "minutes": 5}


def send_code(**changes: Any) -> OutgoingMessage:
    """Queue an SMS with a code."""
    return outbox.send_sms(**{"to": PHONE, "template": "code", "context": CODE, **changes})


def sent_sms(to: str | None = None) -> list[str]:
    """The texts sent by SMS, those to one number where it is given, oldest first."""
    return [text for number, text in MemorySms.outbox if to in {None, number}]


def sent_email(to: str | None = None) -> list[mail.EmailMessage]:
    """The e-mails sent, those to one address where it is given, oldest first."""
    return [message for message in mail.outbox if to is None or to in message.to]


def code_sent_to(address: str) -> str:
    """The newest code sent to a phone number or an e-mail address, once the jobs have run."""
    drain()
    texts = [*sent_sms(address), *(str(message.body) for message in sent_email(address))]
    found = [match[0] for text in texts if (match := re.search(r"\b[0-9]{6}\b", text))]
    if not found:
        raise AssertionError(f"No code was sent to {address}.")
    return found[-1]


def link_sent_to(address: str) -> str:
    """The newest link sent to a phone number or an e-mail address, once the jobs have run."""
    drain()
    texts = [*sent_sms(address), *(str(message.body) for message in sent_email(address))]
    found = [match[0] for text in texts if (match := re.search(r"https?://\S+", text))]
    if not found:
        raise AssertionError(f"No link was sent to {address}.")
    return found[-1]
