"""Addresses of the kernel's test views, with everything that the real configuration adds."""

from django.urls import include, path, re_path
from rest_framework.routers import SimpleRouter

from config.shared import docs, error_pages
from config.tests import kernel_views as views
from config.tests.kernel_trouble import TroubleViewSet

handler400 = "config.shared.error_pages.bad_request"
handler403 = "config.shared.error_pages.permission_denied"
handler404 = "config.shared.error_pages.page_not_found"
handler500 = "config.shared.error_pages.server_error"

router = SimpleRouter()
router.register("buildings", views.BuildingViewSet, basename="building")
router.register("feed", views.FeedViewSet, basename="feed")
router.register("mixed-feed", views.MixedFeedViewSet, basename="mixed-feed")
router.register("forgotten", views.ForgottenViewSet, basename="forgotten")
router.register("orders", views.OrderViewSet, basename="order")

trouble = SimpleRouter()
trouble.register("trouble", TroubleViewSet, basename="trouble")

urlpatterns = [
    path("api/v1/", include(router.urls)),
    path("api/v1/surveys/", views.SurveyView.as_view()),
    path("api/v1/callbacks/", views.CallbackView.as_view()),
    path("api/v1/halfway/", views.HalfwayView.as_view()),
    path("api/v1/staff/curtain/", views.StaffView.as_view()),
    path("api/v1/", include(trouble.urls)),
    path("api/v1/schema/", docs.SchemaView.as_view(), name="schema"),
    path("docs/problems/<slug:code>/", docs.ProblemView.as_view(), name="problem"),
    re_path(r"^api/", error_pages.unknown_path),
]
