"""The market that is measured: feeds and searches over what is there, and people who write."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import JSONField, Value

from accounts.models import SystemSetting, User
from accounts.services.facts import RequestFacts
from accounts.services.sessions import open_session
from accounts.services.settings import drop_copies, ensure_settings
from accounts.services.tokens import issue_tokens
from bookings.models import Offer
from catalog.choices import ProductCategory, ProductCondition, ProductStatus
from catalog.models import Product
from config.benchmark.load import Ask
from config.shared.clock import database_now
from messaging.models import Conversation, LiveEvent, Notification, Participant
from messaging.services.conversations import open_product_conversation

MARK = "Bench sofa"
PRODUCTS = 40
LIMIT = "messages_per_minute"
FEED = "/api/v1/products/?feed=discover&page_size=20&category=furniture"
SEARCH = "/api/v1/products/?feed=discover&page_size=20&search=velvet+sofa"
NEAR = "/api/v1/products/?lat=25.08&lng=55.14&radius=5&ordering=distance&page_size=20"
CONVERSATIONS = "/api/v1/conversations/?page_size=20"
# What changes something.
WRITES = frozenset({"message"})
JSON = ("Content-Type", "application/json")


@dataclass(frozen=True, slots=True)
class Market:
    """What there is to be looked at, and where people talk."""

    product: Product
    talks: Sequence[tuple[User, Conversation]]


@contextmanager
def bench_market(people: Sequence[User]) -> Iterator[Market]:
    """Products and conversations of the benchmark's own, which are gone afterwards."""
    remove_bench_market()
    products = [_product(people[0], number) for number in range(PRODUCTS)]
    Product.objects.bulk_create(products)
    ensure_settings()
    before = SystemSetting.objects.get(key=LIMIT).value
    SystemSetting.objects.filter(key=LIMIT).update(value=1000)
    try:
        talks = [
            (buyer, open_product_conversation(product=product, buyer=buyer, counted=False))
            for buyer in people[1:]
            for product in products[:20]
        ]
        yield Market(product=products[0], talks=talks)
    finally:
        # A setting that nobody changed has JSON's null, which is not the database's.
        kept = Value(None, JSONField()) if before is None else before
        SystemSetting.objects.filter(key=LIMIT).update(value=kept)
        drop_copies()
        remove_bench_market()


def remove_bench_market() -> None:
    """Delete what a run, also one that was killed, has left."""
    products = list(Product.objects.filter(title__startswith=MARK).values_list("pk", flat=True))
    talks = Conversation.objects.filter(product__in=products)
    people = set(Participant.objects.filter(conversation__in=talks).values_list("user", flat=True))
    Offer.objects.filter(product__in=products).delete()
    talks.delete()
    LiveEvent.objects.filter(user__in=people).delete()
    Notification.objects.filter(user__in=people).delete()
    Product.objects.filter(pk__in=products).delete()


def market_asks(
    market: Market, *, connections: int
) -> dict[str, Callable[[], Sequence[Sequence[Ask]]]]:
    """What each connection asks for again and again, by the name of the case."""
    detail = f"/api/v1/products/{market.product.pk}/"
    return {
        "products": lambda: _everybody(FEED, connections),
        "product search": lambda: _everybody(SEARCH, connections),
        "products near": lambda: _everybody(NEAR, connections),
        "product": lambda: _everybody(detail, connections),
        "conversations": lambda: [
            [Ask("GET", CONVERSATIONS, (_bearer(person),))]
            for person, _ in _places(market, connections)
        ],
        "message": lambda: [
            [_message(person, talk)] for person, talk in _places(market, connections)
        ],
    }


def _places(market: Market, connections: int) -> Sequence[tuple[User, Conversation]]:
    """A person and a conversation for each connection, as different ones as there are."""
    by_person = {person.pk: (person, talk) for person, talk in market.talks}
    places = list(by_person.values())
    return [places[number % len(places)] for number in range(connections)]


def _everybody(path: str, connections: int) -> Sequence[Sequence[Ask]]:
    return [[Ask("GET", path)] for _ in range(connections)]


def _bearer(person: User) -> tuple[str, str]:
    session = open_session(user=person, amr={"pwd"}, facts=RequestFacts())
    return "Authorization", f"Bearer {issue_tokens(user=person, session=session).access_token}"


def _message(person: User, talk: Conversation) -> Ask:
    body = {"content": "Is this still available?"}
    path = f"/api/v1/conversations/{talk.pk}/messages/"
    return Ask("POST", path, (JSON, _bearer(person)), json.dumps(body).encode())


def _product(seller: User, number: int) -> Product:
    now = database_now()
    return Product(
        seller=seller,
        title=f"{MARK} {number}",
        description="Three seats, velvet.",
        price=Decimal(200 + number),
        category=ProductCategory.FURNITURE,
        condition=ProductCondition.GOOD,
        status=ProductStatus.ACTIVE,
        lat=25.08,
        lng=55.14,
        published_at=now,
        discover_from=now,
    )
