"""Appointments in the API: from the ask to the meeting, and who is refused."""

from datetime import timedelta

import pytest

from accounts.tests.clients import client_of
from accounts.tests.factories.organizations import seated, staff_in
from accounts.tests.factories.people import UserFactory
from bookings.models import Appointment
from bookings.tests.factories.appointments import AppointmentFactory, begun, next_slot
from catalog.tests.factories.homes import DevelopmentFactory, UnitFactory
from catalog.tests.factories.hours import host_of

pytestmark = [pytest.mark.django_db, pytest.mark.capability("R21")]

LIST = "/api/v1/appointments/"


@pytest.fixture
def development():
    return DevelopmentFactory()


@pytest.fixture
def host(development):
    return host_of(development)


def page(visit, verb=""):
    return f"{LIST}{visit.pk}/{verb}"


def written(moment):
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def wish(host, starts_at, **changes):
    return {
        "kind": "site_visit",
        "host": str(host.pk),
        "starts_at": written(starts_at),
        **changes,
    }


def post(client, path, body=None, key="k-1"):
    return client.post(path, body or {}, HTTP_IDEMPOTENCY_KEY=key)


def test_from_the_ask_to_the_meeting(development, host):
    guest, unit = UserFactory(), UnitFactory(development=development)
    theirs, hosts = client_of(guest), client_of(host)
    slot, later = next_slot(host, guest, place=3), next_slot(host, guest, place=6)

    asked = post(theirs, LIST, wish(host, slot, unit=str(unit.pk), notes="Two of us"))
    (waiting,) = hosts.get(f"{LIST}?mine=host&status=requested").data["results"]
    confirmed = post(hosts, f"{LIST}{waiting['id']}/confirm/", {"location": "Gate 2"})
    moved = post(theirs, f"{LIST}{waiting['id']}/reschedule/", {"starts_at": written(later)}, "k-2")
    old = theirs.get(f"{LIST}{waiting['id']}/").data

    assert (asked.status_code, asked.data["status"]) == (201, "requested")
    assert (asked.data["starts_at"], asked.data["time_zone"]) == (written(slot), "Asia/Dubai")
    assert asked.data["unit"]["number"] == unit.number
    assert asked.data["reminder_sent_at"] is None
    assert asked.data["organization"]["id"] == str(development.builder_id)
    assert waiting["guest"]["id"] == str(guest.pk)
    assert (confirmed.data["status"], confirmed.data["location"]) == ("confirmed", "Gate 2")
    assert (moved.status_code, moved.data["status"]) == (201, "requested")
    assert (moved.data["location"], moved.data["rescheduled_from"]) == ("Gate 2", waiting["id"])
    assert (old["status"], old["rescheduled_to"]) == ("rescheduled", moved.data["id"])
    final = Appointment.objects.get(pk=moved.data["id"])
    post(hosts, page(final, "confirm/"), key="k-3")
    final.refresh_from_db()
    begun(final)
    done = post(hosts, page(final, "complete/"), {"note": "Likes the view"}, "k-4")
    assert (done.data["status"], done.data["outcome_note"]) == ("completed", "Likes the view")


def test_an_ask_that_is_sent_twice_is_made_once(host):
    guest = UserFactory()
    client, body = client_of(guest), wish(host, next_slot(host, guest))

    first, again = post(client, LIST, body), post(client, LIST, body)
    without = client.post(LIST, body)

    assert (first.status_code, again.status_code) == (201, 201)
    assert (first.data["id"], again["Idempotent-Replayed"]) == (again.data["id"], "true")
    assert (without.status_code, without.data["code"]) == (400, "idempotency_key_required")
    assert Appointment.objects.count() == 1


