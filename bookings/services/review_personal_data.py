"""What reviews keep about a person: taken away on request, and forgotten."""

from typing import Any

from django.db.models import Q

from accounts.models import User
from accounts.services.personal_data import MOST_ROWS, facts
from bookings.models import Review
from config.shared.clock import database_now
from config.shared.personal_data import collects, erases
from messaging.models import Notification

# Who the other side is, and who of the staff hid it, is not the person's to take away.
OTHERS = {"author", "subject_user", "subject_organization", "hidden_by"}


@collects("bookings.reviews")
def reviews(person: User) -> dict[str, Any]:
    """What they wrote of others, and what others wrote of them that everybody can read."""
    written = Review.objects.filter(author=person).order_by("created_at", "pk")
    received = Review.objects.shown().filter(subject_user=person).order_by("created_at", "pk")
    return {
        "written": [facts(row, without=OTHERS) for row in written[:MOST_ROWS]],
        "received": [facts(row, without=OTHERS) for row in received[:MOST_ROWS]],
    }


@erases("bookings.reviews")
def forget_reviews(person: User) -> int:
    """Take out what they wrote, and what was written about them; the stars stay."""
    now = database_now()
    written = Review.objects.filter(author=person).exclude(text="", hidden_reason="")
    changed = written.update(text="", hidden_reason="", updated_at=now)
    received = Review.objects.filter(subject_user=person).exclude(text="", reply="")
    return changed + received.update(text="", reply="", replied_at=None, updated_at=now)


@erases("bookings.review_notices")
def forget_in_review_notices(person: User) -> int:
    """Take the person's name out of what others were told of reviews."""
    about = Review.objects.filter(Q(author=person) | Q(subject_user=person))
    links = [f"/api/v1/reviews/{key}/" for key in about.values_list("pk", flat=True)]
    changed = 0
    for notice in Notification.objects.filter(link__in=links).exclude(user=person):
        if notice.data.get("name"):
            notice.data["name"] = ""
            notice.save(update_fields=["data"])
            changed += 1
    return changed
