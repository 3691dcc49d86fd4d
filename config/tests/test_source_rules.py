"""The house rules about how source files are written, as tests over the syntax trees."""

import ast
import re
from collections.abc import Iterator

import pytest

from config.tests.sources import (
    ROOT,
    FunctionNode,
    Source,
    calls,
    code,
    imported,
    layer,
    length,
    modules_of_tests,
    sources,
)

LONGEST_FILE = 300
LONGEST_FUNCTION = 40
LONGEST_ACTION = 10
STANDARD_ACTIONS = {"list", "create", "retrieve", "update", "partial_update", "destroy"}
MODEL_SIGNALS = {
    f"django.db.models.signals.{when}_{what}"
    for when in ("pre", "post")
    for what in ("init", "save", "delete")
} | {"django.db.models.signals.m2m_changed", "django.dispatch.receiver"}
QUERY_METHODS = {"filter", "exclude", "count", "exists", "order_by", "aggregate", "annotate"}

# Written with a class of one character, so that this file does not find itself.
UNFINISHED = re.compile(
    r"\b(?:TO[D]O|FIX[M]E)\b|pragma: no[ ]cover|# no[q]a\s*$|NotImplemented[E]rror\("
    r"|raise NotImplemented[E]rror|type: ignor[e]\s*$",
    re.MULTILINE,
)
SKIPS = re.compile(r"pytest\.ski[p]\(|mark\.ski[p]|mark\.xfai[l]|pytest\.xfai[l]")
AMERICAN = re.compile(r"\b[Cc]anceled\b|\b[Cc]ancelation\b")
PICTOGRAMS = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf\ufe0f]")
BANNER = re.compile(r"^\s*#\s*[-=*#~]{4,}|^\s*#.*[-=*#~]{8,}\s*$", re.MULTILINE)
TEXT_SUFFIXES = {".py", ".md", ".toml", ".html", ".yaml", ".yml", ".txt", ".css", ".in", ".cfg"}


def ids(source: Source) -> str:
    return source.path


def places(source: Source, nodes: list[ast.Call]) -> list[str]:
    return [f"{source.path}:{node.lineno}" for node in nodes]


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    long = {source.path: len(source.text.splitlines()) for source in sources()}

    assert {path: lines for path, lines in long.items() if lines > LONGEST_FILE} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = {
        f"{source.path}::{name}": length(node)
        for source in sources()
        for name, node in source.functions()
    }

    assert {name: lines for name, lines in long.items() if lines > LONGEST_FUNCTION} == {}


def is_action(node: FunctionNode) -> bool:
    decorators = {ast.unparse(decorator).partition("(")[0] for decorator in node.decorator_list}
    return node.name in STANDARD_ACTIONS or bool(decorators & {"action", "decorators.action"})


def test_actions_of_viewsets_translate_and_no_more() -> None:
    long = {
        f"{source.path}::{name}": length(node) - (node.body[0].lineno - node.lineno)
        for source in layer("api", "views")
        for name, node in source.functions()
        if is_action(node)
    }

    assert {name: lines for name, lines in long.items() if lines > LONGEST_ACTION} == {}


def test_packages_are_empty_but_for_what_models_and_admin_export() -> None:
    filled = {
        source.path
        for source in sources()
        if source.path.endswith("/__init__.py") and source.text.strip()
    }

    assert {path for path in filled if path.split("/")[-2] not in {"models", "admin"}} == set()


def test_exporting_packages_only_export() -> None:
    allowed = (ast.ImportFrom, ast.Assign, ast.Expr)
    offenders = [
        f"{source.path}:{node.lineno}"
        for source in layer("models") + layer("admin")
        if source.path.endswith("/__init__.py")
        for node in source.tree.body
        if not isinstance(node, allowed)
    ]

    assert offenders == []


def test_views_never_read_the_body_themselves() -> None:
    found = [
        f"{source.path}:{node.lineno}"
        for source in layer("api", "views")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute)
        and ast.unparse(node) in {"request.data", "self.request.data", "request.POST"}
    ]

    assert found == []


def test_views_open_no_transaction() -> None:
    found = [
        source.path
        for source in layer("api")
        if {"django.db.transaction", "django.db.connection"} & imported(source.tree)
    ]

    assert found == []


def test_rows_are_locked_by_the_kernel_only() -> None:
    found = [
        place
        for source in code()
        if source.path != "config/shared/locks.py"
        for place in places(source, calls(source.tree, "select_for_update"))
    ]

    assert found == []


