"""How passwords are hashed, and how many at a time."""

from threading import Barrier, Thread

import pytest
from django.contrib.auth.hashers import make_password

from accounts.exceptions import HashingBusyError
from accounts.hashers import CourtyardArgon2, check_password, hash_password, hashing

pytestmark = pytest.mark.capability("A33")

PASSWORD = "seven green parrots"


def test_new_hashes_are_argon2id_with_the_parameters_of_owasp() -> None:
    encoded = hash_password(PASSWORD)

    assert encoded.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert check_password(PASSWORD, encoded) == (True, False)
    assert check_password("another", encoded) == (False, False)


@pytest.mark.parametrize("algorithm", ["bcrypt_sha256", "pbkdf2_sha256"])
def test_imported_hashes_verify_and_are_to_be_replaced(algorithm: str) -> None:
    encoded = make_password(PASSWORD, hasher=algorithm)

    assert check_password(PASSWORD, encoded) == (True, True)
    assert check_password("another", encoded)[0] is False


def test_a_weaker_argon2_is_to_be_replaced() -> None:
    weaker = CourtyardArgon2()
    weaker.memory_cost = 1024
    encoded = weaker.encode(PASSWORD, weaker.salt())

    assert check_password(PASSWORD, encoded) == (True, True)


@pytest.mark.parametrize("encoded", ["", "!unusable"])
@pytest.mark.parametrize("password", [PASSWORD, "no account has this password"])
def test_where_there_is_no_hash_nothing_is_right(encoded: str, password: str) -> None:
    assert check_password(password, encoded)[0] is False


def test_two_are_hashed_at_a_time_and_the_third_is_told_to_come_back() -> None:
    inside, over = Barrier(3), Barrier(3)

    def hold() -> None:
        with hashing():
            inside.wait(10)
            over.wait(10)

    threads = [Thread(target=hold) for _ in range(2)]
    for thread in threads:
        thread.start()
    inside.wait(10)
    try:
        with pytest.raises(HashingBusyError) as refusal:
            hash_password(PASSWORD)
    finally:
        over.wait(10)
        for thread in threads:
            thread.join(10)

    assert (refusal.value.status, refusal.value.retry_after) == (503, 1)
    assert hash_password(PASSWORD)
