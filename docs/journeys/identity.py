"""From a phone number to a verified neighbour: the identity journey against a running Courtyard.

    python manage.py demo                      # in one terminal
    python docs/journeys/identity.py           # in another

Each step says what it does, and stops the journey if the answer is not what a person would expect.
Codes are read where the demo writes them, in the outbox below its data folder.
"""

import argparse
import io
import json
import random
import re
import time
from pathlib import Path
from typing import Any

import httpx2
import pyotp
from PIL import Image, ImageDraw

DEMO_PASSWORD = "courtyard-demo-2026"  # noqa: S105 - of the demo's people, printed by the demo
PASSWORD = "seven green parrots"  # noqa: S105
NEW_PASSWORD = "eight green parrots"  # noqa: S105
PATIENCE_SECONDS = 30
CODE = re.compile(r"\b(\d{6})\b")


class JourneyError(Exception):
    """An answer was not what the journey expects."""


class Courtyard:
    """A client of one person."""

    def __init__(self, base: str, outbox: Path) -> None:
        self.http = httpx2.Client(base_url=f"{base}/api/v1/", timeout=30)
        self.base, self.outbox = base, outbox
        self.tokens: dict[str, Any] = {}

    def ask(self, method: str, path: str, body: Any = None, *, expect: int = 200) -> Any:
        """One request; raises unless the status is ``expect``."""
        headers = {"Authorization": f"Bearer {self.tokens['access_token']}"} if self.tokens else {}
        answer = self.http.request(method, path, json=body, headers=headers)
        if answer.status_code != expect:
            raise JourneyError(f"{method} {path}: {answer.status_code} {answer.text[:500]}")
        return answer.json() if answer.content else None

    def sign_in(self, identifier: str, password: str) -> Any:
        """Sign in with a password; the tokens are kept."""
        self.tokens = {}
        body = {"identifier": identifier, "password": password}
        self.tokens = self.ask("POST", "auth/login/", body)
        return self.tokens

    def code_for(self, phone: str, *, after: int) -> str:
        """The newest code that was sent to ``phone`` since ``after`` (nanoseconds)."""
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            for path in sorted(self.outbox.glob("sms-*.json"), reverse=True):
                if int(path.name.split("-")[1]) < after:
                    break
                message = json.loads(path.read_text())
                found = CODE.search(message["text"])
                if message["to"] == phone and found:
                    return found[1]
            time.sleep(0.2)
        raise JourneyError(f"No code came to {phone}: is the worker running?")

    def upload(self, purpose: str, picture: bytes) -> str:
        """Upload a picture in two steps; returns its identifier once it is checked."""
        announced = self.ask(
            "POST",
            "media/",
            {
                "name": "paper.png",
                "kind": "image",
                "purpose": purpose,
                "size": len(picture),
                "content_type": "image/png",
            },
            expect=201,
        )
        target = announced["upload"]
        sent = httpx2.request(
            target["method"], target["url"], content=picture, headers=target["headers"]
        )
        if sent.status_code >= 300:
            raise JourneyError(f"upload: {sent.status_code} {sent.text[:500]}")
        checked = self.ask("POST", f"media/{announced['id']}/complete/")
        if checked["status"] != "clean":
            raise JourneyError(f"upload: {checked}")
        return str(announced["id"])


def say(sentence: str) -> None:
    print(f"- {sentence}")  # noqa: T201 - the script's own output


def picture(text: str) -> bytes:
    """A small picture with ``text`` on it."""
    image = Image.new("RGB", (640, 400), "#e8f1ef")
    ImageDraw.Draw(image).text((40, 180), text, fill="#0f3d3a")
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def register(me: Courtyard, phone: str) -> Any:
    """Open an account with a phone number and a code."""
    began = time.time_ns()
    challenge = me.ask(
        "POST",
        "auth/register/",
        {"phone_number": phone, "name": "Amal Haddad", "password": PASSWORD},
        expect=202,
    )
    wrong = {"challenge_id": challenge["challenge_id"], "code": "000000"}
    code = me.code_for(phone, after=began)
    if code != "000000":
        me.ask("POST", "auth/verify-otp/", wrong, expect=400)
    me.tokens = me.ask(
        "POST", "auth/verify-otp/", {"challenge_id": challenge["challenge_id"], "code": code}
    )
    account = me.ask("GET", "auth/me/")
    say(f"{phone} is registered; the account is {account['status']} and verified.")
    return account


def fill_profile(me: Courtyard) -> None:
    """Say who one is."""
    me.ask(
        "PATCH",
        "users/profile/",
        {"description": "Electrician", "city": "Dubai", "location": {"lat": 25.0805, "lng": 55.14}},
    )
    me.ask("PATCH", "profile/", {"headline": "Electrician", "skills": [{"name": "Solar"}]})
    resume = me.ask("GET", "profile/export/?format=jsonresume")
    say(f"The profile is filled and exports as JSON Resume: {resume['basics']['label']}.")


