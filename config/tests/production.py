"""An environment that production settings accept, and a way to start with another one."""

import os
import subprocess
import sys

from config.embedded_postgres.server import PROJECT

SANE = {
    "SECRET_KEY": "a-secret-key-for-tests-of-production-settings-0123456789-abcdefgh",
    "JWT_SIGNING_KEY": "a-signing-key-for-tests-of-production-settings",
    "FIELD_ENCRYPTION_KEYS": "cHJvZHVjdGlvbi1zZXR0aW5ncy10ZXN0LWtleS0wMDA=",
    "CODE_PEPPERS": "2026:a-pepper-for-tests-of-production-settings",
    "ALLOWED_HOSTS": "courtyard.example",
    "PUBLIC_BASE_URL": "https://courtyard.example",
    "NUM_PROXIES": "1",
    "DATABASE_URL": "postgresql://courtyard:secret@127.0.0.1:1/courtyard",
    "CREDS_DATABASE_URL": "postgresql://credentials:secret@127.0.0.1:1/credentials",
    "EMAIL_URL": "smtp+tls://user:password@mail.courtyard.example:587",
    "DEFAULT_FROM_EMAIL": "Courtyard <hello@courtyard.example>",
    "TWILIO_ACCOUNT_SID": "AC00000000000000000000000000000000",
    "TWILIO_AUTH_TOKEN": "a-token",
    "TWILIO_FROM": "+15005550006",
    "STRIPE_SECRET_KEY": "sk_test_0",
    "STRIPE_WEBHOOK_SECRET": "whsec_0",
    "STRIPE_PUBLISHABLE_KEY": "pk_test_0",
}

SHOW = """
import importlib, json, sys
module = importlib.import_module("config.settings." + sys.argv[1])
names = sys.argv[2:]
print(json.dumps({name: getattr(module, name) for name in names}, default=str))
"""


def start(
    settings: str, *names: str, without: str = "", **changes: str
) -> subprocess.CompletedProcess[str]:
    """Import ``config.settings.<settings>`` in a process of its own and print ``names`` as JSON.

    Production gets the environment above, changed by ``changes`` and ``without`` one variable;
    the others get ``changes`` alone.
    """
    variables = dict(SANE) if settings == "production" else {}
    variables |= changes
    variables.pop(without, None)
    return run(["-c", SHOW, settings, *names], variables)


def run(arguments: list[str], variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "ENV_FILE": "/nonexistent", **variables}
    return subprocess.run(
        [sys.executable, *arguments],
        check=False,
        capture_output=True,
        text=True,
        env=environment,
        cwd=PROJECT,
    )
