"""Reviews that somebody reports."""

import pytest

from accounts.groups import MODERATION
from accounts.tests.factories.organizations import staff_in
from bookings.models import Review
from bookings.tests.factories.market import ReviewFactory, shown
from config.shared.errors import DomainError
from messaging.models import Report
from messaging.services.reports import act_on, make_report

pytestmark = [pytest.mark.django_db, pytest.mark.capability("M08")]


def reported(review, reporter):
    return make_report(
        reporter=reporter,
        target_type="review",
        target_id=review.pk,
        reason="harassment",
        text="It names my child.",
    )


def test_a_review_that_is_reported_is_hidden_by_whoever_agrees():
    review = ReviewFactory()
    shown(review)

    report = reported(review, review.subject_user)
    act_on(
        report=report, actor=staff_in(MODERATION), action="content_removed", reason="Names a child"
    )

    assert Report.objects.get().snapshot["text"] == "As described"
    review.refresh_from_db()
    assert (review.status, review.hidden_reason) == ("hidden", "Names a child")


def test_nobody_reports_a_review_that_they_cannot_read():
    review = ReviewFactory()

    with pytest.raises(DomainError):
        reported(review, review.subject_user)

    assert not Report.objects.exists()
    assert Review.objects.get().status == "published"
