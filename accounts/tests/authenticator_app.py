"""An authenticator app for tests: it knows the secret and what time the database has."""

from dataclasses import dataclass, field
from typing import Any

import pyotp
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.factories.people import PASSWORD
from config.shared.clock import database_now

STEP_SECONDS = 30
START = "/api/v1/auth/mfa/totp/start/"
LOGIN = "/api/v1/auth/login/"
PROTECTION = "/api/v1/auth/mfa/"
VERIFY = "/api/v1/auth/mfa/verify/"
CONFIRM = "/api/v1/auth/mfa/totp/confirm/"


@dataclass
class AuthenticatorApp:
    """Shows codes of ``secret``; ``backup_codes`` are what the person wrote down."""

    secret: str
    backup_codes: list[str] = field(default_factory=list)

    def code(self, *, later: int = 0) -> str:
        """The code of the present time step, or of one that many steps later."""
        step = int(database_now("credentials").timestamp()) // STEP_SECONDS
        return pyotp.TOTP(self.secret).generate_otp(step + later)

    def wrong_code(self) -> str:
        """Six digits that are right at no time near."""
        right = {self.code(later=later) for later in range(-5, 6)}
        return next(code for code in ("000000", "111111", "222222") if code not in right)


def enrol(api: APIClient) -> AuthenticatorApp:
    """Set up an app for whoever ``api`` speaks for, who has signed in freshly."""
    app = AuthenticatorApp(api.post(START).json()["secret"])
    confirmed = api.post(CONFIRM, {"code": app.code()})
    assert confirmed.status_code == 200, confirmed.content
    app.backup_codes = confirmed.json()["backup_codes"]
    return app


def log_in(person: User, password: str = PASSWORD) -> dict[str, Any]:
    """What signing in with the right password is answered with."""
    body = {"identifier": person.phone_number, "password": password}
    answer = APIClient().post(LOGIN, body)
    assert answer.status_code == 200, answer.content
    return answer.json()


def verify(person: User, code: str) -> Any:
    """Sign in with the right password, and then with ``code``."""
    return APIClient().post(VERIFY, {"mfa_token": log_in(person)["mfa_token"], "code": code})
