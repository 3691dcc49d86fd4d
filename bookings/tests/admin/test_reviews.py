"""What staff decide about reviews in the back office."""

import pytest

from accounts.groups import MODERATION, SUPPORT
from accounts.models import AuditEvent
from accounts.tests.factories.organizations import staff_in
from bookings.models import Review
from bookings.services.appointment_answers import complete_appointment
from bookings.services.reviews import write_review
from bookings.tests.admin.test_acts import act
from bookings.tests.factories.appointments import AppointmentFactory, begun

pytestmark = pytest.mark.django_db


def review_of(visit):
    done = complete_appointment(appointment=begun(visit), actor=visit.host)
    return write_review(author=done.guest, appointment=done, rating=1, text="Never again")


def test_moderation_hides_a_review_with_a_reason_and_shows_it_again():
    review = review_of(AppointmentFactory(confirmed=True))
    moderator = staff_in(MODERATION)

    silent = act(moderator, review, "hide-review", reason="")
    published = Review.objects.get().status
    act(moderator, review, "hide-review", reason="It names a child.")
    review.refresh_from_db()
    hidden = (review.status, review.hidden_by, review.hidden_reason)
    act(moderator, review, "show-review", reason="The name is gone.")
    review.refresh_from_db()

    assert (silent.status_code, published) == (200, "published")
    assert hidden == ("hidden", moderator, "It names a child.")
    assert (review.status, review.hidden_by) == ("published", None)
    event = AuditEvent.objects.about(review).get(action="bookings.review.hidden")
    assert (event.actor, event.reason) == (moderator, "It names a child.")


def test_support_reads_reviews_and_hides_none():
    review = review_of(AppointmentFactory(confirmed=True))

    act(staff_in(SUPPORT), review, "hide-review", reason="I do not like it.")

    assert Review.objects.get().status == "published"


def test_nobody_moderates_what_is_about_them():
    moderator = staff_in(MODERATION)
    review = review_of(AppointmentFactory(confirmed=True, guest=moderator))

    act(moderator, review, "hide-review", reason="I wrote it.")

    assert Review.objects.get().status == "published"
