"""Addresses of sales, below /api/v1/."""

from django.urls import URLPattern, URLResolver, path
from rest_framework.routers import SimpleRouter

from bookings.api.views import sale_aliases, sale_statements, sales

router = SimpleRouter(use_regex_path=False)
router.register("transactions", sales.TransactionViewSet, basename="transaction")

urlpatterns: list[URLPattern | URLResolver] = [
    path(
        "products/<uuid:product_id>/sold/",
        sales.ProductSaleViewSet.as_view({"post": "sold"}),
        name="product-sold",
    ),
    path(
        "products/<uuid:product_id>/relist/",
        sales.ProductRelistingViewSet.as_view({"post": "relist"}),
        name="product-relist",
    ),
    path(
        "payments/payout-account/",
        sales.PayoutAccountViewSet.as_view({"post": "open"}),
        name="payout-account",
    ),
    path(
        "payments/<uuid:pk>/handover/",
        sale_aliases.PaidSaleViewSet.as_view({"post": "handover"}),
        name="payment-handover",
    ),
    path(
        "payments/<uuid:pk>/dispute/",
        sale_aliases.PaidSaleViewSet.as_view({"post": "dispute"}),
        name="payment-dispute",
    ),
    path(
        "transactions/statement/",
        sale_statements.StatementView.as_view(),
        name="transaction-statement",
    ),
    path(
        "transactions/statement.csv",
        sale_statements.StatementFileView.as_view(),
        name="transaction-statement-csv",
    ),
    *router.urls,
]
