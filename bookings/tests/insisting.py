"""Clients that do not take silence for an answer: the same request again, with the same key."""

import http.client
import json
import random
import threading
import time
from dataclasses import dataclass, field
from typing import Any

# Not an answer to the wish itself: the same request may fare better in a moment.
NOT_FINAL = frozenset({425, 429, 500, 502, 503, 504})
KEY_IN_USE = "idempotency_key_in_use"
PATIENCE_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Wish:
    """One unit that somebody would hold, under a key of its own."""

    unit: str
    key: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a wish in the end, and how many times it was asked for."""

    wish: Wish
    status: int
    body: Any
    attempts: int


@dataclass(slots=True)
class Tally:
    """What all clients together have been through so far."""

    answers: list[Answer] = field(default_factory=list)
    cut_off: int = 0
    unavailable: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


def insist(
    *, port: int, token: str, wishes: list[Wish], tally: Tally, until: float, seed: int
) -> int:
    """Ask for each of ``wishes`` until it is answered; gives how many were."""
    dice = random.Random(seed)
    for wish in wishes:
        answer = _until_answered(port, token, wish, tally, until, dice)
        with tally.lock:
            tally.answers.append(answer)
    return len(wishes)


def _until_answered(
    port: int, token: str, wish: Wish, tally: Tally, until: float, dice: random.Random
) -> Answer:
    attempts = 0
    while time.monotonic() < until:
        attempts += 1
        try:
            status, body = _ask(port, token, wish)
        except (OSError, http.client.HTTPException):
            # Refused, cut off or silent: whether it was done, nobody knows.
            with tally.lock:
                tally.cut_off += 1
        else:
            if status not in NOT_FINAL and body.get("code") != KEY_IN_USE:
                return Answer(wish, status, body, attempts)
            with tally.lock:
                tally.unavailable += 1
        time.sleep(dice.uniform(0.05, 0.3))
    raise AssertionError(f"{wish} was asked for {attempts} times without an answer.")


def _ask(port: int, token: str, wish: Wish) -> tuple[int, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    try:
        connection.request(
            "POST",
            "/api/v1/bookings/",
            json.dumps({"unit": wish.unit, "client_key": wish.key}),
            {
                "Authorization": f"Bearer {token}",
                "Content-Type": "application/json",
                "Idempotency-Key": wish.key,
                "Connection": "close",
            },
        )
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()
