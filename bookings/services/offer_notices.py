"""What both sides of an offer are told, and what stands in their conversation about it.

Whatever one of the seller's thresholds decided looks as if the seller had: same message, same
notification, same event.
"""

from typing import Any

from accounts.models import User
from bookings.models import Offer
from bookings.services.offer_rules import may_deal
from config.shared.money import grouped, written
from config.shared.realtime import publish
from messaging.choices import MessageType
from messaging.services.messages import post_message
from messaging.services.notifications import notify


def tell_of_offer(*, offer: Offer) -> None:
    """Tell the other side of an offer or a counter-offer."""
    template = "offer_received" if offer.move_number == 1 else "offer_countered"
    _notify(offer, template, other_side(offer), until=offer.expires_at)


def tell_of_agreement(*, offer: Offer, actor: User | None) -> None:
    """Tell whoever did not accept that the product is reserved; both, if a threshold did."""
    for person in (offer.buyer, offer.seller):
        if person != actor:
            until = offer.transaction.reserved_until
            _notify(offer, "offer_accepted", person, until=until)


def tell_of_refusal(*, offer: Offer) -> None:
    """Tell whoever made the offer that it was declined."""
    _notify(offer, "offer_declined", offer.proposer)


def tell_of_withdrawal(*, offer: Offer) -> None:
    """Tell the other side that they need not answer any more."""
    _notify(offer, "offer_withdrawn", other_side(offer))


def tell_of_expiry(*, offer: Offer) -> None:
    """Tell whoever made the offer that nobody answered in time."""
    _notify(offer, "offer_expired", offer.proposer)


def tell_of_end(*, offer: Offer) -> None:
    """Tell the buyer that the product is no longer for sale."""
    _notify(offer, "offer_ended", offer.buyer)


def say(*, offer: Offer, sender: User) -> None:
    """Put the offer as it is now into the conversation, in the name of ``sender``."""
    first = sender == offer.proposer and offer.responded_at is None
    post_message(
        conversation=offer.conversation,
        sender=sender,
        content=offer.message if first else "",
        message_type=MessageType.OFFER,
        offer_id=offer.pk,
        offer_data=snapshot(offer),
    )


def say_if_possible(*, offer: Offer, sender: User) -> None:
    """Put the end of an offer into the conversation, unless nothing can be said there any more.

    An offer can be declined or taken back also by somebody who has shut the other out.
    """
    if not offer.conversation.is_closed and may_deal(buyer=offer.buyer, seller=offer.seller):
        say(offer=offer, sender=sender)


def publish_offer(*, offer: Offer) -> None:
    """Let the clients of both sides know that the offer has changed."""
    publish(
        users=[offer.buyer_id, offer.seller_id],
        event="offer.changed",
        data={
            "offer": offer.pk,
            "product": offer.product_id,
            "conversation": offer.conversation_id,
            "status": offer.status,
        },
    )


def snapshot(offer: Offer) -> dict[str, Any]:
    """The offer as a message shows it ever after; nothing of the seller's thresholds."""
    return {
        "offer": str(offer.pk),
        "product": str(offer.product_id),
        "price": written(offer.offered_price, offer.currency),
        "original_price": written(offer.original_price, offer.currency),
        "currency": offer.currency,
        "by": "buyer" if offer.proposer_id == offer.buyer_id else "seller",
        "move_number": offer.move_number,
        "status": str(offer.status),
        "expires_at": offer.expires_at.isoformat(),
    }


def other_side(offer: Offer) -> User:
    """Who answers the offer."""
    return offer.seller if offer.proposer_id == offer.buyer_id else offer.buyer


def _notify(offer: Offer, template: str, person: User, **values: Any) -> None:
    notify(
        user=person,
        template=template,
        context={
            "product": offer.product.title,
            "amount": grouped(offer.offered_price, offer.currency),
            **values,
        },
        dedupe_key=f"{offer.pk}:{person.pk}",
        link=f"/api/v1/offers/{offer.pk}/",
    )
