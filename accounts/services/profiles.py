"""What people say about themselves, and how they change it."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, cast

from django.db import transaction

from accounts.choices import SELF_ASSIGNABLE_ROLES, MediaPurpose, Role
from accounts.models import MediaFile, Profile, User
from accounts.services.attachments import PICTURES, attach_file, discard_file
from accounts.services.names import complete_names
from accounts.services.profile_schemas import errors_of_parts
from accounts.services.settings import get_setting
from config.shared.errors import InvalidInputError
from config.shared.locks import lock
from config.shared.money import check_amount

OWN_FIELDS = (
    "username",
    "bio",
    "description",
    "address",
    "city",
    "state",
    "pincode",
    "neighborhood",
    "building_name",
    "lat",
    "lng",
    "locale",
    "time_zone",
)
NAME_FIELDS = ("full_name", "first_name", "last_name")
PROFILE_FIELDS = tuple(
    field.name
    for field in Profile._meta.concrete_fields
    if field.name not in {"id", "user", "created_at", "updated_at", "extra"}
)
# The amounts of a profile and the column that holds their currency.
AMOUNTS = {
    "salary_min": "salary_currency",
    "salary_max": "salary_currency",
    "hourly_rate": "rate_currency",
    "visit_rate": "rate_currency",
    "budget_min": "",
    "budget_max": "",
}
Check = Callable[[Any], None]


def nothing_to_check(row: Any) -> None:
    """The check of a caller who has no objection to any state of the row."""


def profile_of(*, user: User) -> Profile:
    """The person's profile; an unsaved empty one, while they have said nothing yet."""
    found = Profile.objects.select_related("user__avatar").filter(user=user).first()
    return found or Profile(user=user, created_at=cast(Any, None))


def update_user(*, user: User, changes: Mapping[str, Any], check: Check = nothing_to_check) -> User:
    """Change what ``user`` may change about their own account, and return it as it then is.

    ``changes`` may hold the columns in ``OWN_FIELDS`` and ``NAME_FIELDS``, ``avatar`` (a checked
    image of their own, or None), ``roles`` and ``primary_role``; names that are left out follow
    from those given, and everything else in it is ignored. Roles that nobody gives themselves are
    neither taken nor lost. ``check`` sees the locked row before anything changes, and may raise.
    Raises ``InvalidInputError`` for a picture that will not do.
    """
    with transaction.atomic():
        (person,) = lock(user)
        check(person)
        written = {field: changes[field] for field in OWN_FIELDS if field in changes}
        present = {field: getattr(person, field) for field in NAME_FIELDS}
        written |= complete_names(changes, present=present)
        written |= _roles(person, changes)
        if "avatar" in changes:
            written["avatar"] = _shown_avatar(person, changes["avatar"])
        write_row(person, written)
    return person


def update_profile(
    *, user: User, changes: Mapping[str, Any], check: Check = nothing_to_check
) -> Profile:
    """Change the profile of ``user``, made at the first change, and return it.

    ``changes`` may hold columns of ``Profile`` and the names of the person; the rest is ignored.
    ``check`` is asked as in ``update_user``. Raises ``InvalidInputError`` where a free part does
    not fit its published schema, or an amount its currency.
    """
    if errors := errors_of_parts(changes):
        raise InvalidInputError(errors=errors)
    with transaction.atomic():
        (person,) = lock(user)
        present = profile_of(user=person)
        check(present)
        _check_amounts(present, changes)
        names = complete_names(changes, present={f: getattr(person, f) for f in NAME_FIELDS})
        write_row(person, names)
        return write_profile(person, {f: changes[f] for f in PROFILE_FIELDS if f in changes})


def write_profile(person: User, written: Mapping[str, Any]) -> Profile:
    """Write columns of the profile of a person whose row the caller has locked."""
    profile, _ = Profile.objects.get_or_create(user=person)
    profile.user = person
    write_row(profile, written)
    return profile


def chosen_roles(roles: Iterable[str], *, held: Iterable[str] = ()) -> list[str]:
    """The roles of somebody who holds ``held`` and chooses ``roles``, in the order of the list.

    Only roles that people give themselves are taken from ``roles``; others stay as they are.
    """
    kept = {role for role in held if role not in SELF_ASSIGNABLE_ROLES}
    taken = {role for role in roles if role in SELF_ASSIGNABLE_ROLES}
    return [role for role in Role.values if role in kept | taken]


def _check_amounts(profile: Profile, changes: Mapping[str, Any]) -> None:
    """Refuse amounts with a fraction that their currency, old or new, does not have."""
    for field, column in AMOUNTS.items():
        if field not in changes and column not in changes:
            continue
        amount = changes.get(field, getattr(profile, field))
        currency = get_setting("default_currency")
        if column:
            currency = changes.get(column, getattr(profile, column))
        if amount is not None:
            check_amount(Decimal(amount), currency, pointer=f"/{field}")


def _roles(person: User, changes: Mapping[str, Any]) -> dict[str, Any]:
    primary = changes.get("primary_role")
    if primary is None and "roles" not in changes:
        return {}
    wanted = [*changes.get("roles", person.roles), *([primary] if primary else [])]
    roles = chosen_roles(wanted, held=person.roles)
    if primary not in roles:
        kept = person.primary_role in roles or not roles
        primary = person.primary_role if kept else roles[0]
    return {"roles": roles, "primary_role": primary}


def _shown_avatar(person: User, avatar: MediaFile | None) -> MediaFile | None:
    """The picture, fit to be shown to everybody; the one before it is deleted."""
    if avatar is not None and avatar.pk == person.avatar_id:
        return avatar
    if person.avatar is not None:
        discard_file(person.avatar)
    if avatar is None:
        return None
    return attach_file(
        file=avatar,
        owner=person,
        target=person,
        pointer="/profile_image",
        kinds=PICTURES,
        purposes={MediaPurpose.AVATAR},
        public=True,
    )


def write_row(row: Any, written: Mapping[str, Any]) -> None:
    """Save the columns in ``written`` that are not what ``row`` holds already."""
    changed = [name for name, value in written.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, written[name])
    if changed:
        row.save(update_fields=[*changed, "updated_at"])