def become_neighbour(me: Courtyard, committee: Courtyard) -> None:
    """Claim a home; the committee of the building confirms it."""
    building = me.ask("GET", "buildings/?search=Pearl%20House")["results"][0]
    claim = me.ask(
        "POST",
        "residencies/",
        {
            "building": building["id"],
            "unit_label": f"J-{random.randrange(10**6)}",
            "relation": "tenant",
            "method": "committee",
        },
        expect=201,
    )
    me.ask("POST", f"residencies/{claim['id']}/verify/", {}, expect=403)
    decided = committee.ask("POST", f"residencies/{claim['id']}/verify/", {})
    say(f"The committee of {building['name']} made the claim {decided['status']}.")


def hand_in_papers(me: Courtyard, reviewer: Courtyard) -> None:
    """Upload identity papers; a reviewer approves them."""
    front, back = (me.upload("verification", picture(side)) for side in ("front", "back"))
    number = f"784-1990-{random.randrange(10**7):07d}-1"
    handed = me.ask(
        "POST",
        "verifications/",
        {
            "verification_type": "emirates_id",
            "emirates_id_number": number,
            "emirates_id_front": front,
            "emirates_id_back": back,
        },
        expect=201,
    )
    if number.replace("-", "") in json.dumps(handed):
        raise JourneyError("The answer repeats the identity number.")
    decided = reviewer.ask("POST", f"verifications/{handed['id']}/approve/", {})
    say(f"The identity papers are {decided['status']}; the answer shows only the last four digits.")


def meet_people(me: Courtyard) -> None:
    """Find a contractor nearby, follow, block and unblock."""
    found = me.ask("GET", "contractors/?city=Dubai")["results"]
    someone = found[0]["id"]
    me.ask("POST", f"users/{someone}/follow/", expect=204)
    stats = me.ask("GET", f"users/{someone}/stats/")
    me.ask("POST", f"users/{someone}/block/", expect=204)
    me.ask("GET", f"users/{someone}/", expect=404)
    me.ask("DELETE", f"users/{someone}/block/", expect=204)
    say(f"{len(found)} contractors are near; the first has {stats['followers']} followers.")


def guard_account(me: Courtyard, phone: str) -> None:
    """A second factor, another password, and the end of the other sessions."""
    started = me.ask("POST", "auth/mfa/totp/start/")
    totp = pyotp.TOTP(started["secret"])
    confirmed = me.ask("POST", "auth/mfa/totp/confirm/", {"code": totp.now()})
    asked = Courtyard(me.base, me.outbox).sign_in(phone, PASSWORD)
    other = Courtyard(me.base, me.outbox)
    backup = confirmed["backup_codes"][0]
    other.tokens = other.ask(
        "POST", "auth/mfa/verify/", {"mfa_token": asked["mfa_token"], "code": backup}
    )
    me.tokens = me.ask(
        "POST",
        "auth/change-password/",
        {"current_password": PASSWORD, "new_password": NEW_PASSWORD},
    )
    other.ask("GET", "auth/me/", expect=401)
    sessions = me.ask("GET", "auth/sessions/")
    say(f"A second factor guards the account; a new password left {count(sessions)} session.")


def count(answer: Any) -> int:
    return len(answer["results"] if isinstance(answer, dict) else answer)


def leave(me: Courtyard) -> None:
    """Sign out; the access token is refused at the next call."""
    old = dict(me.tokens)
    me.ask("POST", "auth/logout/", {"refresh_token": old["refresh_token"]}, expect=204)
    me.ask("GET", "auth/me/", expect=401)
    me.tokens = {}
    me.ask("POST", "auth/refresh/", {"refresh_token": old["refresh_token"]}, expect=401)
    say("Signed out: neither token works any more.")


def travel(base: str, outbox: Path) -> None:
    """The whole journey."""
    me, committee, reviewer = (Courtyard(base, outbox) for _ in range(3))
    committee.sign_in("meera@demo.courtyard.example", DEMO_PASSWORD)
    reviewer.sign_in("verification@demo.courtyard.example", DEMO_PASSWORD)
    phone = f"+97156{random.randrange(10**7):07d}"
    register(me, phone)
    fill_profile(me)
    become_neighbour(me, committee)
    hand_in_papers(me, reviewer)
    meet_people(me)
    guard_account(me, phone)
    leave(me)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--base", default="http://127.0.0.1:8000")
    parser.add_argument("--outbox", type=Path, default=Path(".data/outbox"))
    options = parser.parse_args()
    travel(options.base.rstrip("/"), options.outbox)


if __name__ == "__main__":
    main()
