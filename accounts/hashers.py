"""How passwords become hashes, and how many at a time.

Argon2id with the parameters that OWASP's password storage cheat sheet names first: 19 MiB, two
passes, one lane. Hashes of imported people (bcrypt over SHA-256, PBKDF2) still verify and are
replaced on the next sign-in.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from threading import BoundedSemaphore

from django.conf import settings
from django.contrib.auth.hashers import (
    Argon2PasswordHasher,
    is_password_usable,
    make_password,
    verify_password,
)

from accounts.exceptions import HashingBusyError

WAIT_SECONDS = 0.25


class CourtyardArgon2(Argon2PasswordHasher):
    """Argon2id at 19 MiB, two passes, one lane."""

    memory_cost = 19_456
    time_cost = 2
    parallelism = 1


@lru_cache(maxsize=1)
def _places(number: int) -> BoundedSemaphore:
    return BoundedSemaphore(number)


@contextmanager
def hashing() -> Iterator[None]:
    """Take one of the places of ``CONCURRENT_HASHES``, or raise ``HashingBusyError``.

    Hashing is meant to be expensive; without a bound, people signing in would take the processor
    from everybody who is signed in.
    """
    places = _places(settings.CONCURRENT_HASHES)
    if not places.acquire(timeout=WAIT_SECONDS):
        raise HashingBusyError(retry_after=1)
    try:
        yield
    finally:
        places.release()


def hash_password(password: str) -> str:
    """The encoded hash of ``password``."""
    with hashing():
        return make_password(password)


def check_password(password: str, encoded: str) -> tuple[bool, bool]:
    """Whether ``password`` is the one behind ``encoded``, and whether that is to be rehashed.

    Where there is no usable hash, a decoy is checked instead, so that an account that does not
    exist, or has no password, takes as long to refuse as any other.
    """
    usable = bool(encoded) and is_password_usable(encoded)
    decoy = _decoy()
    with hashing():
        right, outdated = verify_password(password, encoded if usable else decoy)
    return usable and right, outdated


@lru_cache(maxsize=1)
def _decoy() -> str:
    with hashing():
        return make_password("no account has this password")
