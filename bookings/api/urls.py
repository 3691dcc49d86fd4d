"""Addresses of bookings and payments, below /api/v1/."""

from django.urls import include, path

urlpatterns = [
    path("", include("bookings.api.homes_urls")),
    path("", include("bookings.api.deals_urls")),
    path("", include("bookings.api.payments_urls")),
    path("", include("bookings.api.instalments_urls")),
    path("", include("bookings.api.appointments_urls")),
    path("", include("bookings.api.changes_urls")),
    path("", include("bookings.api.offers_urls")),
    path("", include("bookings.api.sales_urls")),
    path("", include("bookings.api.reviews_urls")),
]
