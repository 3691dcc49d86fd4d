"""SMS through Twilio's REST interface (Programmable Messaging, version 2010-04-01)."""

import httpx2

from accounts.gateways.delivery import DeliveryError

CONNECT_SECONDS = 3
ANSWER_SECONDS = 10
LONGEST_WAIT_SECONDS = 3600


class TwilioSms:
    """One POST per message. ``sender`` is a number, or a messaging service (``MG…``)."""

    def __init__(self, *, account: str, token: str, sender: str, base_url: str) -> None:
        self.account = account
        self.token = token
        self.sender = sender
        self.url = f"{base_url}/2010-04-01/Accounts/{account}/Messages.json"

    def send(self, *, to: str, text: str) -> str:
        """Hand over ``text`` and return Twilio's identifier of the message."""
        sender = "MessagingServiceSid" if self.sender.startswith("MG") else "From"
        try:
            response = httpx2.post(
                self.url,
                auth=(self.account, self.token),
                data={"To": to, sender: self.sender, "Body": text},
                timeout=httpx2.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS),
                follow_redirects=False,
            )
        except httpx2.HTTPError as exc:
            # Not chained: the request that the library's error carries holds the message.
            raise DeliveryError(f"Twilio cannot be reached ({type(exc).__name__})") from None
        if response.is_success:
            return str(_member(response, "sid"))[:100]
        raise _refusal(response)


def _refusal(response: httpx2.Response) -> DeliveryError:
    """What an answer other than success means: try again, or never."""
    status = response.status_code
    permanent = 400 <= status < 500 and status not in {408, 425, 429}
    reason = f"Twilio answered {status}"
    if code := _member(response, "code"):
        reason += f", error {code}"
    return DeliveryError(reason, permanent=permanent, retry_after=_retry_after(response))


def _member(response: httpx2.Response, name: str) -> str | int:
    """A plain member of the JSON answer, or an empty text."""
    try:
        document = response.json()
    except ValueError:
        return ""
    value = document.get(name) if isinstance(document, dict) else None
    return value if isinstance(value, str | int) else ""


def _retry_after(response: httpx2.Response) -> float | None:
    value = response.headers.get("Retry-After", "")
    return min(float(value), LONGEST_WAIT_SECONDS) if value.isdecimal() else None
