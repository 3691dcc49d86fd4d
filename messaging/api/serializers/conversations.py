"""Conversations, as the API takes and shows them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from accounts.api.pictures import address_for
from accounts.api.serializers.people import PersonSerializer
from accounts.models import User
from catalog.models import Product
from config.shared.fields import VisibleRelatedField
from config.shared.money_fields import AmountField
from config.shared.serializers import ModelSerializer, Serializer
from messaging.api.serializers.messages import MessageSerializer
from messaging.choices import ConversationKind
from messaging.models import Conversation, Participant

MOST_SEQ = 2**63 - 1
MOST_HOURS = 24 * 365
OPENED = (
    ConversationKind.DIRECT,
    ConversationKind.PRODUCT,
    ConversationKind.BOOKING,
    ConversationKind.APPOINTMENT,
    ConversationKind.SUPPORT,
)
# What a conversation of each kind is opened with.
OPENED_WITH = {
    ConversationKind.DIRECT: "user",
    ConversationKind.PRODUCT: "product",
    ConversationKind.BOOKING: "subject",
    ConversationKind.APPOINTMENT: "subject",
}


class ConversationProductSerializer(ModelSerializer):
    """The product that a conversation is about, as it is now."""

    price = AmountField()
    image_url = serializers.SerializerMethodField(
        help_text="Its first photograph; that of a private one works for minutes."
    )

    class Meta:
        model = Product
        fields = ["id", "title", "price", "currency", "status", "image_url"]
        read_only_fields = fields

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_image_url(self, product: Product) -> str | None:
        first = next(iter(product.pictures.all()), None)
        if first is None:
            return None
        return address_for(first.media, viewer=self.context["request"].user, rendition="320")


class TalkerSerializer(ModelSerializer):
    """Somebody who takes part."""

    user = PersonSerializer(read_only=True)

    class Meta:
        model = Participant
        fields = ["user", "role"]
        read_only_fields = fields


class ConversationSerializer(ModelSerializer):
    """What people say to each other, as the caller keeps it."""

    product = ConversationProductSerializer(read_only=True, allow_null=True)
    subject = serializers.UUIDField(source="subject_id", read_only=True, allow_null=True)
    people = serializers.SerializerMethodField(help_text="The others.")
    buyer = serializers.UUIDField(source="buyer_id", read_only=True, allow_null=True)
    seller = serializers.UUIDField(source="seller_id", read_only=True, allow_null=True)
    last_message = serializers.SerializerMethodField()
    last_read_seq = serializers.SerializerMethodField(help_text="As far as the caller has read.")
    unread_count = serializers.SerializerMethodField(
        help_text="What the caller has not read of what others said; counting stops at 100."
    )
    is_archived = serializers.SerializerMethodField(help_text="Whether the caller put it away.")
    muted_until = serializers.SerializerMethodField(
        help_text="Until when the caller is told of nothing; the year 9999 is for ever."
    )
    unread_count_buyer = serializers.SerializerMethodField()
    unread_count_seller = serializers.SerializerMethodField()
    is_archived_buyer = serializers.SerializerMethodField()
    is_archived_seller = serializers.SerializerMethodField()

    class Meta:
        model = Conversation
        fields = [
            "id",
            "kind",
            "product",
            "subject_type",
            "subject",
            "people",
            "buyer",
            "seller",
            "last_message",
            "last_message_at",
            "last_seq",
            "last_read_seq",
            "unread_count",
            "is_archived",
            "muted_until",
            "unread_count_buyer",
            "unread_count_seller",
            "is_archived_buyer",
            "is_archived_seller",
            "is_closed",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields

    @extend_schema_field(TalkerSerializer(many=True))
    def get_people(self, conversation: Any) -> Any:
        mine = self.context["request"].user.pk
        others = [
            place
            for place in conversation.places
            if place.user_id != mine and place.left_at is None
        ]
        return TalkerSerializer(others, many=True, context=self.context).data

    @extend_schema_field(MessageSerializer(allow_null=True))
    def get_last_message(self, conversation: Any) -> Any:
        last, place = conversation.last_message, self._mine(conversation)
        if last is None or (place.left_seq is not None and last.seq > place.left_seq):
            return None
        return MessageSerializer(last, context=self.context).data

    def get_last_read_seq(self, conversation: Any) -> int:
        return int(self._mine(conversation).last_read_seq)

    def get_unread_count(self, conversation: Any) -> int:
        return int(self._mine(conversation).unread_count)

    def get_is_archived(self, conversation: Any) -> bool:
        return bool(self._mine(conversation).is_archived)

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_muted_until(self, conversation: Any) -> Any:
        until = self._mine(conversation).silent_until
        return None if until is None else serializers.DateTimeField().to_representation(until)

    def get_unread_count_buyer(self, conversation: Any) -> int:
        place = _place(conversation, conversation.buyer_id)
        return place.unread_count if place else 0

    def get_unread_count_seller(self, conversation: Any) -> int:
        place = _place(conversation, conversation.seller_id)
        return place.unread_count if place else 0

    def get_is_archived_buyer(self, conversation: Any) -> bool:
        place = _place(conversation, conversation.buyer_id)
        return bool(place and place.is_archived)

    def get_is_archived_seller(self, conversation: Any) -> bool:
        place = _place(conversation, conversation.seller_id)
        return bool(place and place.is_archived)

    def _mine(self, conversation: Any) -> Any:
        return _place(conversation, self.context["request"].user.pk)


class OpenSerializer(Serializer):
    """With whom, or about what: `user` for a direct one, `product`, or the `subject` of others."""

    kind = serializers.ChoiceField(choices=[(kind.value, kind.label) for kind in OPENED])
    user = VisibleRelatedField(queryset=User, required=False)
    product = VisibleRelatedField(queryset=Product, required=False)
    subject = serializers.UUIDField(
        required=False, help_text="The booking or the appointment, for those kinds."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        needed = OPENED_WITH.get(ConversationKind(attrs["kind"]))
        if needed and needed not in attrs:
            detail = f"A conversation of this kind is opened with its {needed}."
            raise serializers.ValidationError({needed: ErrorDetail(detail, "required")})
        return attrs


class ReadSerializer(Serializer):
    """How far."""

    seq = serializers.IntegerField(
        min_value=0,
        max_value=MOST_SEQ,
        required=False,
        help_text="The place of the last message that was read; left out, all of them.",
    )


class MuteSerializer(Serializer):
    """For how long."""

    hours = serializers.IntegerField(
        min_value=1,
        max_value=MOST_HOURS,
        required=False,
        allow_null=True,
        help_text="Left out: for ever.",
    )


class UnreadSerializer(Serializer):
    """What waits to be read."""

    conversations = serializers.IntegerField(help_text="In which something waits.")
    messages = serializers.IntegerField(
        help_text="In all; of each conversation at most 100 are counted."
    )


def _place(conversation: Any, user_id: Any) -> Any:
    return next((place for place in conversation.places if place.user_id == user_id), None)
