"""News from the site in the API, and following developments."""

import pytest

from accounts.choices import MembershipRole
from accounts.tests.clients import client_of
from accounts.tests.factories.organizations import seated
from accounts.tests.factories.people import UserFactory
from catalog.models import ConstructionUpdate, DevelopmentFollow
from catalog.services.follows import follow_development
from catalog.tests.factories.construction import (
    PhaseFactory,
    UpdateFactory,
    photograph_of,
    site_engineer,
)
from catalog.tests.factories.homes import DevelopmentFactory

pytestmark = pytest.mark.django_db

UPDATES = "/api/v1/updates/"
FOLLOWED = "/api/v1/me/followed-developments/"


@pytest.fixture
def development():
    return DevelopmentFactory()


@pytest.fixture
def engineer(development):
    return site_engineer(development)


def feed_of(development):
    return f"/api/v1/developments/{development.pk}/updates/"


def follow_of(development):
    return f"/api/v1/developments/{development.pk}/follow/"


@pytest.mark.capability("R26")
def test_from_the_draft_to_the_correction(development, engineer, api):
    site = client_of(engineer)
    phase = PhaseFactory(development=development, actor=engineer, name="Structure")
    photo = photograph_of(engineer, renditions={"320": {"key": "a", "size": 1}})
    news = {"title": "The roof", "phase": str(phase.pk), "media": [str(photo.pk)]}

    drafted = site.post(feed_of(development), news)
    address = f"{UPDATES}{drafted.data['id']}/"
    unseen = api.get(address)
    changed = site.patch(address, {"title": "The roof slab"})
    published = site.post(f"{address}publish/", {})
    seen = api.get(address)
    silent = site.patch(address, {"title": "The cellar"})
    corrected = site.post(f"{address}correct/", {"correction": "Floor 23."})
    withdrawn = site.post(f"{address}withdraw/", {"reason": "Another tower"})

    assert (drafted.status_code, drafted.data["status"]) == (201, "draft")
    assert drafted.data["phase"] == {"id": str(phase.pk), "name": "Structure"}
    assert "token=" in drafted.data["media"][0]["links"]["320"]
    assert unseen.status_code == 404
    assert changed.data["title"] == "The roof slab"
    assert (published.status_code, published.data["percent_snapshot"]) == (200, "0.00")
    assert seen.data["author"]["id"] == str(engineer.pk)
    assert "token" not in seen.data["media"][0]["links"]["320"]
    assert (silent.status_code, silent.data["current"]) == (409, "published")
    assert (corrected.data["title"], corrected.data["correction"]) == ("The roof slab", "Floor 23.")
    assert withdrawn.data["status"] == "withdrawn"
    assert api.get(address).status_code == 404
    assert site.post(f"{address}publish/", {}).status_code == 409


@pytest.mark.capability("R26")
def test_the_newest_news_come_first_and_drafts_are_the_builders(development, engineer, api):
    older = UpdateFactory(development=development, actor=engineer)
    newer = UpdateFactory(development=development, actor=engineer, published=True)
    site = client_of(engineer)
    site.post(f"{UPDATES}{older.pk}/publish/", {})
    draft = UpdateFactory(development=development, actor=engineer)
    UpdateFactory(published=True)

    public = [row["id"] for row in api.get(feed_of(development)).data["results"]]
    own = [row["id"] for row in site.get(feed_of(development)).data["results"]]
    drafts = site.get(f"{feed_of(development)}?status=draft").data["results"]

    assert public == [str(older.pk), str(newer.pk)]
    assert own == [str(draft.pk), str(older.pk), str(newer.pk)]
    assert [row["id"] for row in drafts] == [str(draft.pk)]
    assert api.get(f"{feed_of(development)}?status=draft").data["results"] == []
    assert api.get(f"{feed_of(development)}?state=draft").status_code == 400
    first = api.get(f"{feed_of(development)}?page_size=1").data
    second = api.get(first["next"]).data
    assert [first["results"][0]["id"], second["results"][0]["id"]] == public


