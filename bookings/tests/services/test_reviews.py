"""Reviews: once per deal, shown together, answered once, and hidden by nobody about themselves."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connections, transaction

from accounts.groups import MODERATION, SUPPORT
from accounts.models import Organization, User
from accounts.services.erasure import carry_out, schedule
from accounts.tests.factories.organizations import staff_in
from accounts.tests.factories.people import UserFactory
from accounts.tests.lives import found_anywhere
from bookings.models import Review, Transaction
from bookings.review_exceptions import (
    DealNotCompletedError,
    OwnReviewError,
    RepliedAlreadyError,
    ReviewedAlreadyError,
    ReviewNotShownError,
    ReviewShownError,
)
from bookings.services.appointment_answers import complete_appointment
from bookings.services.ratings import rating_of
from bookings.services.review_moderation import hide_review, unhide_review
from bookings.services.reviews import change_review, reply_to_review, write_review
from bookings.tasks import tell_of_reviews as job
from bookings.tests.factories.appointments import AppointmentFactory, begun
from bookings.tests.factories.market import ReservationFactory, ReviewFactory, released, shown
from catalog.tests.factories.homes import member_of
from catalog.tests.factories.market import ProductFactory
from config.shared.errors import InvalidInputError, InvalidTransitionError, NotAllowedError
from config.shared.personal_data import collected
from config.tests.racing import race
from config.tests.support import drain
from messaging.models import Notification

pytestmark = pytest.mark.django_db


def told(person):
    return list(Notification.objects.filter(user=person).order_by("pk").values_list("type", flat=1))


def visit_that_took_place():
    visit = begun(AppointmentFactory(confirmed=True))
    return complete_appointment(appointment=visit, actor=visit.host)


@pytest.mark.capability("K14")
def test_the_first_review_waits_and_the_second_shows_both_at_once():
    sale = released()
    first = write_review(author=sale.buyer, transaction=sale, rating=5, text=" Fine ")
    waits = first.visible_from - first.created_at

    second = write_review(author=sale.seller, transaction=sale, rating=4)

    first.refresh_from_db()
    assert (waits, first.text) == (timedelta(days=14), "Fine")
    assert (first.subject_user, second.subject_user) == (sale.seller, sale.buyer)
    assert first.visible_from == second.visible_from == second.created_at
    assert Review.objects.shown().count() == 2
    assert told(sale.seller)[-2:] == ["review_awaited", "review_received"]
    assert told(sale.buyer)[-1] == "review_received"


def test_nobody_else_reads_what_is_not_shown_not_even_whom_it_is_about():
    review = ReviewFactory()

    for reader in (review.subject_user, UserFactory(), None):
        assert not Review.objects.visible_to(reader).exists()
    assert Review.objects.visible_to(review.author).get() == review


@pytest.mark.parametrize("state", ["pending", "held"])
def test_a_deal_that_is_not_over_is_not_reviewed(state):
    sale = ReservationFactory()
    if state == "held":
        Transaction.objects.update(
            status="completed",
            release_state="held",
            completed_at=sale.created_at,
            auto_release_at=sale.reserved_until,
        )
    visit = AppointmentFactory(confirmed=True)

    with pytest.raises(DealNotCompletedError):
        write_review(author=sale.buyer, transaction=sale, rating=1)
    with pytest.raises(DealNotCompletedError):
        write_review(author=visit.guest, appointment=visit, rating=1)

    assert not Review.objects.exists()


def test_a_deal_is_reviewed_by_its_two_sides_once_each():
    review = ReviewFactory()
    sale = review.transaction

    with pytest.raises(ReviewedAlreadyError) as refused:
        write_review(author=sale.buyer, transaction=sale, rating=1)
    with pytest.raises(NotAllowedError):
        write_review(author=UserFactory(), transaction=sale, rating=1)
    with pytest.raises(InvalidInputError):
        write_review(author=sale.buyer, rating=1)

    assert refused.value.extra["review"] == str(review.pk)
    assert Review.objects.get().rating == 5


def test_a_guest_reviews_the_organization_and_the_host_the_guest():
    visit = visit_that_took_place()

    of_them = write_review(author=visit.guest, appointment=visit, rating=3)
    of_guest = write_review(author=visit.host, appointment=visit, rating=5)

    assert (of_them.subject_organization, of_them.subject_user) == (visit.organization, None)
    assert of_guest.subject_user == visit.guest
    leader = member_of(visit.organization, "owner")
    assert reply_to_review(review=of_them, actor=leader, text="Come again").reply == "Come again"
    job()
    assert Organization.objects.get(pk=visit.organization_id).rating_avg == 3
    assert rating_of(visit.organization).count == 1


def test_a_review_is_changed_until_others_can_read_it():
    review = ReviewFactory()

    changed = change_review(review=review, author=review.author, rating=4, text="Nearly")
    with pytest.raises(NotAllowedError):
        change_review(review=review, author=review.subject_user, rating=1)
    write_review(author=review.subject_user, transaction=review.transaction, rating=5)
    with pytest.raises(ReviewShownError):
        change_review(review=review, author=review.author, rating=1)

    assert (changed.rating, changed.text) == (4, "Nearly")
    assert Review.objects.get(pk=review.pk).rating == 4


def test_a_review_gets_one_reply_by_whom_it_is_about_once_it_is_shown():
    review = ReviewFactory()
    subject = review.subject_user
    with pytest.raises(ReviewNotShownError):
        reply_to_review(review=review, actor=subject, text="Not so")
    shown(review)

    with pytest.raises(NotAllowedError):
        reply_to_review(review=review, actor=review.author, text="Indeed")
    answered = reply_to_review(review=review, actor=subject, text=" Thank you ")
    with pytest.raises(RepliedAlreadyError):
        reply_to_review(review=review, actor=subject, text="And more")

    assert (answered.reply, answered.replied_at is not None) == ("Thank you", True)
    assert told(review.author)[-1] == "review_replied"


def test_moderators_hide_and_show_and_nobody_decides_about_themselves():
    review = ReviewFactory()
    shown(review)
    moderator = staff_in(MODERATION)
    own = ReviewFactory(transaction=released(buyer=moderator))

    hidden = hide_review(review=review, actor=moderator, reason="Names a child")
    assert (hidden.status, hidden.hidden_by) == ("hidden", moderator)
    assert not Review.objects.shown().exists()
    assert told(review.author)[-1] == "review_hidden"
    with pytest.raises(InvalidTransitionError):
        hide_review(review=review, actor=moderator, reason="Again")
    for actor, error in ((staff_in(SUPPORT), NotAllowedError), (UserFactory(), NotAllowedError)):
        with pytest.raises(error):
            unhide_review(review=review, actor=actor, reason="No")
    with pytest.raises(OwnReviewError):
        hide_review(review=own, actor=moderator, reason="Mine")
    assert unhide_review(review=review, actor=moderator, reason="Read again").hidden_reason == ""
    assert Review.objects.shown().get() == review


def test_a_rating_is_the_average_of_what_everybody_reads():
    seller = UserFactory()
    sales = [released(product=ProductFactory(seller=seller)) for _ in range(4)]
    reviews = [
        ReviewFactory(transaction=sale, rating=stars)
        for sale, stars in zip(sales, (5, 5, 4, 1), strict=True)
    ]
    shown(*reviews[:3])

    found = rating_of(seller)

    assert (found.average, found.count) == (Decimal("4.67"), 3)
    assert found.stars == {"1": 0, "2": 0, "3": 0, "4": 1, "5": 2}
    assert User.objects.with_stats().get(pk=seller.pk).rating == Decimal("4.67")
    assert rating_of(UserFactory()).average is None
    assert User.objects.with_stats().get(pk=sales[0].buyer_id).rating is None


def test_whoever_is_reviewed_is_told_once_when_the_time_has_come():
    review, waiting = ReviewFactory(), ReviewFactory()
    shown(review)

    job()
    job()

    assert told(review.subject_user).count("review_received") == 1
    assert "review_received" not in told(waiting.subject_user)


@pytest.mark.capability("A23")
def test_what_people_wrote_is_taken_away_and_forgotten(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    person = UserFactory(full_name="Zebedee Quagmire", last_name="Quagmire", first_name="Zebedee")
    review = ReviewFactory(transaction=released(buyer=person), text="Quagmire was pleased")
    write_review(author=review.subject_user, transaction=review.transaction, rating=2, text="Q")
    Review.objects.filter(subject_user=person).update(text="Quagmire was late")

    data = collected(person)["bookings.reviews"]
    request = schedule(person, asked_by=person, at_once=True)
    carry_out(request_id=request.pk)
    drain()

    assert [row["text"] for row in data["written"]] == ["Quagmire was pleased"]
    assert [row["text"] for row in data["received"]] == ["Quagmire was late"]
    assert found_anywhere("Quagmire") == set()
    assert sorted(Review.objects.values_list("rating", flat=True)) == [2, 5]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_write_at_once_both_are_shown_from_one_moment_on():
    sale = released()

    results = race(
        lambda: write_review(author=sale.buyer, transaction=sale, rating=5),
        lambda: write_review(author=sale.seller, transaction=sale, rating=4),
    )

    assert [type(result) for result in results] == [Review, Review]
    assert len(set(Review.objects.values_list("visible_from", flat=True))) == 1
    assert Review.objects.shown().count() == 2


@pytest.mark.django_db(transaction=True)
def test_whoever_writes_twice_at_once_has_written_once():
    sale = released()

    results = race(*[lambda: write_review(author=sale.buyer, transaction=sale, rating=5)] * 4)

    assert sum(isinstance(result, Review) for result in results) == 1
    assert sum(isinstance(result, ReviewedAlreadyError) for result in results) == 3
    connections.close_all()


def test_the_database_refuses_a_second_review_whatever_the_code_does():
    review = ReviewFactory()
    review.pk, review._state.adding = None, True

    with pytest.raises(IntegrityError, match="bookings_review_once"), transaction.atomic():
        review.save(force_insert=True)
