"""Addresses of phases, updates and 3D models, below /api/v1/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from catalog.api.views import phases

router = SimpleRouter(use_regex_path=False)
router.register("phases", phases.PhaseViewSet, basename="phase")

urlpatterns = [
    path(
        "developments/<uuid:development_id>/progress/",
        phases.ProgressView.as_view({"get": "progress", "post": "create"}),
        name="progress",
    ),
    *router.urls,
]
