"""One of everything that the market knows, of somebody who sells and buys."""

from collections.abc import Mapping
from typing import Any

from accounts.models import User
from accounts.tests.factories.papers import CheckedFileFactory
from accounts.tests.factories.people import UserFactory
from bookings.tests.factories.market import (
    OfferFactory,
    ReservationFactory,
    ReviewFactory,
    released,
)
from catalog.tests.factories.market import ProductFactory

# What people and organizations are rated is shown to everybody who sees them.
OPEN_TO_ALL = frozenset({"users_rating", "organizations_rating"})
BODIES: dict[str, dict[str, Any]] = {
    "offers_counter": {"price": "190.00"},
    "offers_create": {"price": "100.00"},
    "products_create": {
        "title": "Sofa",
        "price": "100.00",
        "category": "furniture",
        "condition": "good",
    },
    "products_partial_update": {"title": "Mine now"},
    "products_remove": {"reason": "Mine now"},
    "reviews_create": {"rating": 5},
    "reviews_partial_update": {"rating": 1},
    "reviews_reply": {"text": "Not so"},
    "payments_dispute": {"reason": "Mine now"},
    "payments_handover": {"code": "246810"},
    "products_sold": {"amount": "1.00"},
    "transactions_cancel": {"reason": "Mine now"},
    "transactions_decide_dispute": {"outcome": "refunded", "note": "Mine now"},
    "transactions_dispute": {"reason": "Mine now"},
    "transactions_handover": {"code": "246810"},
    "transactions_pay": {},
    "transactions_refuse_decision": {"reason": "Mine now"},
    "transactions_refund": {"reason": "goodwill", "amount": "1.00"},
}


def market_of(owner: User) -> dict[str, dict[str, Any]]:
    """Keys of what ``owner`` sells and buys, and has written of others that nobody reads yet."""
    product = ProductFactory(draft=True, seller=owner)
    return {
        "offers/": {"id": OfferFactory(buyer=owner).pk},
        "products/": {"id": product.pk, "product_id": product.pk},
        "reviews/": {"id": ReviewFactory(transaction=released(buyer=owner)).pk},
        "transactions/": {"id": ReservationFactory(buyer=owner).pk},
        "users/": {"id": owner.pk, "user_id": owner.pk},
    }


def named_market_of(keys: Mapping[str, Mapping[str, Any]], owner: User) -> dict[str, Any]:
    """What bodies can name of the market, by the names that they give it."""
    file = CheckedFileFactory(owner=owner)
    return {
        "appointment": keys["appointments/"]["id"],
        "buyer": UserFactory(suspended=True).pk,
        "offer": keys["offers/"]["id"],
        "product": keys["products/"]["id"],
        "transaction": keys["transactions/"]["id"],
        "video": file.pk,
        "video_thumbnail": file.pk,
    }
