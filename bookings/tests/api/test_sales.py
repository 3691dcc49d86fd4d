"""Sales in the API: bought, paid, met, handed over, and who sees what of it."""

import pytest

from accounts.groups import FINANCE
from accounts.tests.clients import client_of
from accounts.tests.factories.organizations import staff_in
from accounts.tests.factories.people import UserFactory
from bookings.models import Payment, Transaction
from bookings.tests.factories.market import ReservationFactory, lapse_reservation
from bookings.tests.selling import begin_purchase, sold, states
from catalog.tests.factories.market import ProductFactory

pytestmark = pytest.mark.django_db

LIST = "/api/v1/transactions/"
SEED_FIELDS = {
    "id",
    "buyer",
    "seller",
    "product",
    "amount",
    "currency",
    "platform_fee",
    "seller_payout",
    "feed_type",
    "status",
    "stripe_payment_intent_id",
    "stripe_charge_id",
    "stripe_transfer_id",
    "payment_method",
    "created_at",
    "updated_at",
    "completed_at",
}


def page(sale):
    return f"{LIST}{sale.pk}/"


def buy(client, product, key="k-1", **more):
    return client.post(LIST, {"product": str(product.pk), **more}, HTTP_IDEMPOTENCY_KEY=key)


@pytest.mark.capability("K14", "K15", "K16")
def test_from_the_shop_window_to_the_handover():
    product = ProductFactory(lat=25.0763, lng=55.1325, meeting_note="Gate 2")
    buyer = client_of(UserFactory())
    seller = client_of(product.seller)

    begun = buy(buyer, product)
    address = f"{LIST}{begun.data['id']}/"
    payment = f"/api/v1/payments/{begun.data['payment']}/"
    secret = buyer.post(f"{payment}client-secret/")
    paid = buyer.post(f"{payment}simulate/", {"outcome": "succeed"})
    held = buyer.get(address)
    issued = buyer.post(f"{address}handover-code/")
    wrong = seller.post(f"{address}handover/", {"code": "000000"})
    done = seller.post(f"{address}handover/", {"code": issued.data["code"]})

    assert (begun.status_code, begun.data["status"]) == (201, "pending")
    assert SEED_FIELDS <= begun.data.keys()
    assert begun.data["meeting_point"] is None
    assert secret.data["client_secret"].startswith("test_pi_")
    assert (paid.data["status"], paid.data["purpose"]) == ("completed", "sale")
    assert paid.data["transaction"]["id"] == begun.data["id"]
    assert (held.data["status"], held.data["release_state"]) == ("completed", "held")
    assert held.data["stripe_payment_intent_id"].startswith("test_pi_")
    assert held.data["stripe_charge_id"].startswith("test_ch_")
    assert held.data["meeting_point"] == {"lat": 25.0763, "lng": 55.1325, "note": "Gate 2"}
    assert issued.status_code == 201
    if issued.data["code"] != "000000":
        assert wrong.status_code == 400
        assert wrong.data["errors"][0]["code"] == "wrong_code"
    assert (done.status_code, done.data["release_state"]) == (200, "released")
    assert seller.get(f"{payment}").data["stripe_payment_intent_id"] != ""


@pytest.mark.capability("K14")
def test_a_purchase_needs_a_key_and_happens_once_per_key():
    product, client = ProductFactory(), client_of(UserFactory())

    without = client.post(LIST, {"product": str(product.pk)})
    first, again = buy(client, product), buy(client, product)

    assert without.data["code"] == "idempotency_key_required"
    assert first.data["id"] == again.data["id"]
    assert Payment.objects.count() == 1


@pytest.mark.capability("K11")
def test_whoever_comes_second_never_learns_who_came_first():
    product = ProductFactory()
    first = begin_purchase(product)

    refused = buy(client_of(UserFactory()), product)

    assert (refused.status_code, refused.data["code"]) == (409, "already_claimed")
    assert refused.data["current"] == "reserved"
    assert refused.data["your_place"] == 2
    shown = str(refused.data)
    assert str(first.payer_id) not in shown
    assert first.payer.full_name not in shown


@pytest.mark.capability("K04")
def test_the_meeting_point_is_for_the_two_once_there_is_a_deal():
    product = ProductFactory(lat=25.0763, lng=55.1325, meeting_note="Gate 2")
    checkout = ReservationFactory(product=product)
    agreed = ReservationFactory(product__lat=25.1, product__lng=55.2, origin="seller")
    staff = client_of(staff_in(FINANCE))

    def seen(client, sale):
        return client.get(page(sale)).data["meeting_point"]

    assert seen(client_of(checkout.buyer), checkout) is None
    assert seen(client_of(agreed.buyer), agreed)["lat"] == 25.1
    assert seen(client_of(agreed.seller), agreed)["lng"] == 55.2
    assert seen(staff, agreed) is None
    lapse_reservation(agreed)
    assert seen(client_of(agreed.buyer), agreed) is None
    assert "55.1325" not in str(staff.get(LIST).content)


