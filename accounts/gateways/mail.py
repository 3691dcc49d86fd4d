"""E-mail through Django's mail backends; the setting ``EMAIL_URL`` names the one in use."""

import smtplib
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from accounts.gateways.delivery import DeliveryError
from config.shared.email import RenderedEmail


def send(
    *,
    to: str,
    message: RenderedEmail,
    identifier: str,
    attachments: Sequence[Mapping[str, str]] = (),
    unsubscribe_link: str = "",
) -> str:
    """Send ``message`` to ``to`` and return its Message-ID, which ``identifier`` makes unique.

    A second delivery of the same message carries the same Message-ID, so that mailboxes can tell
    that they are one. Raises ``DeliveryError``.
    """
    host = urlsplit(settings.PUBLIC_BASE_URL).hostname or "localhost"
    message_id = f"<{identifier}@{host}>"
    connection = get_connection()
    headers = {
        "Message-ID": message_id,
        "Auto-Submitted": "auto-generated",
        "Content-Language": message.language,
    }
    if unsubscribe_link:
        # One click in the mail program is enough (RFC 8058).
        headers["List-Unsubscribe"] = f"<{unsubscribe_link}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    email = EmailMultiAlternatives(
        connection=connection,
        subject=message.subject,
        body=message.text,
        to=[to],
        headers=headers,
    )
    email.attach_alternative(message.html, "text/html")
    for attachment in attachments:
        email.attach(attachment["name"], attachment["content"], attachment["content_type"])
    try:
        email.send()
    except smtplib.SMTPException as exc:
        raise _refusal(exc) from None
    except OSError as exc:
        raise DeliveryError(f"the mail server cannot be reached ({type(exc).__name__})") from None
    finally:
        # Django leaves the connection open when the sign-in to the server fails.
        connection.close()
    return message_id


def _refusal(exc: smtplib.SMTPException) -> DeliveryError:
    """What a mail server's error means; its words are left out, for they repeat addresses."""
    if isinstance(exc, smtplib.SMTPRecipientsRefused):
        statuses = [status for status, _ in exc.recipients.values()]
        status = min(statuses, default=0)
        return DeliveryError(f"the mailbox was refused ({status})", permanent=status >= 500)
    if isinstance(exc, smtplib.SMTPAuthenticationError):
        return DeliveryError(f"the mail server refused our sign-in ({exc.smtp_code})")
    if isinstance(exc, smtplib.SMTPResponseException):
        permanent = exc.smtp_code >= 500 and not isinstance(exc, smtplib.SMTPConnectError)
        return DeliveryError(f"the mail server answered {exc.smtp_code}", permanent=permanent)
    return DeliveryError(f"the mail server failed ({type(exc).__name__})")
