"""What staff see of sales in the back office, and decide about disputes."""

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from accounts.groups import FINANCE, SUPPORT
from accounts.models import User
from accounts.tests.factories.organizations import staff_in
from bookings.admin.badges import disputes_open
from bookings.models import Payment, Refund, Transaction
from bookings.services.disputes import open_dispute
from bookings.services.releasing import confirm_handover
from bookings.tests.admin.test_acts import act, office_of
from bookings.tests.selling import sold, states
from catalog.tests.factories.market import ProductFactory

pytestmark = pytest.mark.django_db

LIST = "/admin/bookings/transaction/"


def disputed(**product: Any) -> Transaction:
    sale = sold(ProductFactory(**product))
    return open_dispute(sale=sale, actor=sale.buyer, reason="The door does not close")


def offered_to(staff: User, sale: Transaction) -> set[str]:
    """What the page of a sale offers to be done about its dispute."""
    address = reverse("admin:bookings_transaction_change", args=[sale.pk])
    page = office_of(staff).get(address).content.decode()
    known = ("Decide the dispute", "Agree to the decision", "Refuse the decision")
    return {words for words in known if words in page}


@pytest.mark.capability("K14")
def test_a_sale_shows_its_money_its_ledger_and_what_was_done() -> None:
    sale = disputed()

    address = reverse("admin:bookings_transaction_change", args=[sale.pk])
    page = office_of(staff_in(FINANCE)).get(address).content.decode()

    assert "200.00 AED" in page
    assert "Frozen by a dispute" in page
    assert "The door does not close" in page
    assert Payment.objects.get().reference in page
    assert "Gateway clearing" in page
    assert sale.handover_code_hash == ""


@pytest.mark.capability("K17")
def test_finance_decides_a_dispute_by_the_dialog() -> None:
    sale = disputed()
    staff = staff_in(FINANCE)

    refused = act(staff, sale, "decide-dispute", outcome="split", note="Half", refund_amount="500")
    before = states(sale)
    said = act(staff, sale, "decide-dispute", outcome="split", note="Half", refund_amount="60")

    assert "A part lies between" in refused.content.decode()
    assert before == ("disputed", "frozen", "sold")
    assert "decided" in said.content.decode()
    assert states(sale) == ("completed", "released", "sold")
    assert Refund.objects.get().amount == 60


@pytest.mark.capability("K17")
def test_above_the_limit_the_second_person_agrees_in_the_office() -> None:
    sale = disputed(price=Decimal(20_000))
    first, second = staff_in(FINANCE), staff_in(FINANCE)

    before = offered_to(second, sale)
    act(first, sale, "decide-dispute", outcome="refunded", note="Broken")
    after = offered_to(second, sale)
    own = act(first, sale, "agree-to-decision")
    waiting = states(sale)
    act(second, sale, "agree-to-decision")

    assert before == {"Decide the dispute"}
    assert after == {"Agree to the decision", "Refuse the decision"}
    assert "second person" in own.content.decode()
    assert waiting == ("disputed", "frozen", "sold")
    assert states(sale) == ("refunded", "returned", "sold")


@pytest.mark.capability("K17")
def test_support_sees_disputes_and_decides_none() -> None:
    sale = disputed()
    staff = staff_in(SUPPORT)

    page = office_of(staff).get(f"{LIST}{sale.pk}/change/")
    refused = act(staff, sale, "decide-dispute", outcome="released", note="x")

    assert page.status_code == 200
    assert "decide-dispute" not in page.content.decode()
    assert refused.status_code == 403
    assert states(sale) == ("disputed", "frozen", "sold")


@pytest.mark.capability("K18")
def test_finance_gives_a_sale_back_in_the_office() -> None:
    sale = sold()

    act(staff_in(FINANCE), sale, "refund-sale", kind="goodwill", reason="Sorry", amount="")

    assert states(sale) == ("refunded", "returned", "sold")


@pytest.mark.capability("K17")
def test_the_queue_of_disputes_and_of_payouts(rf: Any) -> None:
    waiting, paid = disputed(), sold()
    confirm_handover(sale=paid, actor=paid.buyer)
    office = office_of(staff_in(FINANCE))

    queue = office.get(f"{LIST}?dispute=open").content.decode()
    payouts = office.get(f"{LIST}?payout=waiting").content.decode()

    assert disputes_open(rf.get("/")) == "1"
    assert (waiting.reference in queue, paid.reference in queue) == (True, False)
    assert (waiting.reference in payouts, paid.reference in payouts) == (False, True)


@pytest.mark.capability("K40")
def test_the_front_page_of_finance_shows_the_market() -> None:
    disputed()
    sold()

    page = office_of(staff_in(FINANCE)).get("/admin/").content.decode()

    assert "Market: sales" in page
    assert "Disputes open" in page
    assert "Payouts waiting" in page
