"""Lists as files: within one's own scope, written down, and without formulae."""

import csv
import io

import pytest
from asgiref.sync import async_to_sync
from django.test import AsyncClient
from openpyxl import load_workbook

from accounts.groups import FINANCE, SUPPORT
from accounts.models import AuditEvent
from accounts.tests.clients import client_of
from accounts.tests.factories.organizations import OrganizationFactory, owner_of, staff_in
from accounts.tests.factories.people import UserFactory
from bookings.services import exports
from bookings.tests.factories.homes import BookingFactory, lapse
from bookings.tests.owing import booked, of, owed
from catalog.models import Unit
from catalog.tests.factories.homes import member_of

pytestmark = pytest.mark.django_db

BOOKINGS = "/api/v1/exports/bookings"
INSTALMENTS = "/api/v1/exports/instalments"
PAYMENTS = "/api/v1/exports/payments"


def content(answer):
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def table(answer):
    text = content(answer).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def sheet(answer):
    book = load_workbook(io.BytesIO(content(answer)))
    first, *others = book.active.iter_rows(values_only=True)
    return [dict(zip(first, row, strict=True)) for row in others]


@pytest.mark.capability("R41")
def test_each_takes_away_what_is_theirs():
    line, other = owed(), booked()
    booking = line.booking
    elsewhere = owner_of(OrganizationFactory(builder=True, verified=True))

    def taken(user):
        client = client_of(user)
        return (
            {row["reference"] for row in table(client.get(f"{BOOKINGS}.csv"))},
            {row["booking"] for row in table(client.get(f"{INSTALMENTS}.csv"))},
            {row["booking"] for row in table(client.get(f"{PAYMENTS}.csv"))},
        )

    ours = {booking.reference}
    everything = {booking.reference, other.reference}
    assert taken(booking.customer) == (ours, ours, ours)
    assert taken(member_of(booking.builder, "finance")) == (ours, ours, ours)
    assert taken(staff_in(FINANCE)) == (everything, everything, everything)
    for nobody in (
        elsewhere,
        UserFactory(),
        staff_in(SUPPORT),
        member_of(booking.builder, "member"),
    ):
        assert taken(nobody) == (set(), set(), set())


@pytest.mark.capability("R41")
def test_the_columns_say_what_stands_in_the_lists():
    line = owed()
    client = client_of(line.booking.customer)

    (booking,) = table(client.get(f"{BOOKINGS}.csv"))
    rows = table(client.get(f"{INSTALMENTS}.csv?status=due"))
    (payment,) = table(client.get(f"{PAYMENTS}.csv"))

    assert (booking["price"], booking["currency"]) == ("1000000.00", "AED")
    assert (booking["status"], booking["deposit"]) == ("confirmed", "100000.00")
    (found,) = rows
    assert (found["label"], found["amount"], found["outstanding"]) == (
        "Structure",
        "300000.00",
        "300000.00",
    )
    assert found["due_date"] == line.due_date.isoformat()
    assert found["paid_at"] == ""
    assert (payment["amount"], payment["instalment"]) == ("100000.00", "Deposit")


@pytest.mark.capability("R41")
def test_filters_are_those_of_the_lists():
    confirmed, held = booked(), BookingFactory()
    lapse(held)
    client = client_of(staff_in(FINANCE))

    def found(query):
        return [row["reference"] for row in table(client.get(f"{BOOKINGS}.csv?{query}"))]

    assert found("status=confirmed") == [confirmed.reference]
    assert found("status=expired") == [held.reference]
    assert found(f"development={held.development_id}") == [held.reference]
    assert found("created_from=2100-01-01T00:00:00Z") == []
    assert client.get(f"{BOOKINGS}.csv?colour=red").status_code == 400
    assert client.get(f"{INSTALMENTS}.csv?due_from=soon").status_code == 400


