"""``docs/capabilities.md``: the table of promises and their proofs."""

from pathlib import Path

from config.capabilities.proofs import ROOT, VERTICALS, proofs
from config.capabilities.table import Capability

PATH = ROOT / "docs" / "capabilities.md"
HEAD = """# Capabilities

What Courtyard does, row by row, and the tests that prove it. Written by
`python manage.py list_capabilities --write` from `config/capabilities/` and from the marks on the
tests; a test fails when this page is out of date, when a row has no test, or when a mark names no
row.
"""


def _row(capability: Capability, tests: list[str]) -> str:
    proof = f"[{_count(len(tests))}](#{capability.id.lower()})" if tests else "none"
    return f"| {capability.id} | {capability.priority} | {capability.sentence} | {proof} |"


def _count(tests: int) -> str:
    return "1 test" if tests == 1 else f"{tests} tests"


def _section(capability: Capability, tests: list[str]) -> str:
    lines = "\n".join(f"- {_link(test)}" for test in tests)
    return f"### {capability.id}\n\n{lines}\n"


def _link(test: str) -> str:
    """The test's name as the sentence that it is, leading to its file."""
    path, _, name = test.partition("::")
    sentence = name.rpartition("::")[2].removeprefix("test_").replace("_", " ")
    return f"[{sentence}](../{path})"


def render(root: Path = ROOT) -> str:
    """The page as it should stand: a table for each vertical, then the tests by row."""
    found = proofs(root)
    parts = [HEAD]
    for vertical in VERTICALS:
        parts.append(f"## {vertical.title}\n")
        parts.append("| id | | capability | proved by |\n|---|---|---|---|")
        parts.append("\n".join(_row(row, found.get(row.id, [])) for row in vertical.rows) + "\n")
    parts.append("## The tests\n")
    rows = [row for vertical in VERTICALS for row in vertical.rows if row.id in found]
    parts += [_section(row, found[row.id]) for row in rows]
    return "\n".join(parts)


def unproved(root: Path = ROOT) -> list[str]:
    """Ids of the rows that no test carries."""
    found = proofs(root)
    return [row.id for vertical in VERTICALS for row in vertical.rows if row.id not in found]


def is_current() -> bool:
    """Whether the page in the tree is the one that would be written."""
    return PATH.is_file() and PATH.read_text(encoding="utf-8") == render()


def write() -> None:
    """Write the page."""
    PATH.parent.mkdir(parents=True, exist_ok=True)
    PATH.write_text(render(), encoding="utf-8")
