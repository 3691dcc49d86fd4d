"""Rows of the catalogue's demo, one at a time, each as the services could have left it."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.text import slugify

from accounts.models import Building, Organization, User
from catalog.choices import PhaseStatus, UnitStatus, UpdateStatus
from catalog.models import (
    Availability,
    AvailabilityException,
    ConstructionUpdate,
    Development,
    DevelopmentFollow,
    ProgressPhase,
    Unit,
)
from catalog.services.policies import check_cancellation_policy, check_late_fee_policy, check_plan
from config.shared.seeding import Seed

# How long before its launch a development was first written down.
DRAFTED_DAYS = 45
THOUSAND = Decimal(1000)


def day(seed: Seed, days: int | None) -> date | None:
    """A day counted from today."""
    return None if days is None else seed.today + timedelta(days=days)


def development(seed: Seed, handle: str, words: Mapping[str, Any], owner: User) -> Development:
    """A development; ``words`` are those of a table in ``developments.toml``."""
    lat, lng = words["place"]
    drafted = min(words.get("launch", 0), 0) - DRAFTED_DAYS
    return Development(
        id=seed.key("development", handle),
        builder_id=seed.key("organization", words["builder"]),
        name=words["name"],
        slug=slugify(words["name"]),
        type=words["type"],
        status=words["status"],
        is_selling=words["selling"],
        description=words["description"].strip(),
        address=words["address"],
        city=words["city"],
        state=words.get("state", ""),
        country=words.get("country", "AE"),
        pincode=words.get("pincode", ""),
        lat=lat,
        lng=lng,
        amenities=words.get("amenities", []),
        launch_date=day(seed, words.get("launch")),
        expected_completion=day(seed, words.get("expected")),
        actual_completion=day(seed, words.get("completed")),
        permit_no=words.get("permit_no", ""),
        time_zone=words.get("time_zone", "Asia/Dubai"),
        currency=words.get("currency", "AED"),
        hold_minutes=words.get("hold_minutes", 15),
        max_holds_per_user=words.get("max_holds_per_user"),
        terms=words.get("terms", "").strip(),
        late_fee_policy=check_late_fee_policy(words.get("late_fee_policy", {})),
        cancellation_policy=check_cancellation_policy(words.get("cancellation_policy", {})),
        plan_template=plan_template(seed, handle, words.get("plan")),
        created_by=owner,
        created_at=max(seed.ago(days=-drafted), owner.created_at + timedelta(days=7)),
    )


def plan_template(seed: Seed, handle: str, lines: Any) -> dict[str, Any]:
    """The plan of ``developments.toml``, with phases by their keys."""
    if not lines:
        return {}
    named = []
    for line in lines:
        due = dict(line["due"])
        if "phase" in due:
            due["phase"] = str(seed.key("phase", handle, due["phase"]))
        named.append({**line, "due": due})
    return check_plan({"lines": named})


def units(
    seed: Seed, handle: str, words: Mapping[str, Any], of: Development, house: Building | None
) -> Iterator[Unit]:
    """Every unit of a development: blocks, floors, and the types that stand on each floor."""
    blocked = {tuple(place) for place in words.get("blocked", ())}
    for block in words.get("blocks", ()):
        for floor in range(1, block["floors"] + 1):
            last = floor == block["floors"] and block.get("top")
            for place, code in enumerate(last or block["row"], 1):
                number = f"{floor}{place:02d}"
                is_blocked = (block["name"], number) in blocked
                made = unit(seed, handle, words, code, of)
                made.id = seed.key("unit", handle, block["name"], number)
                made.building = house
                made.block, made.floor, made.number = block["name"], floor, number
                made.view = words["views"][(place - 1) % len(words["views"])]
                dearer = 1 + Decimal(block["step"]) * (floor - 1) / 100
                made.price = (made.price * dearer / THOUSAND).quantize(Decimal(1)) * THOUSAND
                made.status = UnitStatus.BLOCKED if is_blocked else UnitStatus.AVAILABLE
                yield made


def unit(seed: Seed, handle: str, words: Mapping[str, Any], code: str, of: Development) -> Unit:
    """A unit of the type ``code``, at the type's own price and without a place yet."""
    kind, bedrooms, bathrooms, area, balcony, parking, price, _ = words["types"][code]
    return Unit(
        development=of,
        unit_type=kind,
        bedrooms=bedrooms,
        bathrooms=bathrooms,
        area=Decimal(area),
        balcony_area=Decimal(balcony),
        parking=parking,
        price=Decimal(price),
        currency=of.currency,
        features={"type": code, "cooling": "district" if of.country == "AE" else "ceiling fans"},
        created_at=of.created_at,
    )


