"""The house rules about models, constraints, the back office, lists and what starting costs."""

import re
import subprocess
import sys

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import models
from django.db.models.constraints import BaseConstraint

from config.admin import CourtyardAdminSite
from config.tests.growth import list_endpoints, paths_with_growth_test
from config.tests.sources import APPS, ROOT

LONGEST_NAME = 63  # PostgreSQL cuts longer identifiers
# Not openpyxl and PIL: import-export loads them to find out which formats it can offer.
HEAVY = (
    "boto3",
    "botocore",
    "factory",
    "faker",
    "httpx",
    "httpx2",
    "pydantic",
    "segno",
    "selenium",
    "sentry_sdk",
    "storages",
    "stripe",
    "typst",
    "webauthn",
)


def is_own(model: type[models.Model]) -> bool:
    """Neither of a library, nor row history, nor made for a test."""
    module = model.__module__
    return (
        module.partition(".")[0] in APPS
        and ".tests." not in module
        and not hasattr(model, "pgh_tracked_model")
    )


OWN_MODELS = [model for model in apps.get_models() if is_own(model)]
CONSTRAINTS = [(model, each) for model in OWN_MODELS for each in model._meta.constraints]

every_model = pytest.mark.parametrize("model", OWN_MODELS, ids=lambda model: model._meta.label)
every_constraint = pytest.mark.parametrize(
    ("model", "constraint"), CONSTRAINTS, ids=lambda value: getattr(value, "name", "of")
)


def test_the_back_office_is_our_own() -> None:
    assert isinstance(admin.site, CourtyardAdminSite)


def test_every_model_is_in_the_back_office() -> None:
    missing = [each._meta.label for each in OWN_MODELS if not admin.site.is_registered(each)]

    assert missing == []


@every_model
def test_every_model_says_what_it_is(model: type[models.Model]) -> None:
    docstring = model.__doc__ or ""

    assert docstring
    assert not docstring.startswith(f"{model.__name__}(")
    assert docstring.strip().endswith(".")


@every_model
def test_every_row_has_a_name_for_people(model: type[models.Model]) -> None:
    assert model.__str__ is not models.Model.__str__


@every_model
def test_every_order_ends_in_the_key(model: type[models.Model]) -> None:
    assert model._meta.ordering
    assert str(model._meta.ordering[-1]).lstrip("-") in {"pk", "id", model._meta.pk.name}


@every_model
def test_every_relation_names_its_way_back(model: type[models.Model]) -> None:
    unnamed = [
        field.name
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey | models.ManyToManyField)
        and field.model is model
        and field.remote_field.related_name is None
    ]

    assert unnamed == []


@every_constraint
def test_every_constraint_has_a_name_a_code_and_a_sentence(
    model: type[models.Model], constraint: BaseConstraint
) -> None:
    assert constraint.name.startswith(f"{model._meta.app_label}_{model._meta.model_name}_")
    assert len(constraint.name) <= LONGEST_NAME
    assert re.fullmatch(r"[a-z][a-z0-9_]+", constraint.violation_error_code or "")
    assert constraint.violation_error_message != BaseConstraint.default_violation_error_message
    assert str(constraint.violation_error_message).endswith(".")


def test_codes_of_constraints_mean_one_thing_each() -> None:
    sentences: dict[tuple[str, str | None], set[str]] = {}
    for model, constraint in CONSTRAINTS:
        code = (model._meta.label, constraint.violation_error_code)
        sentences.setdefault(code, set()).add(str(constraint.violation_error_message))

    assert {code: found for code, found in sentences.items() if len(found) > 1} == {}


def test_every_list_of_the_api_has_a_growth_test() -> None:
    assert sorted(list_endpoints() - paths_with_growth_test()) == []


def test_starting_loads_nothing_that_most_requests_never_use() -> None:
    program = (
        f"import sys, django; django.setup()\nprint(*sorted(set({HEAVY!r}) & set(sys.modules)))"
    )

    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    assert done.stdout.split() == []
