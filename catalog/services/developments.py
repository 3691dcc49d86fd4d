"""Developments: listing them and describing them."""

from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import available_timezones

from django.utils.text import slugify

from accounts.choices import OrganizationKind
from accounts.models import Organization, User
from accounts.querysets.organizations import LEADING_ROLES
from catalog.choices import DevelopmentStatus
from catalog.homes_exceptions import DevelopmentClosedError
from catalog.models import Development
from catalog.services.development_files import files_in, set_files
from catalog.services.development_policies import checked_policies
from catalog.services.teams import require_team
from config.shared import audit
from config.shared.errors import InvalidInputError
from config.shared.locks import lock
from config.shared.money import exponent
from config.shared.retries import retry_transaction

WRITABLE_FIELDS = (
    "name",
    "type",
    "description",
    "address",
    "city",
    "state",
    "country",
    "pincode",
    "lat",
    "lng",
    "amenities",
    "launch_date",
    "expected_completion",
    "actual_completion",
    "permit_no",
    "time_zone",
    "currency",
    "hold_minutes",
    "max_holds_per_user",
    "terms",
    "late_fee_policy",
    "cancellation_policy",
    "plan_template",
)
AUDITED_FIELDS = frozenset(
    {
        "name",
        "permit_no",
        "currency",
        "hold_minutes",
        "max_holds_per_user",
        "terms",
        "late_fee_policy",
        "cancellation_policy",
        "plan_template",
    }
)
LONGEST_SLUG = 160


@retry_transaction
def create_development(
    *, actor: User, builder: Organization, values: Mapping[str, Any]
) -> Development:
    """List a development of ``builder``, by its owners and administrators or by staff.

    It begins in planning, where only the builder sees it. ``values`` may hold columns in
    ``WRITABLE_FIELDS``, ``buildings``, ``cover``, ``images`` and ``brochure``. Raises
    ``NotAllowedError`` for everybody else, ``InvalidInputError`` for an organization that is no
    builder and for values that will not do, ``IntegrityError`` for a name that is taken.
    """
    builder, *_ = lock(builder, *files_in(values))
    require_team(actor=actor, builder=builder, roles=LEADING_ROLES)
    if builder.kind != OrganizationKind.BUILDER:
        raise InvalidInputError.at("/builder", "not_a_builder", "This is not a builder.")
    development = Development(builder=builder, created_by=actor)
    _set_columns(development, _written(development, values))
    development.slug = _free_slug(development)
    development.save(force_insert=True)
    development.buildings.set(values.get("buildings", ()))
    if set_files(development=development, actor=actor, values=values):
        development.save(update_fields=["cover", "brochure", "updated_at"])
    audit.record(
        "catalog.development.created",
        target=development,
        actor=actor,
        after={"builder": builder.pk, "name": development.name, "city": development.city},
    )
    return development


@retry_transaction
def update_development(
    *, development: Development, actor: User, changes: Mapping[str, Any]
) -> Development:
    """Change what is said of a development and how it is sold from now on.

    By owners and administrators of its builder, or staff. What is held or booked already keeps
    the terms it was agreed on. The state has services of its own; the builder never changes.
    """
    development, *_ = lock(development, *files_in(changes))
    require_team(actor=actor, builder=development.builder, roles=LEADING_ROLES)
    require_open(development)
    written = _written(development, changes)
    before = {name: getattr(development, name) for name in written}
    _refuse_currency(development, written)
    _set_columns(development, written)
    touched = set(written)
    if "buildings" in changes:
        development.buildings.set(changes["buildings"])
        touched.add("buildings")
    touched |= set_files(development=development, actor=actor, values=changes)
    if not touched:
        return development
    development.save()
    shown = [name for name in written if name in AUDITED_FIELDS]
    audit.record(
        "catalog.development.changed",
        target=development,
        actor=actor,
        before={name: before[name] for name in shown},
        after={name: written[name] for name in shown} | {"fields": sorted(touched)},
    )
    return development


def require_open(development: Development) -> None:
    """Raise ``DevelopmentClosedError`` for a development that was archived or deleted."""
    if development.deleted_at or development.status == DevelopmentStatus.ARCHIVED:
        raise DevelopmentClosedError


def _written(development: Development, values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns in ``values`` that are to be written, in the form in which they are kept."""
    given = {name: values[name] for name in WRITABLE_FIELDS if name in values}
    if "amenities" in given:
        given["amenities"] = _distinct(given["amenities"])
    if "currency" in given:
        exponent(given["currency"])
    if given.get("time_zone", "UTC") not in available_timezones():
        raise InvalidInputError.at("/time_zone", "time_zone_unknown", "No such IANA time zone.")
    given |= checked_policies(development=development, values=given)
    if development._state.adding:
        return given
    return {name: value for name, value in given.items() if getattr(development, name) != value}


def _set_columns(development: Development, written: Mapping[str, Any]) -> None:
    for name, value in written.items():
        setattr(development, name, value)
    development.full_clean(
        exclude=["builder", "slug", "cover", "brochure", "created_by"],
        validate_unique=False,
        validate_constraints=False,
    )


def _refuse_currency(development: Development, written: Mapping[str, Any]) -> None:
    if "currency" in written and development.units.exists():
        raise InvalidInputError.at(
            "/currency", "currency_fixed", "The currency is fixed once there are units."
        )


def _distinct(words: Iterable[str]) -> list[str]:
    """``words`` without surrounding spaces and repetitions, in their order."""
    kept: dict[str, str] = {}
    for word in (" ".join(word.split()) for word in words):
        kept.setdefault(word.casefold(), word)
    kept.pop("", None)
    return list(kept.values())


def _free_slug(development: Development) -> str:
    """A word for addresses that nobody has: the name, with a few signs of the key if need be."""
    slug = slugify(development.name)[:LONGEST_SLUG].strip("-") or "development"
    if Development.objects.filter(slug=slug).exists():
        return f"{slug}-{development.pk.hex[-8:]}"
    return slug
