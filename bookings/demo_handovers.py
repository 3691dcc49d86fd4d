"""Signed contracts of the demo, and the people who moved into what they bought."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.db.models import Model

from accounts.choices import (
    MediaKind,
    MediaPurpose,
    MediaStatus,
    MembershipStatus,
    ResidencyMethod,
    ResidencyRelation,
    ResidencyStatus,
)
from accounts.demo_pictures import PDF, uploaded_file
from accounts.models import MediaFile, Membership, Residency
from bookings.choices import BookingStatus
from bookings.demo_deals import Deal
from catalog.demo_papers import pdf
from config.shared.seeding import Seed


def contract_of(seed: Seed, deal: Deal) -> MediaFile | None:
    """The contract of a booking that has one, signed by both; kept as every upload is.

    Where nothing is kept (a dry run, or many people) it is only announced.
    """
    if not deal.came_to(BookingStatus.CONTRACTED) or deal.manager is None:
        return None
    topic, shown = f"contract-{deal.booking.pk}", f"Contract {deal.unit}.pdf"
    if not seed.contents:
        row = MediaFile(
            id=seed.key("media", topic),
            owner=deal.manager,
            kind=MediaKind.DOCUMENT,
            purpose=MediaPurpose.CONTRACT,
            status=MediaStatus.ANNOUNCED,
            name=shown,
            created_at=deal.contracted,
        )
        seed.add([row])
        return row
    file = uploaded_file(
        seed,
        deal.manager,
        topic,
        pdf("Sale and purchase agreement", lines_of(deal)),
        purpose=MediaPurpose.CONTRACT,
        kind=PDF,
        shown=shown,
    )
    if file.target_id is None:
        file.target_type, file.target_id = "bookings.booking", deal.booking.pk
        file.save(update_fields=["target_type", "target_id", "updated_at"])
    return file


def lines_of(deal: Deal) -> list[str]:
    """What stands in the contract."""
    row = deal.booking
    plan = [f"{line['label']}: {line['amount']} {row.currency}" for line in row.plan["lines"]]
    return [
        "Specimen of the demo. Not a real paper.",
        "",
        f"Between {deal.development.builder.name} and {deal.customer.full_name}.",
        f"Home {deal.unit} of {deal.development.name}, {deal.development.address}.",
        f"Price: {row.price} {row.currency}.",
        "",
        *plan,
        "",
        *row.terms["terms"].splitlines(),
        "",
        f"Signed on {deal.contracted:%d %B %Y} by both.",
    ]


def moved_in(seed: Seed, deals: Iterable[Deal]) -> Iterator[Model]:
    """The buyers of what was handed over: verified residents, and members of the society."""
    for deal in deals:
        house = deal.unit.building
        if deal.status != BookingStatus.COMPLETED or house is None:
            continue
        yield Residency(
            id=seed.key("residency", house.pk, deal.customer.pk, str(deal.unit)),
            user=deal.customer,
            building=house,
            unit_label=str(deal.unit),
            relation=ResidencyRelation.OWNER,
            status=ResidencyStatus.VERIFIED,
            method=ResidencyMethod.BOOKING,
            verified_at=deal.ended,
            since=deal.ended.date(),
            created_at=deal.ended,
        )
        if house.society_id:
            yield Membership(
                id=seed.key("membership", house.society_id, deal.customer.pk),
                organization_id=house.society_id,
                user=deal.customer,
                status=MembershipStatus.LIVE,
                since=deal.ended + timedelta(minutes=1),
                created_at=deal.ended + timedelta(minutes=1),
            )
