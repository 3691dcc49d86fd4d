"""What the catalogue keeps about a person: whom they follow, and when they receive visitors."""

from typing import Any

from accounts.models import User
from accounts.services.personal_data import all_facts
from catalog.models import Availability, AvailabilityException, DevelopmentFollow
from catalog.services import stream_traces as stream_traces  # noqa: PLC0414 - it registers itself
from config.shared.personal_data import collects, erases


@collects("catalog.developments_followed")
def developments_followed(person: User) -> list[dict[str, Any]]:
    """The developments whose news they get."""
    rows = DevelopmentFollow.objects.filter(user=person).select_related("development")
    return [{"development_name": row.development.name} | _facts(row) for row in rows]


@collects("catalog.availability")
def availability(person: User) -> dict[str, Any]:
    """When they receive visitors, and when not."""
    return {
        "hours": all_facts(Availability.objects.filter(host=person), without={"host"}),
        "exceptions": all_facts(
            AvailabilityException.objects.filter(host=person), without={"host"}
        ),
    }


@erases("catalog.developments_followed")
def unfollow_everything(person: User) -> int:
    """Delete whom they follow."""
    return DevelopmentFollow.objects.filter(user=person).delete()[0]


@erases("catalog.availability")
def forget_availability(person: User) -> int:
    """Delete when they received visitors."""
    hours = Availability.objects.filter(host=person).delete()[0]
    return hours + AvailabilityException.objects.filter(host=person).delete()[0]


def _facts(row: DevelopmentFollow) -> dict[str, Any]:
    return {"development": str(row.development_id), "since": row.created_at.isoformat()}
