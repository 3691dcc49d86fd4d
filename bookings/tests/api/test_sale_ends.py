"""How sales end in the API: by their payments' names, with papers, decisions and new offers."""

from decimal import Decimal

import pytest

from accounts.groups import FINANCE
from accounts.models import Residency
from accounts.tests.clients import client_of
from accounts.tests.factories.buildings import ResidencyFactory
from accounts.tests.factories.organizations import staff_in
from accounts.tests.factories.people import UserFactory
from bookings.api.throttles import OfferThrottle, PaymentThrottle
from bookings.services.disputes import open_dispute
from bookings.services.handover_codes import issue_code
from bookings.tests.factories.market import OfferFactory
from bookings.tests.selling import sold, states
from catalog.tests.factories.market import ProductFactory

pytestmark = pytest.mark.django_db

LIST = "/api/v1/transactions/"


def page(sale):
    return f"{LIST}{sale.pk}/"


@pytest.mark.capability("K16", "K17")
def test_a_sale_is_handed_over_and_disputed_by_the_name_of_its_payment_as_well():
    done, disputed = sold(), sold()
    code = issue_code(sale=done, actor=done.buyer).code
    handed = f"/api/v1/payments/{done.payments.get().pk}/handover/"
    objected = f"/api/v1/payments/{disputed.payments.get().pk}/dispute/"
    body = {"reason": "It is broken"}

    strange = client_of(UserFactory()).post(handed, {"code": code})
    first = client_of(done.seller).post(handed, {"code": code})
    second = client_of(disputed.buyer).post(objected, body, HTTP_IDEMPOTENCY_KEY="k")

    assert strange.status_code == 404
    assert (first.data["id"], first.data["release_state"]) == (str(done.pk), "released")
    assert (second.data["status"], second.data["release_state"]) == ("disputed", "frozen")
    assert second.data["dispute"]["outcome"] is None


@pytest.mark.capability("K14")
def test_buyer_and_seller_get_the_receipt_and_strangers_do_not():
    sale = sold()
    address = f"/api/v1/payments/{sale.payments.get().pk}/receipt/"

    papers = [client_of(person).get(address) for person in (sale.buyer, sale.seller)]

    assert [paper.content[:5] for paper in papers] == [b"%PDF-", b"%PDF-"]
    assert client_of(UserFactory()).get(address).status_code == 404


@pytest.mark.capability("K17")
def test_a_decision_that_waits_for_a_second_person_is_not_shown_to_the_two():
    sale = sold(ProductFactory(price=Decimal(20_000)))
    open_dispute(sale=sale, actor=sale.buyer, reason="It is broken")
    body = {"outcome": "refunded", "note": "Broken indeed"}

    first = client_of(staff_in(FINANCE)).post(
        f"{page(sale)}decide-dispute/", body, HTTP_IDEMPOTENCY_KEY="a"
    )
    seen = client_of(sale.seller).get(page(sale)).data["dispute"]
    second = client_of(staff_in(FINANCE)).post(
        f"{page(sale)}agree-to-decision/", HTTP_IDEMPOTENCY_KEY="b"
    )

    assert first.data["status"] == "disputed"
    assert (seen["outcome"], seen["note"], seen["refund_amount"]) == (None, "", None)
    assert second.data["dispute"]["outcome"] == "refunded"
    assert second.data["dispute"]["refund_amount"] == "20000.00"


@pytest.mark.capability("K16")
def test_a_code_is_never_kept_for_a_repeated_request():
    sale = sold()
    client = client_of(sale.buyer)

    first = client.post(f"{page(sale)}handover-code/", HTTP_IDEMPOTENCY_KEY="k")
    again = client.post(f"{page(sale)}handover-code/", HTTP_IDEMPOTENCY_KEY="k")
    seen = client.get(f"{page(sale)}handover-code/")

    assert "Idempotent-Replayed" not in again.headers
    assert len(first.data["code"]) == len(again.data["code"]) == 6
    assert (seen.data["code"], seen.data["is_issued"], seen.data["attempts_left"]) == ("", True, 5)


@pytest.mark.capability("K18")
def test_what_was_given_back_in_full_is_offered_again_by_its_seller():
    sale, other = sold(), sold()
    address = f"/api/v1/products/{sale.product_id}/relist/"
    client = client_of(sale.seller)

    early = client.post(address)
    published = client.post(f"/api/v1/products/{sale.product_id}/publish/")
    client.post(f"{page(sale)}refund/", {"reason": "goodwill"}, HTTP_IDEMPOTENCY_KEY="k")
    by_buyer = client_of(sale.buyer).post(address)
    done = client.post(address)
    again = client.post(address)

    assert (early.status_code, early.data["current"]) == (409, "sold")
    assert published.status_code == 409
    assert by_buyer.status_code == 403
    assert (done.status_code, done.data["status"]) == (200, "active")
    assert again.status_code == 409
    assert states(sale) == ("refunded", "returned", "active")
    assert sold(sale.product).status == "completed"
    assert states(other) == ("completed", "held", "sold")


@pytest.mark.capability("K02")
def test_nobody_offers_again_to_a_building_that_they_have_left():
    home = ResidencyFactory(verified=True)
    sale = sold(
        ProductFactory(seller=home.user, community=True, building=home.building),
        ResidencyFactory(verified=True, building=home.building).user,
    )
    client = client_of(sale.seller)
    client.post(f"{page(sale)}refund/", {"reason": "goodwill"}, HTTP_IDEMPOTENCY_KEY="k")
    Residency.objects.filter(pk=home.pk).update(status="ended", until=home.since)

    refused = client.post(f"/api/v1/products/{sale.product_id}/relist/")

    assert (refused.status_code, refused.data["code"]) == (403, "not_a_verified_resident")
    assert states(sale) == ("refunded", "returned", "sold")


@pytest.mark.capability("K10", "K17")
def test_nobody_is_told_of_reservations_and_disputes_without_end(monkeypatch):
    monkeypatch.setattr(OfferThrottle, "limit", 1)
    monkeypatch.setattr(PaymentThrottle, "limit", 1)
    offer, sale = OfferFactory(), sold()
    seller, buyer = client_of(offer.seller), client_of(sale.buyer)
    product = f"/api/v1/products/{offer.product_id}/"
    body = {"buyer": str(offer.buyer_id)}

    first = seller.post(f"{product}reserve/", body)
    again = [seller.post(f"{product}{verb}/", body) for verb in ("reserve", "sold")]
    disputed = [
        buyer.post(f"{page(sale)}dispute/", {"reason": "x"}, HTTP_IDEMPOTENCY_KEY=key)
        for key in "ab"
    ]

    assert (first.status_code, disputed[0].status_code) == (201, 200)
    for refused in (*again, disputed[1]):
        assert refused.status_code == 429
        assert int(refused.headers["Retry-After"]) > 0
