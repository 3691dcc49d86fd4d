"""Change requests in the API: from the draft to the finished work, and who is refused."""

import pytest

from accounts.models import MediaFile
from accounts.tests.clients import client_of
from accounts.tests.factories.organizations import seated
from accounts.tests.factories.people import UserFactory
from bookings.choices import ChangeRequestStatus as Status
from bookings.models import ChangeRequest, Instalment
from bookings.tests.factories.changes import (
    ChangeRequestFactory,
    answerer,
    lapse_quote,
    wish_file,
)
from bookings.tests.factories.homes import BookingFactory
from catalog.services.phases import start_phase
from catalog.tests.factories.construction import PhaseFactory, site_engineer
from catalog.tests.factories.homes import DevelopmentFactory, UnitFactory, member_of

pytestmark = [pytest.mark.django_db, pytest.mark.capability("R27")]

LIST = "/api/v1/change-requests/"
VERBS = (
    "submit",
    "withdraw",
    "review",
    "quote",
    "reject",
    "approve",
    "decline",
    "start",
    "complete",
)
BODIES = {"quote": {"price": "1.00", "extra_days": 0}, "reject": {"reason": "No"}}


def page(change, verb=""):
    return f"{LIST}{change.pk if hasattr(change, 'pk') else change}/{verb}"


def post(client, path, body=None):
    return client.post(path, body or {}, HTTP_IDEMPOTENCY_KEY=path[-60:])


def wish(booking, **changes):
    return {
        "booking": str(booking.pk),
        "category": "kitchen",
        "description": "Move the sink to the island",
        **changes,
    }


def test_from_the_draft_to_the_finished_work():
    booking = BookingFactory(confirmed=True)
    phase, file = PhaseFactory(development=booking.development), wish_file(booking.customer)
    buyer, site = client_of(booking.customer), client_of(member_of(booking.builder, "site"))

    draft = post(buyer, LIST, wish(booking, media=[str(file.pk)]))
    change = draft.data["id"]
    unseen = site.get(page(change))
    changed = buyer.patch(page(change), {"description": "Move the hob as well"})
    submitted = post(buyer, page(change, "submit/"))
    reviewed = post(site, page(change, "review/"), {"cutoff_phase": str(phase.pk)})
    quote = {"price": "4500.00", "extra_days": 7, "valid_days": 5}
    quoted = post(site, page(change, "quote/"), quote)
    approved = post(buyer, page(change, "approve/"))
    started = post(site, page(change, "start/"))
    done = post(site, page(change, "complete/"))

    assert (draft.status_code, draft.data["status"]) == (201, "draft")
    assert [each["id"] for each in draft.data["media"]] == [str(file.pk)]
    assert unseen.status_code == 404
    assert changed.data["description"] == "Move the hob as well"
    assert submitted.data["submitted_at"] is not None
    assert reviewed.data["cutoff_phase"]["id"] == str(phase.pk)
    assert (quoted.data["quoted_price"], quoted.data["currency"]) == ("4500.00", "AED")
    assert approved.data["instalment"]["amount"] == "4500.00"
    assert approved.data["instalment"]["status"] == "scheduled"
    assert [answer.data["status"] for answer in (started, done)] == ["in_progress", "completed"]
    assert done.data["decided_by"]["id"] == str(booking.customer.pk)


def test_the_builder_opens_the_files_once_it_is_submitted():
    booking = BookingFactory(confirmed=True)
    site, file = member_of(booking.builder, "site"), wish_file(booking.customer)
    made = post(client_of(booking.customer), LIST, wish(booking, media=[str(file.pk)]))

    before = MediaFile.objects.visible_to(site).filter(pk=file.pk).exists()
    post(client_of(booking.customer), page(made.data["id"], "submit/"))

    assert not before
    assert MediaFile.objects.visible_to(site).filter(pk=file.pk).exists()
    assert not MediaFile.objects.visible_to(UserFactory()).filter(pk=file.pk).exists()


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"category": "garden"}, "/category"),
        ({"description": ""}, "/description"),
        ({"description": "x" * 4001}, "/description"),
        ({"booking": "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f"}, "/booking"),
        ({"cutoff_phase": "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f"}, "/cutoff_phase"),
        ({"media": ["0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f"]}, "/media/0"),
    ],
)
def test_a_draft_that_cannot_be_is_refused_where_it_stands(change, pointer):
    booking = BookingFactory(confirmed=True)

    response = post(client_of(booking.customer), LIST, {**wish(booking), **change})

    assert (response.status_code, response.data["errors"][0]["pointer"]) == (400, pointer)
    assert not ChangeRequest.objects.exists()


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"price": "-1", "extra_days": 0}, "/price"),
        ({"price": "1.001", "extra_days": 0}, "/price"),
        ({"price": "NaN", "extra_days": 0}, "/price"),
        ({"price": "1"}, "/extra_days"),
        ({"price": "1", "extra_days": -1}, "/extra_days"),
        ({"price": "1", "extra_days": 0, "valid_days": 366}, "/valid_days"),
        ({"price": "1", "extra_days": 0, "valid_until": "2020-01-01T00:00:00Z"}, "/valid_until"),
        (
            {
                "price": "1",
                "extra_days": 0,
                "valid_days": 3,
                "valid_until": "2027-01-01T00:00:00Z",
            },
            "/valid_until",
        ),
    ],
)
def test_a_quote_that_cannot_be_is_refused_where_it_stands(body, pointer):
    change = ChangeRequestFactory(status=Status.UNDER_REVIEW)

    response = post(client_of(answerer(change)), page(change, "quote/"), body)

    assert (response.status_code, response.data["errors"][0]["pointer"]) == (400, pointer)
    change.refresh_from_db()
    assert change.status == Status.UNDER_REVIEW


