"""Offers and reservations, as the API takes and shows them."""

from typing import Any

from rest_framework import serializers

from accounts.api.serializers.people import PersonSerializer
from accounts.models import User
from bookings.api.serializers.payments import AmountInput
from bookings.choices import TransactionStatus
from bookings.market_choices import OfferSide, OfferStatus
from bookings.models import Offer, Transaction
from catalog.models import Product
from config.shared.fields import VisibleRelatedField
from config.shared.money_fields import AmountField
from config.shared.serializers import ModelSerializer, Serializer

LONGEST_WAIT = 168
SIDE = serializers.ChoiceField(
    choices=OfferSide.choices, read_only=True, help_text="Which side made it; the other answers."
)
LIVE_STATUS = "The state now: an offer whose time is over is expired."


class OfferedProductSerializer(ModelSerializer):
    """The product that an offer is for, and what it costs now."""

    price = AmountField()

    class Meta:
        model = Product
        fields = ["id", "title", "price", "currency"]
        read_only_fields = fields


class OfferMoveSerializer(ModelSerializer):
    """One move of the bargaining that an offer is part of."""

    proposed_by = SIDE
    offered_price = AmountField()
    status = serializers.ChoiceField(
        source="live_status", choices=OfferStatus.choices, read_only=True, help_text=LIVE_STATUS
    )

    class Meta:
        model = Offer
        fields = [
            "id",
            "move_number",
            "proposed_by",
            "offered_price",
            "currency",
            "status",
            "message",
            "created_at",
            "responded_at",
        ]
        read_only_fields = fields


class OfferSerializer(ModelSerializer):
    """A price that a buyer or a seller proposes to the other."""

    product = OfferedProductSerializer(read_only=True)
    conversation = serializers.UUIDField(source="conversation_id", read_only=True)
    buyer = PersonSerializer(read_only=True)
    seller = PersonSerializer(read_only=True)
    proposer = serializers.UUIDField(source="proposer_id", read_only=True)
    proposed_by = SIDE
    # A field of this name is taken out of the class before anybody looks for the other parent.
    parent = serializers.UUIDField(  # type: ignore[assignment]
        source="parent_id", read_only=True, allow_null=True, help_text="The offer that it answers."
    )
    offered_price = AmountField()
    original_price = AmountField(help_text="What the product cost when the offer was made.")
    counter_price = AmountField(allow_null=True, help_text="What the other side answered with.")
    status = serializers.ChoiceField(
        source="live_status", choices=OfferStatus.choices, read_only=True, help_text=LIVE_STATUS
    )
    decided_by_rule = serializers.SerializerMethodField(
        help_text="For the seller: whether one of their thresholds answered. Null for the buyer.",
    )
    transaction = serializers.UUIDField(
        source="sale_id",
        read_only=True,
        allow_null=True,
        help_text="The sale that came of it, once it is accepted.",
    )

    class Meta:
        model = Offer
        fields = [
            "id",
            "product",
            "conversation",
            "buyer",
            "seller",
            "proposer",
            "proposed_by",
            "parent",
            "move_number",
            "offered_price",
            "original_price",
            "counter_price",
            "currency",
            "status",
            "message",
            "expires_at",
            "responded_at",
            "decided_by_rule",
            "transaction",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields

    def get_decided_by_rule(self, offer: Offer) -> bool | None:
        """Nobody but the seller learns of thresholds."""
        reader: Any = self.context["request"].user
        return offer.decided_by_rule if reader.pk == offer.seller_id else None


class OfferChainSerializer(OfferSerializer):
    """An offer with every move of the bargaining that it is part of, the first one first."""

    chain = OfferMoveSerializer(many=True, read_only=True)

    class Meta(OfferSerializer.Meta):
        fields = [*OfferSerializer.Meta.fields, "chain"]
        read_only_fields = fields


class PriceSerializer(Serializer):
    """A price to propose, and for how long it stands."""

    price = AmountInput(help_text="In the product's currency, above 0 and at most its price.")
    message = serializers.CharField(max_length=1000, required=False, allow_blank=True)
    expires_in_hours = serializers.IntegerField(
        min_value=1,
        max_value=LONGEST_WAIT,
        required=False,
        help_text="For how many hours it waits for an answer; left out, as the site says.",
    )


class OfferInputSerializer(PriceSerializer):
    """A product to bargain about, and the first price."""

    product = VisibleRelatedField(queryset=Product)


class ReserveSerializer(Serializer):
    """For whom the seller keeps a product, and at what price."""

    buyer = VisibleRelatedField(
        queryset=User, help_text="Somebody who has asked about it or made an offer for it."
    )
    price = AmountInput(required=False, help_text="Left out, it is the product's price.")


class ReservationSerializer(ModelSerializer):
    """A product that is kept for a buyer until a time."""

    product = OfferedProductSerializer(read_only=True)
    buyer = PersonSerializer(read_only=True)
    amount = AmountField()
    status = serializers.ChoiceField(choices=TransactionStatus.choices, read_only=True)

    class Meta:
        model = Transaction
        fields = [
            "id",
            "reference",
            "product",
            "buyer",
            "amount",
            "currency",
            "status",
            "reserved_until",
            "ended_reason",
        ]
        read_only_fields = fields
