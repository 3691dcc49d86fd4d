"""Browsers told by Web Push: encrypted for the browser alone (RFC 8291), signed by us (RFC 8292).

The libraries are loaded when the first browser is told: most processes never do.
"""

import base64
from typing import Any

from django.conf import settings

from accounts.gateways.delivery import DeliveryError

TIMEOUT_SECONDS = 10
# A push service keeps it for as long for a browser that is off.
TTL_SECONDS = 24 * 3600
GONE = frozenset({404, 410})
TOO_MANY = 429
OWN_FAULT = 500
MOST_WAIT = 3600


class SubscriptionGoneError(DeliveryError):
    """The browser does not take notifications any more."""


def is_on() -> bool:
    """Whether this site has a key to sign with."""
    return bool(settings.WEB_PUSH_PRIVATE_KEY)


def public_key() -> str:
    """What browsers subscribe with: the public half of the key, in base64url."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    point = _vapid().public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


def send(*, endpoint: str, p256dh: str, auth: str, payload: str, urgent: bool) -> str:
    """Hand ``payload`` to the push service and return the address that it gave the message.

    Raises ``SubscriptionGoneError`` and other ``DeliveryError``.
    """
    from pywebpush import WebPushException, webpush
    from requests import RequestException

    from messaging.gateways.open_internet import OpenSession, PrivateAddressError

    try:
        with OpenSession() as session:
            answer: Any = webpush(
                {"endpoint": endpoint, "keys": {"p256dh": p256dh, "auth": auth}},
                data=payload,
                vapid_private_key=_vapid(),
                vapid_claims={"sub": settings.WEB_PUSH_SUBJECT},
                ttl=TTL_SECONDS,
                timeout=TIMEOUT_SECONDS,
                headers={"Urgency": "high" if urgent else "normal"},
                requests_session=session,
            )
    except WebPushException as exc:
        raise _refusal(exc) from None
    except PrivateAddressError as exc:
        raise DeliveryError(str(exc), permanent=True) from None
    except (RequestException, OSError) as exc:
        raise DeliveryError(f"the push service cannot be reached ({type(exc).__name__})") from None
    except ValueError as exc:
        raise DeliveryError(
            f"the browser's keys are of no use ({type(exc).__name__})", permanent=True
        ) from None
    return str(answer.headers.get("Location", ""))


def _vapid() -> Any:
    from py_vapid import Vapid02

    return Vapid02.from_string(settings.WEB_PUSH_PRIVATE_KEY)


def _refusal(exc: Any) -> DeliveryError:
    """What the status of the answer means."""
    status = exc.status_code
    if status is None:
        return DeliveryError("the browser's keys are of no use", permanent=True)
    reason = f"the push service answered {status}"
    if status in GONE:
        return SubscriptionGoneError(reason, permanent=True)
    wait = str(exc.retry_after or "")
    seconds = min(float(wait), MOST_WAIT) if wait.isdecimal() and len(wait) < 10 else None
    permanent = status != TOO_MANY and status < OWN_FAULT
    return DeliveryError(reason, permanent=permanent, retry_after=seconds)