def test_a_booking_that_is_merely_held_has_no_changes_yet():
    booking = BookingFactory()

    response = post(client_of(booking.customer), LIST, wish(booking))
    by_sales = post(client_of(member_of(booking.builder, "sales")), LIST, wish(booking))

    assert (response.status_code, response.data["code"]) == (409, "booking_not_confirmed")
    assert (by_sales.status_code, by_sales.data["code"]) == (403, "not_allowed")
    assert not ChangeRequest.objects.exists()


def test_a_quote_that_lapsed_and_a_phase_that_began_are_409s():
    lapsed = ChangeRequestFactory(status=Status.QUOTED)
    lapse_quote(lapsed)
    booking = BookingFactory(confirmed=True)
    phase = PhaseFactory(development=booking.development)
    late = ChangeRequestFactory(booking=booking, cutoff_phase=phase, status=Status.QUOTED)
    start_phase(phase=phase, actor=site_engineer(booking.development))
    before = Instalment.objects.count()

    expired = post(client_of(lapsed.customer), page(lapsed, "approve/"))
    too_late = post(client_of(late.customer), page(late, "approve/"))

    assert (expired.status_code, expired.data["code"]) == (409, "quote_expired")
    assert (too_late.status_code, too_late.data["code"]) == (409, "too_late")
    assert too_late.data["phase"]["name"] == phase.name
    assert Instalment.objects.count() == before


def test_strangers_learn_nothing_and_change_nothing(api):
    change = ChangeRequestFactory(status=Status.SUBMITTED)
    strangers = [
        UserFactory(),
        member_of(DevelopmentFactory().builder, "site"),
        seated(change.booking.builder, "member"),
        UserFactory(staff=True),
    ]

    assert api.get(LIST).status_code == 401
    assert api.get(page(change)).status_code == 401
    assert api.patch(page(change), {}).status_code == 401
    for stranger in strangers:
        client = client_of(stranger)
        assert client.get(LIST).data["results"] == []
        assert client.get(page(change)).status_code == 404
        assert client.patch(page(change), {"description": "Mine"}).status_code == 404
        for verb in VERBS:
            answer = post(client, page(change, f"{verb}/"), BODIES.get(verb))
            assert answer.status_code == 404
    for verb in VERBS:
        assert post(api, page(change, f"{verb}/"), BODIES.get(verb)).status_code == 401

    change.refresh_from_db()
    assert change.status == Status.SUBMITTED


@pytest.mark.parametrize("verb", VERBS)
def test_who_sees_it_but_is_of_the_other_side_is_refused(verb):
    change = ChangeRequestFactory(status=Status.SUBMITTED)
    of_customer = verb in {"submit", "withdraw", "approve", "decline"}
    other = answerer(change) if of_customer else change.customer

    refused = post(client_of(other), page(change, f"{verb}/"), BODIES.get(verb))

    assert (refused.status_code, refused.data["code"]) == (403, "not_allowed")
    change.refresh_from_db()
    assert change.status == Status.SUBMITTED


@pytest.mark.parametrize("verb", VERBS)
def test_what_is_done_stays_done(verb):
    change = ChangeRequestFactory(status=Status.COMPLETED)
    of_customer = verb in {"submit", "withdraw", "approve", "decline"}
    person = change.customer if of_customer else answerer(change)

    refused = post(client_of(person), page(change, f"{verb}/"), BODIES.get(verb))

    assert (refused.status_code, refused.data["code"]) == (409, "invalid_transition")
    assert refused.data["allowed"] == []
    change.refresh_from_db()
    assert change.status == Status.COMPLETED


def test_what_was_submitted_is_not_written_again():
    change = ChangeRequestFactory(status=Status.SUBMITTED)
    client = client_of(change.customer)

    refused = client.patch(page(change), {"description": "Gold taps"})
    stale = client.patch(page(change), {"description": "Gold"}, HTTP_IF_MATCH='W/"other"')

    assert (refused.status_code, refused.data["code"]) == (409, "not_a_draft")
    assert stale.status_code == 412
    change.refresh_from_db()
    assert change.description == "Move the sink to the island"


def test_change_requests_are_filtered():
    booking = BookingFactory(confirmed=True)
    first = ChangeRequestFactory(booking=booking, status=Status.SUBMITTED)
    second = ChangeRequestFactory(booking=booking, category="bathroom", status=Status.QUOTED)
    site = client_of(member_of(booking.builder, "site"))

    def found(query):
        return [row["id"] for row in site.get(f"{LIST}?{query}").data["results"]]

    a, b = str(first.pk), str(second.pk)
    assert found("ordering=newest") == [a, b]
    assert found("status=submitted") == [a]
    assert found("status=submitted&status=quoted") == [b, a]
    assert found("category=bathroom") == [b]
    assert found(f"booking={booking.pk}&unit={booking.unit_id}&reference={first.reference}") == [a]
    assert found(f"development={booking.development_id}") == [b, a]
    assert found("mine=true") == []
    assert site.get(f"{LIST}?status=lost").status_code == 400


def test_the_list_of_change_requests_costs_the_same_however_long_it_is(assert_constant_queries):
    development = DevelopmentFactory()
    client = client_of(member_of(development.builder, "site"))

    def grow():
        booking = BookingFactory(unit=UnitFactory(development=development), confirmed=True)
        ChangeRequestFactory(booking=booking, status=Status.APPROVED)

    assert_constant_queries(lambda: client.get("/api/v1/change-requests/"), grow, times=3)