def test_tokens_are_issued_in_one_place() -> None:
    found = [
        place for source in sources() for place in places(source, calls(source.tree, "for_user"))
    ]

    assert found == []


def test_serializers_name_their_fields() -> None:
    found = [
        f"{source.path}:{node.lineno}"
        for source in code()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Assign)
        and ast.unparse(node.targets[0]) == "fields"
        and ast.unparse(node.value) in {"'__all__'", "serializers.ALL_FIELDS"}
    ]

    assert found == []


def method_fields(tree: ast.Module) -> Iterator[FunctionNode]:
    """The methods behind every ``SerializerMethodField``."""
    for owner in ast.walk(tree):
        if not isinstance(owner, ast.ClassDef):
            continue
        methods = {node.name: node for node in owner.body if isinstance(node, ast.FunctionDef)}
        for node in owner.body:
            if isinstance(node, ast.Assign) and calls(node, "SerializerMethodField"):
                name = f"get_{ast.unparse(node.targets[0])}"
                for call in calls(node, "SerializerMethodField"):
                    named = [found for found in call.keywords if found.arg == "method_name"]
                    given = [*call.args, *(keyword.value for keyword in named)]
                    name = ast.literal_eval(given[0]) if given else name
                yield methods[name]


def test_method_fields_never_ask_the_database() -> None:
    found = [
        f"{source.path}:{node.lineno}"
        for source in layer("api", "serializers")
        for method in method_fields(source.tree)
        for node in ast.walk(method)
        if isinstance(node, ast.Attribute)
        and node.attr in QUERY_METHODS | {"objects", "_default_manager"}
    ]

    assert found == []


def test_models_have_no_receivers() -> None:
    found = {
        source.path: sorted(MODEL_SIGNALS & imported(source.tree))
        for source in code()
        if MODEL_SIGNALS & imported(source.tree)
    }

    assert found == {}


def test_services_that_write_take_their_arguments_by_name() -> None:
    found = [
        f"{source.path}::{node.name}"
        for source in layer("services")
        for node in source.tree.body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and "transaction.atomic" in ast.unparse(node)
        and len(node.args.posonlyargs) + len(node.args.args) > 1
    ]

    assert found == []


def test_services_are_typed() -> None:
    found = [
        f"{source.path}::{name}"
        for source in layer("services")
        for name, node in source.functions()
        if node.returns is None
    ]

    assert found == []


def test_modules_say_what_they_are_for() -> None:
    found = [
        source.path
        for source in code()
        if source.text.strip()
        and not source.path.endswith(("__init__.py", "apps.py"))
        and "/management/commands/" not in source.path
        and not ast.get_docstring(source.tree)
    ]

    assert found == []


def test_tests_say_what_holds() -> None:
    """A test's name is a sentence; three words are the least that one has."""
    short = [
        f"{source.path}::{name}"
        for source in modules_of_tests()
        for name, _ in source.functions()
        if name.startswith("test_") and "." not in name and name.count("_") < 3
    ]

    assert short == []


def texts() -> list[tuple[str, str]]:
    """Every text file that belongs to the project, with its path."""
    roots = [ROOT / name for name in ("docs", "templates", "deploy", "requirements", ".ci")]
    found = [path for root in roots for path in root.rglob("*") if path.is_file()]
    found += [path for path in ROOT.iterdir() if path.is_file() and path.name != "LICENSE"]
    wanted = [path for path in found if path.suffix in TEXT_SUFFIXES or path.parent.name == ".ci"]
    others = [
        (path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
        for path in sorted(wanted)
        if path.suffix != ".py"
    ]
    return [(source.path, source.text) for source in sources()] + others


@pytest.mark.parametrize(
    "pattern",
    [UNFINISHED, AMERICAN, PICTOGRAMS, BANNER],
    ids=["unfinished", "spelling", "pictograms", "banners"],
)
def test_no_text_has_what_does_not_belong(pattern: re.Pattern[str]) -> None:
    found = [
        f"{path}:{text.count(chr(10), 0, match.start()) + 1}: {match[0].strip()}"
        for path, text in texts()
        for match in pattern.finditer(text)
    ]

    assert found == []


def test_only_a_missing_service_skips_a_test() -> None:
    found = [
        f"{source.path}: {match[0]}"
        for source in modules_of_tests()
        for match in SKIPS.finditer(source.text)
        if source.path != "config/tests/services.py"
    ]

    assert found == []
