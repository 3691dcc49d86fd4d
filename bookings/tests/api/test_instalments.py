"""Instalments in the API: what is shown to whom, objections, answers and waivers."""

from datetime import timedelta

import pytest

from accounts.groups import SUPPORT
from accounts.tests.clients import client_of
from accounts.tests.factories.organizations import OrganizationFactory, owner_of, staff_in
from accounts.tests.factories.people import UserFactory
from bookings.services.late_fees import judge
from bookings.tests.factories.homes import lapse
from bookings.tests.owing import booked, by_phase, days_later, of, owed, pay_in
from catalog.tests.factories.homes import member_of

pytestmark = pytest.mark.django_db

LIST = "/api/v1/instalments/"
TEXT = "The photographs show another floor."


def page(line):
    return f"{LIST}{line.pk}/"


def plan(booking):
    return f"/api/v1/bookings/{booking.pk}/instalments/"


def labels(answer):
    return [row["label"] for row in answer.data["results"]]


@pytest.mark.capability("R13", "R14", "R15")
def test_a_booking_shows_its_instalments_in_order():
    line = owed()
    pay_in(line, "100000.00")
    client = client_of(line.booking.customer)

    answer = client.get(plan(line.booking))

    assert answer.status_code == 200
    rows = answer.data
    assert [row["label"] for row in rows] == [
        "Deposit",
        "Structure",
        "After 60 days",
        "Handover",
    ]
    assert sum(float(row["amount"]) for row in rows) == 1_000_000
    found = rows[1]
    assert (found["status"], found["amount"], found["currency"]) == (
        "partially_paid",
        "300000.00",
        "AED",
    )
    assert (found["paid_amount"], found["outstanding"]) == ("100000.00", "200000.00")
    assert (found["is_owed"], found["is_late"], found["late_fee"]) == (True, False, "0.00")
    assert found["late_fee_preview"] == {
        "amount": "3000.00",
        "charged_on": (line.due_date + timedelta(days=6)).isoformat(),
    }
    assert found["evidence"]["name"] == "Structure"
    assert found["booking"]["reference"] == line.booking.reference
    assert rows[3]["late_fee_preview"] is None
    assert (rows[0]["kind"], rows[0]["status"]) == ("deposit", "paid")


@pytest.mark.capability("R15")
def test_what_is_late_shows_so_before_any_job_has_run():
    line = days_later(owed(), 6)
    client = client_of(line.booking.customer)

    before = client.get(page(line)).data
    judge(instalment=line)
    after = client.get(page(line)).data

    assert (before["status"], before["is_late"], before["late_fee"]) == ("due", True, "0.00")
    assert (after["status"], after["is_late"], after["late_fee"]) == ("overdue", True, "3000.00")
    assert after["outstanding"] == "303000.00"
    assert after["late_fee_preview"]["amount"] == "3000.00"


@pytest.mark.capability("R13", "R32")
def test_instalments_are_seen_by_both_sides_and_nobody_else():
    line = owed()
    booking = line.booking
    elsewhere = OrganizationFactory(builder=True, verified=True)
    seeing = [booking.customer, member_of(booking.builder, "sales"), staff_in(SUPPORT)]
    blind = [
        UserFactory(),
        owner_of(elsewhere),
        member_of(booking.builder, "member"),
        UserFactory(staff=True),
    ]

    for user in seeing:
        client = client_of(user)
        assert client.get(page(line)).status_code == 200
        assert len(client.get(plan(booking)).data) == 4
        assert len(labels(client.get(LIST))) == 4
    for user in blind:
        client = client_of(user)
        assert client.get(page(line)).status_code == 404
        assert client.get(plan(booking)).status_code == 404
        assert labels(client.get(LIST)) == []


@pytest.mark.capability("R13")
def test_nobody_sees_instalments_without_signing_in(api):
    line = owed()

    answers = [api.get(path) for path in (LIST, page(line), plan(line.booking))]

    assert [answer.status_code for answer in answers] == [401, 401, 401]