@pytest.mark.capability("K14")
def test_strangers_see_nothing_of_a_sale_and_can_do_nothing():
    sale = sold()
    client = client_of(UserFactory())

    answers = [
        client.get(page(sale)),
        client.post(f"{page(sale)}pay/", {}, HTTP_IDEMPOTENCY_KEY="a"),
        client.post(f"{page(sale)}cancel/", {}),
        client.post(f"{page(sale)}confirm/"),
        client.get(f"{page(sale)}handover-code/"),
        client.post(f"{page(sale)}handover-code/"),
        client.post(f"{page(sale)}handover/", {"code": "123456"}),
        client.post(f"{page(sale)}dispute/", {"reason": "x"}, HTTP_IDEMPOTENCY_KEY="b"),
        client.post(f"{page(sale)}refund/", {"reason": "goodwill"}, HTTP_IDEMPOTENCY_KEY="c"),
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert client.get(LIST).data["results"] == []
    assert states(sale) == ("completed", "held", "sold")


@pytest.mark.capability("K14")
def test_one_side_does_not_do_what_is_the_others():
    sale = sold()
    buyer, seller = client_of(sale.buyer), client_of(sale.seller)

    answers = [
        seller.post(f"{page(sale)}confirm/"),
        seller.post(f"{page(sale)}handover-code/"),
        seller.post(f"{page(sale)}dispute/", {"reason": "x"}, HTTP_IDEMPOTENCY_KEY="a"),
        seller.post(f"{page(sale)}pay/", {}, HTTP_IDEMPOTENCY_KEY="b"),
        buyer.post(f"{page(sale)}handover/", {"code": "123456"}),
        buyer.post(f"{page(sale)}refund/", {"reason": "goodwill"}, HTTP_IDEMPOTENCY_KEY="c"),
        buyer.post(
            f"{page(sale)}decide-dispute/",
            {"outcome": "refunded", "note": "x"},
            HTTP_IDEMPOTENCY_KEY="d",
        ),
    ]

    assert [answer.status_code for answer in answers] == [403] * 7
    assert states(sale) == ("completed", "held", "sold")


@pytest.mark.capability("K14")
def test_what_the_state_does_not_allow_says_which_state_it_is():
    sale = sold()
    client = client_of(sale.buyer)

    paid_again = client.post(f"{page(sale)}pay/", {}, HTTP_IDEMPOTENCY_KEY="a")
    given_up = client.post(f"{page(sale)}cancel/", {})

    assert (paid_again.status_code, paid_again.data["code"]) == (409, "sale_closed")
    assert paid_again.data["current"] == "completed"
    assert (given_up.status_code, given_up.data["code"]) == (409, "reservation_paid")


@pytest.mark.capability("K14")
def test_sales_are_filtered_by_side_state_and_product():
    person = UserFactory()
    bought, lapsed = sold(buyer=person), ReservationFactory(buyer=person)
    given = sold(ProductFactory(seller=person))
    lapse_reservation(lapsed)
    client = client_of(person)

    def found(query):
        answer = client.get(f"{LIST}?{query}")
        return {row["id"] for row in answer.data["results"]}

    assert found("role=buyer") == {str(bought.pk), str(lapsed.pk)}
    assert found("role=seller") == {str(given.pk)}
    assert found("status=failed") == {str(lapsed.pk)}
    assert found("release_state=held") == {str(bought.pk), str(given.pk)}
    assert found(f"product={given.product_id}") == {str(given.pk)}
    assert found("from=2030-01-01T00:00:00Z") == set()
    assert client.get(f"{LIST}?colour=red").status_code == 400


@pytest.mark.capability("K14")
def test_the_list_of_sales_costs_the_same_however_long_it_is(assert_constant_queries):
    person = UserFactory()
    client = client_of(person)

    assert_constant_queries(lambda: client.get("/api/v1/transactions/"), lambda: sold(buyer=person))


@pytest.mark.capability("K14")
def test_a_sale_for_cash_is_the_sellers_word_and_the_buyers():
    sale = ReservationFactory(origin="seller")
    address = f"/api/v1/products/{sale.product_id}/sold/"
    body = {"buyer": str(sale.buyer_id)}

    by_buyer = client_of(sale.buyer).post(address, body)
    marked = client_of(sale.seller).post(address, body)
    done = client_of(sale.buyer).post(f"{page(sale)}confirm/")

    assert by_buyer.status_code == 403
    assert (marked.data["payment_method"], marked.data["platform_fee"]) == ("cash", "0.00")
    assert (done.data["status"], done.data["release_state"]) == ("completed", "released")
    assert Transaction.objects.get().product.status == "sold"


@pytest.mark.capability("K14")
def test_a_seller_opens_an_account_for_payouts():
    sale = sold()

    opened = client_of(sale.seller).post("/api/v1/payments/payout-account/")
    again = client_of(sale.seller).post("/api/v1/payments/payout-account/")

    assert opened.status_code == 200
    assert opened.data["account"].startswith("test_acct_")
    assert (opened.data["is_test"], opened.data["onboarding_url"]) == (True, "")
    assert again.data["account"] == opened.data["account"]
    sale.seller.refresh_from_db()
    assert sale.seller.stripe_connect_account_id == opened.data["account"]
