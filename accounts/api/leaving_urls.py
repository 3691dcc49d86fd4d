"""Addresses for taking one's data away, resting, and being forgotten."""

from django.urls import path

from accounts.api.views import leaving

urlpatterns = [
    path("me/export/", leaving.ExportView.as_view(), name="me-export"),
    path("me/export/archive/", leaving.ArchiveView.as_view(), name="me-export-archive"),
    path("me/deactivate/", leaving.DeactivateView.as_view(), name="me-deactivate"),
    path("me/erase/", leaving.EraseView.as_view(), name="me-erase"),
]
