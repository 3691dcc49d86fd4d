"""What developments and units refuse, each with a code that clients can rely on."""

from collections.abc import Sequence
from typing import Any

from config.shared.errors import ConflictError, FieldError, InvalidInputError


class LiveClaimsError(ConflictError):
    """A development cannot be put away while somebody holds or has bought a unit in it."""

    code = "live_claims"
    title = "This development has live bookings"

    def __init__(self, obstacles: Sequence[str]) -> None:
        super().__init__(" ".join(obstacles), obstacles=list(obstacles))


class DevelopmentClosedError(ConflictError):
    """Nothing is added to or changed in a development that was put away."""

    code = "development_archived"
    title = "This development has been archived"


class UnitInUseError(ConflictError):
    """A unit that was ever held, booked or waited for stays, so that its history does."""

    code = "unit_in_use"
    title = "This unit has a history and cannot be deleted"


class UnitClaimedError(ConflictError):
    """What identifies a unit does not change while somebody holds it or has bought it."""

    code = "unit_claimed"
    title = "Somebody holds this unit or has bought it"


class UnitsExistError(ConflictError):
    """Some of the units that were to be made are there already; none was made."""

    code = "units_exist"
    title = "Units of these numbers exist already"

    def __init__(self, numbers: Sequence[str]) -> None:
        shown = ", ".join(numbers[:10])
        more = f" and {len(numbers) - 10:,} more" if len(numbers) > 10 else ""
        super().__init__(f"These exist already: {shown}{more}.", numbers=list(numbers[:100]))


class ImportRefusedError(InvalidInputError):
    """Lines of a table are wrong; nothing was imported. ``faults`` has all of them."""

    code = "import_refused"
    title = "Some lines cannot be imported"

    def __init__(self, faults: Sequence[Any]) -> None:
        self.faults = list(faults)
        errors = [
            FieldError(f"/lines/{fault.line}/{fault.column}".rstrip("/"), fault.code, str(fault))
            for fault in self.faults
        ]
        super().__init__(f"Faults: {len(errors):,}. Nothing was imported.", errors=errors)


class ImportChangedError(ConflictError):
    """The units have changed since the preview that was to be carried out."""

    code = "import_changed"
    title = "The units have changed since the preview"
