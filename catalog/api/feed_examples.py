"""What the feeds of products look like in the API's description."""

from typing import Any

CARD: dict[str, Any] = {
    "id": "0199c3a4-d3e8-74a6-b1d2-95a3b4c5d6e7",
    "seller": {
        "id": "0199c3a4-8e93-7f51-ac7d-405e6f708192",
        "name": "Amina Rahman",
        "username": "amina.rahman",
        "avatar_url": None,
    },
    "title": "Three-seat velvet sofa",
    "price": "1450.00",
    "original_price": "3900.00",
    "currency": "AED",
    "category": "furniture",
    "condition": "good",
    "feed_type": "discover",
    "building": None,
    "neighborhood": "Dubai Marina",
    "status": "active",
    "is_available": True,
    "reserved_until": None,
    "listed_at": "2026-11-28T09:00:00Z",
    "like_count": 12,
    "is_liked": False,
    "image": {
        "id": "01931f5e-7a00-7cc3-98c4-dc0c0c07398f",
        "links": {
            "320": "https://courtyard.example/api/v1/media/01931f5e-7a00-7cc3-98c4-dc0c0c07398f"
            "/file/?rendition=320"
        },
    },
    "location": {"lat": 25.085, "lng": 55.1436},
    "distance_m": 1_200,
    "why": [
        {"code": "followed_seller", "text": "You follow the seller."},
        {"code": "freshness", "text": "It has been listed since 28 November 2026."},
    ],
}
PAGE = {
    "next": "https://courtyard.example/api/v1/products/?cursor=WzAsMTIsNF0%3A1vOqWc%3AkT9x",
    "previous": None,
    "results": [CARD],
}
MAP = {
    "results": [
        {
            "location": {"lat": 25.0817, "lng": 55.1402},
            "count": 214,
            "currency": "AED",
            "min_price": "15.00",
            "ids": None,
        },
        {
            "location": {"lat": 25.105, "lng": 55.1727},
            "count": 1,
            "currency": "AED",
            "min_price": "1450.00",
            "ids": [CARD["id"]],
        },
    ]
}
