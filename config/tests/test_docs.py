"""The description of the API as a whole, and the pages that show it."""

import re

import pytest
import yaml
from django.contrib.staticfiles import finders
from drf_spectacular.drainage import GENERATOR_STATS
from openapi_spec_validator import OpenAPIV31SpecValidator

from accounts.tests.factories.people import UserFactory, sign_in
from config.checks import unbounded
from config.shared import docs
from config.tests.descriptions import (
    ALWAYS,
    bodies,
    contradictions,
    examples,
    operations,
    warnings,
)

pytestmark = pytest.mark.capability("A06")


def test_the_description_of_the_api_is_valid_and_made_without_a_warning():
    GENERATOR_STATS.reset()
    docs.description.cache_clear()

    made = docs.description()

    assert warnings() == []
    OpenAPIV31SpecValidator(made).validate()


def test_every_operation_of_the_api_is_explained_with_examples_and_errors():
    made = docs.description(staff=True)

    lacking = [
        place
        for place, operation in operations(made)
        if not operation.get("summary")
        or not operation.get("description")
        or not operation.get("tags")
        or not operation["responses"].keys() >= ALWAYS
        or not all(examples(media) for _, media in bodies(operation))
    ]

    assert lacking == []


def test_every_example_of_the_api_is_accepted_by_its_schema():
    assert contradictions(docs.description(staff=True)) == []


def test_nothing_can_be_sent_without_end():
    assert unbounded(docs.description(staff=True)) == []


def test_the_names_of_operations_are_words():
    names = [operation["operationId"] for _, operation in operations(docs.description(staff=True))]

    assert [name for name in names if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name)] == []
    assert len(set(names)) == len(names)


def test_the_description_is_served_as_json_and_as_yaml(client):
    plain = client.get("/api/v1/schema/")
    text = client.get("/api/v1/schema/", headers={"Accept": "application/yaml"})

    assert plain["Content-Type"] == "application/json"
    assert plain.json()["info"]["title"] == "Courtyard"
    assert text["Content-Type"] == "application/yaml"
    assert yaml.safe_load(text.content)["paths"].keys() == plain.json()["paths"].keys()


def test_what_is_for_staff_is_described_to_staff_only(db, api):
    anonymous = api.get("/api/v1/staff/schema/")
    sign_in(api, UserFactory())
    resident = api.get("/api/v1/staff/schema/")
    sign_in(api, UserFactory(staff=True))
    staff = api.get("/api/v1/staff/schema/")

    assert (anonymous.status_code, resident.status_code, staff.status_code) == (401, 403, 200)
    assert staff.json()["paths"].keys() >= docs.description()["paths"].keys()


@pytest.mark.parametrize("address", ["/docs/", "/redoc/", "/docs/?script="])
def test_the_readers_need_no_outside_host(client, address):
    response = client.get(address)
    text = response.content.decode()

    assert response.status_code == 200
    assert re.findall(r"""(?:src|href|spec-url)=["'](?:https?:)?//""", text) == []
    for asset in re.findall(r"""(?:src|href)=["']/static/([^"'?]+)""", text):
        assert finders.find(asset), asset


@pytest.mark.parametrize("address", ["/docs/", "/redoc/"])
def test_the_readers_can_be_switched_off(client, settings, address):
    settings.DOCS_ENABLED = False

    assert client.get(address).status_code == 404
    assert client.get("/api/v1/schema/").status_code == 200


def test_what_is_for_staff_is_in_no_public_description():
    public, staff = docs.description(), docs.description(staff=True)

    assert [path for path in public["paths"] if "/staff/" in path] == []
    assert staff["paths"].keys() >= public["paths"].keys()
