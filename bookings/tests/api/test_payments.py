"""Payments in the API: from the instalment to the receipt, and who is refused."""

from decimal import Decimal

import pytest

from accounts.tests.clients import client_of
from accounts.tests.factories.people import UserFactory
from bookings.models import LedgerEntry, Payment
from bookings.tests.factories.homes import BookingFactory, lapse
from bookings.tests.paying import open_payment, pay
from catalog.tests.factories.homes import member_of

pytestmark = pytest.mark.django_db

LIST = "/api/v1/payments/"


@pytest.fixture
def booking():
    return BookingFactory(pending_payment=True)


def deposit_of(booking):
    return booking.instalments.get(kind="deposit")


def begin(client, instalment, /, key="k-1", **changes):
    body = {"instalment": str(instalment.pk), **changes}
    return client.post(LIST, body, HTTP_IDEMPOTENCY_KEY=key)


@pytest.mark.capability("R16")
def test_from_the_instalment_to_the_receipt(booking):
    client = client_of(booking.customer)

    begun = begin(client, deposit_of(booking))
    page = f"{LIST}{begun.data['id']}/"
    secret = client.post(f"{page}client-secret/")
    paid = client.post(f"{page}simulate/", {"outcome": "succeed"})

    assert (begun.status_code, begun.data["status"]) == (201, "pending")
    assert (begun.data["gateway"], begun.data["is_test"]) == ("test", True)
    assert (begun.data["amount"], begun.data["currency"]) == ("100000.00", "AED")
    assert begun.data["purpose"] == "deposit"
    assert secret.data["client_secret"].startswith("test_pi_")
    assert secret.data["is_test"] is True
    assert (paid.status_code, paid.data["status"]) == (200, "completed")
    assert paid.data["receipt_no"].startswith("RC-")
    assert paid.data["payee_organization"]["id"] == str(booking.builder_id)
    assert paid.data["payee_user"] is None
    row = Payment.objects.get()
    assert paid.data["stripe_payment_intent_id"] == row.stripe_payment_intent_id != ""
    assert paid.data["updated_at"] > begun.data["created_at"]
    booking.refresh_from_db()
    assert booking.status == "confirmed"


@pytest.mark.capability("R16")
def test_the_same_key_pays_once_and_another_body_is_refused(booking):
    client = client_of(booking.customer)

    first = begin(client, deposit_of(booking))
    again = begin(client, deposit_of(booking))
    other = begin(client, deposit_of(booking), client_key="x")
    without = client.post(LIST, {"instalment": str(deposit_of(booking).pk)})

    assert again.data["id"] == first.data["id"]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (other.status_code, other.data["code"]) == (422, "idempotency_key_reused")
    assert (without.status_code, without.data["code"]) == (400, "idempotency_key_required")
    assert Payment.objects.count() == 1


@pytest.mark.capability("R16")
def test_the_same_client_key_finds_the_same_payment(booking):
    client = client_of(booking.customer)

    first = begin(client, deposit_of(booking), client_key="mine")
    again = begin(client, deposit_of(booking), key="k-2", client_key="mine")
    changed = begin(
        client, deposit_of(booking), key="k-3", client_key="mine", payment_method="cash"
    )

    assert again.data["id"] == first.data["id"]
    assert (changed.status_code, changed.data["code"]) == (409, "client_key_used")
    assert Payment.objects.count() == 1


@pytest.mark.capability("R16")
@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"amount": "100000.01"}, 400, "too_much"),
        ({"amount": "1.00"}, 400, "deposit_in_one_piece"),
        ({"amount": "0"}, 400, "min_value"),
        ({"amount": "-5"}, 400, "min_value"),
        ({"amount": "100000.001"}, 400, "amount_too_precise"),
        ({"amount": "NaN"}, 400, "invalid"),
        ({"payment_method": "barter"}, 400, "invalid_choice"),
        ({"instalment": "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f"}, 400, "does_not_exist"),
    ],
)
def test_a_payment_that_cannot_be_is_refused(booking, change, status, code):
    response = begin(client_of(booking.customer), deposit_of(booking), **change)

    assert response.status_code == status
    assert response.data["errors"][0]["code"] == code
    assert not Payment.objects.exists()


@pytest.mark.capability("R16")
def test_only_the_customer_pays(booking):
    sales = member_of(booking.builder, "sales")

    seen = begin(client_of(sales), deposit_of(booking))
    unseen = begin(client_of(UserFactory()), deposit_of(booking))

    assert (seen.status_code, seen.data["code"]) == (403, "not_payer")
    assert (unseen.status_code, unseen.data["errors"][0]["code"]) == (400, "does_not_exist")
    assert not Payment.objects.exists()


@pytest.mark.capability("R17")
def test_a_deposit_whose_time_is_over_is_not_begun(booking):
    lapse(booking)

    response = begin(client_of(booking.customer), deposit_of(booking))

    assert (response.status_code, response.data["code"]) == (409, "payment_time_over")
    assert not Payment.objects.exists()


