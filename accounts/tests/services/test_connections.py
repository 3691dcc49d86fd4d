"""Following and blocking, and the two at the same moment."""

import pytest
from django.db import IntegrityError, transaction

from accounts.exceptions import NotYourselfError
from accounts.models import Block, Follow, User
from accounts.services.connections import block_user, follow_user, unblock_user, unfollow_user
from accounts.services.directory import forget_figure, register_figure
from accounts.tests.factories.people import UserFactory
from config.shared.errors import MissingError
from config.tests.racing import race


@pytest.fixture
def pair(db):
    return UserFactory(), UserFactory()


@pytest.mark.capability("A36")
def test_following_twice_is_following_once(pair):
    me, them = pair

    first = follow_user(follower=me, followed=them)
    again = follow_user(follower=me, followed=them)

    assert first == again
    assert list(Follow.objects.by(me)) == [first]
    assert list(Follow.objects.of(them)) == [first]
    assert unfollow_user(follower=me, followed_id=them.pk)
    assert not unfollow_user(follower=me, followed_id=them.pk)
    assert not Follow.objects.exists()


@pytest.mark.capability("A36")
def test_a_block_ends_follows_both_ways(pair):
    me, them = pair
    follow_user(follower=me, followed=them)
    follow_user(follower=them, followed=me)

    first = block_user(blocker=me, blocked=them)
    again = block_user(blocker=me, blocked=them)

    assert first == again
    assert not Follow.objects.exists()
    assert Block.objects.count() == 1


@pytest.mark.capability("A36")
def test_neither_of_two_between_whom_a_block_stands_finds_the_other(pair):
    me, them = pair
    block_user(blocker=me, blocked=them)

    for one, other in ((me, them), (them, me)):
        assert other not in User.objects.visible_to(one)
        with pytest.raises(MissingError):
            follow_user(follower=one, followed=other)
    assert list(Block.objects.visible_to(me).values_list("blocked", flat=True)) == [them.pk]
    assert not Block.objects.visible_to(them).exists()
    assert not Follow.objects.exists()


@pytest.mark.capability("A36")
def test_the_end_of_a_block_brings_no_follow_back(pair):
    me, them = pair
    follow_user(follower=them, followed=me)
    block_user(blocker=me, blocked=them)

    assert unblock_user(blocker=me, blocked_id=them.pk)
    assert not unblock_user(blocker=me, blocked_id=them.pk)

    assert them in User.objects.visible_to(me)
    assert not Follow.objects.exists()


@pytest.mark.capability("A36")
def test_nobody_ends_the_block_of_another(pair):
    me, them = pair
    block_user(blocker=me, blocked=them)

    assert not unblock_user(blocker=them, blocked_id=me.pk)

    assert Block.objects.count() == 1


@pytest.mark.capability("A36")
def test_it_takes_two_to_follow_and_to_block(pair):
    me, _ = pair

    with pytest.raises(NotYourselfError):
        follow_user(follower=me, followed=me)
    with pytest.raises(NotYourselfError):
        block_user(blocker=me, blocked=me)
    for row, name in (
        (Follow(follower=me, followed=me), "follow"),
        (Block(blocker=me, blocked=me), "block"),
    ):
        with pytest.raises(IntegrityError, match=f"accounts_{name}_not_self"), transaction.atomic():
            row.save()

    assert not Follow.objects.exists()
    assert not Block.objects.exists()


@pytest.mark.capability("A03", "A36")
@pytest.mark.parametrize("status", ["pending", "inactive", "suspended"])
def test_only_active_people_are_followed(db, status):
    with pytest.raises(MissingError):
        follow_user(follower=UserFactory(), followed=UserFactory(**{status: True}))

    assert not Follow.objects.exists()


@pytest.mark.capability("A36")
def test_figures_count_active_people_only(pair):
    me, them = pair
    follow_user(follower=them, followed=me)
    follow_user(follower=me, followed=them)
    lost = UserFactory()
    follow_user(follower=lost, followed=me)
    User.objects.filter(pk=lost.pk).update(status="suspended", is_active=False)

    shown = User.objects.with_stats().get(pk=me.pk)

    assert (shown.followers_count, shown.following_count) == (1, 1)
    assert (shown.products_count, shown.rating) == (0, None)


@pytest.mark.capability("A36")
def test_other_apps_add_figures_of_their_own(pair):
    from django.db.models import IntegerField, Value

    me, _ = pair
    replaced = register_figure("products", lambda: Value(7, output_field=IntegerField()))
    try:
        shown = User.objects.with_stats().get(pk=me.pk)
    finally:
        if replaced is None:
            forget_figure("products")
        else:
            register_figure("products", replaced)

    assert shown.products_count == 7


@pytest.mark.capability("A36")
@pytest.mark.django_db(transaction=True)
def test_a_follow_and_a_block_at_once_leave_no_follow():
    me, them = UserFactory(), UserFactory()

    for _ in range(5):
        race(
            lambda: follow_user(follower=them, followed=me),
            lambda: block_user(blocker=me, blocked=them),
            lambda: follow_user(follower=me, followed=them),
            lambda: block_user(blocker=them, blocked=me),
        )
        assert not Follow.objects.exists()
        assert Block.objects.count() == 2
        Block.objects.all().delete()


@pytest.mark.capability("A36")
@pytest.mark.django_db(transaction=True)
def test_of_many_follows_at_once_one_is_kept():
    me, them = UserFactory(), UserFactory()

    results = race(*(lambda: follow_user(follower=me, followed=them) for _ in range(8)))

    assert all(isinstance(result, Follow) for result in results)
    assert Follow.objects.count() == 1
