"""Tables of units, read from CSV and XLSX files into text with line numbers."""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

MOST_BYTES = 5_000_000
MOST_UNPACKED = 100_000_000
MOST_ROWS = 20_000
MOST_COLUMNS = 40
MOST_FAULTS = 200
KNOWN = (
    "block",
    "floor",
    "number",
    "unit_type",
    "bedrooms",
    "bathrooms",
    "area",
    "balcony_area",
    "view",
    "parking",
    "price",
    "currency",
    "building",
)
OTHER_NAMES = {"type": "unit_type", "unit": "number", "unit_number": "number"}
BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a file, at a line (0: the file as a whole) and maybe in a column."""

    line: int
    code: str
    detail: str
    column: str = ""

    def __str__(self) -> str:
        place = f"Line {self.line}" if self.line else "The file"
        return f"{place}{f', {self.column}' if self.column else ''}: {self.detail}"


@dataclass(slots=True)
class Table:
    """Rows by their line, each a mapping from column to text; empty cells are left out."""

    columns: tuple[str, ...] = ()
    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


Lines = Iterator[tuple[int, list[str]]]


class UnreadableError(Exception):
    """The file is no table; the fault says why."""

    def __init__(self, code: str, detail: str, line: int = 0) -> None:
        super().__init__(detail)
        self.fault = Fault(line, code, detail)


def read_table(*, content: bytes, name: str) -> Table:
    """The table in ``content``, a CSV or XLSX file by the look of it; never raises for its sake."""
    table = Table()
    try:
        if len(content) > MOST_BYTES:
            raise UnreadableError("too_large", f"At most {MOST_BYTES // 1_000_000} MB.")
        is_workbook = content.startswith(b"PK\x03\x04") or name.lower().endswith(".xlsx")
        _fill(table, _workbook_lines(content) if is_workbook else _csv_lines(content))
    except UnreadableError as error:
        table.faults.append(error.fault)
    return table


def _fill(table: Table, lines: Lines) -> None:
    heading = next(((line, cells) for line, cells in lines if any(cells)), None)
    if heading is None:
        raise UnreadableError("empty", "There is nothing in it.")
    line, names = heading
    table.columns = tuple(_column(name) for name in names)
    _check_columns(table, line, names)
    if table.faults:
        return
    for line, cells in lines:
        if not any(cells):
            continue
        if len(table.rows) >= MOST_ROWS:
            raise UnreadableError("too_many_rows", f"At most {MOST_ROWS:,} rows.", line)
        beside = [text for place, text in enumerate(cells) if not _name(table.columns, place)]
        if any(beside):
            table.faults.append(Fault(line, "too_many_cells", "More cells than there are columns."))
            continue
        pairs = zip(table.columns, cells, strict=False)
        table.rows.append((line, {column: text for column, text in pairs if column and text}))


def _check_columns(table: Table, line: int, names: list[str]) -> None:
    for column, name in zip(table.columns, names, strict=True):
        if column == "status":
            detail = "The state of a unit follows its booking and is not imported."
            table.faults.append(Fault(line, "status_not_importable", detail, column))
        elif column and column not in KNOWN:
            detail = f"Unknown column. Known ones: {', '.join(KNOWN)}."
            table.faults.append(Fault(line, "column_unknown", detail, name[:40]))
        elif column and table.columns.count(column) > 1:
            table.faults.append(Fault(line, "column_repeated", "It stands here twice.", column))
    if "number" not in table.columns:
        table.faults.append(Fault(line, "column_missing", "There is no column number."))


def _name(columns: tuple[str, ...], place: int) -> str:
    return columns[place] if place < len(columns) else ""


def _column(name: str) -> str:
    tidy = "_".join(name.lower().split())
    return OTHER_NAMES.get(tidy, tidy)


def _csv_lines(content: bytes) -> Lines:
    text = _decoded(content)
    head = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise UnreadableError("csv_invalid", f"This is no CSV: {error}.", begins) from error
        if cells is None:
            return
        yield begins, [cell.strip() for cell in cells]
        begins = reader.line_num + 1


def _decoded(content: bytes) -> str:
    encoding = next(
        (found for mark, found in BYTE_ORDER_MARKS.items() if content.startswith(mark)), "utf-8"
    )
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableError("encoding_unknown", "Save it as UTF-8.") from error
    if "\x00" in text:
        raise UnreadableError("encoding_unknown", "This is no text.")
    return text


def _workbook_lines(content: bytes) -> Lines:
    """The lines of the first sheet; formulas count by the value that was last saved."""
    from openpyxl import load_workbook  # large, and few ever import

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(member.file_size for member in archive.infolist()) > MOST_UNPACKED:
                raise UnreadableError("too_large", "Unpacked it is too large.")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        rows = book.worksheets[0].iter_rows(max_col=MOST_COLUMNS, values_only=True)
        for line, cells in enumerate(rows, 1):
            yield line, [_as_text(cell) for cell in cells]
    except UnreadableError:
        raise
    except Exception as error:
        raise UnreadableError("workbook_invalid", "This workbook cannot be read.") from error


def _as_text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{Decimal(repr(cell)).normalize():f}" if cell - cell == 0 else str(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).strip()