@pytest.mark.capability("R16")
def test_what_comes_after_the_deposit_waits_for_it(booking):
    later = booking.instalments.get(order=2)

    early = begin(client_of(booking.customer), later)
    pay(deposit_of(booking))
    part = begin(client_of(booking.customer), later, key="k-2", amount="2500.50")

    assert (early.status_code, early.data["code"]) == (409, "booking_closed")
    assert (part.status_code, part.data["amount"]) == (201, "2500.50")
    assert part.data["purpose"] == "instalment"


@pytest.mark.capability("R16")
def test_what_is_paid_is_not_paid_again(booking):
    pay(deposit_of(booking))

    response = begin(client_of(booking.customer), deposit_of(booking))

    assert (response.status_code, response.data["code"]) == (409, "nothing_owed")
    assert Payment.objects.count() == 1


@pytest.mark.capability("R16")
def test_the_gateway_is_played_by_the_payer_alone(booking):
    payment = open_payment(deposit_of(booking))
    page = f"{LIST}{payment.pk}/"
    finance = client_of(member_of(booking.builder, "finance"))
    stranger = client_of(UserFactory())

    for address, body in (
        (f"{page}simulate/", {"outcome": "succeed"}),
        (f"{page}client-secret/", {}),
    ):
        assert finance.post(address, body).data["code"] == "not_payer"
        assert stranger.post(address, body).status_code == 404
    assert client_of(booking.customer).post(f"{page}simulate/", {"outcome": "x"}).status_code == 400

    payment.refresh_from_db()
    assert payment.status == "pending"
    assert not LedgerEntry.objects.exists()


@pytest.mark.capability("R16")
def test_offline_money_is_announced_and_confirmed_by_another(booking):
    theirs = client_of(booking.customer)
    announced = begin(theirs, deposit_of(booking), payment_method="bank_transfer")
    address = f"{LIST}{announced.data['id']}/confirm-offline/"
    body = {"reference": "TRF-4711"}

    own = theirs.post(address, body, HTTP_IDEMPOTENCY_KEY="a")
    sales = client_of(member_of(booking.builder, "sales")).post(
        address, body, HTTP_IDEMPOTENCY_KEY="b"
    )
    done = client_of(member_of(booking.builder, "finance")).post(
        address, body, HTTP_IDEMPOTENCY_KEY="c"
    )

    assert (announced.data["gateway"], announced.data["is_test"]) == ("offline", False)
    assert [own.status_code, sales.status_code] == [403, 403]
    assert (done.status_code, done.data["status"]) == (200, "completed")
    assert done.data["offline_reference"] == "TRF-4711"
    booking.refresh_from_db()
    assert booking.status == "confirmed"


@pytest.mark.capability("R16")
def test_offline_money_that_never_came_is_declined(booking):
    announced = begin(client_of(booking.customer), deposit_of(booking), payment_method="cheque")
    finance = client_of(member_of(booking.builder, "finance"))

    done = finance.post(
        f"{LIST}{announced.data['id']}/decline-offline/", {"reason": "The cheque bounced."}
    )

    assert (done.data["status"], done.data["failure_code"]) == ("failed", "not_received")
    booking.refresh_from_db()
    assert booking.status == "pending_payment"


@pytest.mark.capability("R16")
def test_the_fee_is_shown_before_anybody_pays(settings):
    client = client_of(UserFactory())

    shown = client.post(f"{LIST}fees/", {"amount": "999.99", "currency": "AED"})
    odd = client.post(f"{LIST}fees/", {"amount": "10.5", "currency": "JPY"})

    assert shown.data["platform_fee"] == "0.00"
    assert shown.data["payee_gets"] == "999.99"
    assert odd.data["errors"][0]["code"] == "amount_too_precise"


@pytest.mark.capability("R16")
def test_payments_are_filtered(booking):
    payment = pay(deposit_of(booking))
    client = client_of(booking.customer)

    def found(query):
        return [row["id"] for row in client.get(f"{LIST}?{query}").data["results"]]

    assert found("status=completed&purpose=deposit") == [str(payment.pk)]
    assert found("status=pending") == []
    assert found(f"booking={booking.pk}&development={booking.development_id}") == [str(payment.pk)]
    assert found("to=2020-01-01T00:00:00Z") == []
    assert client.get(f"{LIST}?colour=red").status_code == 400


@pytest.mark.capability("R16")
def test_strangers_see_no_payments(booking, api):
    payment = pay(deposit_of(booking))

    assert api.get(LIST).status_code == 401
    assert client_of(UserFactory()).get(LIST).data["results"] == []
    assert client_of(UserFactory()).get(f"{LIST}{payment.pk}/").status_code == 404
    assert client_of(UserFactory(staff=True)).get(f"{LIST}{payment.pk}/").status_code == 404
    mine = client_of(member_of(booking.builder, "finance")).get(f"{LIST}{payment.pk}/")
    assert mine.data["amount"] == "100000.00"


def test_the_list_of_payments_costs_the_same_however_long_it_is(assert_constant_queries):
    booking = BookingFactory(confirmed=True)
    later = booking.instalments.get(order=2)
    client = client_of(booking.customer)

    assert_constant_queries(
        lambda: client.get("/api/v1/payments/"), lambda: pay(later, Decimal("1.00"))
    )