@pytest.mark.capability("R41")
@pytest.mark.parametrize(
    "name", ['=HYPERLINK("https://x.example")', "+1", "-1", "@SUM(A1)", "\t=1+1", " =1+1", "＝1+1"]
)
def test_cells_that_look_like_formulae_are_text(name):
    booking = booked()
    booking.customer.full_name = name
    booking.customer.save()
    Unit.objects.filter(pk=booking.unit_id).update(block="=1+1")
    client = client_of(booking.customer)

    (row,) = table(client.get(f"{BOOKINGS}.csv"))
    (same,) = sheet(client.get(f"{BOOKINGS}.xlsx"))

    assert row["customer"].startswith("'")
    assert row["block"] == "'=1+1"
    assert same["customer"] == row["customer"]


@pytest.mark.capability("R41")
def test_a_workbook_holds_the_same_rows():
    line = owed()
    client = client_of(line.booking.customer)

    answer = client.get(f"{INSTALMENTS}.xlsx")
    rows = sheet(answer)

    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    assert answer["Content-Disposition"].startswith('attachment; filename="instalments-')
    assert [row["label"] for row in rows] == ["Deposit", "Structure", "After 60 days", "Handover"]
    assert rows[1]["amount"] == "300000.00"


@pytest.mark.capability("R41")
def test_a_file_begins_with_a_mark_and_is_kept_by_nobody():
    client = client_of(booked().customer)

    answer = client.get(f"{PAYMENTS}.csv", HTTP_ACCEPT="text/csv")

    assert content(answer).startswith(b"\xef\xbb\xbfreference,")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.capability("R41")
def test_an_asynchronous_server_sends_it_piece_by_piece(monkeypatch):
    monkeypatch.setattr(exports, "PIECE_BYTES", 1)
    line = owed()
    token = client_of(line.booking.customer)._credentials["HTTP_AUTHORIZATION"]

    async def fetched(kind):
        path = f"{INSTALMENTS}.{kind}"
        answer = await AsyncClient().get(path, headers={"Authorization": token})
        return answer.is_async, [piece async for piece in answer.streaming_content]

    by_piece, pieces = async_to_sync(fetched)("csv")
    workbook = async_to_sync(fetched)("xlsx")

    assert by_piece
    assert len(pieces) == 5
    assert b"".join(pieces).decode().count("\r\n") == 5
    assert b"".join(workbook[1]).startswith(b"PK")


@pytest.mark.capability("R41")
def test_what_is_taken_away_is_written_down():
    user = staff_in(FINANCE)
    booked()

    content(client_of(user).get(f"{BOOKINGS}.csv?status=confirmed"))

    event = AuditEvent.objects.get(action="bookings.booking.list_exported")
    assert event.actor_id == user.pk
    assert event.after == {"rows": 1, "format": "csv", "filters": ["status"]}


@pytest.mark.capability("R41")
def test_a_workbook_has_a_limit_that_a_table_has_not(monkeypatch):
    monkeypatch.setattr(exports, "MOST_ROWS", 3)
    booking = booked()
    client = client_of(booking.customer)

    refused = client.get(f"{INSTALMENTS}.xlsx")
    taken = table(client.get(f"{INSTALMENTS}.csv"))

    assert (refused.status_code, refused.data["code"]) == (409, "too_many_rows")
    assert len(taken) == 4
    assert AuditEvent.objects.filter(action__endswith="list_exported").count() == 1
    assert of(booking, "Deposit").status == "paid"


@pytest.mark.capability("R41")
def test_nobody_takes_anything_without_signing_in(api):
    booked()

    answers = [
        api.get(f"{path}.{kind}")
        for path in (BOOKINGS, INSTALMENTS, PAYMENTS)
        for kind in ("csv", "xlsx")
    ]

    assert {answer.status_code for answer in answers} == {401}
    assert not AuditEvent.objects.filter(action__endswith="list_exported").exists()


@pytest.mark.capability("R41")
def test_a_file_costs_the_same_however_long_it_is(assert_constant_queries):
    booking = booked()
    client = client_of(owner_of(booking.builder))

    for path in (BOOKINGS, INSTALMENTS, PAYMENTS):
        assert_constant_queries(
            lambda path=path: content(client.get(f"{path}.csv")),
            lambda: booked(booking.development),
            times=1,
        )
