"""Reports: made once, by those who see a thing, and never told to whom it is about."""

import pytest

from accounts.groups import MODERATION
from accounts.models import Block
from accounts.services.settings import change_setting
from accounts.tests.clients import client_of
from accounts.tests.factories.organizations import staff_in
from accounts.tests.factories.people import UserFactory
from catalog.tests.factories.market import ProductFactory
from config.tests.racing import race
from messaging.models import Report
from messaging.report_exceptions import ReportedAlreadyError
from messaging.services.conversations import open_direct
from messaging.services.messages import post_message
from messaging.services.reports import dismiss, make_report

pytestmark = pytest.mark.django_db
LIST = "/api/v1/reports/"


def about(target, kind="product", **more):
    return {"target_type": kind, "target_id": str(target.pk), "reason": "scam", **more}


@pytest.fixture
def product():
    return ProductFactory()


@pytest.mark.capability("M08")
def test_a_product_is_reported_as_it_was(product):
    client = client_of(UserFactory())

    made = client.post(LIST, about(product, text="A copy."))

    assert (made.status_code, made.data["status"]) == (201, "open")
    assert made.data["target_type"] == "product"
    report = Report.objects.get()
    assert report.accused == product.seller
    assert report.snapshot["title"] == product.title
    assert client.get(LIST).data["results"][0]["id"] == made.data["id"]
    assert client.get(f"{LIST}{made.data['id']}/").data["text"] == "A copy."


@pytest.mark.capability("M08")
def test_a_message_is_reported_by_those_who_can_read_it():
    anna, ben = UserFactory(), UserFactory()
    conversation = open_direct(user=anna, other=ben)
    message = post_message(conversation=conversation, sender=ben, content="Send money first")

    by_stranger = client_of(UserFactory()).post(LIST, about(message, "message"))
    by_sender = client_of(ben).post(LIST, about(message, "message"))
    by_reader = client_of(anna).post(LIST, about(message, "message"))

    assert (by_stranger.status_code, by_stranger.data["errors"][0]["code"]) == (
        400,
        "does_not_exist",
    )
    assert (by_sender.status_code, by_sender.data["code"]) == (400, "own_thing")
    assert by_reader.status_code == 201
    assert Report.objects.get().snapshot["content"] == "Send money first"


@pytest.mark.capability("M08")
def test_one_open_report_of_one_person_about_one_thing_is_enough(product):
    reporter = UserFactory()
    client = client_of(reporter)
    client.post(LIST, about(product))

    again = client.post(LIST, about(product))

    assert (again.status_code, again.data["code"]) == (409, "reported_already")
    dismiss(report=Report.objects.get(), actor=staff_in(MODERATION), reason="All right")
    assert client.post(LIST, about(product)).status_code == 201


@pytest.mark.django_db(transaction=True)
@pytest.mark.capability("M08")
def test_reports_of_one_person_at_once_are_one():
    product, reporter = ProductFactory(), UserFactory()

    def report():
        return make_report(
            reporter=reporter, target_type="product", target_id=product.pk, reason="scam"
        )

    results = race(*(report for _ in range(10)))

    assert sum(isinstance(result, ReportedAlreadyError) for result in results) == 9
    assert Report.objects.count() == 1


@pytest.mark.capability("M08")
@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"target_type": "planet"}, "/target_type"),
        ({"target_id": "01900000-0000-7000-8000-000000000000"}, "/target_id"),
        ({"reason": "boredom"}, "/reason"),
        ({"text": "x" * 2001}, "/text"),
    ],
)
def test_what_cannot_be_reported_is_refused(product, change, pointer):
    refused = client_of(UserFactory()).post(LIST, {**about(product), **change})

    assert refused.status_code == 400
    assert refused.data["errors"][0]["pointer"] == pointer
    assert not Report.objects.exists()


@pytest.mark.capability("M08")
def test_reports_are_ones_own(api, product):
    made = client_of(UserFactory()).post(LIST, about(product)).data

    accused = client_of(product.seller)

    assert accused.get(LIST).data["results"] == []
    assert accused.get(f"{LIST}{made['id']}/").status_code == 404
    assert api.post(LIST, about(product)).status_code == 401


@pytest.mark.capability("M08")
def test_who_is_shut_out_can_still_report_the_person_but_not_the_unseen(product):
    other = UserFactory()
    Block.objects.create(blocker=product.seller, blocked=other)

    assert client_of(other).post(LIST, about(product)).status_code == 400


@pytest.mark.capability("M08")
def test_a_day_has_so_many_reports():
    change_setting(key="reports_per_day", value=1, actor=UserFactory(superuser=True))
    client = client_of(UserFactory())

    answers = [client.post(LIST, about(ProductFactory())) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 429]


@pytest.mark.capability("M08")
def test_the_list_costs_the_same_however_long(assert_constant_queries):
    client = client_of(UserFactory())

    assert_constant_queries(
        lambda: client.get("/api/v1/reports/"),
        grow=lambda: client.post(LIST, about(ProductFactory())),
    )
