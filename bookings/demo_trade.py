"""What buyers and sellers of the demo have said and offered: ``demo_data/market.toml``, as rows.

Each deal is a conversation about a product, a chain of offers within it, and often a sale
(``bookings.demo_sales``).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from accounts.models import User
from bookings.market_choices import OfferStatus
from bookings.models import Offer
from bookings.services.offer_notices import snapshot
from catalog.models import Product
from config.shared.seeding import Seed
from messaging.choices import ConversationKind, MessageType, ParticipantRole
from messaging.demo_talk import Line, Talk

OFFER = "offer"
A_DAY = timedelta(hours=24)
# Between two lines, where the table says nothing.
PAUSE = 0.4


@dataclass(eq=False)
class Trade:
    """One deal of the table; ``decider`` is who of the staff decides where the two do not agree."""

    seed: Seed
    words: Mapping[str, Any]
    product: Product
    buyer: User
    decider: User
    offers: list[Offer] = field(default_factory=list)

    @property
    def topic(self) -> tuple[str, str, str]:
        """What names it in the seed."""
        return ("trade", self.words["product"], self.words["buyer"])

    @property
    def began(self) -> datetime:
        return self.seed.present - timedelta(hours=self.words["hours"])

    @cached_property
    def times(self) -> list[datetime]:
        """When each line was said."""
        at, found = self.began, []
        for who, *rest in self.words["talk"]:
            given = rest[1] if who != OFFER and len(rest) > 1 else PAUSE
            at += timedelta(hours=given)
            found.append(min(at, self.seed.present))
        return found

    @property
    def agreed(self) -> Offer | None:
        """The offer that was accepted, if one was."""
        return next((row for row in self.offers if row.status == OfferStatus.ACCEPTED), None)

    @property
    def agreed_at(self) -> datetime:
        """When they had agreed: as the offer was accepted, or after the last line."""
        offer = self.agreed
        if offer is not None and offer.responded_at is not None:
            return offer.responded_at
        return min(self.times[-1] + timedelta(hours=PAUSE), self.seed.present)

    def side(self, name: str) -> User:
        """The buyer or the seller."""
        return self.buyer if name == "buyer" else self.product.seller


def add_offers(trade: Trade) -> None:
    """Make the offers of a deal, each answering the one before it where that was countered."""
    before: Offer | None = None
    conversation = talk_of(trade).key
    for place, (who, *rest) in enumerate(trade.words["talk"]):
        if who != OFFER:
            continue
        side, price, status, text = rest
        at = trade.times[place]
        answers = before if before and before.status == OfferStatus.COUNTERED else None
        row = Offer(
            id=trade.seed.key("offer", *trade.topic, place),
            product=trade.product,
            conversation_id=conversation,
            buyer=trade.buyer,
            seller=trade.product.seller,
            proposer=trade.side(side),
            parent=answers,
            move_number=answers.move_number + 1 if answers else 1,
            offered_price=Decimal(price),
            original_price=trade.product.price,
            currency=trade.product.currency,
            status=status,
            message=text,
            expires_at=at + A_DAY,
            responded_at=_answered(trade, place, status),
            created_at=at,
        )
        if answers is not None:
            answers.counter_price = row.offered_price
            answers.responded_at = at
        trade.offers.append(row)
        before = row


def _answered(trade: Trade, place: int, status: str) -> datetime | None:
    if status == OfferStatus.PENDING:
        return None
    at = trade.times[place]
    if status == OfferStatus.EXPIRED:
        return at + A_DAY
    following = trade.times[place + 1 : place + 2]
    return following[0] if following else min(at + timedelta(hours=PAUSE), trade.seed.present)


def talk_of(trade: Trade) -> Talk:
    """The conversation of a deal, offers among its lines."""
    offers = iter(trade.offers)
    return Talk(
        seed=trade.seed,
        topic=trade.topic,
        kind=ConversationKind.PRODUCT,
        roles={
            trade.buyer: ParticipantRole.BUYER,
            trade.product.seller: ParticipantRole.SELLER,
        },
        lines=list(_lines(trade, offers)) if trade.offers or _is_talk_only(trade) else [],
        began=trade.began,
        product=trade.product,
        unread=trade.words.get("unread", 0),
    )


def _is_talk_only(trade: Trade) -> bool:
    return all(line[0] != OFFER for line in trade.words["talk"])


def _lines(trade: Trade, offers: Iterator[Offer]) -> Iterator[Line]:
    for who, *rest in trade.words["talk"]:
        if who == OFFER:
            row = next(offers)
            yield Line(
                sender=row.proposer,
                content=row.message,
                hours=PAUSE,
                kind=MessageType.OFFER,
                offer=row.pk,
                offer_data=snapshot(row),
            )
        else:
            flagged = ["phone"] if "050 123" in rest[0] else []
            hours = rest[1] if len(rest) > 1 else PAUSE
            yield Line(trade.side(who), rest[0], hours, flags=flagged)
