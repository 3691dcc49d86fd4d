"""Reviews in the API: writing, reading, replying, and what they come to."""

import pytest
from rest_framework.test import APIClient

from accounts.tests.clients import client_of
from accounts.tests.factories.people import UserFactory
from bookings.models import Review
from bookings.tests.factories.market import ReservationFactory, ReviewFactory, released, shown
from catalog.tests.factories.market import ProductFactory

pytestmark = pytest.mark.django_db

LIST = "/api/v1/reviews/"


def page(review, act=""):
    return f"{LIST}{review.pk}/{act}"


def test_a_review_is_written_and_kept_from_others_until_it_is_shown():
    sale = released()
    body = {"transaction": str(sale.pk), "rating": 5, "text": "As described"}

    made = client_of(sale.buyer).post(LIST, body)

    assert (made.status_code, made.data["rating"], made.data["is_shown"]) == (201, 5, False)
    assert (made.data["kind"], made.data["transaction"]) == ("sale", str(sale.pk))
    assert made.data["subject_user"]["id"] == str(sale.seller_id)
    review = Review.objects.get()
    for client in (client_of(sale.seller), client_of(UserFactory()), APIClient()):
        assert client.get(page(review)).status_code == 404
        assert client.get(LIST).data["results"] == []
    assert [row["id"] for row in client_of(sale.buyer).get(LIST).data["results"]] == [
        str(review.pk)
    ]


def test_everybody_reads_what_is_shown_and_only_the_two_learn_of_the_deal():
    review = ReviewFactory()
    shown(review)
    address = f"{LIST}?user={review.subject_user_id}"

    (public,) = APIClient().get(address).data["results"]
    (own,) = client_of(review.subject_user).get(address).data["results"]

    assert (public["text"], public["is_shown"]) == ("As described", True)
    assert (public["transaction"], own["transaction"]) == (None, str(review.transaction_id))
    rating = APIClient().get(f"/api/v1/users/{review.subject_user_id}/rating/").data
    assert (rating["average"], rating["count"], rating["stars"]["5"]) == ("5.00", 1, 1)
    stats = client_of(UserFactory()).get(f"/api/v1/users/{review.subject_user_id}/stats/").data
    assert stats["rating"] == "5.00"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"rating": 5}, 400, "one_deal"),
        ({"rating": 6}, 400, "max_value"),
        ({"rating": 0}, 400, "min_value"),
    ],
)
def test_a_review_without_a_deal_or_with_other_stars_is_refused(body, status, code):
    answer = client_of(UserFactory()).post(LIST, body)

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (status, code)
    assert not Review.objects.exists()


def test_who_may_not_write_changes_nothing():
    sale, going = released(), ReservationFactory()
    body = {"transaction": str(sale.pk), "rating": 1}

    stranger = client_of(UserFactory()).post(LIST, body)
    early = client_of(going.buyer).post(LIST, {"transaction": str(going.pk), "rating": 1})
    nobody = APIClient().post(LIST, body)

    assert stranger.json()["errors"][0]["code"] == "does_not_exist"
    assert (early.status_code, early.data["code"]) == (409, "deal_not_completed")
    assert early.data["current"] == "pending"
    assert nobody.status_code == 401
    assert not Review.objects.exists()


def test_a_review_is_changed_by_its_author_before_it_is_shown():
    review = ReviewFactory()
    author = client_of(review.author)

    changed = author.patch(page(review), {"rating": 4})
    foreign = client_of(review.subject_user).patch(page(review), {"rating": 1})
    shown(review)
    late = author.patch(page(review), {"rating": 1})
    other = client_of(review.subject_user).patch(page(review), {"rating": 1})

    assert (changed.status_code, changed.data["rating"]) == (200, 4)
    assert foreign.status_code == 404
    assert (late.status_code, late.data["code"]) == (409, "review_shown")
    assert (late.data["current"], late.data["allowed"]) == ("shown", [])
    assert other.status_code == 403
    assert Review.objects.get().rating == 4


def test_whom_it_is_about_replies_once():
    review = ReviewFactory()
    shown(review)
    subject = client_of(review.subject_user)

    foreign = client_of(UserFactory()).post(page(review, "reply/"), {"text": "Not so"})
    first = subject.post(page(review, "reply/"), {"text": "Thank you"})
    second = subject.post(page(review, "reply/"), {"text": "Again"})

    assert (foreign.status_code, first.status_code) == (403, 200)
    assert first.data["reply"] == "Thank you"
    assert (second.status_code, second.data["code"]) == (409, "replied_already")


def test_reviews_are_found_by_whom_they_are_about_and_who_wrote_them():
    review, other = ReviewFactory(), ReviewFactory()
    shown(review, other)
    client = client_of(review.author)

    def found(query):
        return [row["id"] for row in client.get(f"{LIST}?{query}").data["results"]]

    assert found(f"user={review.subject_user_id}") == [str(review.pk)]
    assert found(f"author={other.author_id}") == [str(other.pk)]
    assert found("mine=true") == [str(review.pk)]
    assert found("mine=false") == [str(other.pk)]
    assert client.get(f"{LIST}?stars=5").status_code == 400
    assert client.get(f"/api/v1/users/{review.author_id}/rating/?x=1").status_code == 400


def test_the_list_costs_the_same_however_long_it_is(assert_constant_queries):
    seller = UserFactory()

    def grow():
        shown(ReviewFactory(transaction=released(product=ProductFactory(seller=seller))))

    assert_constant_queries(lambda: APIClient().get("/api/v1/reviews/"), grow=grow)
