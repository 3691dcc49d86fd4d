"""Contact details before a deal: what is taken for them, and what is not."""

import pytest

from accounts.tests.factories.people import UserFactory
from messaging.services import deals
from messaging.services.contact_details import details_in
from messaging.services.conversations import open_support
from messaging.services.messages import post_message, post_system
from messaging.tests.factories.conversations import about_product, direct, people, say

pytestmark = pytest.mark.capability("M09")


@pytest.mark.parametrize(
    ("content", "flags"),
    [
        ("Call +971 50 123 4567", ["contact_phone"]),
        ("0501234567", ["contact_phone"]),
        ("05 0 1-2 3.4 5/6 7", ["contact_phone"]),
        ("٠٥٠١٢٣٤٥٦٧", ["contact_phone"]),
        ("मेरा नंबर ०५०१२३४५६७ है", ["contact_phone"]),
        ("０５０１２３４５６７", ["contact_phone"]),
        ("050\u200b123\u200b4567", ["contact_phone"]),
        ("Write to aisha.khan@example.com", ["contact_email"]),
        ("aisha (at) example (dot) com", ["contact_email"]),
        ("See https://example.org/x", ["contact_link"]),
        ("www.example.org", ["contact_link"]),
        ("my shop is walnut-tables.ae", ["contact_link"]),
        ("wa.me/971501234567", ["contact_phone", "contact_link"]),
        ("Let us go on in WhatsApp", ["contact_handle"]),
        ("I am @aisha_k there", ["contact_handle"]),
        ("راسلني على واتساب", ["contact_handle"]),
        ("850 AED, 120 x 80 x 75 cm", []),
        ("Bought 2021-11-28, used until 28.11.2026", []),
        ("I could come at 18:30, or tomorrow at 9", []),
        ("Two for 1,250.00 or 1 250 000", []),
        ("It is 10 years old.I like it", []),
        ("A strong signal, instantly", []),
        ("", []),
    ],
)
def test_what_is_taken_for_contact_details(content, flags):
    assert details_in(content) == flags


@pytest.mark.django_db
def test_offers_notes_and_talk_with_the_staff_are_not_looked_through():
    person = UserFactory()
    talk, support = direct(user=person), open_support(user=person)

    note = post_system(conversation=talk, content="Call 0501234567", code="help")
    asked = post_message(conversation=support, sender=person, content="Call 0501234567")
    (said,) = say(talk, person, "Call 0501234567")

    assert (note.flags, asked.flags, said.flags) == (["help"], [], ["contact_phone"])


@pytest.mark.django_db
def test_once_there_is_a_deal_nobody_is_warned(monkeypatch):
    talk = about_product()
    buyer, _ = people(talk)
    (before,) = say(talk, buyer, "0501234567")
    monkeypatch.setattr(deals, "_functions", [lambda conversation: conversation == talk])

    (after,) = say(talk, buyer, "0501234567")

    assert (before.flags, after.flags) == (["contact_phone"], [])
