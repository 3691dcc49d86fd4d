"""What offers and reservations keep about a person: taken away, ended, and forgotten.

Sales stay: the other side and the books need them. What the person wrote goes.
"""

from typing import Any

from django.db.models import Q

from accounts.models import User
from accounts.services.erasure_steps import scrub_history
from accounts.services.personal_data import MOST_ROWS, facts
from bookings.choices import TransactionStatus
from bookings.models import Offer, Transaction
from bookings.services.offers import decline_offer, withdraw_offer
from bookings.services.product_claims import LAPSED
from bookings.services.reservations import cancel_reservation
from config.shared.errors import InvalidTransitionError
from config.shared.personal_data import collects, erases
from messaging.models import Notification

LEFT = "This person has left Courtyard."
# Who the other side is, and what the seller keeps secret, is not the person's to take away.
OTHERS = {"buyer", "seller", "proposer", "decided_by_rule"}


@collects("bookings.market_offers")
def market_offers(person: User) -> list[dict[str, Any]]:
    """What they offered for products and were offered for theirs."""
    rows = Offer.objects.filter(_of(person)).select_related("product").order_by("created_at", "pk")
    return [
        {"product_title": row.product.title, "as_seller": row.seller_id == person.pk}
        | {"proposed": row.proposer_id == person.pk}
        | facts(row, without=OTHERS if row.proposer_id == person.pk else {*OTHERS, "message"})
        for row in rows[:MOST_ROWS]
    ]


@erases("bookings.market_offers")
def end_market_offers(person: User) -> int:
    """Take back or decline what is open about products, and take out what the person wrote."""
    for offer in Offer.objects.pending().filter(_of(person)).order_by("pk"):
        act = withdraw_offer if offer.proposer_id == person.pk else decline_offer
        try:
            act(offer=offer, actor=person)
        except InvalidTransitionError:
            # Its time is over, or the other side was quicker: it is open no more.
            continue
    return Offer.objects.filter(proposer=person).exclude(message="").update(message="")


@erases("bookings.reservations")
def end_reservations(person: User) -> int:
    """Give up what is reserved and not paid, and take out why reservations ended."""
    sales = Transaction.objects.filter(_of(person))
    for sale in sales.filter(status=TransactionStatus.PENDING).order_by("pk"):
        try:
            cancel_reservation(transaction=sale, actor=person, reason=LEFT)
        except InvalidTransitionError:
            continue
    said = sales.exclude(ended_reason__in=["", LAPSED])
    scrub_history(said, ended_reason="")
    return said.update(ended_reason="")


@erases("bookings.reservation_notices")
def forget_in_reservation_notices(person: User) -> int:
    """Take the person's reasons out of what others were told of their reservations."""
    keys = Transaction.objects.filter(_of(person)).values_list("pk", flat=True)
    links = [f"/api/v1/transactions/{key}/" for key in keys]
    told = Notification.objects.filter(link__in=links, type="reservation_cancelled")
    changed = 0
    for notice in told.exclude(user=person):
        if notice.data.get("reason"):
            notice.data["reason"] = ""
            notice.save(update_fields=["data"])
            changed += 1
    return changed


def _of(person: User) -> Q:
    return Q(buyer=person) | Q(seller=person)
