"""Reviews, as the API takes and shows them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.serializers.organizations import OrganizationBriefSerializer
from accounts.api.serializers.people import PersonSerializer
from bookings.market_choices import ReviewedDeal
from bookings.models import Appointment, Review, Transaction
from config.shared.fields import VisibleRelatedField
from config.shared.serializers import ModelSerializer, Serializer

KEY = {"type": ["string", "null"], "format": "uuid"}
BOTH = "For the two whose deal it is; null for everybody else."


class ReviewSerializer(ModelSerializer):
    """What one side of a deal says of the other."""

    author = PersonSerializer(read_only=True)
    subject_user = PersonSerializer(read_only=True, allow_null=True)
    subject_organization = OrganizationBriefSerializer(read_only=True, allow_null=True)
    kind = serializers.ChoiceField(
        choices=ReviewedDeal.choices, read_only=True, help_text="What the two did together."
    )
    transaction = serializers.SerializerMethodField(help_text=BOTH)
    appointment = serializers.SerializerMethodField(help_text=BOTH)
    is_shown = serializers.BooleanField(
        read_only=True, help_text="Whether everybody can read it by now."
    )

    class Meta:
        model = Review
        fields = [
            "id",
            "author",
            "subject_user",
            "subject_organization",
            "kind",
            "transaction",
            "appointment",
            "rating",
            "text",
            "reply",
            "replied_at",
            "status",
            "hidden_reason",
            "is_shown",
            "visible_from",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields

    @extend_schema_field(KEY)
    def get_transaction(self, review: Review) -> str | None:
        """The sale, for its two sides."""
        return self._for_both(review, review.transaction_id)

    @extend_schema_field(KEY)
    def get_appointment(self, review: Review) -> str | None:
        """The appointment, for its two sides."""
        return self._for_both(review, review.appointment_id)

    def _for_both(self, review: Review, key: Any) -> str | None:
        reader: Any = self.context["request"].user
        sides = {review.author_id, review.subject_user_id}
        return str(key) if key is not None and reader.pk in sides else None


class ReviewInputSerializer(Serializer):
    """A completed deal, and what to say of its other side."""

    transaction = VisibleRelatedField(
        queryset=Transaction, required=False, help_text="A sale whose money is the seller's."
    )
    appointment = VisibleRelatedField(
        queryset=Appointment, required=False, help_text="An appointment that took place."
    )
    rating = serializers.IntegerField(min_value=1, max_value=5, help_text="1 to 5 stars.")
    text = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class ReviewChangeSerializer(Serializer):
    """Other stars, or other words."""

    rating = serializers.IntegerField(min_value=1, max_value=5, required=False)
    text = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class ReplySerializer(Serializer):
    """What to answer."""

    text = serializers.CharField(max_length=1000)


class StarsSerializer(Serializer):
    """How many reviews gave how many stars."""

    def get_fields(self) -> dict[str, Any]:
        return {str(stars): serializers.IntegerField(min_value=0) for stars in range(1, 6)}


class RatingSerializer(Serializer):
    """What somebody is rated on average, by the reviews that everybody can read."""

    average = serializers.DecimalField(
        max_digits=3, decimal_places=2, allow_null=True, help_text="Null without reviews."
    )
    count = serializers.IntegerField(min_value=0)
    stars = StarsSerializer()
