"""Every address of the site: its pages, the API and the back office."""

from django.conf import settings
from django.contrib import admin
from django.urls import path

from config import views

urlpatterns = [
    path("", views.root, name="root"),
    path("metrics", views.figures, name="metrics"),
    path("api/v1/health/", views.HealthView.as_view(), name="health"),
    path("api/v1/health/ready/", views.ReadyView.as_view(), name="health-ready"),
    path("api/v1/health/live/", views.LiveView.as_view(), name="health-live"),
    # The same for load balancers and supervisors, where they look for them; not in the schema.
    path("health/", views.HealthView.as_view(schema=None)),
    path("health/ready/", views.ReadyView.as_view(schema=None)),
    path("health/live/", views.LiveView.as_view(schema=None)),
    path(settings.ADMIN_PATH, admin.site.urls),
]
