"""Constraints by name, and validation errors by place."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from rest_framework.exceptions import ErrorDetail

from accounts.models import Building
from config.shared.constraints import constraint_fields, known_constraints
from config.shared.errors import InvalidInputError
from config.shared.pointers import extend, field_errors
from config.shared.problems import as_domain_error

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
