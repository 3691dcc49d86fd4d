"""Addresses of phases, updates and 3D models, below /api/v1/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from catalog.api.views import follows, models_3d, phases, updates

router = SimpleRouter(use_regex_path=False)
router.register("phases", phases.PhaseViewSet, basename="phase")
router.register(
    "developments/<uuid:development_id>/updates",
    updates.DevelopmentUpdateViewSet,
    basename="development-update",
)
router.register("updates", updates.UpdateViewSet, basename="update")
router.register(
    "developments/<uuid:development_id>/models",
    models_3d.DevelopmentModelViewSet,
    basename="development-model",
)
router.register("units/<uuid:unit_id>/models", models_3d.UnitModelViewSet, basename="unit-model")
router.register("models", models_3d.ModelViewSet, basename="model")
router.register(
    "me/followed-developments", follows.FollowedDevelopmentViewSet, basename="followed-development"
)

urlpatterns = [
    path(
        "developments/<uuid:development_id>/progress/",
        phases.ProgressView.as_view({"get": "progress", "post": "create"}),
        name="progress",
    ),
    path(
        "developments/<uuid:development_id>/follow/",
        follows.DevelopmentFollowView.as_view(
            {"get": "retrieve", "post": "follow", "delete": "unfollow"}
        ),
        name="development-follow",
    ),
    *router.urls,
]