def phases(
    seed: Seed, handle: str, words: Mapping[str, Any], of: Development
) -> Iterator[ProgressPhase]:
    """The phases of a development."""
    for order, phase in enumerate(words.get("phases", ()), 1):
        planned, actual = phase["planned"], phase.get("actual", [])
        yield ProgressPhase(
            id=seed.key("phase", handle, phase["name"]),
            development=of,
            name=phase["name"],
            order=order,
            weight=Decimal(phase["weight"]),
            planned_start=day(seed, planned[0]),
            planned_end=day(seed, planned[1]),
            actual_start=day(seed, actual[0]) if actual else None,
            actual_end=day(seed, actual[1]) if len(actual) > 1 else None,
            percent=Decimal(phase.get("percent", 0)),
            status=phase.get("status", PhaseStatus.PLANNED),
            description=phase.get("description", ""),
            corrected_reason=phase.get("corrected_reason", ""),
            created_at=of.created_at,
        )


def updates(
    seed: Seed, handle: str, words: Mapping[str, Any], of: Development, author: User
) -> Iterator[ConstructionUpdate]:
    """News from the site: published, corrected, withdrawn, and drafts."""
    for update in words.get("updates", ()):
        status = update.get("status", UpdateStatus.PUBLISHED)
        at = seed.ago(days=-update.get("days", -1)) + timedelta(hours=9, minutes=20)
        at = min(at, seed.ago(hours=2))
        corrected = update.get("corrected")
        phase = update.get("phase")
        yield ConstructionUpdate(
            id=seed.key("update", handle, update["title"]),
            development=of,
            phase_id=seed.key("phase", handle, phase) if phase else None,
            author=author,
            title=update["title"],
            body=update["body"],
            correction=update.get("correction", ""),
            corrected_at=seed.ago(days=-corrected) if corrected else None,
            percent_snapshot=None if status == UpdateStatus.DRAFT else percent_at(words, update),
            status=status,
            published_at=None if status == UpdateStatus.DRAFT else at,
            created_at=at - timedelta(minutes=40),
        )


def percent_at(words: Mapping[str, Any], update: Mapping[str, Any]) -> Decimal:
    """How far the development had come on the day of an update, by what had ended before."""
    total = sum(phase["weight"] for phase in words["phases"])
    done = 0.0
    for phase in words["phases"]:
        actual = phase.get("actual", [])
        if len(actual) > 1 and actual[1] <= update["days"]:
            done += phase["weight"]
        elif actual and actual[0] < update["days"]:
            end = actual[1] if len(actual) > 1 else 0
            share = (update["days"] - actual[0]) / (end - actual[0])
            done += phase["weight"] * share * phase["percent"] / 100
    return Decimal(100 * done / total).quantize(Decimal("0.01"))


def follow(seed: Seed, of: Development, user: User) -> DevelopmentFollow:
    """Somebody who wants to hear of a development."""
    return DevelopmentFollow(
        id=seed.key("development follow", of.pk, user.pk),
        development=of,
        user=user,
        created_at=seed.after(max(of.created_at, user.created_at), days=5),
    )


def hours(
    seed: Seed, host: User, words: Mapping[str, Any]
) -> Iterator[Availability | AvailabilityException]:
    """When somebody receives visitors, and the days on which it is otherwise."""
    for weekday, start, end in words["hours"]:
        yield Availability(
            id=seed.key("availability", host.pk, weekday, start),
            host=host,
            weekday=weekday,
            from_minute=start,
            to_minute=end,
            time_zone=words["time_zone"],
            slot_minutes=words["slot"],
            buffer_minutes=words["buffer"],
            lead_minutes=words["lead"],
            created_at=seed.ago(days=60),
        )
    for name in ("closed", "other"):
        if name in words:
            exception = words[name]
            yield AvailabilityException(
                id=seed.key("availability exception", host.pk, name),
                host=host,
                day=seed.today + timedelta(days=exception["days"]),
                is_closed=name == "closed",
                from_minute=exception.get("from"),
                to_minute=exception.get("to"),
                note=exception["note"],
                created_at=seed.ago(days=3),
            )


def team_of(firm: Organization, role: str) -> User | None:
    """Who has ``role`` in a builder's team; the owner where nobody has."""
    seats = firm.memberships.live().select_related("user").order_by("created_at", "pk")
    by_role = {seat.role: seat.user for seat in seats}
    return by_role.get(role) or by_role.get("owner")
