"""Which tests prove which capability, read from the test files without running them."""

import ast
from collections.abc import Iterator
from pathlib import Path

from config.capabilities.hiring import HIRING
from config.capabilities.homes import HOMES
from config.capabilities.identity import IDENTITY
from config.capabilities.market import MARKET
from config.capabilities.messaging import MESSAGING
from config.capabilities.table import Capability, Vertical

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ("config", "accounts", "catalog", "messaging", "bookings")
VERTICALS: tuple[Vertical, ...] = (IDENTITY, HOMES, MESSAGING, MARKET, HIRING)


class UnreadableMarkError(ValueError):
    """A mark whose ids are not written out, so that only running the test would show them."""


def capabilities() -> dict[str, Capability]:
    """Every row by its id."""
    return {row.id: row for vertical in VERTICALS for row in vertical.rows}


def files_with_tests(root: Path = ROOT) -> list[Path]:
    """The test modules of all apps, in a stable order."""
    return sorted(path for app in APPS for path in (root / app).glob("**/tests/**/test_*.py"))


def proofs(root: Path = ROOT) -> dict[str, list[str]]:
    """Names of tests (``path::test``) by the id of the capability they carry."""
    found: dict[str, list[str]] = {}
    for path in files_with_tests(root):
        relative = path.relative_to(root).as_posix()
        for identifier, test in _marked_tests(
            ast.parse(path.read_text(encoding="utf-8")), relative
        ):
            tests = found.setdefault(identifier, [])
            if test not in tests:
                tests.append(test)
    return found


def _marked_tests(tree: ast.Module, path: str) -> Iterator[tuple[str, str]]:
    of_module = [mark for node in tree.body for mark in _module_marks(node, path)]
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            of_class = of_module + _decorator_marks(node, path)
            for inner in node.body:
                yield from _marks_of_test(inner, of_class, f"{path}::{node.name}", path)
        else:
            yield from _marks_of_test(node, of_module, path, path)


def _marks_of_test(
    node: ast.stmt, inherited: list[str], place: str, path: str
) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test"):
        for identifier in inherited + _decorator_marks(node, path):
            yield identifier, f"{place}::{node.name}"


def _module_marks(node: ast.stmt, path: str) -> list[str]:
    if not isinstance(node, ast.Assign):
        return []
    if not any(
        isinstance(target, ast.Name) and target.id == "pytestmark" for target in node.targets
    ):
        return []
    values = node.value.elts if isinstance(node.value, ast.List | ast.Tuple) else [node.value]
    return [identifier for value in values for identifier in _ids(value, path)]


def _decorator_marks(
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, path: str
) -> list[str]:
    marks = list(node.decorator_list)
    # A case of a parametrized test may carry a mark of its own.
    marks += [
        keyword.value
        for decorator in node.decorator_list
        for call in ast.walk(decorator)
        if isinstance(call, ast.Call)
        for keyword in call.keywords
        if keyword.arg == "marks"
    ]
    flat = [
        part
        for mark in marks
        for part in (mark.elts if isinstance(mark, ast.List | ast.Tuple) else [mark])
    ]
    return [identifier for mark in flat for identifier in _ids(mark, path)]


def _ids(node: ast.expr, path: str) -> list[str]:
    """The ids of ``pytest.mark.capability("A01", …)``; nothing for any other expression."""
    if not (isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.capability"):
        return []
    found = []
    for argument in node.args:
        if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
            raise UnreadableMarkError(f"{path}:{node.lineno}: {ast.unparse(argument)}")
        found.append(argument.value)
    return found
