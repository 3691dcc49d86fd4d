"""The papers of a verification: what has to be there, where it is kept, when it is deleted."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.choices import MediaPurpose, VerificationType
from accounts.models import MediaFile, Verification
from accounts.services.attachments import PAPERS, PICTURES, attach_file, discard_file
from config.shared import audit
from config.shared.clock import database_now
from config.shared.errors import FieldError, InvalidInputError, MissingError
from config.shared.locks import lock_one

EMIRATES_ID = re.compile(r"784[0-9]{12}")
LICENSE = re.compile(r"[0-9A-Z][0-9A-Z/-]{2,39}")
SEPARATORS = re.compile(r"[\s\-]+")
ID_FILES = ("emirates_id_front", "emirates_id_back")
LICENSE_FILES = ("trade_license_document",)
FILES = (*ID_FILES, *LICENSE_FILES)
NUMBERS = ("emirates_id_number", "trade_license_number")
OF_IDENTITY = ("emirates_id_number", *ID_FILES)
OF_TRADE = ("trade_license_number", *LICENSE_FILES, "license_valid_until")
NEEDED: Mapping[str, tuple[str, ...]] = {
    VerificationType.EMIRATES_ID: OF_IDENTITY,
    VerificationType.TRADE_LICENSE: OF_TRADE,
    VerificationType.BOTH: (*OF_IDENTITY, *OF_TRADE),
}


def checked_papers(
    verification_type: str, papers: Mapping[str, Any], *, today: date
) -> dict[str, Any]:
    """What ``papers`` hold for this type, numbers in one spelling; nothing that is not needed.

    Raises ``InvalidInputError`` naming everything that is missing or malformed, and a licence
    whose last day is before ``today``.
    """
    names = NEEDED[verification_type]
    values = {name: papers[name] for name in names if papers.get(name)}
    for name, spelling in _SPELLINGS.items():
        if name in values:
            values[name] = spelling(values[name])
    errors = [
        FieldError(f"/{name}", "required", "This is needed for this kind of verification.")
        for name in names
        if name not in values
    ]
    errors += [error for name, value in values.items() if (error := _error(name, value, today))]
    if errors:
        raise InvalidInputError("Some papers are missing or not right.", errors=errors)
    return {"verification_type": verification_type, **values}


def columns_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that follow from checked papers, but for the files, which are attached after."""
    identity, license_number = (values.get(name, "") for name in NUMBERS)
    return {
        "verification_type": values["verification_type"],
        "emirates_id_number": identity,
        "emirates_id_last4": identity[-4:],
        "trade_license_number": license_number,
        "trade_license_last4": license_number[-4:],
        "license_valid_until": values.get("license_valid_until"),
    }


def attach_papers(verification: Verification, values: Mapping[str, Any]) -> None:
    """Bind the files of ``values`` to ``verification``; what it had before is let go."""
    given = [values[name].pk for name in FILES if name in values]
    if len(set(given)) < len(given):
        raise InvalidInputError.at("", "same_file_twice", "Each paper is a file of its own.")
    for name in FILES:
        file = values.get(name)
        kinds = PICTURES if name in ID_FILES else PAPERS
        attached = file and attach_file(
            file=file,
            owner=verification.user,
            target=verification,
            pointer=f"/{name}",
            kinds=kinds,
            purposes={MediaPurpose.VERIFICATION},
        )
        setattr(verification, name, attached)
    verification.save(update_fields=[*FILES, "updated_at"])


def files_of(verification: Verification) -> tuple[MediaFile, ...]:
    """The files that ``verification`` has, front before back."""
    found = (getattr(verification, name) for name in FILES)
    return tuple(file for file in found if file is not None)


def discard_papers(files: Iterable[MediaFile]) -> None:
    """Delete files for good, in the open transaction; their contents go after it."""
    for file in files:
        discard_file(file)


def purge_decided_papers(*, now: datetime | None = None) -> int:
    """Delete images and numbers of papers whose time after the decision is over; says how many.

    The decision, its reason and the last four digits stay. May be repeated and run in parallel.
    """
    moment = now or database_now()
    due = Verification.objects.to_be_purged(moment).order_by("purge_after", "pk")
    return sum(_purge(pk, moment) for pk in due.values_list("pk", flat=True))


@transaction.atomic
def _purge(pk: Any, now: datetime) -> bool:
    try:
        verification = lock_one(Verification.objects.to_be_purged(now), pk=pk)
    except MissingError:
        return False
    files = files_of(verification)
    for name in FILES:
        setattr(verification, name, None)
    for name in NUMBERS:
        setattr(verification, name, "")
    verification.purged_at = now
    verification.save(update_fields=[*FILES, *NUMBERS, "purged_at", "updated_at"])
    discard_papers(files)
    audit.record("accounts.verification.purged", target=verification, after={"files": len(files)})
    return True


def _error(name: str, value: Any, today: date) -> FieldError | None:
    if name == "emirates_id_number" and not EMIRATES_ID.fullmatch(value):
        return FieldError("/emirates_id_number", "wrong_format", "15 digits that begin with 784.")
    if name == "trade_license_number" and not LICENSE.fullmatch(value):
        return FieldError(
            "/trade_license_number", "wrong_format", "3 to 40 letters, digits, dashes or slashes."
        )
    if name == "license_valid_until" and value < today:
        return FieldError("/license_valid_until", "already_expired", "This licence has run out.")
    return None


_SPELLINGS: Mapping[str, Callable[[str], str]] = {
    "emirates_id_number": lambda text: SEPARATORS.sub("", text),
    "trade_license_number": lambda text: " ".join(text.split()).replace(" ", "").upper(),
}