@pytest.mark.capability("R13")
def test_the_list_is_filtered_by_state_place_and_date():
    line = owed()
    other = booked()
    development, booking = line.booking.development, line.booking
    client = client_of(staff_in(SUPPORT))
    customer = client_of(booking.customer)

    def found(query):
        answer = client.get(f"{LIST}?{query}")
        assert answer.status_code == 200
        return labels(answer)

    day = line.due_date
    assert found(f"development={development.pk}&status=due") == ["Structure"]
    assert found(f"booking={other.pk}&status=paid") == ["Deposit"]
    assert found(f"booking={booking.pk}&status=due&status=paid") == ["Deposit", "Structure"]
    assert found(f"booking={booking.pk}&due_from={day}&due_until={day}&status=due") == ["Structure"]
    assert found(f"booking={other.pk}&due_from={day + timedelta(days=30)}") == ["After 60 days"]
    assert found("role=customer") == []
    assert len(labels(customer.get(f"{LIST}?role=customer"))) == 4
    assert labels(customer.get(f"{LIST}?role=builder")) == []
    assert client.get(f"{LIST}?status=lost").status_code == 400
    assert client.get(f"{LIST}?colour=red").status_code == 400


@pytest.mark.capability("R07", "R13")
def test_what_a_lapsed_booking_left_behind_is_owed_no_longer():
    development, _ = by_phase()
    pending = booked(development, state="pending_payment")
    client = client_of(pending.customer)
    deposit = page(of(pending, "Deposit"))

    before = client.get(deposit).data["is_owed"], labels(client.get(f"{LIST}?owed=true"))
    lapse(pending)
    after = client.get(deposit).data["is_owed"], labels(client.get(f"{LIST}?owed=true"))
    refused = client.post(f"{deposit}object/", {"text": TEXT})

    assert before == (True, ["Deposit"])
    assert after == (False, [])
    assert len(labels(client.get(f"{LIST}?owed=false"))) == 4
    assert (refused.status_code, refused.data["code"]) == (409, "not_owed")


@pytest.mark.capability("R13", "R32")
def test_the_list_goes_on_by_cursor():
    line = owed()
    client = client_of(line.booking.customer)

    first = client.get(f"{LIST}?page_size=3")
    second = client.get(first.data["next"])

    assert labels(first) == ["Deposit", "Structure", "After 60 days"]
    assert labels(second) == ["Handover"]
    assert second.data["next"] is None


@pytest.mark.capability("R13", "R32")
def test_lists_cost_the_same_however_long_they_are(assert_constant_queries):
    development, _ = by_phase()
    client = client_of(owner_of(development.builder))
    booking = booked(development)
    line = of(booking, "Structure")

    assert_constant_queries(
        lambda: client.get("/api/v1/instalments/?page_size=100"),
        lambda: booked(development),
        times=2,
    )
    assert_constant_queries(
        lambda: client.get(f"/api/v1/bookings/{booking.pk}/instalments/"),
        lambda: pay_in(line, "1.00"),
        times=2,
    )


@pytest.mark.capability("R15")
def test_from_objection_to_answer():
    line = days_later(owed(), 6)
    judge(instalment=line)
    booking = line.booking
    theirs, finance = client_of(booking.customer), client_of(member_of(booking.builder, "finance"))

    made = theirs.post(f"{page(line)}object/", {"text": TEXT})
    again = theirs.post(f"{page(line)}object/", {"text": TEXT})
    (waiting,) = finance.get(f"{LIST}?objected=true").data["results"]
    answered = finance.post(
        f"{page(line)}resolve/", {"answer": "See the new ones.", "outcome": "dismissed"}
    )

    assert (made.status_code, made.data["status"]) == (200, "due")
    assert (made.data["objection"], made.data["objection_is_open"]) == (TEXT, True)
    assert made.data["late_fee_preview"] is None
    assert (again.status_code, again.data["code"]) == (409, "objection_open")
    assert waiting["id"] == str(line.pk)
    assert answered.status_code == 200
    assert answered.data["objection_outcome"] == "dismissed"
    assert answered.data["objection_is_open"] is False


