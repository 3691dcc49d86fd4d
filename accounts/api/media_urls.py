"""Addresses of files, below /api/v1/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from accounts.api.views import media

router = SimpleRouter(use_regex_path=False)
router.register("media", media.MediaViewSet, basename="media")

urlpatterns = [
    path("media/<uuid:pk>/upload/", media.MediaUploadView.as_view(), name="media-upload"),
    path("media/<uuid:pk>/file/", media.MediaContentView.as_view(), name="media-file"),
    *router.urls,
]
