"""Reviews: reading and writing them, and what they come to."""

from typing import Any
from uuid import UUID

from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.callers import caller_of
from accounts.models import Organization, User
from bookings.api.filters.reviews import ReviewFilter
from bookings.api.review_examples import RATING, REPLIED, REPLY, SHOWN, WRITE, WRITTEN
from bookings.api.serializers.reviews import (
    RatingSerializer,
    ReplySerializer,
    ReviewChangeSerializer,
    ReviewInputSerializer,
    ReviewSerializer,
)
from bookings.api.throttles import ReviewThrottle
from bookings.models import Review
from bookings.services.ratings import rating_of
from bookings.services.reviews import change_review, reply_to_review, write_review
from config.shared.operations import documented
from config.shared.pagination import CursorPagination
from config.shared.parameters import refuse_unknown
from config.shared.permissions import PublicRead
from config.shared.viewsets import APIView, ReadOnlyViewSet


class ReviewViewSet(ReadOnlyViewSet):
    """Reviews that everybody can read, and those that one wrote oneself."""

    queryset = Review.objects.none()
    serializer_class = ReviewSerializer
    permission_classes = [PublicRead]
    pagination_class = CursorPagination
    filterset_class = ReviewFilter
    ordering = ["-id"]
    tag = "reviews"

    def get_queryset(self) -> Any:
        return Review.objects.visible_to(self.request.user).with_details()

    def get_throttles(self) -> list[Any]:
        return [ReviewThrottle()] if self.action == "create" else []

    def shown(self, review: Review, *, status: int | None = None) -> Response:
        """``review`` as it is read after what was done to it."""
        return self.answer(get_object_or_404(self.get_queryset(), pk=review.pk), status=status)

    @documented(summary="List reviews")
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Reviews of a person or an organization, newest first, for everybody.

        A review is shown once both sides of the deal have written, or some days after. The
        caller's own are among them before that.
        """
        return super().list(request)

    @documented(summary="Get a review", answer=SHOWN)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A review that is shown, or one's own."""
        return super().retrieve(request)

    @documented(
        takes=ReviewInputSerializer,
        summary="Write a review",
        status=201,
        example=WRITE,
        answer=WRITTEN,
        errors=(403, 409),
    )
    def create(self, request: Request) -> Response:
        """Review the other side of a sale or an appointment that is completed, once.

        The other side cannot read it before they have written theirs, or some days have passed.
        What a guest writes of a host who receives for an organization is about that.
        """
        return self.shown(write_review(author=caller_of(request), **self.validated()), status=201)

    @documented(takes=ReviewChangeSerializer, example={"rating": 4}, answer=WRITTEN, errors=(409,))
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Change what one wrote, before others can read it."""
        review, author = self.get_object(), caller_of(request)
        return self.shown(change_review(review=review, author=author, **self.validated()))

    @action(detail=True, methods=["post"])
    @documented(takes=ReplySerializer, example=REPLY, answer=REPLIED, errors=(403, 409))
    def reply(self, request: Request, pk: UUID) -> Response:
        """Reply to a review once, as whom it is about or who leads the organization."""
        review, actor = self.get_object(), caller_of(request)
        return self.shown(reply_to_review(review=review, actor=actor, **self.validated()))


class UserRatingView(APIView):
    """What a person is rated."""

    queryset = User.objects.none()
    serializer_class = RatingSerializer
    permission_classes = [PublicRead]
    lookup_url_kwarg = "user_id"
    tag = "reviews"

    def get_queryset(self) -> Any:
        return User.objects.active().visible_to(self.request.user)

    @documented(summary="Get a person's rating", operation_id="users_rating", answer=RATING)
    def get(self, request: Request, user_id: UUID) -> Response:
        """The average of the reviews about a person that everybody can read, and how many."""
        refuse_unknown(request, (), ())
        return self.answer(rating_of(self.get_object()))


class OrganizationRatingView(APIView):
    """What an organization is rated."""

    queryset = Organization.objects.none()
    serializer_class = RatingSerializer
    permission_classes = [PublicRead]
    lookup_url_kwarg = "organization_id"
    tag = "reviews"

    def get_queryset(self) -> Any:
        return Organization.objects.visible_to(self.request.user)

    @documented(
        summary="Get an organization's rating",
        operation_id="organizations_rating",
        answer=RATING,
    )
    def get(self, request: Request, organization_id: UUID) -> Response:
        """The average of the reviews about an organization that everybody can read."""
        refuse_unknown(request, (), ())
        return self.answer(rating_of(self.get_object()))
