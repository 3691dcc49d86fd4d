"""Signatures of webhooks: Stripe's scheme, an HMAC-SHA256 over the time and the raw body.

See https://docs.stripe.com/webhooks#verify-manually.
"""

import hashlib
import hmac

from bookings.gateways.payments import SignatureError

TOLERANCE_SECONDS = 300
MOST_SIGNATURES = 10


def sign(body: bytes, *, secret: str, at: int) -> str:
    """The header that goes with ``body``, sent at ``at`` (seconds since 1970)."""
    return f"t={at},v1={_digest(body, secret, str(at))}"


def check_signature(body: bytes, header: str, *, secret: str, now: float) -> None:
    """Raise ``SignatureError`` unless ``header`` was made for ``body`` within five minutes.

    Several signatures may stand in it, as they do while a secret is being exchanged.
    """
    parts = [part.strip().partition("=") for part in header.split(",")[: MOST_SIGNATURES + 1]]
    times = [value for name, _, value in parts if name == "t"]
    given = [value for name, _, value in parts if name == "v1"]
    if len(times) != 1 or not times[0].isascii() or not times[0].isdigit() or not given:
        raise SignatureError("The signature is missing or cannot be read.")
    expected = _digest(body, secret, times[0])
    if not any(hmac.compare_digest(expected.encode(), value.encode()) for value in given):
        raise SignatureError("The signature was not made with our secret.")
    if len(times[0]) > 12 or abs(now - int(times[0])) > TOLERANCE_SECONDS:
        raise SignatureError("The message is older than five minutes, or from the future.")


def _digest(body: bytes, secret: str, at: str) -> str:
    return hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
