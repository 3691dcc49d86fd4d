"""Developments and units for tests, made by the services that make the real ones."""

from decimal import Decimal
from typing import Any

import factory

from accounts.choices import MembershipRole, UserStatus
from accounts.models import Membership, Organization, User
from accounts.tests.factories.organizations import OrganizationFactory, owner_of, seated
from catalog.choices import DevelopmentStatus as Status
from catalog.models import Development, Unit
from catalog.services.development_moves import (
    advance_development,
    archive_development,
    start_selling,
)
from catalog.services.developments import create_development
from catalog.services.units import block_unit, create_unit

STAGES = (
    Status.PLANNING,
    Status.PRE_LAUNCH,
    Status.SELLING,
    Status.UNDER_CONSTRUCTION,
    Status.READY,
    Status.HANDED_OVER,
)


class DevelopmentFactory(factory.Factory):
    """A development of a verified builder, launched and on sale.

    Traits: ``planning``, ``pre_launch``, ``under_construction``, ``ready``, ``handed_over`` and
    ``archived``; ``paused`` is selling no longer. What is said beside these goes to the service.
    """

    class Meta:
        model = Development

    builder = factory.SubFactory(OrganizationFactory, builder=True, verified=True)
    actor = factory.LazyAttribute(lambda development: owner_of(development.builder))
    name = factory.Sequence(lambda n: f"Marina Heights {n}")
    city = "Dubai"
    status = Status.SELLING
    is_selling = factory.LazyAttribute(lambda development: development.status in STAGES[2:5])

    class Params:
        planning = factory.Trait(status=Status.PLANNING)
        pre_launch = factory.Trait(status=Status.PRE_LAUNCH)
        under_construction = factory.Trait(status=Status.UNDER_CONSTRUCTION)
        ready = factory.Trait(status=Status.READY)
        handed_over = factory.Trait(status=Status.HANDED_OVER)
        archived = factory.Trait(status=Status.ARCHIVED)
        paused = factory.Trait(is_selling=False)

    @classmethod
    def _create(cls, model_class: type[Development], *args: Any, **kwargs: Any) -> Development:
        status, is_selling = kwargs.pop("status"), kwargs.pop("is_selling")
        actor, builder = kwargs.pop("actor"), kwargs.pop("builder")
        made = create_development(actor=actor, builder=builder, values=kwargs)
        if status == Status.ARCHIVED:
            return archive_development(development=made, actor=actor, reason="Never built")
        for target in STAGES[1 : STAGES.index(status) + 1]:
            made = advance_development(development=made, actor=actor, target=target)
        return start_selling(development=made, actor=actor) if is_selling else made


class UnitFactory(factory.Factory):
    """An available apartment for 1,000,000.00 in a development on sale; ``blocked=True`` is not."""

    class Meta:
        model = Unit

    development = factory.SubFactory(DevelopmentFactory)
    actor = factory.LazyAttribute(lambda unit: owner_of(unit.development.builder))
    floor = 1
    number = factory.Sequence(lambda n: f"{n + 100}")
    bedrooms = 2
    bathrooms = 2
    price = Decimal("1000000.00")
    blocked = False

    @classmethod
    def _create(cls, model_class: type[Unit], *args: Any, **kwargs: Any) -> Unit:
        blocked, actor = kwargs.pop("blocked"), kwargs.pop("actor")
        unit = create_unit(actor=actor, development=kwargs.pop("development"), values=kwargs)
        return block_unit(unit=unit, actor=actor) if blocked else unit


def member_of(builder: Organization, role: str) -> User:
    """Somebody active with this role at ``builder``; its first owner for ``owner``."""
    if role == MembershipRole.OWNER:
        return owner_of(builder)
    live = Membership.objects.live().filter(
        organization=builder, role=role, user__status=UserStatus.ACTIVE
    )
    found = live.select_related("user").order_by("since", "pk").first()
    return found.user if found else seated(builder, role)
