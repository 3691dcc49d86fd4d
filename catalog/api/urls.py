"""Addresses of the catalogue, below /api/v1/."""

from django.urls import include, path

urlpatterns = [
    path("", include("catalog.api.homes_urls")),
    path("", include("catalog.api.construction_urls")),
    path("", include("catalog.api.availability_urls")),
    path("", include("catalog.api.products_urls")),
    path("", include("catalog.api.streams_urls")),
]
