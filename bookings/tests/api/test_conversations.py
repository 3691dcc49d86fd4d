"""Conversations about bookings and appointments: who takes part, and for how long."""

import pytest

from accounts.tests.clients import client_of
from accounts.tests.factories.people import UserFactory
from bookings.tests.deals import confirmed_booking
from bookings.tests.factories.appointments import AppointmentFactory
from bookings.tests.selling import sold
from catalog.tests.factories.homes import member_of
from catalog.tests.factories.market import ProductFactory
from messaging.models import Conversation, Participant
from messaging.services.conversations import open_direct, open_product_conversation
from messaging.tests.factories.conversations import say

pytestmark = pytest.mark.django_db

LIST = "/api/v1/conversations/"


def page(conversation, verb=""):
    return f"{LIST}{conversation.pk}/{verb}"


@pytest.mark.capability("M01")
def test_a_booking_is_talked_about_by_its_customer_and_the_team():
    booking = confirmed_booking()
    sales = member_of(booking.builder, "sales")
    body = {"kind": "booking", "subject": str(booking.pk)}

    theirs = client_of(booking.customer).post(LIST, body)
    teams = client_of(sales).post(LIST, body)

    assert theirs.data["id"] == teams.data["id"]
    assert theirs.data["subject"] == str(booking.pk)
    roles = {one["user"]["id"]: one["role"] for one in teams.data["people"]}
    assert roles[str(booking.customer.pk)] == "customer"
    refused = client_of(UserFactory()).post(LIST, body)
    assert refused.status_code == 404


@pytest.mark.capability("M01")
def test_whoever_leaves_the_team_sees_the_conversation_no_more():
    booking = confirmed_booking()
    sales = member_of(booking.builder, "sales")
    opened = client_of(sales).post(LIST, {"kind": "booking", "subject": str(booking.pk)})
    conversation = Conversation.objects.get(pk=opened.data["id"])
    say(conversation, booking.customer, "Hello")
    assert client_of(sales).get(page(conversation)).status_code == 200

    sales.memberships.update(status="removed")

    assert client_of(sales).get(page(conversation)).status_code == 404
    assert client_of(sales).get(page(conversation, "messages/")).status_code == 404
    assert client_of(sales).get(LIST).data["results"] == []
    say(conversation, booking.customer, "Anybody there?")
    assert Participant.objects.get(conversation=conversation, user=sales).left_seq == 1


@pytest.mark.capability("M01")
def test_an_appointment_is_talked_about_by_host_and_guest():
    visit = AppointmentFactory()
    body = {"kind": "appointment", "subject": str(visit.pk)}

    opened = client_of(visit.guest).post(LIST, body)

    assert opened.data["people"][0]["user"]["id"] == str(visit.host.pk)
    assert client_of(visit.host).post(LIST, body).data["id"] == opened.data["id"]
    assert client_of(UserFactory()).post(LIST, body).status_code == 404
    assert Conversation.objects.count() == 1


@pytest.mark.capability("M09")
def test_after_a_paid_sale_the_two_are_warned_of_nothing():
    product, buyer = ProductFactory(), UserFactory()
    talk = open_product_conversation(product=product, buyer=buyer, counted=False)
    between = open_direct(user=buyer, other=product.seller)
    with_another = open_product_conversation(product=product, buyer=UserFactory(), counted=False)
    number = "Ring 050 123 4567"
    (before,) = say(talk, buyer, number)

    sold(product, buyer)

    after = [say(one, product.seller, number)[0].flags for one in (talk, between, with_another)]
    assert before.flags == ["contact_phone"]
    assert after == [[], [], ["contact_phone"]]
