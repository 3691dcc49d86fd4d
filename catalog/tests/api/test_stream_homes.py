"""Where the owner of a show lives: for those who live there alone."""

import pytest

from accounts.tests.clients import client_of
from accounts.tests.factories.buildings import BuildingFactory
from accounts.tests.factories.people import UserFactory
from catalog.tests.factories.streams import StreamFactory, neighbour_in

pytestmark = pytest.mark.django_db

STREAMS = "/api/v1/streams/"


def page_of(stream):
    return f"{STREAMS}{stream.pk}/"


@pytest.mark.capability("K24")
def test_a_replay_for_everybody_does_not_say_where_its_owner_lives(live_video, api):
    building = BuildingFactory()
    person = neighbour_in(building)
    stream = StreamFactory(
        user=person,
        visibility="building",
        building=building,
        replay_visibility="public",
        over=True,
    )

    for client in (api, client_of(UserFactory())):
        assert client.get(page_of(stream)).data["building"] is None
        assert client.get(STREAMS).data["results"][0]["building"] is None
    for client in (client_of(person), client_of(neighbour_in(building))):
        assert client.get(page_of(stream)).data["building"]["id"] == str(building.pk)