@pytest.mark.capability("R22")
def test_whoever_is_slower_is_told_what_else_is_free(host):
    guest, slot = UserFactory(), next_slot(host)
    post(client_of(UserFactory()), LIST, wish(host, slot))

    late = post(client_of(guest), LIST, wish(host, slot))

    assert (late.status_code, late.data["code"]) == (409, "host_busy")
    assert late.data["next_free"][0] == written(slot + timedelta(hours=1))
    assert Appointment.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"kind": "party"}, "/kind"),
        ({"host": "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f"}, "/host"),
        ({"starts_at": "soon"}, "/starts_at"),
        ({"starts_at": "2020-01-01T00:00:00Z"}, "/starts_at"),
        ({"starts_at": "9999-12-31T23:59:00Z"}, "/starts_at"),
        ({"starts_at": "0001-01-01T00:00:00+14:00"}, "/starts_at"),
        ({"starts_at": "2026-12-05T06:00:30Z"}, "/starts_at"),
        ({"minutes": 4}, "/minutes"),
        ({"minutes": 60, "ends_at": "2026-12-05T07:00:00Z"}, "/ends_at"),
        ({"ends_at": "2020-12-05T07:00:00Z"}, "/ends_at"),
        ({"meeting_url": "http://example.com/"}, "/meeting_url"),
        ({"meeting_url": "javascript:alert(1)"}, "/meeting_url"),
        ({"location": "x" * 301}, "/location"),
        ({"notes": "x" * 1001}, "/notes"),
    ],
)
def test_an_ask_that_cannot_be_is_refused_where_it_stands(host, change, pointer):
    guest = UserFactory()

    response = post(client_of(guest), LIST, {**wish(host, next_slot(host, guest)), **change})

    assert (response.status_code, response.data["errors"][0]["pointer"]) == (400, pointer)
    assert not Appointment.objects.exists()


def test_the_team_gives_a_guest_a_time_until_it_ends(development, host):
    colleague, guest = seated(development.builder, "sales"), UserFactory()
    slot = next_slot(host)
    body = wish(
        host,
        slot,
        guest=str(guest.pk),
        development=str(development.pk),
        ends_at=written(slot + timedelta(minutes=95)),
    )

    made = post(client_of(colleague), LIST, body)
    refused = post(client_of(UserFactory()), LIST, body)

    assert (made.status_code, made.data["status"]) == (201, "confirmed")
    assert made.data["ends_at"] == written(slot + timedelta(minutes=95))
    assert (refused.status_code, refused.data["code"]) == (403, "not_allowed")


VERBS = ("confirm", "decline", "reschedule", "cancel", "complete", "no-show")


def test_strangers_learn_nothing_and_change_nothing(development, api):
    visit = AppointmentFactory(development=development)
    other = DevelopmentFactory()
    strangers = [
        UserFactory(),
        seated(other.builder, "sales"),
        seated(development.builder, "member"),
        UserFactory(staff=True),
    ]
    body = {"starts_at": written(next_slot(visit.host))}

    assert api.get(LIST).status_code == 401
    assert api.get(page(visit)).status_code == 401
    assert api.get(page(visit, "calendar.ics")).status_code == 401
    for stranger in strangers:
        client = client_of(stranger)
        assert client.get(LIST).data["results"] == []
        assert client.get(page(visit)).status_code == 404
        assert client.get(page(visit, "calendar.ics")).status_code == 404
        for verb in VERBS:
            assert post(client, page(visit, f"{verb}/"), body, verb).status_code == 404
    for verb in VERBS:
        assert post(api, page(visit, f"{verb}/"), body).status_code == 401

    visit.refresh_from_db()
    assert visit.status == "requested"


@pytest.mark.parametrize("verb", ["confirm", "decline", "complete", "no-show"])
def test_guests_and_finance_see_it_but_do_not_answer(verb, development):
    visit = AppointmentFactory(development=development)

    for person in (visit.guest, seated(development.builder, "finance")):
        refused = post(client_of(person), page(visit, f"{verb}/"))
        assert (refused.status_code, refused.data["code"]) == (403, "not_allowed")

    visit.refresh_from_db()
    assert visit.status == "requested"


@pytest.mark.parametrize("verb", VERBS)
def test_a_cancelled_appointment_stays_cancelled(verb):
    visit = AppointmentFactory(cancelled=True)
    body = {"starts_at": written(next_slot(visit.host))}

    refused = post(client_of(visit.host), page(visit, f"{verb}/"), body)

    assert (refused.status_code, refused.data["code"]) == (409, "invalid_transition")
    assert (refused.data["current"], refused.data["allowed"]) == ("cancelled", [])
    visit.refresh_from_db()
    assert visit.status == "cancelled"