@pytest.mark.capability("R26")
@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"title": ""}, "/title"),
        ({"title": "x" * 161}, "/title"),
        ({"body": "x" * 8001}, "/body"),
        ({"phase": "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f"}, "/phase"),
        ({"media": ["0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f"]}, "/media/0"),
        ({"media": "all"}, "/media"),
    ],
)
def test_news_that_cannot_be_are_refused_where_they_stand(development, engineer, change, pointer):
    response = client_of(engineer).post(feed_of(development), {"title": "News", **change})

    assert (response.status_code, response.data["errors"][0]["pointer"]) == (400, pointer)
    assert not ConstructionUpdate.objects.exists()


@pytest.mark.capability("R26")
def test_who_does_not_work_on_the_site_writes_no_news(development, engineer, api):
    update = UpdateFactory(development=development, actor=engineer, published=True)
    draft = UpdateFactory(development=development, actor=engineer)
    before = list(ConstructionUpdate.objects.values())
    stranger = client_of(UserFactory())
    sales = client_of(seated(development.builder, MembershipRole.SALES))

    for client in (stranger, sales):
        assert client.post(feed_of(development), {"title": "X"}).status_code == 403
        for verb, body in (("withdraw", {}), ("correct", {"correction": "No"})):
            assert client.post(f"{UPDATES}{update.pk}/{verb}/", body).status_code == 403
    assert stranger.post(f"{UPDATES}{draft.pk}/publish/", {}).status_code == 404
    assert stranger.patch(f"{UPDATES}{draft.pk}/", {"title": "X"}).status_code == 404
    assert sales.post(f"{UPDATES}{draft.pk}/publish/", {}).status_code == 403
    assert sales.patch(f"{UPDATES}{draft.pk}/", {"title": "X"}).status_code == 403
    assert api.post(feed_of(development), {"title": "X"}).status_code == 401
    assert list(ConstructionUpdate.objects.values()) == before


@pytest.mark.capability("R26")
def test_news_of_what_is_not_launched_are_not_there(api):
    hidden = DevelopmentFactory(planning=True)

    assert api.get(feed_of(hidden)).status_code == 404
    assert client_of(UserFactory()).post(follow_of(hidden), {}).status_code == 404
    assert not DevelopmentFollow.objects.exists()


@pytest.mark.capability("R26")
def test_following_and_following_no_more(development, api):
    user = UserFactory()
    client = client_of(user)
    follow_development(user=UserFactory(), development=development)

    followed = client.post(follow_of(development), {})
    again = client.post(follow_of(development), {})
    (row,) = client.get(FOLLOWED).data["results"]
    left = client.delete(follow_of(development))
    left_again = client.delete(follow_of(development))

    assert followed.data == {
        "development": str(development.pk),
        "is_followed": True,
        "followers_count": 2,
    }
    assert (again.status_code, again.data["followers_count"]) == (200, 2)
    assert row["development"]["id"] == str(development.pk)
    assert (row["development"]["followers_count"], row["development"]["cover_url"]) == (2, None)
    assert row["development"]["percent_built"] == "0.00"
    assert (left.status_code, left_again.status_code) == (204, 204)
    assert client.get(FOLLOWED).data["results"] == []
    assert DevelopmentFollow.objects.count() == 1
    assert api.post(follow_of(development), {}).status_code == 401
    assert api.get(FOLLOWED).status_code == 401


@pytest.mark.capability("R26")
def test_news_cost_the_same_however_many_there_are(
    development, engineer, api, assert_constant_queries
):
    def grow():
        phase = PhaseFactory(development=development, actor=engineer)
        photos = [photograph_of(engineer), photograph_of(engineer)]
        UpdateFactory(
            development=development,
            actor=site_engineer(development),
            phase=phase,
            published=True,
        )
        UpdateFactory(development=development, actor=engineer, media=photos, published=True)

    assert_constant_queries(
        lambda: api.get(f"/api/v1/developments/{development.pk}/updates/"), grow
    )


@pytest.mark.capability("R26")
def test_what_one_follows_costs_the_same_however_much_it_is(assert_constant_queries):
    user = UserFactory()
    client = client_of(user)

    def grow():
        development = DevelopmentFactory()
        PhaseFactory(development=development)
        follow_development(user=user, development=development)

    assert_constant_queries(lambda: client.get("/api/v1/me/followed-developments/"), grow)
