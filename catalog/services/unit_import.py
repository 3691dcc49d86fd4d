"""Importing units from a table: first what would change, then all of it or nothing."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts.models import User
from accounts.querysets.organizations import LEADING_ROLES
from catalog.homes_exceptions import ImportChangedError, ImportRefusedError
from catalog.models import Development, Unit
from catalog.services.developments import require_open
from catalog.services.teams import is_on_team, require_team
from catalog.services.unit_import_cells import CellReader
from catalog.services.unit_import_files import MOST_FAULTS, Fault, Table, read_table
from catalog.services.units import FREE, settled
from config.shared import audit
from config.shared.bulk import copy_rows
from config.shared.clock import database_now
from config.shared.locks import lock
from config.shared.retries import retry_transaction

CREATED, CHANGED, UNCHANGED = "created", "changed", "unchanged"
BATCH = 200

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ImportRow:
    """What a line of the table does: ``changes`` has each column's value before and after."""

    line: int
    action: str
    block: str
    number: str
    changes: Mapping[str, tuple[Any, Any]]
    unit: Unit


@dataclass(slots=True)
class ImportPlan:
    """What an import would do, or has done; with ``faults`` it does nothing."""

    rows: list[ImportRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def doing(self, action: str) -> list[ImportRow]:
        """The rows that are ``created``, ``changed`` or ``unchanged``."""
        return [row for row in self.rows if row.action == action]

    @property
    def counts(self) -> dict[str, int]:
        """How many rows do what."""
        counted = Counter(row.action for row in self.rows)
        return {action: counted[action] for action in (CREATED, CHANGED, UNCHANGED)}

    @property
    def fingerprint(self) -> str:
        """The same for the same changes: by it what was looked at is what is carried out."""
        told = [(row.line, row.action, row.block, row.number, row.changes) for row in self.rows]
        text = repr([(*rest, _plain(changes)) for *rest, changes in told])
        return hashlib.sha256(text.encode(errors="backslashreplace")).hexdigest()


def preview_import(
    *, development: Development, actor: User | None, content: bytes, name: str
) -> ImportPlan:
    """What the table in ``content`` (CSV or XLSX) would change, without changing it.

    ``number`` names a unit, with ``block`` where there are blocks. A unit that is not there is
    created and needs a price; of one that is, the columns of the table are changed. An empty cell
    leaves what is there. ``actor`` is None for whoever runs the server. Faults name their lines.
    """
    _require_importer(development, actor)
    table = read_table(content=content, name=name)
    return _plan(development, table, _existing(development, table))


@retry_transaction
def carry_out_import(
    *,
    development: Development,
    actor: User | None,
    content: bytes,
    name: str,
    fingerprint: str = "",
) -> ImportPlan:
    """Do what ``preview_import`` shows, all or nothing.

    The development and the units in the table are locked. With the ``fingerprint`` of a preview,
    only that is carried out: raises ``ImportChangedError`` where the units have changed since,
    and ``ImportRefusedError`` with every fault by its line.
    """
    (development,) = lock(development)
    _require_importer(development, actor)
    require_open(development)
    table = read_table(content=content, name=name)
    units = lock(*_existing(development, table).values())
    now = database_now()
    for unit in units:
        if unit.claimed_until is not None and unit.claimed_until <= now:
            settled(unit)
    plan = _plan(development, table, {(unit.block, unit.number): unit for unit in units})
    if plan.faults:
        raise ImportRefusedError(plan.faults)
    if fingerprint and fingerprint != plan.fingerprint:
        raise ImportChangedError
    _write(plan, now)
    if any(plan.counts[action] for action in (CREATED, CHANGED)):
        audit.record(
            "catalog.development.units_imported",
            target=development,
            actor=actor,
            after={"file": name[:200], **plan.counts},
        )
    return plan


def _require_importer(development: Development, actor: User | None) -> None:
    """Leaders of the builder, staff who may import units, and whoever runs the server."""
    if actor is None:
        return
    builder = development.builder
    importer = "catalog.import_unit"
    if not is_on_team(actor=actor, builder=builder, roles=LEADING_ROLES, permission=importer):
        require_team(actor=actor, builder=builder, roles=LEADING_ROLES)


def _existing(development: Development, table: Table) -> dict[Key, Unit]:
    """The units that rows of the table name, by block and number."""
    wanted = {key for _, cells in table.rows if (key := _key(cells)) is not None}
    if not wanted:
        return {}
    found = Unit.objects.filter(development=development).select_related("building").order_by("pk")
    return {key: unit for unit in found if (key := (unit.block, unit.number)) in wanted}


def _plan(development: Development, table: Table, existing: Mapping[Key, Unit]) -> ImportPlan:
    plan = ImportPlan(faults=list(table.faults))
    reader = CellReader(development)
    seen: dict[Key, int] = {}
    for line, cells in table.rows:
        values, faults = reader.read(line, cells)
        key = _key(cells)
        if key is None:
            faults.append(Fault(line, "required", "Every unit has a number.", "number"))
        elif key in seen:
            detail = f"This unit stands in line {seen[key]} already."
            faults.append(Fault(line, "repeated", detail, "number"))
        else:
            seen[key] = line
            unit = existing.get(key)
            row, wrong = _row(development, line, values, unit)
            faults += wrong
            if unit is None and "price" not in cells:
                faults.append(Fault(line, "required", "A new unit has a price.", "price"))
            plan.rows.append(row)
        plan.faults += faults
        if len(plan.faults) >= MOST_FAULTS:
            plan.faults.append(Fault(line, "too_many_faults", "Nothing below was looked at."))
            break
    plan.faults.sort(key=lambda fault: fault.line)
    return plan


def _row(
    development: Development, line: int, values: Mapping[str, Any], unit: Unit | None
) -> tuple[ImportRow, list[Fault]]:
    faults = []
    if unit is None:
        unit = Unit(development=development, currency=development.currency)
        action, changes = CREATED, {name: (None, value) for name, value in values.items()}
    else:
        changes = {
            name: (getattr(unit, name), value)
            for name, value in values.items()
            if not _is_same(unit, name, value)
        }
        action = CHANGED if changes else UNCHANGED
        if "floor" in changes and not _is_free(unit):
            detail = "Somebody holds this unit or has bought it: its floor stays."
            faults.append(Fault(line, "unit_claimed", detail, "floor"))
    block, number = str(values.get("block", unit.block)), str(values.get("number", unit.number))
    return ImportRow(line, action, block, number, changes, unit), faults


def _is_same(unit: Unit, name: str, value: Any) -> bool:
    if name == "building":
        return bool(unit.building_id == value.pk)
    return bool(getattr(unit, name) == value)


def _is_free(unit: Unit) -> bool:
    if unit.status in FREE:
        return True
    until = unit.claimed_until
    return until is not None and not unit.waiting_count and until <= database_now()


def _write(plan: ImportPlan, now: Any) -> None:
    for row in plan.rows:
        for name, (_, value) in row.changes.items():
            setattr(row.unit, name, value)
    created = [row.unit for row in plan.doing(CREATED)]
    for unit in created:
        unit.created_at = now
    if copy_rows(created) != len(created):
        raise ImportChangedError
    changed = plan.doing(CHANGED)
    for row in changed:
        row.unit.updated_at = now
    columns = sorted({name for row in changed for name in row.changes})
    if columns:
        units: Iterable[Unit] = [row.unit for row in changed]
        Unit.objects.bulk_update(units, [*columns, "updated_at"], batch_size=BATCH)


def _key(cells: Mapping[str, str]) -> Key | None:
    block = " ".join(cells.get("block", "").split())
    number = " ".join(cells.get("number", "").split()).upper()
    return (block, number) if number else None


def _plain(changes: Mapping[str, tuple[Any, Any]]) -> list[tuple[str, str, str]]:
    return [(name, str(before), str(after)) for name, (before, after) in sorted(changes.items())]
