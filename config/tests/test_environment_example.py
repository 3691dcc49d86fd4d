"""``.env.example`` names every variable that the settings read, and no other."""

import ast
import re

from config.tests.sources import ROOT, code

READERS = {"text", "secret", "flag", "number", "names", "address", "parsed", "given", "database"}
# Read by Django and by the commands before any settings are there.
BEFORE_SETTINGS = {"DJANGO_SETTINGS_MODULE", "ENV_FILE"}
# The operating system's own, and the switches of the test suite.
NOT_OURS = {"HOME", "LANG", "PATH", "REQUIRE_SERVICES", "TMPDIR"}


def read_by_settings() -> set[str]:
    """Names given to a reader of the environment, or to ``os.environ``, anywhere in the code."""
    found: set[str] = set()
    for source in code():
        for node in ast.walk(source.tree):
            found |= names_read(node)
    return found


def names_read(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
        return upper_case(node.slice)
    if not isinstance(node, ast.Call) or not node.args:
        return set()
    function = ast.unparse(node.func)
    if function in {"os.environ.get", "os.getenv"}:
        return upper_case(node.args[0])
    owner, _, reader = function.rpartition(".")
    return upper_case(node.args[0]) if owner == "env" and reader in READERS else set()


def upper_case(node: ast.AST) -> set[str]:
    return {
        part.value
        for part in ast.walk(node)
        if isinstance(part, ast.Constant)
        and isinstance(part.value, str)
        and re.fullmatch(r"[A-Z][A-Z0-9_]+", part.value)
    }


def documented() -> set[str]:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    return set(re.findall(r"^#?([A-Z][A-Z0-9_]+)=", text, re.MULTILINE))


def test_every_variable_that_is_read_is_documented() -> None:
    assert sorted(read_by_settings() - documented() - NOT_OURS) == []


def test_every_documented_variable_is_read() -> None:
    from config.settings import databases

    read = read_by_settings() | BEFORE_SETTINGS | set(databases.URL_VARIABLES.values())

    assert sorted(documented() - read) == []


def test_each_variable_stands_there_once() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    names = re.findall(r"^#?([A-Z][A-Z0-9_]+)=", text, re.MULTILINE)

    assert sorted({name for name in names if names.count(name) > 1}) == []
