"""Every address of the site: its pages, the API and the back office."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path

from config import pages, views
from config.shared import docs, error_pages
from messaging.pages import unsubscribe_page

handler400 = "config.shared.error_pages.bad_request"
handler403 = "config.shared.error_pages.permission_denied"
handler404 = "config.shared.error_pages.page_not_found"
handler500 = "config.shared.error_pages.server_error"

urlpatterns = [
    path("", views.root, name="root"),
    path("favicon.ico", views.icon),
    path("reset-password/", pages.reset_password, name="reset-password-page"),
    path("invitations/", pages.invitations, name="invitations-page"),
    path("export/", pages.export, name="export-page"),
    path("unsubscribe/<str:token>/", unsubscribe_page, name="unsubscribe-page"),
    path("metrics", views.figures, name="metrics"),
    path("api/v1/health/", views.HealthView.as_view(), name="health"),
    path("api/v1/health/ready/", views.ReadyView.as_view(), name="health-ready"),
    path("api/v1/health/live/", views.LiveView.as_view(), name="health-live"),
    # The same for load balancers and supervisors, where they look for them; not in the schema.
    path("health/", views.HealthView.as_view(schema=None)),
    path("health/ready/", views.ReadyView.as_view(schema=None)),
    path("health/live/", views.LiveView.as_view(schema=None)),
    path("api/v1/", include("accounts.api.urls")),
    path("api/v1/", include("catalog.api.urls")),
    path("api/v1/", include("messaging.api.urls")),
    path("api/v1/", include("bookings.api.urls")),
    path("api/v1/schema/", docs.SchemaView.as_view(), name="schema"),
    path("api/v1/staff/schema/", docs.StaffSchemaView.as_view(), name="staff-schema"),
    path("docs/", docs.SwaggerView.as_view(url_name="schema"), name="docs"),
    path("docs/problems/<slug:code>/", docs.ProblemView.as_view(), name="problem"),
    path("redoc/", docs.RedocView.as_view(url_name="schema"), name="redoc"),
    path(settings.ADMIN_PATH, admin.site.urls),
    # Stands last: whatever else is asked of the API is a problem document.
    re_path(r"^api/", error_pages.unknown_path),
]
