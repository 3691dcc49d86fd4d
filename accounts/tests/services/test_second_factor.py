"""Second factors as services: time steps, staff resets, and what a crash leaves behind."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from accounts.choices import SessionEnd
from accounts.credentials.models import Credential, RateBucket, Session
from accounts.exceptions import OwnRequestError, SessionEndedError, WrongCodeError
from accounts.models import AuditEvent, User
from accounts.proof_exceptions import SecondFactorActiveError, SecondFactorMissingError
from accounts.services import second_factor, totp
from accounts.services.refreshing import refresh
from accounts.services.step_up import Caller
from accounts.tests.factories.people import UserFactory, open_session
from accounts.tests.outbox import sent_sms
from config.shared.errors import NotAllowedError, TooManyRequestsError
from config.tests.support import drain

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A27")]

NOON = datetime(2026, 11, 21, 12, 0, 10, tzinfo=UTC)
Move = Callable[[int], None]


@pytest.fixture
def person(db: None) -> User:
    return UserFactory()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Move:
    """Stops the clock that time steps are read from; call it with seconds to move on."""
    now = [NOON]
    monkeypatch.setattr(totp, "database_now", lambda using: now[0])

    def move(seconds: int) -> None:
        now[0] += timedelta(seconds=seconds)

    return move


def enrol(person: User, clock: Move) -> pyotp.TOTP:
    """An app for ``person``, set up at noon, a minute and a half ago."""
    app = pyotp.TOTP(totp.prepare(user=person).secret)
    totp.confirm(user_id=person.pk, code=code_of(app, 0))
    clock(90)
    return app


def code_of(app: pyotp.TOTP, step: int) -> str:
    """The code of the time step that is so many steps after noon."""
    return app.generate_otp(int(NOON.timestamp()) // totp.STEP_SECONDS + step)


@pytest.mark.parametrize("step", [2, 3, 4])
def test_a_phone_may_be_a_step_early_or_late(person: User, clock: Move, step: int) -> None:
    app = enrol(person, clock)

    assert second_factor.verify(user=person, code=code_of(app, step)) == "otp"


@pytest.mark.parametrize("step", [1, 5])
def test_a_phone_may_not_be_two_steps_off(person: User, clock: Move, step: int) -> None:
    app = enrol(person, clock)

    with pytest.raises(WrongCodeError):
        second_factor.verify(user=person, code=code_of(app, step))


def test_a_step_before_one_that_was_used_no_longer_counts(person: User, clock: Move) -> None:
    app = enrol(person, clock)
    second_factor.verify(user=person, code=code_of(app, 3))

    with pytest.raises(WrongCodeError):
        second_factor.verify(user=person, code=code_of(app, 2))

    clock(30)
    assert second_factor.verify(user=person, code=code_of(app, 4)) == "otp"


def test_fifty_failures_make_everybody_wait_until_the_next_day(person: User, clock: Move) -> None:
    app = enrol(person, clock)
    for _ in range(5):
        for _ in range(10):
            with pytest.raises(WrongCodeError):
                second_factor.verify(user=person, code="xxxxx-xxxxx")
        RateBucket.objects.filter(key__endswith=":900").delete()

    with pytest.raises(TooManyRequestsError) as refused:
        second_factor.verify(user=person, code=code_of(app, 3))

    assert 900 < (refused.value.retry_after or 0) <= 86_400


def test_a_secret_that_still_waits_can_be_shown_again(person: User) -> None:
    assert totp.waiting(user=person) is None
    prepared = totp.prepare(user=person)

    assert totp.waiting(user=person) == prepared
    totp.confirm(user_id=person.pk, code=pyotp.TOTP(prepared.secret).now())
    assert totp.waiting(user=person) is None


def test_what_an_app_is_told_does_not_show_in_logs(person: User) -> None:
    assert repr(totp.prepare(user=person)) == "Enrolment()"


def test_a_confirmed_secret_is_not_replaced(person: User, clock: Move) -> None:
    enrol(person, clock)
    before = Credential.objects.get(pk=person.pk).totp_secret

    with pytest.raises(SecondFactorActiveError):
        totp.prepare(user=person)

    assert Credential.objects.get(pk=person.pk).totp_secret == before


def test_staff_reset_a_lost_second_factor_and_every_session_ends(person: User, clock: Move) -> None:
    staff = UserFactory(staff=True)
    tokens = open_session(person).tokens
    enrol(person, clock)

    second_factor.reset_by_staff(user=person, actor=staff, reason="Showed their passport")

    assert not totp.is_enrolled(person.pk)
    assert Session.objects.get(user_id=person.pk).revoked_reason == SessionEnd.ADMIN
    with pytest.raises(SessionEndedError):
        refresh(refresh_token=tokens.refresh_token)
    event = AuditEvent.objects.get(action="accounts.user.totp_reset")
    assert (event.actor, event.reason) == (staff, "Showed their passport")
    drain()
    assert "The authenticator app was removed" in sent_sms(person.phone_number)[-1]


def test_nobody_resets_their_own_second_factor(clock: Move, db: None) -> None:
    root = UserFactory(superuser=True)
    enrol(root, clock)

    with pytest.raises(OwnRequestError):
        second_factor.reset_by_staff(user=root, actor=root, reason="Mine")

    assert totp.is_enrolled(root.pk)


def test_only_superusers_reset_that_of_staff(clock: Move, db: None) -> None:
    colleague, staff, root = (
        UserFactory(staff=True),
        UserFactory(staff=True),
        UserFactory(superuser=True),
    )
    enrol(colleague, clock)

    with pytest.raises(NotAllowedError):
        second_factor.reset_by_staff(user=colleague, actor=staff, reason="Asked me to")
    assert totp.is_enrolled(colleague.pk)

    second_factor.reset_by_staff(user=colleague, actor=root, reason="Came to the office")
    assert not totp.is_enrolled(colleague.pk)


def test_what_is_not_there_is_not_reset(person: User) -> None:
    before = person.token_version

    with pytest.raises(SecondFactorMissingError):
        second_factor.reset_by_staff(
            user=person, actor=UserFactory(staff=True), reason="By mistake"
        )

    person.refresh_from_db()
    assert person.token_version == before


def test_a_crash_on_turning_it_off_leaves_it_on_and_told(
    person: User, clock: Move, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = open_session(person).session
    app = enrol(person, clock)

    def crash(**_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(totp, "clear", crash)
    with pytest.raises(KeyboardInterrupt):
        second_factor.disable(Caller(person, session.pk), code=code_of(app, 3))

    assert totp.is_enrolled(person.pk)
    drain()
    assert "The authenticator app was removed" in sent_sms(person.phone_number)[-1]
