"""Ways to send an SMS; the setting ``SMS_BACKEND`` names the one in use."""

import json
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, Protocol

from django.conf import settings


class SmsGateway(Protocol):
    """Hands a text over to be delivered to a phone."""

    def send(self, *, to: str, text: str) -> str:
        """Send ``text`` to the number ``to`` (E.164) and return the provider's identifier.

        Raises ``DeliveryError``.
        """


class ConsoleSms:
    """Shows messages on standard error, for developers."""

    def send(self, *, to: str, text: str) -> str:
        sys.stderr.write(f"SMS to {to}: {text}\n")
        sys.stderr.flush()
        return ""


class FileSms:
    """Writes each message into a file of its own, for the demo and for tests."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, *, to: str, text: str) -> str:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        identifier = f"{time.time_ns()}-{uuid.uuid4().hex[:8]}"
        path = self.folder / f"sms-{identifier}.json"
        unfinished = path.with_suffix(".part")
        unfinished.touch(mode=0o600)
        unfinished.write_text(json.dumps({"to": to, "text": text}, ensure_ascii=False))
        unfinished.rename(path)
        return identifier


class MemorySms:
    """Keeps messages in the process, as Django's ``locmem`` does with mail."""

    outbox: ClassVar[list[tuple[str, str]]] = []

    def send(self, *, to: str, text: str) -> str:
        self.outbox.append((to, text))
        return f"memory-{len(self.outbox)}"


def file() -> SmsGateway:
    return FileSms(settings.DATA_DIR / "outbox")


def twilio() -> SmsGateway:
    from accounts.gateways.twilio import TwilioSms

    return TwilioSms(
        account=settings.TWILIO_ACCOUNT_SID,
        token=settings.TWILIO_AUTH_TOKEN,
        sender=settings.TWILIO_FROM,
        base_url=settings.TWILIO_BASE_URL,
    )


BACKENDS: dict[str, Callable[[], SmsGateway]] = {
    "console": ConsoleSms,
    "file": file,
    "memory": MemorySms,
    "twilio": twilio,
}


def gateway() -> SmsGateway:
    """The gateway that the settings name."""
    return BACKENDS[settings.SMS_BACKEND]()
