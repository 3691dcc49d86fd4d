"""Whether both databases agree on who there is, and what the command says of it."""

from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from accounts.choices import UserStatus
from accounts.credentials.models import Credential, Passkey, Session
from accounts.models import User
from accounts.services import integrity
from accounts.tests.factories.people import UserFactory, open_session

pytestmark = pytest.mark.django_db

LONG_AGO = "2026-01-01T00:00:00Z"


def spoil() -> None:
    """One of everything that can be wrong."""
    open_session(UserFactory())
    Credential.objects.create(user_id=uuid4())
    Session.objects.create(
        user_id=uuid4(),
        refresh_hash="",
        authenticated_at=LONG_AGO,
        rotated_at=LONG_AGO,
        last_used_at=LONG_AGO,
        expires_at=LONG_AGO,
        absolute_expires_at=LONG_AGO,
    )
    Passkey.objects.create(user_id=uuid4(), credential_id=b"1", public_key=b"2", name="Key")
    lost = UserFactory()
    Credential.objects.filter(pk=lost.pk).delete()
    User.objects.create(phone_number="+971501234567", status=UserStatus.PENDING)
    User.objects.filter(status=UserStatus.PENDING).update(created_at=LONG_AGO)


def run(*options: str) -> str:
    out = StringIO()
    call_command("check_integrity", *options, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_databases_that_agree_are_said_to_agree() -> None:
    open_session(UserFactory())

    assert run() == (
        "Found: 1 people and 1 credentials looked at; 0 credentials of nobody, 0 sessions of "
        "nobody, 0 passkeys of nobody, 0 people without a credential, 0 registrations that are "
        "stuck.\n"
        "Found: 0 units looked at; 0 whose state contradicts their bookings or waiting lists.\n"
        "Found: 0 products looked at; 0 whose state contradicts their sales.\n"
        "Found: 0 payments looked at; 0 things that contradict what gateways said, or the "
        "ledger.\n"
    )


def test_what_does_not_fit_is_counted_and_left() -> None:
    spoil()

    with pytest.raises(CommandError, match=r"^5 rows do not fit\. Run it with --fix"):
        run()

    report = integrity.check()
    assert report.problems == 5
    assert (report.people, report.credentials) == (2, 2)


def test_a_dry_run_counts_and_repairs_nothing() -> None:
    spoil()

    with pytest.raises(CommandError, match=r"^5 rows do not fit\."):
        run("--fix", "--dry-run")

    assert integrity.check().problems == 5


def test_somebody_pending_whom_staff_made_is_no_problem() -> None:
    User.objects.create(
        phone_number="+971501234568", full_name="Noor Saleh", status=UserStatus.PENDING
    )
    User.objects.filter(status=UserStatus.PENDING).update(created_at=LONG_AGO)

    assert integrity.check(repair=True).problems == 0
    assert User.objects.filter(status=UserStatus.PENDING).count() == 1


def test_fix_repairs_it_and_says_so() -> None:
    spoil()

    said = run("--fix")

    assert "1 credentials of nobody, 1 sessions of nobody, 1 passkeys of nobody" in said
    assert "Left after the repair: 2 people and 2 credentials looked at; 0 credentials" in said
    assert integrity.check().problems == 0
    assert set(Credential.objects.values_list("pk", flat=True)) == set(
        User.objects.values_list("pk", flat=True)
    )
    assert Session.objects.count() == 1
    assert run().startswith("Found: 2 people and 2 credentials looked at; 0 ")


def test_what_cannot_be_repaired_is_an_error() -> None:
    Passkey.objects.create(user_id=uuid4(), credential_id=b"1", public_key=b"2", name="Key")
    with connections["credentials"].cursor() as cursor:
        cursor.execute("CREATE RULE kept AS ON DELETE TO credentials_passkey DO INSTEAD NOTHING")

    with pytest.raises(CommandError, match=r"^1 rows do not fit\.$"):
        run("--fix")


def test_both_sides_are_walked_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(integrity, "BATCH", 2)
    for _ in range(5):
        open_session(UserFactory())
        Credential.objects.create(user_id=uuid4())
    seen: list[int] = []

    report = integrity.check(progress=seen.append)

    assert (report.people, report.credentials, report.orphan_credentials) == (5, 10, 5)
    assert sum(seen) == 5 + 10 + 5
