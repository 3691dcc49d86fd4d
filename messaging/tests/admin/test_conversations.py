"""Conversations in the back office: who sees that there are some, and who answers."""

from typing import Any

import pytest
from django.test import Client

from accounts.groups import FINANCE, MODERATION, SITE_ADMINISTRATION, SUPPORT
from accounts.models import User
from accounts.tests.clients import client_of
from accounts.tests.factories.organizations import staff_in
from accounts.tests.factories.people import UserFactory
from config.shared.errors import NotAllowedError
from messaging.models import Conversation, Message, Participant
from messaging.services.conversations import open_support
from messaging.services.support import answer_support, said_in_support
from messaging.tests.factories.conversations import direct, people, say

pytestmark = [pytest.mark.django_db, pytest.mark.capability("M08")]

SENT = {"_form_submitted": "on"}
HOME = "/admin/messaging/"


def office_of(staff: User) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def act(staff: User, row: Any, name: str, **given: Any) -> Any:
    path = f"{HOME}conversation/{row.pk}/{name}/"
    return office_of(staff).post(path, {**SENT, **given}, follow=True)


@pytest.fixture
def question():
    person = UserFactory()
    asked = open_support(user=person)
    say(asked, person, "Where is my refund?")
    asked.refresh_from_db()
    return asked


@pytest.fixture
def talk():
    found = direct()
    say(found, people(found)[0], "Strictly between us")
    return found


def test_no_page_of_the_back_office_says_what_people_say_to_each_other(talk):
    office = office_of(staff_in(SITE_ADMINISTRATION))
    (message,) = Message.objects.all()
    place = Participant.objects.first()
    pages = [
        f"{HOME}conversation/",
        f"{HOME}conversation/{talk.pk}/change/",
        f"{HOME}message/",
        f"{HOME}message/{message.pk}/change/",
        f"{HOME}participant/",
        f"{HOME}participant/{place.pk}/change/",
        f"{HOME}readmark/",
    ]

    for page in pages:
        answer = office.get(page)
        assert answer.status_code == 200, page
        assert "Strictly" not in answer.content.decode(), page
    assert office.get(f"{HOME}message/?q=Strictly").context["cl"].result_count == 0


@pytest.mark.parametrize(
    ("group", "conversations", "messages"),
    [(SUPPORT, 200, 403), (MODERATION, 403, 403), (FINANCE, 403, 403)],
)
def test_only_those_who_answer_see_conversations_and_only_those_with_the_staff(
    talk, question, group, conversations, messages
):
    office = office_of(staff_in(group))

    answer = office.get(f"{HOME}conversation/")

    assert answer.status_code == conversations
    assert office.get(f"{HOME}message/").status_code == messages
    assert office.get(f"{HOME}conversation/{talk.pk}/change/").status_code in {302, 403}
    if conversations == 200:
        assert list(answer.context["cl"].queryset) == [question]


def test_a_question_is_read_and_answered_by_name(question):
    staff = staff_in(SUPPORT)
    office = office_of(staff)
    waiting = f"{HOME}conversation/?answer=waiting"

    page = office.get(f"{HOME}conversation/{question.pk}/change/").content.decode()
    assert str(question.participants.get().user) in office.get(waiting).content.decode()
    before = office.get(waiting).context["cl"].result_count
    said = act(staff, question, "answer", content="It was sent on Monday.")

    assert "Where is my refund?" in page
    assert "answered" in said.content.decode()
    assert (before, office.get(waiting).context["cl"].result_count) == (1, 0)
    (asker,) = Participant.objects.filter(conversation=question).exclude(user=staff)
    rows = client_of(asker.user).get(f"/api/v1/conversations/{question.pk}/messages/")
    assert rows.data["results"][0]["sender"]["id"] == str(staff.pk)
    assert rows.data["results"][0]["content"] == "It was sent on Monday."
    say(question, asker.user, "Thank you, it is there.")
    assert office.get(waiting).context["cl"].result_count == 1


def test_whoever_answers_no_more_for_the_staff_sees_the_question_no_more(question):
    staff = staff_in(SUPPORT)
    answer_support(conversation=question, actor=staff, content="Let me see.")
    path = f"/api/v1/conversations/{question.pk}/"
    assert client_of(staff).get(path).status_code == 200

    staff.groups.clear()

    assert client_of(staff).get(path).status_code == 404
    assert client_of(staff).get("/api/v1/conversations/").data["results"] == []


def test_nobody_else_answers_and_nowhere_else(question, talk):
    for actor, conversation in (
        (UserFactory(), question),
        (staff_in(MODERATION), question),
        (staff_in(SUPPORT), talk),
    ):
        with pytest.raises(NotAllowedError):
            answer_support(conversation=conversation, actor=actor, content="Hello")
    assert Message.objects.count() == 2
    assert said_in_support(conversation=talk) == []


def test_a_conversation_is_closed_with_a_reason_and_opened_again(talk):
    staff = staff_in(SITE_ADMINISTRATION)

    act(staff, talk, "close", reason="")
    open_still = Conversation.objects.get(pk=talk.pk).is_closed
    act(staff, talk, "close", reason="Threats")
    closed = Conversation.objects.get(pk=talk.pk).is_closed
    act(staff, talk, "reopen", reason="A mistake")

    assert (open_still, closed) == (False, True)
    assert Conversation.objects.get(pk=talk.pk).is_closed is False


def test_lists_of_the_back_office_cost_the_same_however_long_they_are(assert_constant_queries):
    office = office_of(staff_in(SITE_ADMINISTRATION))

    def grow() -> None:
        talk = direct()
        say(talk, people(talk)[0], "Hello")

    for model in ("conversation", "message", "participant", "readmark"):
        assert_constant_queries(lambda model=model: office.get(f"{HOME}{model}/"), grow, times=3)
