"""Prints a complete environment for production settings, with keys that are made on the spot.

For steps that need settings but serve nobody: collecting static files into an image, and
``check --deploy``. Nothing outside exists at the addresses it names.
"""

import base64
import secrets

ENVIRONMENT = {
    "SECRET_KEY": secrets.token_urlsafe(48),
    "JWT_SIGNING_KEY": secrets.token_urlsafe(48),
    "FIELD_ENCRYPTION_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    "CODE_PEPPERS": f"throwaway:{secrets.token_urlsafe(48)}",
    "DATABASE_URL": "postgresql://courtyard:none@127.0.0.1:1/courtyard",
    "CREDS_DATABASE_URL": "postgresql://credentials:none@127.0.0.1:1/courtyard_credentials",
    "ALLOWED_HOSTS": "courtyard.invalid",
    "PUBLIC_BASE_URL": "https://courtyard.invalid",
    "NUM_PROXIES": "1",
    "EMAIL_URL": "smtp+tls://courtyard:none@mail.courtyard.invalid:587",
    "DEFAULT_FROM_EMAIL": "hello@courtyard.invalid",
    "ALLOW_UNSAFE": "test_gateway,console_sms",
}

if __name__ == "__main__":
    for name, value in ENVIRONMENT.items():
        print(f"{name}={value}")  # noqa: T201 - its output is what it is for
