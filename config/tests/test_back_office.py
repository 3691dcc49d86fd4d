"""Every list and every object page of the back office, over a whole community."""

from contextlib import ExitStack
from typing import Any

import pytest
from django.contrib import admin
from django.db import connections, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rich.console import Console

from accounts.models import AuditEvent, User
from accounts.tests.factories.papers import submitted
from accounts.tests.factories.people import UserFactory
from config.management.community import build_community
from config.shared.admin import EvidenceAdmin

REGISTERED = sorted(admin.site._registry.items(), key=lambda item: item[0]._meta.label)
EVIDENCE = [(model, page) for model, page in REGISTERED if isinstance(page, EvidenceAdmin)]
MOST_QUERIES = 20
SETTINGS = "accounts_systemsetting"


def label_of(value: Any) -> str:
    return value._meta.label if isinstance(value, type) and issubclass(value, models.Model) else ""


def address(model: type[models.Model], page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.fixture
def community(db: None) -> None:
    build_community(number=1, scale="small", console=Console(quiet=True), pictures=False)


@pytest.fixture
def chief(db: None) -> User:
    return UserFactory(superuser=True, phone_number="+971561112233")


@pytest.fixture
def office(chief: User) -> Client:
    client = Client()
    client.force_login(chief)
    return client


def queries_of(office: Client, path: str) -> int:
    with ExitStack() as stack:
        captured = [
            stack.enter_context(CaptureQueriesContext(connections[alias])) for alias in connections
        ]
        response = office.get(path)
    assert response.status_code == 200, path
    # Settings are read again whenever their copy is some seconds old, which no page decides.
    return sum(
        SETTINGS not in query["sql"] for context in captured for query in context.captured_queries
    )


@pytest.mark.capability("A24")
def test_every_list_costs_the_same_whatever_it_shows(
    community: None, office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    growing = {}
    for model, page in REGISTERED:
        path = address(model, "changelist")
        monkeypatch.setattr(page, "list_per_page", 2)
        office.get(path)
        few = queries_of(office, path)
        monkeypatch.setattr(page, "list_per_page", 50)
        many = queries_of(office, path)
        if many != few or many > MOST_QUERIES:
            growing[model._meta.label] = (few, many)

    assert growing == {}


def test_every_list_can_be_searched(community: None, office: Client) -> None:
    for model, page in REGISTERED:
        for words in ("Pearl", "971501000011", "'; --", "%", "\\"):
            if page.search_fields:
                path = f"{address(model, 'changelist')}?q={words}"
                assert office.get(path).status_code == 200, (model, words)


def test_every_object_has_a_page(community: None, office: Client) -> None:
    seen = []
    for model, _ in REGISTERED:
        row = model._default_manager.order_by("pk").first()
        if row is not None:
            assert office.get(address(model, "change", row.pk)).status_code == 200, model
            seen.append(model._meta.label)

    assert {"accounts.User", "accounts.Verification", "credentials.Credential"} <= set(seen)


@pytest.mark.parametrize(("model", "page"), EVIDENCE, ids=label_of)
def test_evidence_is_neither_added_changed_nor_deleted(
    model: type[models.Model], page: EvidenceAdmin, office: Client, chief: User, rf: Any
) -> None:
    request = rf.get("/")
    request.user = chief

    assert not page.has_add_permission(request)
    assert not page.has_change_permission(request)
    assert not page.has_delete_permission(request)
    assert office.post(address(model, "add"), {}).status_code == 403


@pytest.mark.capability("A24")
def test_a_person_is_found_by_the_end_of_their_phone_number(office: Client) -> None:
    wanted = UserFactory(phone_number="+971509876543", full_name="Wanted Person")
    UserFactory(phone_number="+971501112222", full_name="Another Person")

    page = office.get(address(User, "changelist"), {"q": "76543"})

    assert [row.pk for row in page.context["cl"].result_list] == [wanted.pk]


@pytest.mark.capability("A24")
def test_a_correction_by_staff_is_written_down(office: Client, chief: User) -> None:
    person = UserFactory()
    path = address(User, "change", person.pk)
    form = office.get(path).context["adminform"].form
    values = {name: value for name, value in form.initial.items() if value is not None}
    inlines = {
        f"{prefix}-{part}_FORMS": "0"
        for prefix in ("memberships", "residencies", "papers")
        for part in ("TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM")
    }

    office.post(path, {**values, **inlines, "groups": [], "city": "Sharjah"})

    person.refresh_from_db()
    event = AuditEvent.objects.about(person).get(action="accounts.user.corrected")
    assert person.city == "Sharjah"
    assert (event.actor, event.after) == (chief, {"fields": ["city"]})


@pytest.mark.django_db
def test_staff_see_what_their_group_allows() -> None:
    clerk = UserFactory(staff=True)
    client = Client()
    client.force_login(clerk)

    assert client.get(reverse("admin:index")).status_code == 200
    assert client.get(address(User, "changelist")).status_code == 403


@pytest.mark.capability("A24")
@pytest.mark.parametrize(
    ("status", "offered"), [("active", "suspend"), ("suspended", "reactivate")]
)
def test_a_persons_page_offers_what_their_state_allows(
    office: Client, status: str, offered: str
) -> None:
    person = UserFactory(status=status)

    page = office.get(address(User, "change", person.pk)).content.decode()

    acts = {act for act in ("suspend", "reactivate") if f"/{person.pk}/{act}/" in page}
    assert acts == {offered}


@pytest.mark.capability("A24", "A03")
def test_staff_suspend_a_person_with_a_reason(office: Client, chief: User) -> None:
    person = UserFactory()
    path = f"/admin/accounts/user/{person.pk}/suspend/"

    asked = office.get(path)
    refused = office.post(path, {"_form_submitted": "on", "reason": ""})
    untouched = User.objects.get(pk=person.pk).status
    done = office.post(
        path, {"_form_submitted": "on", "reason": "Sold it twice"}, headers={"HX-Request": "true"}
    )

    event = AuditEvent.objects.about(person).get(action="accounts.user.suspended")
    assert (asked.status_code, refused.status_code, untouched) == (200, 200, "active")
    assert done["HX-Redirect"] == address(User, "change", person.pk)
    assert User.objects.get(pk=person.pk).status == "suspended"
    assert (event.actor, event.reason) == (chief, "Sold it twice")


@pytest.mark.capability("A24")
def test_an_empty_queue_has_no_number_beside_it(office: Client) -> None:
    def numbers() -> list[str]:
        page = office.get(reverse("admin:index"))
        items = [item for group in page.context["sidebar_navigation"] for item in group["items"]]
        return [str(item["badge_callback"]) for item in items if "badge" in item]

    nothing = numbers()
    submitted()

    assert (nothing, numbers()) == ([], ["1"])


@pytest.mark.parametrize("page", ["change", "suspend", "reactivate", "end-sessions"])
def test_a_key_that_is_none_is_not_found(office: Client, page: str) -> None:
    person = UserFactory()

    answer = office.get(f"/admin/accounts/user/no-key-at-all/{page}/", follow=True)
    sent = office.post(
        f"/admin/accounts/user/no-key-at-all/{page}/",
        {"_form_submitted": "on", "reason": "Because"},
        follow=True,
    )

    assert answer.status_code in {200, 404}
    assert sent.status_code in {200, 404}
    assert User.objects.get(pk=person.pk).status == "active"
    assert not AuditEvent.objects.about(person).exists()
