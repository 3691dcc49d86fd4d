"""Every promise has a test, every mark names a promise, and the page about both is current."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from config.capabilities import document
from config.capabilities.proofs import UnreadableMarkError, capabilities, proofs

MARKED = """
import pytest

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A01")]


@pytest.mark.capability("A02", "A03")
def test_one():
    pass


class TestTwo:
    @pytest.mark.parametrize("x", [1, pytest.param(2, marks=pytest.mark.capability("A04"))])
    def test_two(self, x):
        pass


def helper():
    pass
"""


def tree_with(root: Path, text: str) -> Path:
    folder = root / "accounts" / "tests"
    folder.mkdir(parents=True)
    (folder / "test_sample.py").write_text(text, encoding="utf-8")
    return root


def test_every_capability_is_proved_by_a_test() -> None:
    assert document.unproved() == []


def test_every_mark_names_a_capability() -> None:
    assert sorted(set(proofs()) - set(capabilities())) == []


def test_the_page_is_current() -> None:
    assert document.is_current(), "run: python manage.py list_capabilities --write"


def test_ids_are_told_once_and_in_order() -> None:
    for vertical in document.VERTICALS:
        ids = [row.id for row in vertical.rows]

        assert ids == sorted(set(ids))


def test_marks_of_modules_classes_tests_and_cases_are_found(tmp_path: Path) -> None:
    root = tree_with(tmp_path, MARKED)

    found = proofs(root)

    one = "accounts/tests/test_sample.py::test_one"
    two = "accounts/tests/test_sample.py::TestTwo::test_two"
    assert found == {"A01": [one, two], "A02": [one], "A03": [one], "A04": [two]}


def test_a_mark_that_only_running_would_show_is_refused(tmp_path: Path) -> None:
    root = tree_with(
        tmp_path, "import pytest\n\n@pytest.mark.capability(NAME)\ndef test_x(): ...\n"
    )

    with pytest.raises(UnreadableMarkError, match=r"accounts/tests/test_sample.py:3: NAME"):
        proofs(root)


def test_the_page_leads_from_each_row_to_its_tests(tmp_path: Path) -> None:
    root = tree_with(tmp_path, MARKED)

    page = document.render(root)

    assert (
        "| A04 | must | A profile has a name, a picture, a description and a postal address. | "
        "[1 test](#a04) |\n" in page
    )
    assert "[2 tests](#a01) |\n" in page
    assert "\n### A04\n\n- [two](../accounts/tests/test_sample.py)\n" in page
    assert "### A05" not in page
    assert "A05" in document.unproved(root)


def test_the_command_writes_checks_and_lists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "docs" / "capabilities.md"
    monkeypatch.setattr(document, "PATH", page)

    with pytest.raises(CommandError, match="out of date"):
        call_command("list_capabilities", "--check")
    call_command("list_capabilities", "--write", stdout=StringIO())
    call_command("list_capabilities", "--check", stdout=(checked := StringIO()))
    call_command("list_capabilities", stdout=(listed := StringIO()))

    assert page.read_text(encoding="utf-8") == document.render()
    assert checked.getvalue() == "docs/capabilities.md is up to date.\n"
    assert f"\n{len(capabilities())} capabilities, " in listed.getvalue()
    assert listed.getvalue().startswith("A01  must    ")
