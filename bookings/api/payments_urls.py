"""Addresses of payments and webhooks, below /api/v1/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from bookings.api.views import papers, payments, refunds, webhooks

router = SimpleRouter(use_regex_path=False)
router.register("payments", payments.PaymentViewSet, basename="payment")
router.register("refunds", refunds.RefundViewSet, basename="refund")

urlpatterns = [
    path("webhooks/<slug:gateway>/", webhooks.WebhookView.as_view(), name="webhook"),
    path("payments/<uuid:pk>/receipt/", papers.ReceiptView.as_view(), name="payment-receipt"),
    path("bookings/<uuid:pk>/statement/", papers.StatementView.as_view(), name="booking-statement"),
    *router.urls,
]
