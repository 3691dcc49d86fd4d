"""Constraints by name, and validation errors by place."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import ErrorDetail

from accounts.models import Building, Organization, Residency
from accounts.tests.factories.people import UserFactory
from config.shared.constraints import constraint_fields, integrity_problem, known_constraints
from config.shared.errors import InvalidInputError
from config.shared.pointers import extend, field_errors
from config.shared.problems import as_domain_error
from config.shared.renderers import JSONRenderer, to_json

pytestmark = pytest.mark.capability("A06")


def test_a_model_validation_error_becomes_pointers():
    error = as_domain_error(
        ValidationError({"city": [ValidationError("No.", code="nope")], "__all__": ["Bad."]})
    )

    assert isinstance(error, InvalidInputError)
    assert [found.as_dict() for found in error.errors] == [
        {"pointer": "/city", "code": "nope", "detail": "No."},
        {"pointer": "", "code": "invalid", "detail": "Bad."},
    ]


def test_pointers_are_escaped_as_rfc_6901_says():
    errors = field_errors({"a~b": {"c/d": [ErrorDetail("No.", "nope")]}})

    assert extend("", "~/") == "/~0~1"
    assert [error.pointer for error in errors] == ["/a~0b/c~1d"]


def test_every_constraint_is_known_by_its_name_with_a_code_of_its_own():
    known = known_constraints()

    assert known["accounts_building_unique"].fields == ("name", "city", "country", "address")
    assert known["accounts_building_unique"].code == "building_exists"
    assert known["accounts_user_phone_number_key"].fields == ("phone_number",)
    assert known["accounts_user_email_unique"].fields == ("email",)
    own = {"accounts", "catalog", "messaging", "bookings", "credentials"}
    assert [
        name
        for name, constraint in known.items()
        if constraint.model._meta.app_label in own and constraint.code == name
    ] == []


def test_a_constraint_speaks_of_the_fields_in_its_condition():
    constraints: dict[str, Any] = {
        constraint.name: constraint for constraint in Building._meta.constraints
    }

    assert constraint_fields(constraints["accounts_building_floors"]) == ("floors",)
    assert constraint_fields(constraints["accounts_building_place_both_or_neither"]) == (
        "lat",
        "lng",
    )


def refusal_of(statement: str) -> Any:
    """What the database's refusal of ``statement`` means."""
    with (
        pytest.raises(IntegrityError) as refusal,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    return integrity_problem(refusal.value)


def test_a_unique_index_that_no_model_names_tells_its_columns_and_no_values(db):
    refusal = refusal_of(
        "CREATE TEMP TABLE pairs (first_name text, city text, UNIQUE (first_name, city));"
        "INSERT INTO pairs VALUES ('Amina', 'Dubai'), ('Amina', 'Dubai')"
    )

    assert (refusal.status, refusal.code) == (409, "unique")
    assert refusal.detail == "Another one with this first name, city exists."


def test_a_check_that_no_model_names_is_a_conflict(db):
    refusal = refusal_of(
        "CREATE TEMP TABLE ages (age int CHECK (age > 0)); INSERT INTO ages VALUES (-1)"
    )

    assert (refusal.status, refusal.code) == (409, "conflict")


def test_a_field_that_is_unique_by_itself_keeps_its_code(db):
    UserFactory(phone_number="+971501111111")

    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        UserFactory(phone_number="+971501111111")

    assert integrity_problem(refusal.value).code == "unique"


def test_what_others_need_cannot_go(db):
    society = Organization.objects.create(kind="society", name="Palm Residents")
    Building.objects.create(name="Palm", city="Dubai", society=society)

    with pytest.raises(IntegrityError) as refusal:
        society.delete()

    problem = as_domain_error(refusal.value)
    assert problem is not None
    assert (problem.status, problem.code) == (409, "in_use")
    assert Organization.objects.filter(pk=society.pk).exists()


@pytest.mark.parametrize(
    ("value", "body"),
    [
        ({"b": Decimal("1.50"), "a": gettext_lazy("Yes")}, b'{"b":"1.50","a":"Yes"}'),
        (["\ud800"], b'["\\ud800"]'),
        ([2**70], b"[1180591620717411303424]"),
        ({1: None}, b'{"1":null}'),
    ],
)
def test_anything_can_be_rendered(value, body):
    assert to_json(value) == body
    assert JSONRenderer().render(value) == body


def test_nothing_is_rendered_as_nothing():
    assert JSONRenderer().render(None) == b""
    assert to_json({"b": 1, "a": 2}, sort_keys=True) == b'{"a":2,"b":1}'


def test_the_fields_of_a_constraint_include_those_of_its_condition():
    constraints = {constraint.name: constraint for constraint in Residency._meta.constraints}

    assert constraint_fields(constraints["accounts_residency_one_live"]) == (
        "user",
        "building",
        "unit_label",
        "status",
    )
