"""From a plot of land to the keys: the homes journey against a running Courtyard.

    python manage.py demo                      # in one terminal
    python docs/journeys/homes.py              # in another

A builder puts four hundred homes on sale, a customer finds one, visits, holds it before somebody
else does, pays as the building rises, has a kitchen changed, and gets the keys. Each step says
what it does, and stops the journey if the answer is not what a person would expect.
"""

import argparse
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from identity import DEMO_PASSWORD, register, say
from luggage import Person, check, tower

DOMAIN = "demo.courtyard.example"
PLACE = {"lat": 25.0871, "lng": 55.1492}


def put_on_sale(builder: Person, society: Person) -> dict[str, Any]:
    """A development with a plan, phases, four hundred units, photographs and a 3D model."""
    mine = builder.ask("GET", "organizations/?search=Marina%20Crest")["results"][0]["id"]
    home = society.ask("GET", "organizations/?search=Pearl%20House")["results"][0]["id"]
    name = f"Creek Gate {random.randrange(10**6)}"
    house = {"name": name, "address": "Creek Road 1", "city": "Dubai", "society": home, **PLACE}
    building = society.ask("POST", "buildings/", house, expect=201)["id"]
    description = {"builder": mine, "name": name, "city": "Dubai", "buildings": [building]}
    made = builder.ask("POST", "developments/", {**description, **PLACE}, expect=201)
    path = f"developments/{made['id']}"
    phases = [
        builder.ask("POST", f"{path}/progress/", {"name": name, "weight": weight}, expect=201)["id"]
        for name, weight in (("Foundations", "30"), ("Structure", "70"))
    ]
    builder.ask("PATCH", f"{path}/", how_it_is_paid(phases[0]))
    floors = {"first": 1, "last": 50}
    types = [
        {"unit_type": "apartment", "bedrooms": 2, "bathrooms": 2, "price": "1200000.00"},
        {"unit_type": "studio", "bathrooms": 1, "price": "650000.00", "count": 3},
    ]
    drawn = {"blocks": ["A", "B"], "floors": floors, "types": types, "building": building}
    drawn["number_pattern"] = "{floor}{position:02}"
    drawn["price_step"] = {"percent": "0.5"}
    seen = builder.ask("POST", f"{path}/units/bulk/", {**drawn, "dry_run": True}, expect=201)
    builder.ask("POST", f"{path}/units/bulk/", drawn, expect=201)
    pictures = [builder.photograph("development", f"{name}, view {view}") for view in (1, 2)]
    builder.ask("PATCH", f"{path}/", {"images": pictures, "cover": pictures[0]})
    model = builder.bring("model", "development", tower(), "model/gltf-binary")
    builder.ask("POST", f"{path}/models/", {"title": "The tower", "file": model}, expect=201)
    for stage in ("pre_launch", "selling"):
        builder.ask("POST", f"{path}/advance/", {"target": stage})
    builder.ask("POST", f"{path}/start-selling/")
    sold = builder.ask("GET", f"{path}/")
    check(sold["total_units"] == seen["count"] == 400, f"{sold['total_units']} units.")
    say(
        f"{name} is on sale: {sold['total_units']} units"
        f" from {sold['price_from']} {sold['currency']}."
    )
    return {"id": made["id"], "name": name, "phases": phases, "building": building}


def how_it_is_paid(phase: str) -> dict[str, Any]:
    """Terms, a plan that waits for construction, and what leaving costs."""
    lines = [
        {"label": "Deposit", "percent": "10", "due": {"rule": "deposit"}},
        {"label": "Foundations", "percent": "40", "due": {"rule": "phase", "phase": phase}},
        {"label": "Handover", "balance": True, "due": {"rule": "handover"}},
    ]
    keep = [{"stage": "confirmed", "percent": "5"}, {"stage": "contracted", "percent": "30"}]
    return {
        "terms": "The deposit confirms the booking.",
        "plan_template": {"lines": lines},
        "cancellation_policy": {"keep": keep, "of": "price"},
    }


def look_around(customer: Person, tower: dict[str, Any]) -> dict[str, Any]:
    """Find it on the map, read the stacking plan, follow it, and choose a home."""
    near = f"developments/?near={PLACE['lat']},{PLACE['lng']}&radius_km=2&page_size=100"
    found = [one["id"] for one in customer.ask("GET", near)["results"]]
    check(tower["id"] in found, "It is not on the map.")
    grid = customer.ask("GET", f"developments/{tower['id']}/stacking/")
    customer.ask("POST", f"developments/{tower['id']}/follow/")
    homes = customer.ask(
        "GET", f"developments/{tower['id']}/units/?bedrooms=2&floor=30&status=available"
    )["results"]
    say(
        f"It is on the map; its plan has {len(grid['blocks'])} blocks;"
        f" {homes[0]['number']} is free."
    )
    return dict(homes[0])