@pytest.mark.capability("R15")
def test_who_may_not_object_or_answer_is_told_so():
    line = owed()
    booking = line.booking
    theirs, sales = client_of(booking.customer), client_of(member_of(booking.builder, "sales"))
    answer = {"answer": "No.", "outcome": "dismissed"}

    refused = [
        sales.post(f"{page(line)}object/", {"text": TEXT}),
        theirs.post(f"{page(of(booking, 'Handover'))}object/", {"text": TEXT}),
        theirs.post(f"{page(line)}object/", {"text": ""}),
        theirs.post(f"{page(line)}resolve/", answer),
        sales.post(f"{page(line)}resolve/", answer),
        client_of(UserFactory()).post(f"{page(line)}object/", {"text": TEXT}),
        client_of(member_of(booking.builder, "finance")).post(f"{page(line)}resolve/", answer),
    ]

    assert [(answer.status_code, answer.data["code"]) for answer in refused] == [
        (403, "not_allowed"),
        (409, "not_owed"),
        (400, "invalid"),
        (403, "own_debt"),
        (403, "not_allowed"),
        (404, "not_found"),
        (409, "no_objection"),
    ]
    line.refresh_from_db()
    assert (line.objection, line.objected_at) == ("", None)


@pytest.mark.capability("R15")
def test_a_waiver_takes_two_and_the_customer_hears_of_the_second():
    line = owed()
    booking = line.booking
    theirs = client_of(booking.customer)
    finance = client_of(member_of(booking.builder, "finance"))
    owner = client_of(owner_of(booking.builder))

    asked = finance.post(f"{page(line)}waive/", {"reason": "Goodwill"})
    again = finance.post(f"{page(line)}waive/", {"reason": "Goodwill"})
    unseen = theirs.get(page(line)).data["waiver"]
    (waiting,) = owner.get(f"{LIST}?waiver_asked=true").data["results"]
    done = owner.post(f"{page(line)}waive/", {})
    twice = owner.post(f"{page(line)}waive/", {})

    assert (asked.status_code, asked.data["status"]) == (200, "due")
    assert asked.data["waiver"]["reason"] == "Goodwill"
    assert (again.status_code, again.data["code"]) == (403, "second_person")
    assert unseen is None
    assert waiting["id"] == str(line.pk)
    assert (done.status_code, done.data["status"]) == (200, "waived")
    assert (asked.data["outstanding"], done.data["outstanding"]) == ("300000.00", "0.00")
    assert done.data["waiver"]["waived_by"]["id"] == str(owner_of(booking.builder).pk)
    assert (twice.status_code, twice.data["current"]) == (409, "waived")
    assert theirs.get(page(line)).data["waiver"]["reason"] == "Goodwill"


@pytest.mark.capability("R15")
def test_who_may_not_waive_is_told_so():
    line = owed()
    booking = line.booking
    finance = client_of(member_of(booking.builder, "finance"))

    refused = [
        client_of(booking.customer).post(f"{page(line)}waive/", {"reason": "Please"}),
        client_of(member_of(booking.builder, "site")).post(f"{page(line)}waive/", {"reason": "x"}),
        finance.post(f"{page(line)}waive/", {"reason": " "}),
        finance.post(f"{page(of(booking, 'Deposit'))}waive/", {"reason": "x"}),
    ]

    assert [(answer.status_code, answer.data["code"]) for answer in refused] == [
        (403, "own_debt"),
        (403, "not_allowed"),
        (400, "invalid"),
        (409, "invalid_transition"),
    ]
    line.refresh_from_db()
    assert line.waiver_asked_by is None
