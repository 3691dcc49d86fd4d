"""Addresses of reviews and ratings, below /api/v1/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from bookings.api.views import reviews

router = SimpleRouter(use_regex_path=False)
router.register("reviews", reviews.ReviewViewSet, basename="review")

urlpatterns = [
    path(
        "users/<uuid:user_id>/rating/",
        reviews.UserRatingView.as_view(),
        name="user-rating",
    ),
    path(
        "organizations/<uuid:organization_id>/rating/",
        reviews.OrganizationRatingView.as_view(),
        name="organization-rating",
    ),
    *router.urls,
]
