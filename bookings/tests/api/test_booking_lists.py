"""Lists of bookings: whose they are, their filters, and what they cost."""

import pytest

from accounts.tests.clients import client_of
from accounts.tests.factories.organizations import (
    MembershipFactory,
    site_administrator,
    staff_in,
)
from accounts.tests.factories.people import UserFactory
from bookings.tests.factories.homes import BookingFactory
from catalog.tests.factories.homes import DevelopmentFactory, UnitFactory, member_of

pytestmark = pytest.mark.django_db

LIST = "/api/v1/bookings/"


@pytest.mark.capability("R11")
def test_the_bookings_of_a_customer_are_for_them_their_builders_and_staff():
    ours, theirs = BookingFactory(), BookingFactory()
    other = BookingFactory(customer=ours.customer)
    path = f"{LIST}customer/{ours.customer_id}/"

    def found(user):
        return {row["id"] for row in client_of(user).get(path).data["results"]}

    both = {str(ours.pk), str(other.pk)}
    assert found(ours.customer) == found(staff_in("Support")) == found(site_administrator()) == both
    assert found(member_of(ours.builder, "sales")) == {str(ours.pk)}
    assert client_of(theirs.customer).get(path).status_code == 404
    assert client_of(member_of(theirs.builder, "owner")).get(path).status_code == 404
    nobody = f"{LIST}customer/0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f/"
    assert client_of(site_administrator()).get(nobody).status_code == 404


@pytest.mark.capability("R11")
def test_bookings_are_filtered():
    agent = UserFactory()
    own = BookingFactory(customer=agent)
    sold = BookingFactory(pending_payment=True)
    MembershipFactory(organization=sold.builder, user=agent, role="sales")
    client = client_of(agent)

    def found(query):
        return {row["id"] for row in client.get(f"{LIST}?{query}").data["results"]}

    one, two = {str(own.pk)}, {str(sold.pk)}
    assert found("") == one | two
    assert found("role=customer") == one == found("status=held")
    assert found("role=builder") == two == found("status=pending_payment")
    assert found(f"unit={sold.unit_id}") == found(f"customer={sold.customer_id}") == two
    assert found(f"development={own.development_id}") == one
    assert found("created_from=2999-01-01T00:00:00Z") == set()
    assert found("created_until=2999-01-01T00:00:00Z") == one | two
    for wrong in ("role=king", "status=lost", "customer=me", "owner=me", "created_from=soon"):
        assert client.get(f"{LIST}?{wrong}").status_code == 400


@pytest.mark.capability("R11")
def test_the_list_of_bookings_costs_the_same_however_long_it_is(assert_constant_queries):
    development = DevelopmentFactory()
    client = client_of(member_of(development.builder, "sales"))

    assert_constant_queries(
        lambda: client.get("/api/v1/bookings/"),
        lambda: BookingFactory(unit=UnitFactory(development=development)),
    )


@pytest.mark.capability("R11")
def test_the_bookings_of_a_customer_cost_the_same_however_many_there_are(assert_constant_queries):
    customer = UserFactory()
    client = client_of(customer)

    assert_constant_queries(
        lambda: client.get(f"/api/v1/bookings/customer/{customer.pk}/"),
        lambda: BookingFactory(customer=customer),
    )
