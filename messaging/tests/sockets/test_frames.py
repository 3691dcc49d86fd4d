"""The frames as they are documented are those that are sent and understood."""

import json
import re
from contextlib import suppress
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from config.shared import realtime
from config.shared.openapi_prose import CONVENTIONS
from config.tests.sources import ROOT
from messaging.choices import LiveEventType
from messaging.services.positions import Position
from messaging.sockets import frames
from messaging.sockets.answers import Answers

PAGE = (ROOT / "docs" / "websocket.md").read_text(encoding="utf-8")
SENT, _, TAKEN = PAGE.partition("## What you may send")


def examples(text: str) -> list[dict[str, Any]]:
    return [json.loads(found) for found in re.findall(r"```json\n(.+?)\n```", text, re.DOTALL)]


def test_documented_requests_are_understood() -> None:
    kinds = {frames.read_request(json.dumps(example)).kind for example in examples(TAKEN)}

    handlers = {name.removeprefix("on_") for name in dir(Answers) if name.startswith("on_")}
    assert kinds == handlers


def test_documented_frames_have_known_names() -> None:
    for example in examples(SENT):
        assert f'"{example["type"]}"' in CONVENTIONS
        if "position" in example:
            assert Position.read(example["position"])
        if example["type"] == "event":
            assert example["event"] in realtime.EVENTS
        if example["type"] == "now":
            assert example["event"] in realtime.EPHEMERAL


def test_every_event_is_documented() -> None:
    assert set(LiveEventType.values) == realtime.EVENTS
    for name in realtime.EVENTS:
        assert f"`{name}`" in PAGE


@given(st.text() | st.recursive(st.none() | st.text(), st.lists, max_leaves=5).map(json.dumps))
def test_whatever_comes_is_a_request_or_junk(text: str) -> None:
    with suppress(frames.JunkError):
        assert isinstance(frames.read_request(text), frames.Request)
