"""Services outside: mail, messages, sign-in, payments; and the limits that protect them."""

import environ

from config.shared.origins import is_confidential

from .environment import env
from .security import networks

DEFAULT_REGION = env.text("DEFAULT_REGION", default="AE")
DEFAULT_CURRENCY = env.text("DEFAULT_CURRENCY", default="AED")
PHONENUMBER_DEFAULT_REGION = DEFAULT_REGION
PHONENUMBER_DB_FORMAT = "E164"

EMAIL_CONFIG = env.parsed(
    "EMAIL_URL",
    environ.Env.email_url_config,
    shape="an address such as smtp+tls://user:password@host:587 or consolemail://",
    development="consolemail://",
)
EMAIL_BACKEND = EMAIL_CONFIG["EMAIL_BACKEND"]
EMAIL_HOST = EMAIL_CONFIG.get("EMAIL_HOST") or "localhost"
EMAIL_PORT = EMAIL_CONFIG.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = EMAIL_CONFIG.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = EMAIL_CONFIG.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = EMAIL_CONFIG.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = EMAIL_CONFIG.get("EMAIL_USE_SSL", False)
# The parser drops the slash that the path of an address begins with.
EMAIL_FILE_PATH = f"/{EMAIL_CONFIG['EMAIL_FILE_PATH']}" if EMAIL_CONFIG["EMAIL_FILE_PATH"] else None
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", development="Courtyard <courtyard@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

TWILIO_ACCOUNT_SID = env.text("TWILIO_ACCOUNT_SID", default="")
TWILIO_AUTH_TOKEN = env.text("TWILIO_AUTH_TOKEN", default="")
TWILIO_FROM = env.text("TWILIO_FROM", default="")
TWILIO_BASE_URL = env.address("TWILIO_BASE_URL", default="https://api.twilio.com")
SMS_BACKEND = env.text(
    "SMS_BACKEND",
    default="twilio" if TWILIO_ACCOUNT_SID else "console",
    choices=("twilio", "console", "file"),
)
if SMS_BACKEND == "twilio" and not TWILIO_ACCOUNT_SID:
    raise env.refusal("TWILIO_ACCOUNT_SID", "is not set, though SMS_BACKEND is twilio")
if TWILIO_ACCOUNT_SID and not TWILIO_AUTH_TOKEN:
    raise env.refusal("TWILIO_AUTH_TOKEN", "is not set, though TWILIO_ACCOUNT_SID is")
if TWILIO_ACCOUNT_SID and not TWILIO_FROM:
    raise env.refusal("TWILIO_FROM", "is not set, though TWILIO_ACCOUNT_SID is")

GOOGLE_CLIENT_ID = env.text("GOOGLE_CLIENT_ID", default="")
GOOGLE_CLIENT_SECRET = env.text("GOOGLE_CLIENT_SECRET", default="")
GOOGLE_ISSUER = env.address("GOOGLE_ISSUER", default="https://accounts.google.com")
if not is_confidential(GOOGLE_ISSUER):
    raise env.refusal("GOOGLE_ISSUER", "must begin with https://, except on this machine itself")
# Apps of ours whose tokens are made out to GOOGLE_CLIENT_ID, and where the browser may come back
# to apart from PUBLIC_BASE_URL.
GOOGLE_APP_CLIENT_IDS = env.names("GOOGLE_APP_CLIENT_IDS", default="")
GOOGLE_REDIRECT_URIS = env.names("GOOGLE_REDIRECT_URIS", default="")

STRIPE_SECRET_KEY = env.text("STRIPE_SECRET_KEY", default="")
STRIPE_WEBHOOK_SECRET = env.text("STRIPE_WEBHOOK_SECRET", default="")
STRIPE_PUBLISHABLE_KEY = env.text("STRIPE_PUBLISHABLE_KEY", default="")
STRIPE_API_BASE = env.address("STRIPE_API_BASE", default="https://api.stripe.com")
if STRIPE_SECRET_KEY and not STRIPE_WEBHOOK_SECRET:
    raise env.refusal("STRIPE_WEBHOOK_SECRET", "is not set, though STRIPE_SECRET_KEY is")
