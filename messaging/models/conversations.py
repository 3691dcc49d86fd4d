"""What people say to each other."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from config.shared.models import IdentifiedModel, TimeStampedModel
from config.shared.search import WeightedVector
from messaging.choices import ConversationKind, MessageType, ParticipantRole
from messaging.querysets.conversations import (
    ConversationQuerySet,
    MessageQuerySet,
    ParticipantQuerySet,
)


class Conversation(TimeStampedModel):
    """What two or more people say to each other, about one thing or about nothing in particular."""

    kind = models.CharField(max_length=12, choices=ConversationKind)
    product = models.ForeignKey(
        "catalog.Product", models.PROTECT, null=True, blank=True, related_name="conversations"
    )
    subject_type = models.CharField(
        max_length=60, blank=True, help_text="The model of a thing of a higher app, lower case."
    )
    subject_id = models.UUIDField(null=True, blank=True)
    pair_key = models.CharField(
        max_length=80,
        blank=True,
        editable=False,
        help_text="The people of a conversation between two, their ids in order.",
    )
    buyer = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="conversations_as_buyer",
    )
    seller = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="conversations_as_seller",
    )
    last_message = models.ForeignKey(
        "messaging.Message", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    last_message_at = models.DateTimeField(
        db_default=Now(), editable=False, help_text="When the last message came, or it was opened."
    )
    last_seq = models.PositiveBigIntegerField(default=0, editable=False)
    is_closed = models.BooleanField(default=False)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        ordering = ["-last_message_at", "-pk"]
        permissions = [("answer_support", "May answer what people ask the staff")]
        indexes = [
            models.Index(
                F("last_message_at").desc(), F("id").desc(), name="messaging_conversation_recent"
            ),
            models.Index("subject_type", "subject_id", name="messaging_conversation_subject"),
            models.Index(
                "last_message_at",
                condition=Q(kind=ConversationKind.SUPPORT),
                name="messaging_conversation_asked",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "product", "subject_type", "subject_id", "pair_key"],
                nulls_distinct=False,
                name="messaging_conversation_once",
                violation_error_code="conversation_exists",
                violation_error_message="There is a conversation about this already.",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind=ConversationKind.PRODUCT,
                    product__isnull=False,
                    buyer__isnull=False,
                    seller__isnull=False,
                )
                | (
                    ~Q(kind=ConversationKind.PRODUCT)
                    & Q(product__isnull=True, buyer__isnull=True, seller__isnull=True)
                ),
                name="messaging_conversation_product",
                violation_error_code="product_contradicts_kind",
                violation_error_message="Only one about a product has a product, buyer and seller.",
            ),
            models.CheckConstraint(
                condition=(Q(subject_type="") & Q(subject_id__isnull=True))
                | (~Q(subject_type="") & Q(subject_id__isnull=False)),
                name="messaging_conversation_subject_pair",
                violation_error_code="subject_incomplete",
                violation_error_message="A subject has a kind and an identifier, or neither.",
            ),
            models.CheckConstraint(
                condition=Q(buyer__isnull=True) | ~Q(buyer=F("seller")),
                name="messaging_conversation_two",
                violation_error_code="not_yourself",
                violation_error_message="Nobody talks to themselves.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"


class Participant(IdentifiedModel):
    """Somebody's place in a conversation: how far they have read, and how they keep it."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="participants")
    user = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="participations", verbose_name="person"
    )
    role = models.CharField(max_length=10, choices=ParticipantRole, default=ParticipantRole.MEMBER)
    last_read_seq = models.PositiveBigIntegerField(default=0, editable=False)
    last_read_at = models.DateTimeField(null=True, blank=True, editable=False)
    notified_seq = models.PositiveBigIntegerField(default=0, editable=False)
    is_archived = models.BooleanField(default=False)
    muted_until = models.DateTimeField(null=True, blank=True)
    joined_seq = models.PositiveBigIntegerField(
        default=0, editable=False, help_text="They see what was said after it."
    )
    joined_at = models.DateTimeField(db_default=Now(), editable=False)
    left_at = models.DateTimeField(null=True, blank=True, editable=False)
    left_seq = models.PositiveBigIntegerField(
        null=True, blank=True, editable=False, help_text="They see what was said up to it."
    )

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        ordering = ["conversation", "joined_at", "pk"]
        indexes = [
            models.Index("user", "is_archived", "conversation", name="messaging_participant_user")
        ]
        constraints = [
            models.UniqueConstraint(
                "conversation",
                "user",
                name="messaging_participant_once",
                violation_error_code="takes_part_already",
                violation_error_message="This person takes part already.",
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True, left_seq__isnull=True)
                | Q(left_at__isnull=False, left_seq__isnull=False),
                name="messaging_participant_left",
                violation_error_code="left_incomplete",
                violation_error_message="Whoever left did so at a time and after a message.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.conversation}"


class Message(TimeStampedModel):
    """One thing that was said; a deleted one leaves its place behind."""

    conversation = models.ForeignKey(
        Conversation, models.CASCADE, related_name="messages", db_index=False
    )
    seq = models.PositiveBigIntegerField(editable=False)
    sender = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="messages_sent",
        help_text="Empty: Courtyard itself.",
    )
    message_type = models.CharField(max_length=8, choices=MessageType, default=MessageType.TEXT)
    content = models.TextField(max_length=4000, blank=True)
    images = models.ManyToManyField("accounts.MediaFile", blank=True, related_name="sent_in")
    offer_id = models.UUIDField(null=True, blank=True, editable=False)
    offer_data = models.JSONField(
        default=dict, blank=True, editable=False, help_text="The offer as it was then."
    )
    client_id = models.CharField(
        max_length=80, blank=True, help_text="The sender's own name for it; a retry finds it again."
    )
    flags = models.JSONField(
        default=list, blank=True, editable=False, help_text="What both are warned of."
    )
    edited_at = models.DateTimeField(null=True, blank=True, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    removed_by = models.ForeignKey(
        "accounts.User",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="messages_removed",
        help_text="Who of the staff took it down.",
    )
    words = models.GeneratedField(
        expression=WeightedVector(F("content"), weight="A"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["conversation", "seq", "pk"]
        indexes = [GinIndex(fields=["words"], name="messaging_message_words")]
        constraints = [
            models.UniqueConstraint(
                "conversation",
                "seq",
                name="messaging_message_seq",
                violation_error_code="seq_taken",
                violation_error_message="Another message has this place.",
            ),
            models.UniqueConstraint(
                "sender",
                "conversation",
                "client_id",
                condition=~Q(client_id=""),
                name="messaging_message_client_id",
                violation_error_code="client_id_used",
                violation_error_message="This message was sent already.",
            ),
            models.CheckConstraint(
                condition=Q(seq__gte=1),
                name="messaging_message_seq_range",
                violation_error_code="seq_range",
                violation_error_message="Messages are counted from 1.",
            ),
            models.CheckConstraint(
                condition=Q(message_type=MessageType.SYSTEM, sender__isnull=True)
                | (~Q(message_type=MessageType.SYSTEM) & Q(sender__isnull=False)),
                name="messaging_message_sender",
                violation_error_code="sender_contradicts_type",
                violation_error_message="Only a system message has no sender.",
            ),
            models.CheckConstraint(
                condition=Q(message_type=MessageType.OFFER, offer_id__isnull=False)
                | (~Q(message_type=MessageType.OFFER) & Q(offer_id__isnull=True)),
                name="messaging_message_offer",
                violation_error_code="offer_contradicts_type",
                violation_error_message="An offer's message, and no other, names the offer.",
            ),
            models.CheckConstraint(
                condition=Q(deleted_at__isnull=True) | Q(content="", offer_data={}),
                name="messaging_message_tombstone",
                violation_error_code="deleted_with_content",
                violation_error_message="A deleted message says nothing any more.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.conversation}, {self.seq}"
