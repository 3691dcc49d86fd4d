"""Addresses of instalments, exports and figures, below /api/v1/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from bookings.api.views import exports, figures, instalments

router = SimpleRouter(use_regex_path=False)
router.register("instalments", instalments.InstalmentViewSet, basename="instalment")

EXPORTS = {
    "bookings": exports.BookingExportView,
    "instalments": exports.InstalmentExportView,
    "payments": exports.PaymentExportView,
}

urlpatterns = [
    path(
        "bookings/<uuid:booking_id>/instalments/",
        instalments.BookingInstalmentsView.as_view({"get": "list"}),
        name="booking-instalments",
    ),
    path(
        "developments/<uuid:development_id>/summary/",
        figures.FiguresView.as_view(),
        name="development-summary",
    ),
    *(
        path(f"exports/{name}.{kind}", view.as_view({"get": kind}), name=f"export-{name}-{kind}")
        for name, view in EXPORTS.items()
        for kind in ("csv", "xlsx")
    ),
    *router.urls,
]
