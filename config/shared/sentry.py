"""Error reports to Sentry, for those who set ``SENTRY_DSN``; the SDK is loaded only then."""

from typing import Any

from config.shared.redaction import REDACTED, redact


def scrub(event: Any, _hint: Any) -> Any:
    """Take secrets and people out of an event before it leaves the process."""
    request = event.get("request")
    if isinstance(request, dict):
        for part in ("data", "cookies", "query_string", "env"):
            if part in request:
                request[part] = REDACTED
    user = event.get("user")
    if isinstance(user, dict):
        event["user"] = {key: value for key, value in user.items() if key == "id"}
    return redact(event)


def start(dsn: str, *, environment: str, release: str, sample_rate: float = 0.0) -> None:
    """Report unhandled errors to ``dsn``, without request bodies, addresses or local variables."""
    import sentry_sdk

    sentry_sdk.init(
        dsn=dsn,
        environment=environment,
        release=release,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        traces_sample_rate=sample_rate,
        before_send=scrub,
        before_send_transaction=scrub,
    )
