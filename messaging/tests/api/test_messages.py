"""Messages in the API: said once, in order, changed and taken back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.choices import MediaPurpose
from accounts.services.settings import get_setting
from accounts.tests.clients import client_of
from accounts.tests.factories.papers import CheckedFileFactory
from accounts.tests.factories.people import UserFactory
from messaging.models import Message
from messaging.tests.factories.conversations import about_product, direct, people, say

pytestmark = pytest.mark.django_db

LIST = "/api/v1/conversations/"
ONE = "/api/v1/messages/"


@pytest.fixture
def talk():
    return direct()


@pytest.fixture
def one(talk):
    return people(talk)[0]


@pytest.fixture
def other(talk):
    return people(talk)[1]


def said(conversation):
    return f"{LIST}{conversation.pk}/messages/"


def picture(owner):
    renditions = {size: {"key": f"tests/{size}.webp", "size": 10} for size in ("320", "1600")}
    return CheckedFileFactory(owner=owner, purpose=MediaPurpose.MESSAGE, renditions=renditions)


@pytest.mark.capability("M02", "M04")
def test_what_is_said_stands_in_order(talk, one, other):
    mine, theirs = client_of(one), client_of(other)

    first = mine.post(said(talk), {"content": " Good morning "})
    theirs.post(said(talk), {"content": "Good evening"})

    assert (first.status_code, first.data["seq"], first.data["content"]) == (201, 1, "Good morning")
    assert first.data["sender"]["id"] == str(one.pk)
    rows = mine.get(said(talk)).data["results"]
    assert [(row["seq"], row["content"]) for row in rows] == [
        (2, "Good evening"),
        (1, "Good morning"),
    ]


@pytest.mark.capability("M02")
def test_it_is_seen_whether_and_when_a_message_was_read(talk, one, other):
    first, second = say(talk, one, "1", "2")
    client, reader = client_of(one), client_of(other)

    reader.post(f"{LIST}{talk.pk}/read/", {"seq": 1})
    halfway = client.get(f"{ONE}{first.pk}/").data
    unread = client.get(f"{ONE}{second.pk}/").data
    reader.post(f"{LIST}{talk.pk}/read/")

    assert halfway["is_read"] is True
    assert (unread["is_read"], unread["read_at"]) == (False, None)
    later = client.get(f"{ONE}{first.pk}/").data
    assert later["read_at"] == halfway["read_at"]
    assert client.get(f"{ONE}{second.pk}/").data["read_at"] > halfway["read_at"]


@pytest.mark.capability("M02")
def test_pictures_are_sent_and_seen_by_the_two_alone(talk, one, other):
    sent = picture(one)

    answer = client_of(one).post(said(talk), {"images": [str(sent.pk)]}, format="json")

    assert (answer.status_code, answer.data["message_type"]) == (201, "image")
    assert answer.data["images"][0]["id"] == str(sent.pk)
    (address,) = answer.data["image_urls"]
    assert "rendition=1600&token=" in address
    media = f"/api/v1/media/{sent.pk}/"
    assert client_of(other).get(media).status_code == 200
    assert client_of(UserFactory()).get(media).status_code == 404


@pytest.mark.capability("M02")
def test_a_picture_of_somebody_else_or_for_something_else_is_not_sent(talk, one, other):
    client = client_of(one)

    theirs = client.post(said(talk), {"images": [str(picture(other).pk)]}, format="json")
    avatar = CheckedFileFactory(owner=one, purpose=MediaPurpose.AVATAR)
    wrong = client.post(said(talk), {"images": [str(avatar.pk)]}, format="json")

    assert (theirs.status_code, wrong.status_code) == (400, 400)
    assert theirs.json()["errors"][0]["pointer"] == "/images/0"
    assert wrong.json()["errors"][0]["code"] == "file_unusable"
    assert not Message.objects.exists()


@pytest.mark.capability("M02")
@pytest.mark.parametrize("body", [{}, {"content": " \n "}, {"content": "x" * 4001}])
def test_a_message_says_something_and_not_too_much(talk, one, body):
    answer = client_of(one).post(said(talk), body)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/content"
    assert not Message.objects.exists()


@pytest.mark.capability("M03")
def test_the_same_client_id_twice_is_one_message(talk, one, other):
    client, body = client_of(one), {"content": "Hello", "client_id": "c-1"}

    first, again = client.post(said(talk), body), client.post(said(talk), body)
    different = client.post(said(talk), {**body, "content": "Goodbye"})

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.data["id"] == again.data["id"]
    assert (different.status_code, different.json()["code"]) == (409, "client_id_used")
    assert different.json()["message"] == first.data["id"]
    assert client_of(other).post(said(talk), body).status_code == 201
    assert Message.objects.count() == 2
    assert client_of(other).get(said(talk)).data["results"][1]["client_id"] == ""


@pytest.mark.capability("M09")
def test_twenty_messages_a_minute_and_a_retry_counts_once(talk, one):
    client = client_of(one)
    for number in range(get_setting("messages_per_minute")):
        client.post(said(talk), {"content": "Hello", "client_id": f"c-{number}"})

    retry = client.post(said(talk), {"content": "Hello", "client_id": "c-3"})
    refused = client.post(said(talk), {"content": "One more"})

    assert retry.status_code == 200
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
    assert int(refused.headers["Retry-After"]) > 0
    assert Message.objects.count() == 20


@pytest.mark.capability("M04", "M07")
def test_asking_for_news_goes_on_from_a_place(talk, one, other):
    say(talk, one, *"abcde")
    client = client_of(other)

    def contents(query):
        return "".join(
            row["content"] for row in client.get(f"{said(talk)}?{query}").data["results"]
        )

    assert contents("after_seq=2") == "cde"
    assert contents("after_seq=0&page_size=2") == "ab"
    assert contents("before_seq=3") == "ba"
    assert contents("after_seq=1&before_seq=4") == "bc"
    assert client.get(f"{said(talk)}?after_seq=-1").status_code == 400
    assert client.get(f"{said(talk)}?since=1").status_code == 400


@pytest.mark.capability("M04")
def test_pages_follow_each_other_while_more_is_said(talk, one, other):
    say(talk, one, *[str(number) for number in range(1, 8)])
    client = client_of(other)

    page = client.get(f"{said(talk)}?page_size=3").data
    seen = [row["seq"] for row in page["results"]]
    say(talk, one, "8")
    while page["next"]:
        page = client.get(page["next"]).data
        seen += [row["seq"] for row in page["results"]]

    assert seen == [7, 6, 5, 4, 3, 2, 1]


@pytest.mark.capability("M04", "M07")
def test_an_edited_message_is_marked_and_found_by_its_change(talk, one, other):
    first, _ = say(talk, one, "Eigth", "Nine")
    Message.objects.update(created_at=timezone.now() - timedelta(minutes=10))

    edited = client_of(one).patch(f"{ONE}{first.pk}/", {"content": "Eight"})

    assert (edited.status_code, edited.data["content"]) == (200, "Eight")
    assert edited.data["edited_at"] is not None
    since = edited.data["edited_at"]
    (changed,) = client_of(other).get(f"{said(talk)}?changed_since={since}").data["results"]
    assert (changed["seq"], changed["content"]) == (1, "Eight")


@pytest.mark.capability("M07")
@pytest.mark.parametrize("since", ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00%2B23:59"])
def test_changes_since_the_beginning_of_the_calendar_are_all_there_are(talk, one, other, since):
    (message,) = say(talk, one, "Helo")
    client_of(one).patch(f"{ONE}{message.pk}/", {"content": "Hello"})

    (changed,) = client_of(other).get(f"{said(talk)}?changed_since={since}").data["results"]

    assert changed["content"] == "Hello"


@pytest.mark.capability("M04", "M07")
def test_a_deleted_message_leaves_its_place_behind(talk, one, other, media_folder):
    sent = picture(one)
    client = client_of(one)
    first = client.post(
        said(talk), {"content": "Look", "images": [str(sent.pk)]}, format="json"
    ).data
    say(talk, one, "Next")

    gone = client.delete(f"{ONE}{first['id']}/")

    assert gone.status_code == 204
    assert client.delete(f"{ONE}{first['id']}/").status_code == 204
    rows = client_of(other).get(said(talk)).data["results"]
    assert [(row["seq"], row["content"]) for row in rows] == [(2, "Next"), (1, "")]
    assert rows[1]["deleted_at"] is not None
    assert (rows[1]["images"], rows[1]["flags"]) == ([], [])
    assert client_of(other).get(f"/api/v1/media/{sent.pk}/").status_code == 404
    assert client_of(other).get(f"{LIST}{talk.pk}/").data["unread_count"] == 1
    edit = client.patch(f"{ONE}{first['id']}/", {"content": "Again"})
    assert (edit.status_code, edit.json()["code"]) == (409, "message_deleted")


@pytest.mark.capability("M04")
def test_only_ones_own_words_are_changed_and_only_for_some_minutes(talk, one, other):
    (message,) = say(talk, one, "Mine")
    path = f"{ONE}{message.pk}/"

    for client, status in ((client_of(other), 403), (client_of(UserFactory()), 404)):
        assert client.patch(path, {"content": "Ours"}).status_code == status
        assert client.delete(path).status_code == status
    Message.objects.update(created_at=timezone.now() - timedelta(minutes=16))
    late = client_of(one).patch(path, {"content": "Yours"})
    empty = client_of(one).patch(path, {"content": " "})

    assert (late.status_code, late.json()["code"]) == (409, "edit_time_over")
    assert empty.status_code == 409
    message.refresh_from_db()
    assert (message.content, message.edited_at, message.deleted_at) == ("Mine", None, None)


@pytest.mark.capability("M09")
def test_contact_details_are_flagged_to_both_and_left_as_they_are():
    talk = about_product()
    buyer, seller = people(talk)

    sent = client_of(buyer).post(said(talk), {"content": "Call me: ٠٥٠ ١٢٣ ٤٥٦٧"})

    assert sent.data["flags"] == ["contact_phone"]
    (seen,) = client_of(seller).get(said(talk)).data["results"]
    assert (seen["flags"], seen["content"]) == (["contact_phone"], "Call me: ٠٥٠ ١٢٣ ٤٥٦٧")


@pytest.mark.capability("M13")
def test_one_searches_what_was_said_to_one(talk, one, other):
    say(talk, one, "The walnut sideboards are heavy", "See you tomorrow")
    elsewhere = direct()
    say(elsewhere, people(elsewhere)[0], "A walnut sideboard of ours")
    client = client_of(other)

    def found(query):
        answer = client.get(f"{LIST}search/?{query}")
        return [row["content"] for row in answer.data["results"]]

    assert found("q=sideboard") == ["The walnut sideboards are heavy"]
    assert found("q=walnut -heavy") == []
    assert found(f"q=tomorrow&conversation={talk.pk}") == ["See you tomorrow"]
    assert found(f"q=walnut&conversation={elsewhere.pk}") == []
    assert client.get(f"{LIST}search/").status_code == 400
    assert client.get(f"{LIST}search/?q=a&page=2").status_code == 400
    say(talk, one, "Sideboard, deleted")
    client_of(one).delete(f"{ONE}{Message.objects.get(seq=3).pk}/")
    assert found("q=deleted") == []


@pytest.mark.capability("M04", "M13")
def test_lists_of_messages_cost_the_same_however_long_they_are(
    talk, one, other, assert_constant_queries
):
    client = client_of(other)

    def grow():
        say(talk, one, "A walnut table", "A walnut chair")
        client_of(one).post(said(talk), {"images": [str(picture(one).pk)]}, format="json")

    assert_constant_queries(lambda: client.get(f"/api/v1/conversations/{talk.pk}/messages/"), grow)
    assert_constant_queries(
        lambda: client.get("/api/v1/conversations/search/?q=walnut"), grow, times=2
    )
