"""Public pages, figures, follows and blocks, and what strangers never learn."""

import json

import pytest

from accounts.models import Block, Follow, Profile
from accounts.services.connections import block_user, follow_user
from accounts.tests.clients import client_of
from accounts.tests.factories.people import UserFactory

PRIVATE = {
    "phone_number": "+971501234567",
    "email": "priya@example.com",
    "address": "Al Marsa Street 14",
    "pincode": "98765",
    "building_name": "Marina Heights",
    "stripe_customer_id": "cus_secret",
    "external_subject": "subject-secret",
}
EXACT = {"lat": 25.080312, "lng": 55.140345}


@pytest.fixture
def person(db):
    return UserFactory(
        **PRIVATE,
        **EXACT,
        email_verified=True,
        username="priya.nair",
        full_name="Priya Nair",
        bio="Electrician",
        city="Dubai",
        neighborhood="Dubai Marina",
        primary_role="contractor",
    )


def page(user):
    return f"/api/v1/users/{user.pk}/"


@pytest.mark.capability("A36")
def test_a_public_page_shows_who_somebody_is_and_never_how_to_find_them(api, person):
    response = api.get(page(person))

    assert response.status_code == 200
    assert response.data["name"] == response.data["full_name"] == "Priya Nair"
    assert response.data["roles"] == ["contractor"]
    assert response.data["location"] == {
        "city": "Dubai",
        "neighborhood": "Dubai Marina",
        "lat": person.cell_lat,
        "lng": person.cell_lng,
    }
    shown = json.dumps(response.json())
    for secret in [*PRIVATE.values(), "25.0803", "55.1403", "token_version", "is_staff"]:
        assert secret not in shown


@pytest.mark.capability("A36")
def test_the_public_point_is_the_same_at_every_read_and_for_every_reader(api, person):
    points = {
        (row["location"]["lat"], row["location"]["lng"])
        for client in (api, client_of(UserFactory()), client_of(person))
        for row in (client.get(page(person)).data, client.get(page(person)).data)
    }

    assert points == {(person.cell_lat, person.cell_lng)}


@pytest.mark.capability("A36")
def test_people_are_not_shown_what_somebody_has_switched_off(api, person):
    Profile.objects.create(
        user=person,
        visibility={
            "show_city": False,
            "show_neighborhood": False,
            "show_bio": False,
            "show_roles": False,
            "show_stats": False,
        },
    )

    shown = api.get(page(person)).data

    assert shown["location"] == {"city": "", "neighborhood": "", "lat": None, "lng": None}
    assert (shown["bio"], shown["roles"], shown["primary_role"]) == ("", [], None)
    assert api.get(f"{page(person)}stats/").status_code == 404
    assert client_of(person).get(f"{page(person)}stats/").status_code == 200


@pytest.mark.capability("A03", "A36")
@pytest.mark.parametrize("status", ["pending", "inactive", "suspended"])
def test_only_active_people_have_a_public_page(api, db, status):
    hidden = UserFactory(**{status: True})
    client = client_of(UserFactory())

    for path, method in (
        (page(hidden), "get"),
        (f"{page(hidden)}stats/", "get"),
        (f"{page(hidden)}follow/", "post"),
        (f"{page(hidden)}block/", "post"),
    ):
        assert getattr(client, method)(path).status_code == 404
    assert api.get(page(hidden)).status_code == 404
    assert not Follow.objects.exists()


@pytest.mark.capability("A36")
@pytest.mark.parametrize(
    "query", ["phone_number=%2B971501234567", "email=priya@example.com", "search=priya"]
)
def test_nobody_is_found_by_phone_or_email(api, person, query):
    assert api.get(f"/api/v1/users/?{query}").status_code in {404, 405}
    directory = api.get(f"/api/v1/contractors/?{query}")
    assert directory.status_code == 400 or "search" in query


@pytest.mark.capability("A36")
def test_no_search_reaches_a_phone_number_or_an_email_address(api, person):
    for text in ("971501234567", "1234567", "priya@example.com", "example.com"):
        assert api.get(f"/api/v1/contractors/?search={text}").data["count"] == 0


