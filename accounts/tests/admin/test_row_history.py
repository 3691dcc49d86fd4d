"""The history of rows on their pages in the back office: what changed, when and by whom."""

import pytest
from django.test import Client

from accounts.models import User
from accounts.services.settings import change_setting, ensure_settings
from accounts.tests.clients import client_of
from accounts.tests.factories.buildings import ResidencyFactory
from accounts.tests.factories.organizations import MembershipFactory, OrganizationFactory, owner_of
from accounts.tests.factories.papers import submitted
from accounts.tests.factories.people import UserFactory
from config.shared.row_history import changes_of

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A24")]


@pytest.fixture
def office(client: Client) -> Client:
    client.force_login(UserFactory(superuser=True))
    return client


def page_of(office: Client, row: object) -> str:
    meta = type(row)._meta  # type: ignore[attr-defined]
    address = f"/admin/{meta.app_label}/{meta.model_name}/{row.pk}/change/"  # type: ignore[attr-defined]
    response = office.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_of_a_seat_says_who_changed_it_from_what_to_what(office: Client) -> None:
    society = OrganizationFactory(society=True)
    owner = owner_of(society)
    User.objects.filter(pk=owner.pk).update(full_name="Meera Krishnan")
    seat = MembershipFactory(organization=society, title="Gardener")
    address = f"/api/v1/organizations/{society.pk}/members/{seat.pk}/"

    client_of(owner).patch(address, {"title": "Treasurer"})

    _, who, field, before, after = next(changes_of(seat))
    assert (who, field, before, after) == ("Meera Krishnan", "title", "Gardener", "Treasurer")
    page = page_of(office, seat)
    assert "Meera Krishnan" in page
    assert "Gardener" in page


def test_every_page_of_a_sensitive_row_has_its_history(office: Client) -> None:
    ensure_settings()
    setting = change_setting(key="code_seconds", value=120, actor=UserFactory(superuser=True))
    rows = [UserFactory(), OrganizationFactory(), ResidencyFactory(), submitted(), setting]

    assert [row for row in rows if "Row history" not in page_of(office, row)] == []


def test_a_long_value_is_cut_and_an_empty_one_is_empty(office: Client) -> None:
    firm = OrganizationFactory(description="")
    firm.description = "x" * 500
    firm.save()

    ((_, who, field, before, after),) = changes_of(firm)

    assert (who, field, before) == ("system", "description", "")
    assert len(after) == 120


def test_an_organization_that_is_being_added_has_none_yet(office: Client) -> None:
    page = office.get("/admin/accounts/organization/add/")

    assert page.status_code == 200
    assert "Row history" not in page.content.decode()
