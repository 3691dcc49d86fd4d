"""Change requests for tests, made by the services that make the real ones."""

from decimal import Decimal
from typing import Any

import factory
from django.db.models.functions import Now

from accounts.choices import MediaPurpose
from accounts.models import MediaFile, User
from accounts.tests.factories.papers import CheckedFileFactory
from bookings.choices import ChangeRequestStatus as Status
from bookings.models import ChangeRequest
from bookings.services.change_quotes import (
    complete_change,
    quote_change,
    review_change,
    start_change,
)
from bookings.services.change_requests import approve_change, draft_change, submit_change
from bookings.tests.factories.homes import BookingFactory
from catalog.tests.factories.homes import member_of

STAGES = (
    Status.DRAFT,
    Status.SUBMITTED,
    Status.UNDER_REVIEW,
    Status.QUOTED,
    Status.APPROVED,
    Status.IN_PROGRESS,
    Status.COMPLETED,
)


class ChangeRequestFactory(factory.Factory):
    """A draft for a confirmed booking; ``status`` brings it further, by the services.

    ``price`` is what the builder quotes, and ``cutoff_phase`` what the change must precede.
    """

    class Meta:
        model = ChangeRequest

    booking = factory.SubFactory(BookingFactory, confirmed=True)
    category = "kitchen"
    description = "Move the sink to the island"
    cutoff_phase = None
    price = Decimal("4500.00")
    status = Status.DRAFT

    @classmethod
    def _create(cls, model_class: type[ChangeRequest], *args: Any, **kwargs: Any) -> ChangeRequest:
        status, price = kwargs.pop("status"), kwargs.pop("price")
        customer = kwargs["booking"].customer
        change = draft_change(actor=customer, **kwargs)
        site = answerer(change)
        steps = {
            Status.SUBMITTED: lambda made: submit_change(change=made, actor=customer),
            Status.UNDER_REVIEW: lambda made: review_change(change=made, actor=site),
            Status.QUOTED: lambda made: quote_change(
                change=made, actor=site, price=price, extra_days=7
            ),
            Status.APPROVED: lambda made: approve_change(change=made, actor=customer),
            Status.IN_PROGRESS: lambda made: start_change(change=made, actor=site),
            Status.COMPLETED: lambda made: complete_change(change=made, actor=site),
        }
        for stage in STAGES[1 : STAGES.index(status) + 1]:
            change = steps[stage](change)
        return change


def answerer(change: ChangeRequest) -> User:
    """Who of the builder's site people answers ``change``."""
    return member_of(change.booking.builder, "site")


def wish_file(owner: User, **changes: Any) -> MediaFile:
    """A picture that ``owner`` uploaded for a change request."""
    return CheckedFileFactory(**{"owner": owner, "purpose": MediaPurpose.CHANGE_REQUEST, **changes})


def lapse_quote(change: ChangeRequest) -> None:
    """Let the time of the quote be over, as if it had passed."""
    ChangeRequest.objects.filter(pk=change.pk).update(quote_valid_until=Now())
