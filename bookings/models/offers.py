"""What buyers and sellers offer each other."""

from django.db import models
from django.db.models import F, Q

from bookings.market_choices import OfferStatus
from bookings.querysets.offers import OfferQuerySet
from config.shared.models import TimeStampedModel
from config.shared.money import grouped

LONGEST_CHAIN = 10


class Offer(TimeStampedModel):
    """A price that a buyer or a seller proposes to the other, until they agree or part."""

    product = models.ForeignKey("catalog.Product", models.PROTECT, related_name="offers")
    conversation = models.ForeignKey(
        "messaging.Conversation", models.PROTECT, related_name="offers"
    )
    buyer = models.ForeignKey("accounts.User", models.PROTECT, related_name="offers_as_buyer")
    seller = models.ForeignKey("accounts.User", models.PROTECT, related_name="offers_as_seller")
    proposer = models.ForeignKey("accounts.User", models.PROTECT, related_name="offers_proposed")
    parent = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="counter",
        help_text="The offer that this one answers.",
    )
    move_number = models.PositiveSmallIntegerField(
        default=1, editable=False, help_text="Its place in the bargaining, from 1."
    )
    offered_price = models.DecimalField(max_digits=14, decimal_places=3)
    original_price = models.DecimalField(
        max_digits=14, decimal_places=3, help_text="The product's price when it was made."
    )
    counter_price = models.DecimalField(
        max_digits=14,
        decimal_places=3,
        null=True,
        blank=True,
        help_text="What the other side answered with.",
    )
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=10, choices=OfferStatus, default=OfferStatus.PENDING)
    message = models.CharField(max_length=1000, blank=True)
    expires_at = models.DateTimeField()
    responded_at = models.DateTimeField(null=True, blank=True)
    decided_by_rule = models.BooleanField(
        default=False,
        editable=False,
        help_text="By one of the seller's thresholds; only staff and the seller see it.",
    )

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "pk"]
        indexes = [
            models.Index("buyer", F("created_at").desc(), "id", name="bookings_offer_buyer"),
            models.Index("seller", F("created_at").desc(), "id", name="bookings_offer_seller"),
            models.Index("product", F("created_at").desc(), "id", name="bookings_offer_product"),
            models.Index(
                "expires_at", condition=Q(status=OfferStatus.PENDING), name="bookings_offer_expiry"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                "product",
                "buyer",
                "seller",
                condition=Q(status=OfferStatus.PENDING),
                name="bookings_offer_one_live",
                violation_error_code="offer_open",
                violation_error_message="There is an open offer between you already.",
            ),
            models.CheckConstraint(
                condition=Q(offered_price__gt=0, original_price__gt=0),
                name="bookings_offer_price",
                violation_error_code="price_not_positive",
                violation_error_message="An offer is above nothing.",
            ),
            models.CheckConstraint(
                condition=~Q(buyer=F("seller")),
                name="bookings_offer_two",
                violation_error_code="not_yourself",
                violation_error_message="Nobody bargains with themselves.",
            ),
            models.CheckConstraint(
                condition=Q(proposer=F("buyer")) | Q(proposer=F("seller")),
                name="bookings_offer_proposer",
                violation_error_code="proposer_outside",
                violation_error_message="An offer is made by the buyer or by the seller.",
            ),
            models.CheckConstraint(
                condition=Q(move_number__gte=1, move_number__lte=LONGEST_CHAIN),
                name="bookings_offer_moves",
                violation_error_code="too_many_moves",
                violation_error_message="After ten moves the bargaining is over.",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True, move_number=1)
                | Q(parent__isnull=False, move_number__gt=1),
                name="bookings_offer_chain",
                violation_error_code="chain_broken",
                violation_error_message="Every move but the first answers another.",
            ),
            models.CheckConstraint(
                condition=Q(status=OfferStatus.PENDING, responded_at__isnull=True)
                | (~Q(status=OfferStatus.PENDING) & Q(responded_at__isnull=False)),
                name="bookings_offer_responded",
                violation_error_code="responded_when",
                violation_error_message="What is decided says since when.",
            ),
            models.CheckConstraint(
                condition=Q(status=OfferStatus.COUNTERED, counter_price__isnull=False)
                | (~Q(status=OfferStatus.COUNTERED) & Q(counter_price__isnull=True)),
                name="bookings_offer_countered",
                violation_error_code="counter_price_missing",
                violation_error_message="A countered offer, and no other, has a counter price.",
            ),
        ]

    def __str__(self) -> str:
        return f"{grouped(self.offered_price, self.currency)} for {self.product}"
