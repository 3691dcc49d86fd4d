"""Who still hears what passes in a conversation."""

import pytest

from accounts.services.connections import block_user
from accounts.tests.factories.people import UserFactory
from messaging.services.live_topics import still_takes_part
from messaging.tests.factories.conversations import direct

pytestmark = [pytest.mark.django_db, pytest.mark.capability("M06", "M08")]


@pytest.mark.parametrize("turned", [False, True])
def test_after_a_block_neither_hears_when_the_other_comes_and_goes(turned):
    one, other, third = UserFactory.create_batch(3)
    talk, elsewhere = direct(one, other), direct(one, third)
    pairs = {(one.pk, talk.pk), (other.pk, talk.pk), (one.pk, elsewhere.pk)}
    before = still_takes_part(pairs)
    blocker, blocked = (other, one) if turned else (one, other)

    block_user(blocker=blocker, blocked=blocked)

    assert before == pairs
    assert still_takes_part(pairs) == {(one.pk, elsewhere.pk)}
