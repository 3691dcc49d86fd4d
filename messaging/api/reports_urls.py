"""Addresses of reports, below /api/v1/."""

from rest_framework.routers import SimpleRouter

from messaging.api.views import reports

router = SimpleRouter(use_regex_path=False)
router.register("reports", reports.ReportViewSet, basename="report")

urlpatterns = router.urls
