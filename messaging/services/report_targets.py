"""What can be reported of the apps below: messages, products, streams and people."""

from typing import Any

from accounts.models import User
from catalog.models import Product, Stream
from catalog.services.product_moves import remove_product
from catalog.services.stream_shows import end_stream
from messaging.models import Message
from messaging.services.moderation_context import remove_message
from messaging.services.reportables import Reportable, register_reportable

LONGEST = 1000


def _of_message(message: Message) -> dict[str, str]:
    return {"content": message.content, "sent_at": message.created_at.isoformat()}


def _of_product(product: Product) -> dict[str, str]:
    return {
        "title": product.title,
        "description": product.description[:LONGEST],
        "price": f"{product.price.normalize():f} {product.currency}",
    }


def _of_stream(stream: Stream) -> dict[str, str]:
    return {"title": stream.title, "description": stream.description[:LONGEST]}


def _of_person(person: User) -> dict[str, str]:
    return {"name": person.full_name, "bio": person.bio[:LONGEST]}


def _take_down_message(message: Any, actor: User, reason: str) -> object:
    return remove_message(message=message, actor=actor, reason=reason)


def _take_down_product(product: Any, actor: User, reason: str) -> object:
    return remove_product(product=product, actor=actor, reason=reason)


def _end_stream(stream: Any, actor: User, reason: str) -> object:
    return end_stream(stream=stream, actor=actor, reason=reason)


register_reportable(
    Reportable(
        name="message",
        label="messaging.message",
        accused=lambda message: message.sender,
        snapshot=_of_message,
        remove=_take_down_message,
    )
)
register_reportable(
    Reportable(
        name="product",
        label="catalog.product",
        accused=lambda product: product.seller,
        snapshot=_of_product,
        remove=_take_down_product,
    )
)
register_reportable(
    Reportable(
        name="stream",
        label="catalog.stream",
        accused=lambda stream: stream.user,
        snapshot=_of_stream,
        end=_end_stream,
    )
)
register_reportable(
    Reportable(
        name="user",
        label="accounts.user",
        accused=lambda person: person,
        snapshot=_of_person,
    )
)
