"""Organizations and their members for tests, made by the services that make the real ones."""

from importlib import import_module
from typing import Any

import factory
from django.apps import apps
from django.contrib.auth.models import Group
from django.utils.module_loading import module_has_submodule

from accounts.choices import MembershipRole, OrganizationKind
from accounts.groups import SITE_ADMINISTRATION, VERIFICATION, grant
from accounts.models import Membership, Organization, User
from accounts.services.invitations import invite_member
from accounts.services.memberships import accept_invitation
from accounts.services.organizations import (
    create_organization,
    suspend_organization,
    verify_organization,
)
from accounts.tests.factories.people import UserFactory


class OrganizationFactory(factory.Factory):
    """An organization with one owner, ``creator``.

    Traits: ``society`` (also what it is without any), ``builder``, ``contractor``, ``employer``;
    ``verified`` and ``suspended``, both by staff.
    """

    class Meta:
        model = Organization

    creator = factory.SubFactory(UserFactory)
    kind = OrganizationKind.SOCIETY
    name = factory.Sequence(lambda n: f"Organization {n}")
    city = "Dubai"

    class Params:
        society = factory.Trait(kind=OrganizationKind.SOCIETY)
        builder = factory.Trait(kind=OrganizationKind.BUILDER)
        contractor = factory.Trait(kind=OrganizationKind.CONTRACTOR)
        employer = factory.Trait(kind=OrganizationKind.EMPLOYER)

    verified = False
    suspended = False

    @classmethod
    def _create(cls, model_class: type[Organization], *args: Any, **kwargs: Any) -> Organization:
        verified, suspended = kwargs.pop("verified"), kwargs.pop("suspended")
        organization = create_organization(**kwargs)
        if verified:
            organization = verify_organization(organization=organization, staff=reviewer())
        if suspended:
            organization = suspend_organization(
                organization=organization, staff=reviewer(), reason="Complaints"
            )
        return organization


class MembershipFactory(factory.Factory):
    """A live member, invited by an owner; with ``accepted=False`` one who has not answered."""

    class Meta:
        model = Membership

    organization = factory.SubFactory(OrganizationFactory)
    user = factory.SubFactory(UserFactory)
    role = MembershipRole.MEMBER
    title = ""
    accepted = True

    @classmethod
    def _create(cls, model_class: type[Membership], *args: Any, **kwargs: Any) -> Membership:
        accepted = kwargs.pop("accepted")
        inviter = owner_of(kwargs["organization"])
        member = invite_member(inviter=inviter, **kwargs)
        if accepted:
            member = accept_invitation(membership=member, user=kwargs["user"])
        return member


def owner_of(organization: Organization) -> User:
    """The first owner of ``organization``."""
    owners = Membership.objects.owners().filter(organization=organization)
    return owners.select_related("user").order_by("since", "pk")[0].user


def seated(organization: Organization, role: str, **person: Any) -> User:
    """Somebody new with this role in ``organization``."""
    return MembershipFactory(organization=organization, role=role, user=UserFactory(**person)).user


def reviewer(**person: Any) -> User:
    """A member of staff who reviews papers and verifies organizations."""
    return staff_in(VERIFICATION, **person)


def site_administrator(**person: Any) -> User:
    """A member of staff who may change organizations, buildings and residencies."""
    return staff_in(SITE_ADMINISTRATION, **person)


def staff_in(group: str, **person: Any) -> User:
    """A member of staff in one of the groups; a test that empties the tables takes them along."""
    if not Group.objects.filter(name=group).exists():
        for config in apps.get_app_configs():
            if module_has_submodule(config.module, "groups"):
                grant(apps, import_module(f"{config.name}.groups").GRANTS)
    user: User = UserFactory(staff=True, **person)
    user.groups.add(Group.objects.get(name=group))
    return user
