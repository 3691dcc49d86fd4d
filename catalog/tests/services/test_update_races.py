"""One draft published several times at once, and one development followed so."""

import pytest

from accounts.tests.factories.people import UserFactory
from catalog.models import ConstructionUpdate, DevelopmentFollow
from catalog.services.follows import follow_development, unfollow_development
from catalog.services.updates import TELL_JOB, correct_update, publish_update
from catalog.tests.factories.construction import UpdateFactory, photograph_of, site_engineer
from catalog.tests.factories.homes import DevelopmentFactory
from config.shared.errors import InvalidTransitionError
from config.tests.racing import race
from config.tests.support import waiting_jobs

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.capability("R26")
def test_a_draft_is_published_once_and_told_once():
    development = DevelopmentFactory()
    engineer = site_engineer(development)
    draft = UpdateFactory(development=development, actor=engineer, media=[photograph_of(engineer)])
    actors = [site_engineer(development) for _ in range(4)]

    results = race(*(lambda who=who: publish_update(update=draft, actor=who) for who in actors))

    assert sum(isinstance(result, ConstructionUpdate) for result in results) == 1
    assert sum(isinstance(result, InvalidTransitionError) for result in results) == 3
    assert len(waiting_jobs(TELL_JOB)) == 1


@pytest.mark.capability("R26")
def test_of_two_corrections_at_once_neither_is_lost():
    update = UpdateFactory(published=True)
    engineer = site_engineer(update.development)

    race(
        *(
            lambda text=text: correct_update(update=update, actor=engineer, correction=text)
            for text in ("One", "Two", "Three")
        )
    )

    update.refresh_from_db()
    assert sorted(update.correction.split("\n\n")) == ["One", "Three", "Two"]


@pytest.mark.capability("R26")
def test_following_several_times_at_once_is_following():
    user, development = UserFactory(), DevelopmentFactory()

    results = race(
        *(lambda: follow_development(user=user, development=development) for _ in range(4))
    )

    assert {type(result) for result in results} == {DevelopmentFollow}
    assert DevelopmentFollow.objects.count() == 1
    assert unfollow_development(user=user, development_id=development.pk)
    assert not unfollow_development(user=user, development_id=development.pk)
