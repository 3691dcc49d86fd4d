"""The back office's pages of messages and jobs."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from accounts.admin import outbox as _pages  # noqa: F401 (registers the pages)
from accounts.choices import OutgoingStatus
from accounts.models import OutgoingMessage, User
from accounts.services import outbox
from accounts.tests.factories.people import UserFactory
from accounts.tests.outbox import sent_sms
from config.tests.support import drain, failed_jobs, waiting_jobs

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A15")]

MESSAGES = "admin:accounts_outgoingmessage_changelist"
JOBS = "admin:procrastinate_procrastinatejob_changelist"


def staff_with(*permissions: str) -> User:
    person = UserFactory(staff=True)
    for permission in permissions:
        app, codename = permission.split(".")
        person.user_permissions.add(
            Permission.objects.get(content_type__app_label=app, codename=codename)
        )
    return person


def as_staff(client: Client, *permissions: str) -> User:
    person = staff_with(*permissions)
    client.force_login(person)
    return person


def failed_message() -> OutgoingMessage:
    message = outbox.send_sms(
        to="+971501234567",
        template="code",
        context={"purpose": "login", "code": "246810", "minutes": 5},
    )
    OutgoingMessage.objects.filter(pk=message.pk).update(
        status=OutgoingStatus.FAILED, error="Twilio answered 401"
    )
    return message


def test_staff_see_to_whom_a_message_went_and_never_what_it_said(client: Client) -> None:
    as_staff(client, "accounts.view_outgoingmessage")
    message = failed_message()

    listed = client.get(reverse(MESSAGES))
    page = client.get(reverse("admin:accounts_outgoingmessage_change", args=[message.pk]))

    for response in (listed, page):
        assert response.status_code == 200
        text = response.content.decode()
        assert "+971…67" in text
        assert "Twilio answered 401" in text
        assert "246810" not in text
        assert "+971501234567" not in text


def test_staff_send_a_failed_message_again(client: Client) -> None:
    as_staff(client, "accounts.view_outgoingmessage", "accounts.change_outgoingmessage")
    message = failed_message()

    client.post(reverse(MESSAGES), {"action": "send_again", "_selected_action": [str(message.pk)]})
    drain()

    message.refresh_from_db()
    assert message.status == OutgoingStatus.SENT
    assert len(sent_sms()) == 1


def test_who_may_only_look_sends_nothing_again(client: Client) -> None:
    as_staff(client, "accounts.view_outgoingmessage")
    message = failed_message()

    client.post(reverse(MESSAGES), {"action": "send_again", "_selected_action": [str(message.pk)]})

    message.refresh_from_db()
    assert message.status == OutgoingStatus.FAILED


def failed_job() -> int:
    failed_message()
    OutgoingMessage.objects.update(template="poem")
    drain(retry=True)
    [job] = waiting_jobs()
    for _ in range(20):
        drain(retry=True, later=True)
    [job] = failed_jobs()
    assert job.id is not None
    return job.id


def test_a_failed_job_is_seen_and_tried_again(client: Client) -> None:
    as_staff(
        client,
        "procrastinate.view_procrastinatejob",
        "procrastinate.view_procrastinateevent",
        "procrastinate.change_procrastinatejob",
    )
    number = failed_job()
    OutgoingMessage.objects.update(template="code")

    listed = client.get(reverse(JOBS), {"status__exact": "failed"})
    page = client.get(reverse("admin:procrastinate_procrastinatejob_change", args=[number]))
    client.post(reverse(JOBS), {"action": "retry", "_selected_action": [str(number)]})

    assert "accounts.deliver_message" in listed.content.decode()
    assert page.status_code == 200
    assert ">scheduled<" in page.content.decode()
    assert drain() == ["accounts.deliver_message"]
    assert len(sent_sms()) == 1


def test_a_waiting_job_is_cancelled(client: Client) -> None:
    as_staff(client, "procrastinate.view_procrastinatejob", "procrastinate.change_procrastinatejob")
    failed_message()
    [job] = waiting_jobs()

    response = client.post(
        reverse(JOBS), {"action": "cancel", "_selected_action": [str(job.id)]}, follow=True
    )
    again = client.post(
        reverse(JOBS), {"action": "cancel", "_selected_action": [str(job.id)]}, follow=True
    )

    assert "cancelled" in response.content.decode()
    assert "Only a waiting job can be cancelled." in again.content.decode()
    assert waiting_jobs() == []


def test_who_may_only_look_controls_no_job(client: Client) -> None:
    as_staff(client, "procrastinate.view_procrastinatejob")
    failed_message()
    [job] = waiting_jobs()

    client.post(reverse(JOBS), {"action": "cancel", "_selected_action": [str(job.id)]})

    assert [waiting.id for waiting in waiting_jobs()] == [job.id]


@pytest.mark.parametrize("page", [MESSAGES, JOBS])
def test_a_list_costs_the_same_at_any_length(
    client: Client, page: str, assert_constant_queries
) -> None:
    client.force_login(UserFactory(superuser=True))

    assert_constant_queries(
        lambda: client.get(reverse(page)),
        lambda: outbox.send_sms(
            to="+971501234567", template="password_changed", context={}, user=UserFactory()
        ),
    )
