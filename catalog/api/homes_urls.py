"""Addresses of developments and units, below /api/v1/."""

from rest_framework.routers import SimpleRouter

from catalog.api.views import developments, units

router = SimpleRouter(use_regex_path=False)
router.register("developments", developments.DevelopmentViewSet, basename="development")
router.register(
    "developments/<uuid:development_id>/units",
    units.DevelopmentUnitsViewSet,
    basename="development-unit",
)
router.register("units", units.UnitViewSet, basename="unit")

urlpatterns = router.urls
