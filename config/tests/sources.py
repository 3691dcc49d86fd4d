"""The project's own source files, parsed once, for tests about how they are written."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ("config", "accounts", "catalog", "messaging", "bookings")
LOOSE_FILES = ("conftest.py", "manage.py")

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Source:
    """One module: its path from the root of the project, its text and its syntax tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def is_test(self) -> bool:
        return "/tests/" in self.path or self.path == "conftest.py"

    def functions(self) -> Iterator[tuple[str, FunctionNode]]:
        """Every function and method with its dotted name inside the module."""
        yield from _functions(self.tree, "")


def _functions(parent: ast.AST, prefix: str) -> Iterator[tuple[str, FunctionNode]]:
    for node in ast.iter_child_nodes(parent):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{prefix}{node.name}", node
            yield from _functions(node, f"{prefix}{node.name}.")
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node, f"{prefix}{node.name}.")
        else:
            yield from _functions(node, prefix)


@cache
def sources() -> tuple[Source, ...]:
    """Every module of the project except migrations."""
    paths = [ROOT / name for name in LOOSE_FILES]
    paths += [path for app in APPS for path in sorted((ROOT / app).rglob("*.py"))]
    return tuple(_read(path) for path in paths if "migrations" not in path.relative_to(ROOT).parts)


def _read(path: Path) -> Source:
    text = path.read_text(encoding="utf-8")
    return Source(path.relative_to(ROOT).as_posix(), text, ast.parse(text))


def code() -> list[Source]:
    """The modules that run in production."""
    return [source for source in sources() if not source.is_test]


def modules_of_tests() -> list[Source]:
    """The modules that only tests use."""
    return [source for source in sources() if source.is_test]


def layer(*names: str) -> list[Source]:
    """The modules of one layer of every app: ``layer("api", "views")``."""
    place = f"/{'/'.join(names)}"
    return [
        source
        for source in code()
        if f"{place}/" in f"/{source.path}" or source.path.endswith(f"{place}.py")
    ]


def length(node: FunctionNode) -> int:
    """Lines from the ``def`` to the end, without the docstring."""
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    first = node.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def calls(tree: ast.AST, name: str) -> list[ast.Call]:
    """Calls of ``name(…)`` or ``anything.name(…)`` in ``tree``."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == name
    ]


def imported(tree: ast.AST) -> set[str]:
    """Every name that is imported anywhere in ``tree``, with the module it comes from."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found