def test_the_clock_decides_what_can_be_said():
    ahead, past = AppointmentFactory(confirmed=True), begun(AppointmentFactory(confirmed=True))

    early = post(client_of(ahead.host), page(ahead, "no-show/"))
    late = post(client_of(past.guest), page(past, "cancel/"), {"reason": "Ill"})

    assert (early.status_code, early.data["code"]) == (409, "not_begun")
    assert (late.status_code, late.data["code"]) == (409, "already_begun")
    ahead.refresh_from_db()
    past.refresh_from_db()
    assert (ahead.status, past.status) == ("confirmed", "confirmed")


def test_either_side_cancels_and_staff_act_for_hosts():
    first, second = AppointmentFactory(), AppointmentFactory(confirmed=True)
    support = client_of(staff_in("Support"))

    assert post(client_of(first.guest), page(first, "cancel/")).data["status"] == "cancelled"
    cancelled = post(support, page(second, "cancel/"), {"reason": "Storm"})
    assert (cancelled.data["status"], cancelled.data["cancel_reason"]) == ("cancelled", "Storm")


def test_appointments_are_filtered_and_ordered(development, host):
    guest = UserFactory()
    first = AppointmentFactory(development=development, host=host, guest=guest)
    second = AppointmentFactory(development=development, host=host, confirmed=True)
    third = AppointmentFactory(guest=guest, kind="meeting")
    hosts, guests = client_of(host), client_of(guest)

    def found(client, query):
        return [row["id"] for row in client.get(f"{LIST}?{query}").data["results"]]

    a, b, c = str(first.pk), str(second.pk), str(third.pk)
    assert found(hosts, "ordering=starts_at") == [a, b]
    assert found(hosts, "ordering=-starts_at") == [b, a]
    assert found(hosts, "status=requested&status=confirmed&ordering=newest") == [a, b]
    assert found(hosts, "status=confirmed") == [b]
    assert found(hosts, f"from={written(second.during.lower)}") == [b]
    assert found(hosts, f"to={written(second.during.lower)}") == [a]
    assert found(hosts, "mine=guest") == []
    assert found(guests, "mine=guest") == [c, a]
    assert found(guests, "kind=meeting") == [c]
    assert found(guests, f"development={development.pk}") == [a]
    assert hosts.get(f"{LIST}?from=soon").status_code == 400
    assert hosts.get(f"{LIST}?ordering=guest").status_code == 400
    paged = hosts.get(f"{LIST}?ordering=starts_at&page_size=1").data
    assert [row["id"] for row in hosts.get(paged["next"]).data["results"]] == [b]


def test_a_customers_appointments_are_seen_by_whom_they_concern(development, api):
    visit = AppointmentFactory(development=development)
    elsewhere = AppointmentFactory(guest=visit.guest)
    path = f"{LIST}customer/{visit.guest.pk}/"

    def found(person):
        return [row["id"] for row in client_of(person).get(path).data["results"]]

    assert found(visit.guest) == [str(elsewhere.pk), str(visit.pk)]
    assert found(seated(development.builder, "sales")) == [str(visit.pk)]
    assert found(staff_in("Support")) == [str(elsewhere.pk), str(visit.pk)]
    assert client_of(UserFactory()).get(path).status_code == 404
    assert api.get(path).status_code == 401
    nobody = f"{LIST}customer/0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f/"
    assert client_of(UserFactory()).get(nobody).status_code == 404


def test_the_list_of_appointments_costs_the_same_however_long_it_is(
    assert_constant_queries, development, host
):
    client = client_of(host)

    assert_constant_queries(
        lambda: client.get("/api/v1/appointments/"),
        lambda: AppointmentFactory(development=development, host=host),
    )


def test_the_list_of_a_customer_costs_the_same_however_long_it_is(assert_constant_queries):
    guest = UserFactory()
    client = client_of(guest)

    assert_constant_queries(
        lambda: client.get(f"/api/v1/appointments/customer/{guest.pk}/"),
        lambda: AppointmentFactory(guest=guest),
        times=3,
    )