def visit(customer: Person, seller: Person, tower: dict[str, Any]) -> None:
    """Ask for a free time; the seller confirms it, and it goes into the calendar."""
    week = [
        {"weekday": day, "opens": "09:00", "closes": "18:00", "slot_minutes": 30}
        for day in range(7)
    ]
    seller.ask("PUT", "me/availability/", {"time_zone": "Asia/Dubai", "hours": week})
    host = seller.ask("GET", "auth/me/")["id"]
    first = datetime.now(UTC) + timedelta(days=2)
    days = f"from={first:%Y-%m-%d}&to={first + timedelta(days=5):%Y-%m-%d}"
    slots = customer.ask("GET", f"hosts/{host}/slots/?{days}")["slots"]
    at = random.choice(slots)["starts_at"]
    wish = {"kind": "site_visit", "host": host, "development": tower["id"], "starts_at": at}
    asked = customer.post("appointments/", wish, expect=201)
    seller.post(f"appointments/{asked['id']}/confirm/")
    entry = customer.file(f"appointments/{asked['id']}/calendar.ics")
    check(b"BEGIN:VEVENT" in entry, "It is no calendar.")
    say(f"A visit at {at} was asked for, confirmed, and goes into calendars.")


def hold(customer: Person, rival: Person, unit: dict[str, Any]) -> str:
    """Hold the home; somebody else who wants it is told how things stand, and waits."""
    booking = customer.post("bookings/", {"unit": unit["id"]}, expect=201)
    lost = rival.post("bookings/", {"unit": unit["id"]}, expect=409)
    check(lost["code"] == "already_claimed", f"Another refusal: {lost}")
    rival.post(f"units/{unit['id']}/waitlist/", expect=201)
    customer.post(f"bookings/{booking['id']}/extend/")
    pending = customer.post(f"bookings/{booking['id']}/checkout/")
    deposit = customer.parts_of(booking["id"])[0]
    paid = customer.pay(deposit)
    confirmed = customer.ask("GET", f"bookings/{booking['id']}/")
    check(confirmed["status"] == "confirmed", f"Not confirmed: {confirmed['status']}")
    receipt = customer.file(f"payments/{paid['id']}/receipt/")
    check(receipt.startswith(b"%PDF"), "The receipt is no PDF.")
    say(
        f"{pending['reference']} is confirmed by a deposit of {deposit['amount']}"
        f" {deposit['currency']} (receipt {paid['receipt_no']}); the other customer waits."
    )
    return str(booking["id"])


def rise(
    customer: Person, builder: Person, site: Person, booking: str, tower: dict[str, Any]
) -> None:
    """The contract, the foundations with their evidence, and what they make due."""
    builder.post(f"bookings/{booking}/contract/", {"document": builder.paper("Contract")})
    news = {"title": "Foundations poured", "body": "Nine metres down.", "media": []}
    news["media"] = [site.photograph("update", "The pit")]
    written = site.ask("POST", f"developments/{tower['id']}/updates/", news, expect=201)
    site.ask("POST", f"updates/{written['id']}/publish/")
    for number, phase in enumerate(tower["phases"]):
        site.ask("POST", f"phases/{phase}/start/")
        evidence = [site.photograph("phase", f"Phase {number + 1} is done")]
        site.ask("POST", f"phases/{phase}/complete/", {"evidence": evidence})
    due = customer.parts_of(booking)[1]
    check(due["status"] == "due" and bool(due["evidence"]), f"Not due: {due['status']}")
    customer.ask("POST", f"instalments/{due['id']}/object/", {"text": "Is the wall straight?"})
    answer = {"outcome": "dismissed", "answer": "Within three millimetres."}
    builder.ask("POST", f"instalments/{due['id']}/resolve/", answer)
    customer.pay(due)
    say("The foundations made two fifths due, with photographs; an objection was answered.")


