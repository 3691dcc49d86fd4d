"""Receipts and statements: what stands in them, in whichever script, and that text stays text."""

from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfReader

from accounts.tests.clients import client_of
from accounts.tests.factories.people import UserFactory
from bookings.models import Payment
from bookings.payment_exceptions import NotReceivedError
from bookings.services.receipts import receipt_of
from bookings.services.refunds import refund_payment
from bookings.services.statements import statement_of
from bookings.tests.factories.homes import BookingFactory
from bookings.tests.paying import carry_out_refunds, open_payment, pay, pay_offline
from catalog.tests.factories.homes import DevelopmentFactory, UnitFactory, member_of

pytestmark = pytest.mark.django_db


def text_of(content):
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


def booking_of(name):
    unit = UnitFactory(development=DevelopmentFactory(name="Marina Heights"), number="1204")
    customer = UserFactory(full_name=name)
    return BookingFactory(pending_payment=True, unit=unit, customer=customer)


@pytest.mark.capability("R16", "R35")
def test_a_receipt_says_who_paid_what_for_what():
    booking = booking_of("Sara O'Neill")
    payment = pay(booking.instalments.get(kind="deposit"))

    document = receipt_of(payment=payment)

    text = text_of(document.content)
    assert document.name == f"{payment.receipt_no}.pdf"
    for part in (
        payment.receipt_no,
        "100,000.00 AED",
        "Sara O'Neill",
        "Marina Heights, Dubai",
        "1204",
        booking.reference,
        payment.reference,
        "no money has been moved",
    ):
        assert part in text, part


@pytest.mark.capability("R16")
@pytest.mark.parametrize("name", ["عائشة خان", "आयशा ख़ान", "Zoë Łukasz Ñandú"])
def test_names_in_other_scripts_have_their_letters(name):
    payment = pay(booking_of(name).instalments.get(kind="deposit"))

    content = receipt_of(payment=payment).content

    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in PdfReader(BytesIO(content)).pages
        for font in page["/Resources"]["/Font"].values()
    }
    script = {"ع": "Arabic", "आ": "Devanagari"}.get(name[0], "NotoSans")
    assert any(script in font for font in fonts)
    assert not any("Libertinus" in font for font in fonts)


@pytest.mark.capability("R16")
def test_what_people_write_is_text_and_nothing_else():
    name = '#read("/etc/passwd") *bold* $x$ @home <tag> [a] \\ "quoted"'
    payment = pay(booking_of(name).instalments.get(kind="deposit"))

    text = text_of(receipt_of(payment=payment).content)

    assert '#read("/etc/passwd")' in text
    assert "*bold* $x$ @home <tag> [a]" in text


@pytest.mark.capability("R16")
def test_before_the_money_there_is_no_receipt():
    payment = open_payment(booking_of("Sara Khan").instalments.get(kind="deposit"))

    with pytest.raises(NotReceivedError):
        receipt_of(payment=payment)


@pytest.mark.capability("R16")
def test_a_receipt_tells_what_was_given_back_and_how_it_came():
    payment = pay_offline(booking_of("Sara Khan").instalments.get(kind="deposit"))
    assert "Bank transfer (TRF-4711)" in text_of(receipt_of(payment=payment).content)

    card = pay(booking_of("Omar Ali").instalments.get(kind="deposit"))
    refund = refund_payment(
        payment=card, amount=Decimal("250.00"), reason="goodwill", requested_by=None
    )
    carry_out_refunds(card)

    text = text_of(receipt_of(payment=Payment.objects.get(pk=card.pk)).content)
    assert refund.reference in text
    assert "250.00 AED" in text


@pytest.mark.capability("R16")
def test_a_statement_adds_up():
    booking = booking_of("Sara Khan")
    pay(booking.instalments.get(kind="deposit"))
    later = booking.instalments.get(order=2)
    part = pay(later, "1500.50")
    booking.refresh_from_db()

    text = text_of(statement_of(booking=booking).content)

    for each in ("1,000,000.00 AED", "101,500.50 AED", "898,499.50 AED", part.receipt_no):
        assert each in text, each


@pytest.mark.capability("R16", "R35")
def test_papers_are_for_the_parties_and_no_cache(api):
    booking = booking_of("Sara Khan")
    payment = open_payment(booking.instalments.get(kind="deposit"))
    receipt = f"/api/v1/payments/{payment.pk}/receipt/"
    statement = f"/api/v1/bookings/{booking.pk}/statement/"
    theirs = client_of(booking.customer)
    early = theirs.get(receipt)
    pay(booking.instalments.get(kind="deposit"))
    paid = f"/api/v1/payments/{Payment.objects.received().get().pk}/receipt/"

    answers = [theirs.get(paid), client_of(member_of(booking.builder, "finance")).get(statement)]

    assert (early.status_code, early.data["code"]) == (409, "not_received")
    for answer in answers:
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.content.startswith(b"%PDF-")
    for path in (paid, statement):
        assert api.get(path).status_code == 401
        assert client_of(UserFactory()).get(path).status_code == 404