@pytest.mark.capability("A36")
def test_following_and_its_figures(api, person):
    fan = UserFactory()
    client = client_of(fan)

    followed = [client.post(f"{page(person)}follow/").status_code for _ in range(2)]

    assert followed == [204, 204]
    assert client.get(page(person)).data["is_following"] is True
    assert api.get(page(person)).data["is_following"] is False
    assert api.get(f"{page(person)}stats/").data == {
        "followers": 1,
        "following": 0,
        "products": 0,
        "rating": None,
    }
    assert api.get(f"{page(fan)}stats/").data["following"] == 1
    ended = [client.delete(f"{page(person)}follow/").status_code for _ in range(2)]
    assert ended == [204, 204]
    assert not Follow.objects.exists()


@pytest.mark.capability("A36")
def test_a_block_makes_two_people_missing_to_each_other(person):
    other = UserFactory()
    mine, theirs = client_of(person), client_of(other)
    follow_user(follower=other, followed=person)

    blocked = [mine.post(f"{page(other)}block/").status_code for _ in range(2)]

    assert blocked == [204, 204]
    assert not Follow.objects.exists()
    for client, target in ((mine, other), (theirs, person)):
        assert client.get(page(target)).status_code == 404
        assert client.get(f"{page(target)}stats/").status_code == 404
        assert client.post(f"{page(target)}follow/").status_code == 404
    assert theirs.post(f"{page(person)}block/").status_code == 404
    assert theirs.delete(f"{page(person)}block/").status_code == 204
    assert Block.objects.count() == 1
    assert mine.delete(f"{page(other)}block/").status_code == 204
    assert mine.get(page(other)).status_code == 200


@pytest.mark.capability("A36")
def test_it_takes_two(person):
    client = client_of(person)

    for act in ("follow", "block"):
        response = client.post(f"{page(person)}{act}/")
        assert (response.status_code, response.data["code"]) == (400, "not_yourself")

    assert not Follow.objects.exists()
    assert not Block.objects.exists()


@pytest.mark.capability("A36")
def test_nobody_in_particular_follows_and_blocks_nobody(api, person):
    for act in ("follow", "block"):
        assert api.post(f"{page(person)}{act}/").status_code == 401
        assert api.delete(f"{page(person)}{act}/").status_code == 401


@pytest.mark.capability("A36")
def test_lists_of_connections_are_ones_own(api, person):
    fan, idol, enemy = UserFactory(), UserFactory(), UserFactory()
    follow_user(follower=fan, followed=person)
    follow_user(follower=person, followed=idol)
    block_user(blocker=person, blocked=enemy)
    client = client_of(person)

    def listed(name, by=client):
        return [row["user"]["id"] for row in by.get(f"/api/v1/me/{name}/").data["results"]]

    assert listed("following") == [str(idol.pk)]
    assert listed("followers") == [str(fan.pk)]
    assert listed("blocks") == [str(enemy.pk)]
    assert listed("blocks", client_of(enemy)) == []
    assert api.get("/api/v1/me/blocks/").status_code == 401


@pytest.mark.capability("A36")
def test_pages_of_followers_neither_repeat_nor_lose_anybody(person):
    fans = [UserFactory() for _ in range(7)]
    for fan in fans:
        follow_user(follower=fan, followed=person)
    client = client_of(person)

    seen, address = [], "/api/v1/me/followers/?page_size=3"
    while address:
        response = client.get(address).data
        seen += [row["user"]["id"] for row in response["results"]]
        address = response["next"]

    assert seen == [str(fan.pk) for fan in reversed(fans)]


@pytest.mark.capability("A36")
def test_lists_of_connections_cost_the_same_however_long_they_are(person, assert_constant_queries):
    client = client_of(person)

    assert_constant_queries(
        lambda: client.get("/api/v1/me/following/"),
        lambda: follow_user(follower=person, followed=UserFactory()),
    )
    assert_constant_queries(
        lambda: client.get("/api/v1/me/followers/"),
        lambda: follow_user(follower=UserFactory(), followed=person),
    )
    assert_constant_queries(
        lambda: client.get("/api/v1/me/blocks/"),
        lambda: block_user(blocker=person, blocked=UserFactory()),
    )
