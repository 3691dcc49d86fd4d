"""``import_units``: what it says, and when it writes nothing."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from catalog.models import Unit
from catalog.tests.factories.homes import DevelopmentFactory, UnitFactory

pytestmark = pytest.mark.django_db


def run(path, development, **options):
    out, err = StringIO(), StringIO()
    call_command(
        "import_units",
        path,
        development=development,
        stdout=out,
        stderr=err,
        no_color=True,
        **options,
    )
    return out.getvalue()


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "units.csv"
    path.write_text("number,floor,price\n101,1,1200000\n102,1,1300000\n", encoding="utf-8")
    return path


@pytest.mark.capability("R40")
def test_the_command_says_in_figures_what_it_did(table):
    development = DevelopmentFactory(name="Marina Heights")
    UnitFactory(development=development, number="101")

    dry = run(table, "marina-heights", dry_run=True)
    assert "Line 2, 101: price 1000000.000 → 1200000.00" in dry
    assert "Nothing was written." in dry
    assert Unit.objects.count() == 1
    said = run(table, str(development.pk))

    assert said == "Marina Heights: 1 created, 1 changed, 0 unchanged.\n"
    assert Unit.objects.count() == 2


@pytest.mark.capability("R40")
@pytest.mark.parametrize("dry_run", [True, False])
def test_the_command_names_wrong_lines_and_writes_nothing(table, dry_run):
    development = DevelopmentFactory()
    table.write_text("number,price\n101,1200000\n102,free\n", encoding="utf-8")
    errors = StringIO()

    with pytest.raises(CommandError, match="Nothing was imported"):
        call_command(
            "import_units", table, development=development.slug, dry_run=dry_run, stderr=errors
        )

    assert "Line 3, price: A number such as 1250000.00" in errors.getvalue()
    assert not Unit.objects.exists()


@pytest.mark.capability("R40")
def test_the_command_says_what_it_cannot_find(table, tmp_path):
    development = DevelopmentFactory()

    with pytest.raises(CommandError, match="No development has the slug or key 'nowhere'"):
        run(table, "nowhere")
    with pytest.raises(CommandError, match="cannot be read"):
        run(tmp_path / "none.csv", development.slug)
