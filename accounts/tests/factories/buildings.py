"""Buildings and residencies for tests, made by the services that make the real ones."""

from typing import Any

import factory

from accounts.choices import ResidencyMethod, ResidencyRelation
from accounts.models import Building, Residency
from accounts.services.buildings import create_building
from accounts.services.residencies import claim_residency, grant_residency
from accounts.tests.factories.organizations import OrganizationFactory, owner_of
from accounts.tests.factories.people import UserFactory


class BuildingFactory(factory.Factory):
    """A building in the care of a society, listed by its owner; ``actor`` lists it otherwise."""

    class Meta:
        model = Building

    society = factory.SubFactory(OrganizationFactory, society=True)
    name = factory.Sequence(lambda n: f"Tower {n}")
    city = "Dubai"
    actor = factory.LazyAttribute(lambda building: owner_of(building.society))

    @classmethod
    def _create(cls, model_class: type[Building], *args: Any, **kwargs: Any) -> Building:
        return create_building(**kwargs)


class ResidencyFactory(factory.Factory):
    """A home claimed on the committee's word; ``verified=True`` as a handover verifies it."""

    class Meta:
        model = Residency

    user = factory.SubFactory(UserFactory)
    building = factory.SubFactory(BuildingFactory)
    unit_label = factory.Sequence(lambda n: f"{n}A")
    relation = ResidencyRelation.OWNER
    verified = False

    @classmethod
    def _create(cls, model_class: type[Residency], *args: Any, **kwargs: Any) -> Residency:
        if kwargs.pop("verified"):
            return grant_residency(**kwargs)
        return claim_residency(**{"method": ResidencyMethod.COMMITTEE, **kwargs})