def change(customer: Person, site: Person, booking: str) -> None:
    """Another kitchen: quoted, agreed to, paid, and built."""
    wish = {"booking": booking, "category": "kitchen", "description": "An island, please."}
    asked = customer.post("change-requests/", wish, expect=201)
    path = f"change-requests/{asked['id']}"
    customer.post(f"{path}/submit/")
    site.post(f"{path}/review/")
    site.post(f"{path}/quote/", {"price": "18500.00", "extra_days": 10})
    customer.post(f"{path}/approve/")
    extra = [part for part in customer.parts_of(booking) if part["kind"] == "change"]
    customer.pay(extra[0])
    site.post(f"{path}/start/")
    built = site.post(f"{path}/complete/")
    say(f"{built['reference']}, another kitchen, was quoted, paid and built.")


def hand_over(
    customer: Person, builder: Person, site: Person, booking: str, tower: dict[str, Any]
) -> None:
    """The last instalment, both signatures, and a home."""
    for stage in ("under_construction", "ready"):
        builder.ask("POST", f"developments/{tower['id']}/advance/", {"target": stage})
    for part in customer.parts_of(booking):
        if part["status"] not in {"paid", "waived"}:
            customer.pay(part)
    statement = customer.file(f"bookings/{booking}/statement/")
    check(statement.startswith(b"%PDF"), "The statement is no PDF.")
    site.post(f"bookings/{booking}/complete/", {"note": "One scratch on the door."})
    done = customer.post(f"bookings/{booking}/complete/")
    check(done["status"] == "completed", f"Not completed: {done['status']}")
    homes = customer.ask("GET", f"residencies/?mine=true&building={tower['building']}")["results"]
    check(homes[0]["status"] == "verified" and homes[0]["method"] == "booking", f"{homes}")
    say(f"Both signed: {homes[0]['unit_label']} in {tower['name']} is their verified home.")


def leave(rival: Person, builder: Person, colleague: Person, tower: dict[str, Any]) -> None:
    """The other customer takes another home and leaves it; two people approve the refund."""
    path = f"developments/{tower['id']}/units/?bedrooms=2&floor=31&status=available"
    unit = rival.ask("GET", path)["results"][0]
    booking = rival.post("bookings/", {"unit": unit["id"]}, expect=201)["id"]
    rival.post(f"bookings/{booking}/checkout/")
    rival.pay(rival.parts_of(booking)[0])
    terms = rival.ask("GET", f"bookings/{booking}/cancellation-terms/")
    rival.post(f"bookings/{booking}/cancel/", {"reason": "Moving abroad."})
    asked = rival.ask("GET", "cancellations/")["results"][0]
    first = builder.post(f"cancellations/{asked['id']}/approve/")
    builder.post(f"cancellations/{asked['id']}/approve/", expect=403)
    second = colleague.post(f"cancellations/{asked['id']}/approve/")
    states = (first["status"], second["status"])
    check(states == ("second_needed", "approved"), f"{states}")
    say(f"Of another deposit {terms['refund_amount']} goes back, approved by two people.")


def count_up(builder: Person, tower: dict[str, Any]) -> None:
    """What was sold and collected, in one call and as a file."""
    summary = builder.ask("GET", f"developments/{tower['id']}/summary/")
    table = builder.file(f"exports/payments.csv?development={tower['id']}").decode("utf-8-sig")
    lines = len(table.strip().splitlines()) - 1
    say(
        f"{summary['units']['handed_over']} of {summary['total_units']} units is handed over;"
        f" the builder's file has {lines} payments."
    )


def travel(base: str, outbox: Path) -> None:
    """The whole journey."""
    people = [Person(base, outbox) for _ in range(6)]
    builder, seller, site, society, customer, rival = people
    for person, name in zip(people, ("khalid", "sara", "ravi", "meera"), strict=False):
        person.sign_in(f"{name}@{DOMAIN}", DEMO_PASSWORD)
    staff = Person(base, outbox)
    staff.sign_in(f"siteadmin@{DOMAIN}", DEMO_PASSWORD)
    for person in (customer, rival):
        register(person, f"+97156{random.randrange(10**7):07d}")
    tower = put_on_sale(builder, society)
    unit = look_around(customer, tower)
    visit(customer, seller, tower)
    booking = hold(customer, rival, unit)
    rise(customer, builder, site, booking, tower)
    change(customer, site, booking)
    leave(rival, builder, staff, tower)
    hand_over(customer, builder, site, booking, tower)
    count_up(builder, tower)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--base", default="http://127.0.0.1:8000")
    parser.add_argument("--outbox", type=Path, default=Path(".data/outbox"))
    options = parser.parse_args()
    travel(options.base.rstrip("/"), options.outbox)


if __name__ == "__main__":
    main()
