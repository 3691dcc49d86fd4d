"""Importing units: what would change is shown first, and all of it is done or nothing."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import Workbook

from accounts.models import AuditEvent
from accounts.tests.factories.buildings import BuildingFactory
from accounts.tests.factories.organizations import OrganizationFactory, owner_of
from accounts.tests.factories.people import UserFactory
from catalog.choices import UnitStatus
from catalog.homes_exceptions import ImportChangedError, ImportRefusedError
from catalog.models import Unit
from catalog.services.developments import update_development
from catalog.services.unit_claims import shadow_unit
from catalog.services.unit_import import carry_out_import, preview_import
from catalog.services.units import update_unit
from catalog.tests.factories.homes import DevelopmentFactory, UnitFactory, member_of
from config.shared.clock import database_now
from config.shared.errors import NotAllowedError

pytestmark = pytest.mark.django_db

HEAD = "block,floor,number,unit_type,bedrooms,area,view,price\n"


@pytest.fixture
def development():
    return DevelopmentFactory()


@pytest.fixture
def owner(development):
    return owner_of(development.builder)


def preview(development, text, actor=None, name="units.csv"):
    content = text.encode() if isinstance(text, str) else text
    return preview_import(development=development, actor=actor, content=content, name=name)


def carry_out(development, text, actor=None, name="units.csv", **more):
    content = text.encode() if isinstance(text, str) else text
    return carry_out_import(
        development=development, actor=actor, content=content, name=name, **more
    )


def faults(plan):
    return [(fault.line, fault.column, fault.code) for fault in plan.faults]


@pytest.mark.capability("R40")
def test_a_preview_says_what_would_be_created_changed_and_left(development, owner):
    UnitFactory(development=development, block="A", number="101", view="Garden")
    UnitFactory(development=development, block="A", number="102")
    text = HEAD + (
        "A,1,101,apartment,2,,Sea,1100000\n"
        "A,1,102,,,,,1000000.00\n"
        "\n"
        "A,2, 201b ,Penthouse,4,210.5,Sea,5000000\n"
    )

    plan = preview(development, text, owner)

    assert plan.counts == {"created": 1, "changed": 1, "unchanged": 1}
    assert plan.faults == []
    changed, unchanged, created = plan.rows
    assert (changed.line, changed.action) == (2, "changed")
    assert changed.changes == {
        "view": ("Garden", "Sea"),
        "price": (Decimal("1000000.000"), Decimal("1100000.00")),
    }
    assert (unchanged.line, unchanged.action) == (3, "unchanged")
    assert (created.line, created.action, created.block, created.number) == (
        5,
        "created",
        "A",
        "201B",
    )
    assert created.changes["unit_type"] == (None, "penthouse")
    assert Unit.objects.count() == 2
    assert not Unit.objects.filter(view="Sea").exists()


@pytest.mark.capability("R40")
def test_an_import_does_what_its_preview_shows(development, owner):
    first = UnitFactory(development=development, block="A", number="101", bedrooms=1)
    text = HEAD + "A,1,101,,3,,Sea,1100000\nA,2,201,penthouse,4,210.5,,5000000\n"
    fingerprint = preview(development, text, owner).fingerprint

    plan = carry_out(development, text, owner, fingerprint=fingerprint)

    assert plan.counts == {"created": 1, "changed": 1, "unchanged": 0}
    first.refresh_from_db()
    assert (first.bedrooms, first.view, first.price) == (3, "Sea", Decimal("1100000.000"))
    made = Unit.objects.get(number="201")
    assert (made.floor, made.unit_type, made.area) == (2, "penthouse", Decimal("210.50"))
    assert (made.price, made.currency, made.status) == (Decimal("5000000.000"), "AED", "available")
    event = AuditEvent.objects.about(development).get(action__endswith="units_imported")
    assert event.after == {"file": "units.csv", "created": 1, "changed": 1, "unchanged": 0}
    assert carry_out(development, text, owner).counts == {
        "created": 0,
        "changed": 0,
        "unchanged": 2,
    }


@pytest.mark.capability("R40")
def test_one_wrong_line_imports_nothing_and_every_fault_names_its_line(development, owner):
    UnitFactory(development=development, number="101")
    text = (
        "number;floor;price;bedrooms;unit_type;area;view\n"
        "101;1;1100000;2;;;\n"
        "102;1;;2;;;\n"
        "103;301;5;2;;;\n"
        "104;1;1,5;2;;;\n"
        "105;1;10.005;51;tent;0;\n"
        "101;1;1;2;;;\n"
        ";1;1;2;;;\n"
        '107;1;"1";2;;;a\x07b\n'
        "108;1;1;2;;;;extra\n"
    )

    with pytest.raises(ImportRefusedError) as refused:
        carry_out(development, text, owner)

    assert sorted(faults(refused.value)) == [
        (3, "price", "required"),
        (4, "floor", "out_of_range"),
        (5, "price", "not_a_number"),
        (6, "area", "area_range"),
        (6, "bedrooms", "out_of_range"),
        (6, "price", "amount_too_precise"),
        (6, "unit_type", "not_a_choice"),
        (7, "number", "repeated"),
        (8, "number", "required"),
        (9, "view", "not_text"),
        (10, "", "too_many_cells"),
    ]
    assert "/lines/4/floor" in {error.pointer for error in refused.value.errors}
    assert Unit.objects.get().price == Decimal("1000000.000")


@pytest.mark.capability("R40")
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("\n\n", "empty"),
        ("floor,price\n1,2\n", "column_missing"),
        ("number,status\n1,sold\n", "status_not_importable"),
        ("number,colour\n1,red\n", "column_unknown"),
        ("number,price,price\n1,2,3\n", "column_repeated"),
        ('number\n"1\n', "csv_invalid"),
        (b"number\n\xff\xfe\x00\n", "encoding_unknown"),
        (b"number\n1\x00\n", "encoding_unknown"),
        (b"PK\x03\x04 no workbook", "workbook_invalid"),
        ("number,currency,price\n1,USD,5\n", "currency_other"),
        ("number,building,price\n1,Nowhere,5\n", "not_of_development"),
        ("number\n" + "x" * 200_000 + "\n", "csv_invalid"),
        (b"number\n" + b"1\n" * 2_500_001, "too_large"),
        ("number,price\n" + "1,1\n" * 20_001, "too_many_faults"),
    ],
)
def test_a_file_that_is_no_table_of_units_is_refused(development, text, code):
    plan = preview(development, text)

    assert code in [fault.code for fault in plan.faults]
    with pytest.raises(ImportRefusedError):
        carry_out(development, text)
    assert not Unit.objects.exists()


@pytest.mark.capability("R40")
@pytest.mark.parametrize("status", [UnitStatus.HELD, UnitStatus.RESERVED, UnitStatus.SOLD])
def test_a_claimed_unit_keeps_its_floor_and_state(development, owner, status):
    unit = UnitFactory(development=development, number="101", floor=1)
    shadow_unit(unit=unit, status=UnitStatus.HELD, until=database_now() + timedelta(minutes=5))
    for step in (UnitStatus.RESERVED, UnitStatus.SOLD):
        if unit.status != status:
            shadow_unit(unit=unit, status=step)

    plan = preview(development, "number,floor,price\n101,2,1200000\n")
    carry_out(development, "number,floor,price\n101,1,1200000\n", owner)

    assert faults(plan) == [(2, "floor", "unit_claimed")]
    unit.refresh_from_db()
    assert (unit.floor, unit.status, unit.price) == (1, status, Decimal("1200000.000"))


@pytest.mark.capability("R40")
def test_a_workbook_is_read_like_a_table_of_text(development, owner):
    building = BuildingFactory(name="Tower One")
    update_development(development=development, actor=owner, changes={"buildings": [building]})
    book = Workbook()
    sheet = book.active
    sheet.append(["Number", "Floor", "Unit type", "Area", "Price", "Building", "Currency", None])
    sheet.append([101, 1.0, "Apartment", 80.25, 1000000, "tower one", "aed", None])
    sheet.append([None, None, None, None, None, None, None, None])
    sheet.append(["102", 2, "duplex", None, 1500000.5, None, None, None])
    sheet.append(["103", 2, None, None, 1, None, None, "beside"])
    written = BytesIO()
    book.save(written)

    plan = preview(development, written.getvalue(), owner, name="units.xlsx")

    assert faults(plan) == [(5, "", "too_many_cells")]
    sheet.delete_rows(5)
    written = BytesIO()
    book.save(written)
    carry_out(development, written.getvalue(), owner, name="units.xlsx")
    units = Unit.objects.order_by("number").values_list(
        "number", "floor", "unit_type", "area", "price", "building"
    )
    assert list(units) == [
        ("101", 1, "apartment", Decimal("80.25"), Decimal("1000000.000"), building.pk),
        ("102", 2, "duplex", None, Decimal("1500000.500"), None),
    ]


@pytest.mark.capability("R40")
def test_what_changed_since_the_preview_is_looked_at_again(development, owner):
    unit = UnitFactory(development=development, number="101")
    text = "number,price\n101,1200000\n"
    fingerprint = preview(development, text, owner).fingerprint
    update_unit(unit=unit, actor=owner, changes={"price": Decimal(1300000)})

    with pytest.raises(ImportChangedError):
        carry_out(development, text, owner, fingerprint=fingerprint)

    unit.refresh_from_db()
    assert unit.price == Decimal("1300000.000")


@pytest.mark.capability("R40")
def test_only_the_builders_leaders_and_staff_import(development):
    text = "number,price\n101,1200000\n"
    others = [
        UserFactory(),
        member_of(development.builder, "sales"),
        owner_of(OrganizationFactory(builder=True)),
        UserFactory(staff=True),
    ]

    for person in others:
        for act in (preview, carry_out):
            with pytest.raises(NotAllowedError):
                act(development, text, person)

    assert not Unit.objects.exists()


@pytest.mark.capability("R40")
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_what_spreadsheets_save_is_understood(development, owner, encoding):
    text = "Unit number\tView\tPrice\r\n101\tبحر\t1200000\r\n"

    carry_out(development, text.encode(encoding), owner)

    assert Unit.objects.values_list("number", "view").get() == ("101", "بحر")