if STRIPE_SECRET_KEY and not STRIPE_PUBLISHABLE_KEY:
    raise env.refusal("STRIPE_PUBLISHABLE_KEY", "is not set, though STRIPE_SECRET_KEY is")
if not is_confidential(STRIPE_API_BASE):
    raise env.refusal("STRIPE_API_BASE", "must begin with https://, except on this machine itself")
PAYMENT_GATEWAY = "stripe" if STRIPE_SECRET_KEY else "test"

# Web Push: off without a key (RFC 8292), which browsers are told the public half of.
WEB_PUSH_PRIVATE_KEY = env.text("WEB_PUSH_PRIVATE_KEY", default="")
WEB_PUSH_SUBJECT = env.text("WEB_PUSH_SUBJECT", default="")
# Browsers' push services stand in the open internet; only tests have one on this machine.
WEB_PUSH_LOOPBACK = False
if WEB_PUSH_PRIVATE_KEY and not WEB_PUSH_SUBJECT.startswith(("mailto:", "https://")):
    raise env.refusal("WEB_PUSH_SUBJECT", "must begin with mailto: or https:// for Web Push")

# Live video: off without an address to publish to. The media server shows the secret when it asks
# us who may publish and who may watch, and calls from one of the networks.
MEDIA_SERVER_RTMP_URL = env.text("MEDIA_SERVER_RTMP_URL", default="").rstrip("/")
MEDIA_SERVER_HLS_URL = env.address("MEDIA_SERVER_HLS_URL", default="")
MEDIA_SERVER_SECRET = env.text("MEDIA_SERVER_SECRET", default="")
MEDIA_SERVER_NETWORKS = env.parsed(
    "MEDIA_SERVER_NETWORKS",
    networks,
    shape="networks such as 10.0.0.0/8 and 2001:db8::/32, separated by commas",
    default="127.0.0.0/8,::1/128",
)
if MEDIA_SERVER_RTMP_URL and not MEDIA_SERVER_RTMP_URL.startswith(("rtmp://", "rtmps://")):
    raise env.refusal("MEDIA_SERVER_RTMP_URL", "must begin with rtmp:// or rtmps://")
if MEDIA_SERVER_RTMP_URL and not MEDIA_SERVER_HLS_URL:
    raise env.refusal("MEDIA_SERVER_HLS_URL", "is not set, though MEDIA_SERVER_RTMP_URL is")
if MEDIA_SERVER_RTMP_URL and len(MEDIA_SERVER_SECRET) < 32:
    raise env.refusal("MEDIA_SERVER_SECRET", "needs at least 32 characters for live video")

# One-time codes. A day's ceiling bounds what a flood of requests can cost the whole site.
CODE_SECONDS = env.number("CODE_SECONDS", default=300, at_least=60, at_most=600)
CODE_MAX_ATTEMPTS = 3
CODE_RESEND_SECONDS = 60
CODE_SENDS_PER_HOUR = 3
CODE_SENDS_PER_DAY = 10
CODE_SENDS_PER_PREFIX_PER_HOUR = 20
CODE_SENDS_PER_ADDRESS_PER_HOUR = 20
CODE_SENDS_PER_SITE_PER_DAY = env.number("CODE_SENDS_PER_SITE_PER_DAY", default=5000, at_least=1)
CODE_FAILURES_PER_DAY = 10
CODE_FAILURES_UNTIL_STOP = 100
# Countries (ISO 3166) that messages are sent to; an empty list means all.
SMS_COUNTRIES = env.names("SMS_COUNTRIES", default="")
RESET_LINK_SECONDS = 3600

# Passwords: after this many failures an account is locked for one network, then for longer.
LOCKOUT_FAILURES = 5
# Guesses from many networks: the account as a whole then waits for networks it does not know.
LOCKOUT_ACCOUNT_FAILURES = 20
LOCKOUT_FIRST_SECONDS = 30
LOCKOUT_LONGEST_SECONDS = 900
LOCKOUT_FAILURES_UNTIL_STOP = 100
CONCURRENT_HASHES = 2

VERIFICATION_PURGE_DAYS = env.number("VERIFICATION_PURGE_DAYS", default=90, at_least=1)
