"""Addresses of payments and webhooks, below /api/v1/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from bookings.api.views import payments, refunds, webhooks

router = SimpleRouter(use_regex_path=False)
router.register("payments", payments.PaymentViewSet, basename="payment")
router.register("refunds", refunds.RefundViewSet, basename="refund")

urlpatterns = [
    path("webhooks/<slug:gateway>/", webhooks.WebhookView.as_view(), name="webhook"),
    *router.urls,
]
