"""Addresses of contracts, cancellations, transfers and handovers, below /api/v1/."""

from rest_framework.routers import SimpleRouter

from bookings.api.views.deal_requests import CancellationViewSet, TransferViewSet
from bookings.api.views.deals import BookingDealsViewSet

router = SimpleRouter(use_regex_path=False)
router.register("bookings", BookingDealsViewSet, basename="booking-deal")
router.register("cancellations", CancellationViewSet, basename="cancellation")
router.register("transfers", TransferViewSet, basename="transfer")

urlpatterns = router.urls
