"""Who of a builder's people receives visitors of its developments."""

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from accounts.choices import MembershipRole, OrganizationStatus
from accounts.models import Membership, User
from accounts.querysets.organizations import LEADING_ROLES
from catalog.models import Availability, Development

RECEIVING_ROLES = (*LEADING_ROLES, MembershipRole.SALES, MembershipRole.SITE)


def hosts_of(*, development: Development, caller: User) -> QuerySet[User]:
    """Those who act for the builder of ``development`` and have hours, as ``caller`` sees them.

    Each has ``seat_role`` and ``seat_title``, and ``host_zone``, the zone of their hours.
    """
    if development.builder.status != OrganizationStatus.ACTIVE:
        return User.objects.none()
    seats = (
        Membership.objects.live()
        .filter(organization=development.builder_id, role__in=RECEIVING_ROLES)
        .filter(user=OuterRef("pk"))
        .order_by("pk")
    )
    hours = Availability.objects.filter(host=OuterRef("pk")).order_by("pk")
    return (
        User.objects.visible_to(caller)
        .active()
        .filter(Exists(seats), Exists(hours))
        .annotate(
            seat_role=Subquery(seats.values("role")[:1]),
            seat_title=Subquery(seats.values("title")[:1]),
            host_zone=Subquery(hours.values("time_zone")[:1]),
        )
        .select_related("avatar")
        .order_by("full_name", "pk")
    )


def is_host_for(*, development: Development, person: User) -> bool:
    """Whether ``person`` acts for the builder of ``development`` in a role that has visitors."""
    if development.builder.status != OrganizationStatus.ACTIVE:
        return False
    seats = Membership.objects.live().filter(organization=development.builder_id, user=person)
    return seats.filter(role__in=RECEIVING_ROLES).exists()
