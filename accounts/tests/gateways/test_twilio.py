"""Twilio: what is sent to it, and what its answers mean."""

from collections.abc import Iterator
from typing import Any

import pytest

from accounts.gateways.delivery import DeliveryError
from accounts.gateways.twilio import TwilioSms
from accounts.tests.gateways.fake_smtp import free_port
from accounts.tests.gateways.fake_twilio import ACCOUNT, SENDER, TOKEN, FakeTwilio

pytestmark = pytest.mark.capability("A15")

TEXT = "Courtyard: 246810 is your code. رمز"


@pytest.fixture
def twilio() -> Iterator[FakeTwilio]:
    with FakeTwilio() as fake:
        yield fake


def gateway(base_url: str, **changes: str) -> TwilioSms:
    values = {"account": ACCOUNT, "token": TOKEN, "sender": SENDER, **changes}
    return TwilioSms(base_url=base_url, **values)


def test_a_message_is_handed_over_as_twilio_wants_it(twilio: FakeTwilio) -> None:
    identifier = gateway(twilio.base_url).send(to="+971501234567", text=TEXT)

    assert identifier == "SM00000000000000000000000000000001"
    assert twilio.accepted == [{"To": "+971501234567", "From": SENDER, "Body": TEXT}]
    assert twilio.refused == []


def test_a_messaging_service_is_named_as_one(twilio: FakeTwilio) -> None:
    gateway(twilio.base_url, sender="MG1").send(to="+971501234567", text=TEXT)

    assert twilio.accepted == [{"To": "+971501234567", "MessagingServiceSid": "MG1", "Body": TEXT}]


@pytest.mark.parametrize(
    ("answer", "reason", "permanent", "retry_after"),
    [
        ((500, {}, {}), "Twilio answered 500", False, None),
        ((503, {"Retry-After": "30"}, {}), "Twilio answered 503", False, 30),
        ((429, {"Retry-After": "86400"}, {"code": 20429}), "429, error 20429", False, 3600),
        ((400, {}, {"code": 21211}), "Twilio answered 400, error 21211", True, None),
        ((403, {}, "no JSON object"), "Twilio answered 403", True, None),
        ((302, {"Location": "http://127.0.0.1:1/"}, {}), "Twilio answered 302", False, None),
    ],
)
def test_an_answer_says_whether_to_try_again(
    twilio: FakeTwilio, answer: Any, reason: str, permanent: bool, retry_after: float | None
) -> None:
    twilio.answers = [answer]

    with pytest.raises(DeliveryError, match=reason) as refusal:
        gateway(twilio.base_url).send(to="+971501234567", text=TEXT)

    assert refusal.value.permanent is permanent
    assert refusal.value.retry_after == retry_after
    assert twilio.accepted == []


def test_a_wrong_token_is_no_reason_to_repeat_the_message(twilio: FakeTwilio) -> None:
    with pytest.raises(DeliveryError, match="401, error 20003") as refusal:
        gateway(twilio.base_url, token="another").send(to="+971501234567", text=TEXT)

    assert refusal.value.permanent is True
    assert twilio.refused == ["authorization"]


def test_nobody_listening_means_try_again() -> None:
    with pytest.raises(DeliveryError, match="cannot be reached") as refusal:
        gateway(f"http://127.0.0.1:{free_port()}").send(to="+971501234567", text=TEXT)

    assert refusal.value.permanent is False


def test_an_error_repeats_neither_text_nor_number(
    twilio: FakeTwilio, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    twilio.answers = [(500, {}, {"message": f"cannot send {TEXT} to +971501234567"})]

    with pytest.raises(DeliveryError) as refusal:
        gateway(twilio.base_url).send(to="+971501234567", text=TEXT)
    with pytest.raises(DeliveryError) as unreachable:
        gateway(f"http://127.0.0.1:{free_port()}").send(to="+971501234567", text=TEXT)

    told = f"{refusal.value!r} {unreachable.value!r} {unreachable.value.__cause__} {caplog.text}"
    assert "246810" not in told
    assert "1234567" not in told
    assert TOKEN not in told
