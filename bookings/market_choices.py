"""The words that offers and reviews know: one enum per closed list."""

from django.db import models


class OfferStatus(models.TextChoices):
    PENDING = "pending", "Pending"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    COUNTERED = "countered", "Countered"
    WITHDRAWN = "withdrawn", "Withdrawn"
    EXPIRED = "expired", "Expired"


class OfferSide(models.TextChoices):
    """Who of the two proposes a price."""

    BUYER = "buyer", "Buyer"
    SELLER = "seller", "Seller"


class ReviewStatus(models.TextChoices):
    PUBLISHED = "published", "Published"
    HIDDEN = "hidden", "Hidden by the staff"


class ReviewedDeal(models.TextChoices):
    """What two who review each other did together."""

    SALE = "sale", "Sale"
    APPOINTMENT = "appointment", "Appointment"
