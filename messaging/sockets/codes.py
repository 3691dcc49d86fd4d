"""Why Courtyard closes a socket (RFC 6455, 7.4: 4000 to 4999 are an application's own)."""

RESTART = 1012
TRY_LATER = 1013
TOO_LARGE = 1009
IDLE = 4000
JUNK = 4400
SIGNED_OUT = 4401
TOO_SLOW = 4408
TOO_MANY = 4429
