"""Streams in the back office."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.groups import MODERATION, SUPPORT
from accounts.tests.factories.organizations import staff_in
from catalog.models import Stream, StreamPin
from catalog.services.stream_keys import rotate_permanent_key
from catalog.tests.factories.market import ProductFactory
from catalog.tests.factories.streams import HLS_URL, StreamFactory
from config.shared.csp import ContentPolicyMiddleware

pytestmark = pytest.mark.django_db

LIST = "admin:catalog_stream_changelist"


def office_of(group: str) -> Client:
    client = Client()
    client.force_login(staff_in(group))
    return client


def page_of(stream: Stream) -> str:
    return reverse("admin:catalog_stream_change", args=[stream.pk])


def act(office: Client, stream: Stream, name: str, **given: str) -> Any:
    path = reverse(f"admin:catalog_stream_{name}", args=[stream.pk])
    return office.post(
        path, {"reason": "Counterfeits", "_form_submitted": "on", **given}, follow=True
    )


@pytest.mark.capability("K19", "K23")
def test_live_ones_stand_first(live_video: Any) -> None:
    live = StreamFactory(title="On air", on_air=True)
    StreamFactory(title="Planned")

    page = office_of(SUPPORT).get(reverse(LIST))
    filtered = office_of(SUPPORT).get(f"{reverse(LIST)}?status__exact=live")

    rows = [row.title for row in page.context["cl"].result_list]
    assert rows == ["On air", "Planned"]
    assert [row.pk for row in filtered.context["cl"].result_list] == [live.pk]


@pytest.mark.capability("K22")
def test_a_page_has_the_player_and_the_pins_at_their_places(live_video: Any) -> None:
    stream = StreamFactory(on_air=True)
    chair = ProductFactory(seller=stream.user, title="Green chair")
    StreamPin.objects.create(stream=stream, product=chair, x=0.25, y=0.5, shown_at=75)
    stream.refresh_from_db()

    text = office_of(MODERATION).get(page_of(stream)).content.decode()

    assert f'data-playlist="{HLS_URL}/{stream.pk}/index.m3u8"' in text
    assert "left:25.00%;top:50.00%" in text
    assert "Green chair, at 1:15" in text
    assert "live-player" in text
    assert stream.key_hint in text
    assert stream.key_hash not in text


@pytest.mark.capability("K19")
def test_moderators_end_a_show_with_a_reason(live_video: Any) -> None:
    stream, planned = StreamFactory(on_air=True), StreamFactory()
    office = office_of(MODERATION)

    act(office, stream, "end_show", reason="")
    stream.refresh_from_db()
    assert stream.status == "live"
    act(office, stream, "end_show")
    act(office, planned, "call_off")

    stream.refresh_from_db()
    planned.refresh_from_db()
    assert (stream.status, stream.end_reason) == ("ended", "Counterfeits")
    assert stream.ended_by is not None
    assert planned.status == "cancelled"


@pytest.mark.capability("K19")
def test_who_does_not_moderate_ends_nothing(live_video: Any) -> None:
    stream = StreamFactory(on_air=True)

    answer = act(office_of(SUPPORT), stream, "end_show")

    stream.refresh_from_db()
    assert answer.status_code == 403
    assert stream.status == "live"


@pytest.mark.capability("K23")
def test_the_front_page_says_what_is_live(live_video: Any) -> None:
    stream = StreamFactory(on_air=True)
    Stream.objects.filter(pk=stream.pk).update(viewer_count=7)

    text = office_of(MODERATION).get(reverse("admin:index")).content.decode()

    assert "Live now" in text
    assert "7 watching" in text


@pytest.mark.capability("K21")
def test_keys_are_shown_by_their_end_alone(client: Client, django_user_model: Any) -> None:
    stream = StreamFactory()
    kept, secret = rotate_permanent_key(actor=stream.user)
    chief = staff_in(SUPPORT)
    chief.is_superuser = True
    chief.save()
    client.force_login(chief)

    text = client.get(reverse("admin:catalog_streamkey_change", args=[kept.pk])).content.decode()

    assert secret[-4:] in text
    assert secret not in text
    assert kept.key_hash not in text


@pytest.mark.capability("K19")
def test_browsers_may_load_shows_where_there_are_any(live_video: Any, rf: Any) -> None:
    policy = ContentPolicyMiddleware(lambda request: None).admin  # type: ignore[arg-type,return-value]

    assert "media-src 'self' https://courtyard.example blob:" in policy
    assert "connect-src 'self' blob: https://courtyard.example" in policy
