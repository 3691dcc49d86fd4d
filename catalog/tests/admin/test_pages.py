"""Developments and units in the back office: forms, plans, imports, files."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.groups import MODERATION, SITE_ADMINISTRATION
from accounts.models import AuditEvent, User
from accounts.tests.factories.organizations import OrganizationFactory, owner_of, staff_in
from accounts.tests.files import jpeg
from catalog.choices import DevelopmentStatus, PhaseStatus, UpdateStatus
from catalog.models import ConstructionUpdate, Development, ProgressPhase, Unit
from catalog.services.development_moves import delete_development
from catalog.tests.factories.construction import PhaseFactory
from catalog.tests.factories.homes import DevelopmentFactory, UnitFactory

TABLE = b"block,number,floor,bedrooms,price\nA,101,1,2,950000\nA,102,1,3,1250000\n"
NO_INLINES = {f"phases-{part}_FORMS": "0" for part in ("TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM")}


@pytest.fixture
def staff(db: None) -> User:
    return staff_in(SITE_ADMINISTRATION)


@pytest.fixture
def office(staff: User) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def change_page(row: Any) -> str:
    meta = row._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])


def filled(office: Client, path: str) -> dict[str, Any]:
    """What the form at ``path`` holds, ready to be sent back."""
    form = office.get(path).context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in values.items()}


@pytest.mark.capability("R02")
def test_staff_add_a_development_for_a_builder(office: Client, staff: User) -> None:
    builder = OrganizationFactory(builder=True, verified=True)
    path = reverse("admin:catalog_development_add")
    values = {**filled(office, path), **NO_INLINES, "builder": builder.pk, "name": "Harbour Row"}

    office.post(path, {**values, "city": "Dubai", "plan_template": "{}"})

    made = Development.objects.get()
    assert (made.name, made.builder, made.status) == ("Harbour Row", builder, "planning")
    assert made.created_by == staff
    assert made.slug


@pytest.mark.capability("R02")
def test_a_plan_that_does_not_add_up_stands_beside_its_field(office: Client) -> None:
    development = DevelopmentFactory()
    path = change_page(development)
    plan = '{"lines": [{"label": "All", "percent": "90", "due": {"rule": "deposit"}}]}'

    page = office.post(path, {**filled(office, path), **NO_INLINES, "plan_template": plan})

    assert "plan_template" in page.context["adminform"].form.errors
    assert Development.objects.get().plan_template == development.plan_template


@pytest.mark.capability("R02", "R32")
def test_lists_say_states_in_words_and_what_was_deleted(office: Client, staff: User) -> None:
    launched = DevelopmentFactory(status=DevelopmentStatus.PRE_LAUNCH, is_selling=False)
    gone = DevelopmentFactory(status=DevelopmentStatus.PLANNING, is_selling=False)
    delete_development(development=gone, actor=owner_of(gone.builder))
    UnitFactory(development=launched, price=Decimal("1250000.50"))

    page = office.get(reverse("admin:catalog_development_changelist")).content.decode()
    alive = office.get(reverse("admin:catalog_development_changelist"), {"deleted_at__isempty": 1})
    units = office.get(reverse("admin:catalog_unit_changelist")).content.decode()

    assert "Pre-launch" in page
    assert "pre_launch" not in re.sub(r"<(select|script).*?</\1>", "", page, flags=re.DOTALL)
    assert re.search(r">\s*Deleted\s*<", page)
    assert [row.pk for row in alive.context["cl"].result_list] == [launched.pk]
    assert "1,250,000.50 AED" in units


@pytest.mark.capability("R05")
def test_the_stacking_plan_shows_units_as_they_are_now(office: Client) -> None:
    free = UnitFactory(number="301", floor=3)
    UnitFactory(development=free.development, number="302", floor=3, blocked=True)

    page = office.get(change_page(free.development)).content.decode()

    assert re.search(r'title="301: Available, 1,000,000\.00 AED"', page)
    assert re.search(r'title="302: Blocked, 1,000,000\.00 AED"', page)


@pytest.mark.capability("R40")
def test_units_are_imported_after_a_preview(office: Client, staff: User) -> None:
    development = DevelopmentFactory()
    path = reverse("admin:catalog_development_import_page", args=[development.pk])

    seen = office.post(path, {"table": SimpleUploadedFile("units.csv", TABLE)})
    before = Unit.objects.count()
    shown = {
        name: re.search(rf'name="{name}"\s+value="([^"]*)"', seen.content.decode())
        for name in ("name", "content", "fingerprint")
    }
    done = office.post(path, {name: found[1] for name, found in shown.items() if found})

    assert (seen.context["counts"]["created"], before) == (2, 0)
    assert done.status_code == 302
    prices = dict(Unit.objects.values_list("number", "price"))
    assert prices == {"101": Decimal(950_000), "102": Decimal(1_250_000)}
    assert AuditEvent.objects.get(action="catalog.development.units_imported").actor == staff


@pytest.mark.capability("R40")
def test_a_table_with_a_fault_imports_nothing(office: Client) -> None:
    development = DevelopmentFactory()
    path = reverse("admin:catalog_development_import_page", args=[development.pk])
    faulty = TABLE + b"A,103,1,2,nothing\n"

    seen = office.post(path, {"table": SimpleUploadedFile("units.csv", faulty)})

    assert [fault.line for fault in seen.context["faults"]] == [4]
    assert "fingerprint" not in seen.content.decode()
    assert not Unit.objects.exists()


def test_who_may_not_import_sees_no_page(db: None) -> None:
    development = DevelopmentFactory()
    client = Client()
    client.force_login(staff_in(MODERATION))
    path = reverse("admin:catalog_development_import_page", args=[development.pk])

    answer = client.post(path, {"table": SimpleUploadedFile("units.csv", TABLE)})

    assert answer.status_code == 403
    assert not Unit.objects.exists()


@pytest.mark.capability("R24", "R35")
def test_a_phase_is_completed_with_evidence_from_the_page(
    office: Client, media_folder: Path
) -> None:
    phase = PhaseFactory(in_progress=True)
    path = reverse("admin:catalog_progressphase_finish_page", args=[phase.pk])

    without = office.post(path, {})
    untouched = ProgressPhase.objects.get(pk=phase.pk).status
    with_picture = office.post(
        path, {"chosen": SimpleUploadedFile("roof.jpg", jpeg(), "image/jpeg")}
    )

    done = ProgressPhase.objects.get(pk=phase.pk)
    assert (without.status_code, untouched) == (200, PhaseStatus.IN_PROGRESS)
    assert with_picture.status_code == 302
    assert (done.status, done.percent) == (PhaseStatus.COMPLETED, Decimal(100))
    assert done.evidence.get().sha256


@pytest.mark.capability("R26")
def test_staff_draft_and_publish_news(office: Client, staff: User) -> None:
    development = DevelopmentFactory()
    path = reverse("admin:catalog_constructionupdate_add")
    office.post(path, {"development": development.pk, "title": "Topped out", "body": "Today."})
    update = ConstructionUpdate.objects.get()

    office.post(
        f"/admin/catalog/constructionupdate/{update.pk}/publish/", {"_form_submitted": "on"}
    )

    update.refresh_from_db()
    assert (update.status, update.author) == (UpdateStatus.PUBLISHED, staff)
    assert "title" not in office.get(change_page(update)).context["adminform"].form.fields


@pytest.mark.capability("R02")
def test_a_development_moves_on_from_its_page(office: Client) -> None:
    development = DevelopmentFactory(pre_launch=True)
    path = f"/admin/catalog/development/{development.pk}/advance/"

    office.post(path, {"_form_submitted": "on", "target": "ready"})
    skipped = Development.objects.get().status
    office.post(path, {"_form_submitted": "on", "target": "selling"})

    assert skipped == DevelopmentStatus.PRE_LAUNCH
    assert Development.objects.get().status == DevelopmentStatus.SELLING
