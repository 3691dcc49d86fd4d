"""Serializers are as strict as the database, and references as wide as the audience."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIRequestFactory

from accounts.models import Building, Organization, User
from accounts.tests.factories.people import UserFactory, sign_in
from config.shared.fields import VisibleRelatedField
from config.shared.serializers import ModelSerializer
from config.tests.kernel_views import BuildingSerializer

pytestmark = [pytest.mark.urls("config.tests.kernel_urls"), pytest.mark.capability("A06")]

BUILDINGS, SURVEYS = "/api/v1/buildings/", "/api/v1/surveys/"


def errors(serializer: Any) -> dict[str, list[str]]:
    """The codes of what ``serializer`` refuses, by field."""
    assert not serializer.is_valid()
    return {
        name: [error.code for error in found] if isinstance(found, list) else found
        for name, found in serializer.errors.items()
    }


def building(data: dict[str, Any], instance: Building | None = None, **options: Any) -> Any:
    request = APIRequestFactory().get("/")
    return BuildingSerializer(instance, data=data, context={"request": request}, **options)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ({"floors": 301}, {"floors": ["floors_range"]}),
        ({"floors": 0}, {"floors": ["floors_range"]}),
        ({"lat": 25.2}, {"non_field_errors": ["place_incomplete"]}),
        (
            {"floors": 301, "lat": 25.2, "lng": None},
            {"floors": ["floors_range"], "non_field_errors": ["place_incomplete"]},
        ),
        ({"floors": 99999999}, {"floors": ["max_value"]}),
        ({"floors": None, "name": None}, {"name": ["null"]}),
    ],
)
def test_a_check_of_the_database_is_a_field_error_with_its_code(db, data, found):
    assert errors(building({"name": "Palm", "city": "Dubai", **data})) == found


def test_what_the_database_accepts_is_valid_and_costs_two_queries(db):
    serializer = building(
        {"name": "Palm", "city": "Dubai", "floors": 300, "lat": 25.2, "lng": 55.3, "unknown": 1}
    )

    with CaptureQueriesContext(connection) as queries:
        assert serializer.is_valid(), serializer.errors

    assert "unknown" not in serializer.validated_data
    assert len([query for query in queries if "SAVEPOINT" not in query["sql"]]) == 2


def test_a_unique_constraint_is_found_before_and_after_the_row_exists(db):
    row = Building.objects.create(name="Palm", city="Dubai", country="AE", address="")
    other = Building.objects.create(name="Creek", city="Dubai", country="AE", address="")

    twin = building({"name": "Palm", "city": "Dubai", "country": "AE", "address": ""})
    renamed = building({"name": "Palm"}, other, partial=True)
    unchanged = building({"name": "Palm"}, row, partial=True)

    assert errors(twin) == {"non_field_errors": ["building_exists"]}
    assert errors(renamed) == {"non_field_errors": ["building_exists"]}
    assert unchanged.is_valid()
    assert other.name == "Creek"


def test_a_change_is_checked_only_where_it_touches(db):
    row = Building.objects.create(name="Palm", city="Dubai")

    with CaptureQueriesContext(connection) as queries:
        assert building({"neighborhood": "x", "society": None}, row, partial=True).is_valid()

    assert len(queries) == 0


def test_the_same_rule_has_one_code_everywhere(db, api):
    sign_in(api, UserFactory())
    before = api.post(BUILDINGS, {"name": "Low", "city": "Dubai", "floors": 301})
    race = api.post("/api/v1/trouble/check/")

    with pytest.raises(ValidationError) as admin:
        Building(name="Low", city="Dubai", floors=301).full_clean()

    assert before.status_code == 400
    assert before.json()["errors"] == [
        {
            "pointer": "/floors",
            "code": "floors_range",
            "detail": "A building has 1 to 300 floors.",
        }
    ]
    assert (race.status_code, race.json()["code"]) == (409, "floors_range")
    assert [error.code for error in admin.value.error_dict["__all__"]] == ["floors_range"]
    assert Building.objects.count() == 0


class RenameSerializer(ModelSerializer):
    """A new username."""

    class Meta:
        model = User
        fields = ["username"]


class NarrowSerializer(ModelSerializer):
    """A building's name alone; where it stands is known otherwise."""

    class Meta:
        model = Building
        fields = ["name"]

    def given(self) -> dict[str, Any]:
        return {"city": "Dubai", "country": "AE", "address": "", **self.context.get("given", {})}


def test_a_constraint_over_an_expression_is_checked_too(db):
    UserFactory(username="Amina")

    serializer = RenameSerializer(UserFactory(), data={"username": "aMINA"}, partial=True)

    assert errors(serializer) == {"username": ["username_taken"]}


def test_what_a_service_will_add_counts(db):
    Building.objects.create(name="Palm", city="Dubai", country="AE")

    taken = NarrowSerializer(data={"name": "Palm"})
    free = NarrowSerializer(data={"name": "Palm"}, context={"given": {"city": "Pune"}})

    assert errors(taken) == {"name": ["building_exists"]}
    assert free.is_valid()


def test_what_is_not_known_is_left_to_the_database(db):
    class NameSerializer(ModelSerializer):
        class Meta:
            model = Building
            fields = ["name"]

    Building.objects.create(name="Palm", city="Dubai", country="AE")

    assert NameSerializer(data={"name": "Palm"}).is_valid()


@pytest.mark.parametrize("option", [{"fields": "__all__"}, {"exclude": ["id"]}])
def test_fields_are_named_one_by_one(option):
    with pytest.raises(ImproperlyConfigured):
        type("Careless", (ModelSerializer,), {"Meta": type("Meta", (), {"model": User, **option})})


def test_a_reference_that_is_not_visible_is_as_good_as_missing(db, api):
    pending = Organization.objects.create(kind="society", name="Hidden", status="pending")
    active = Organization.objects.create(kind="society", name="Known", status="active")
    rooms: dict[str, Any] = {"title": "x", "rooms": []}

    hidden = api.post(SURVEYS, {**rooms, "society": str(pending.pk)}).json()
    missing = api.post(SURVEYS, {**rooms, "society": "019a9f3c-7d2e-7b41-8c5f-2f6a1d3e4b5c"}).json()
    known = api.post(SURVEYS, {**rooms, "society": str(active.pk)})

    assert hidden["errors"] == missing["errors"]
    assert [(error["pointer"], error["code"]) for error in hidden["errors"]] == [
        ("/society", "does_not_exist")
    ]
    assert known.status_code == 200


@pytest.mark.parametrize("value", ["17", 17, True, [], {}, "019a9f3c"])
def test_a_reference_is_an_identifier(db, api, value):
    response = api.post(SURVEYS, {"title": "x", "rooms": [], "society": value})

    assert response.status_code == 400
    assert response.json()["errors"][0]["pointer"] == "/society"


def test_many_references_cost_one_query_and_are_refused_one_by_one(db, api):
    houses = [Building.objects.create(name=name, city="Dubai") for name in ("A", "B")]
    good = [str(house.pk) for house in houses]
    bad = [good[0], "019a9f3c-7d2e-7b41-8c5f-2f6a1d3e4b5c"]
    rooms: dict[str, Any] = {"title": "x", "rooms": []}

    with CaptureQueriesContext(connection) as queries:
        accepted = api.post(SURVEYS, {**rooms, "buildings": good})
    asked = len(queries)
    refused = api.post(SURVEYS, {**rooms, "buildings": bad})

    assert (accepted.status_code, asked) == (200, 1)
    assert [(error["pointer"], error["code"]) for error in refused.json()["errors"]] == [
        ("/buildings/1", "does_not_exist")
    ]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("text", "not_a_list"),
        ({"a": 1}, "not_a_list"),
        (["019a9f3c-7d2e-7b41-8c5f-2f6a1d3e4b5c"] * 2, "repeated"),
        (["019a9f3c-7d2e-7b41-8c5f-2f6a1d3e4b5c"] * 4, "max_length"),
    ],
)
def test_many_references_are_a_bounded_list(db, api, value, code):
    response = api.post(SURVEYS, {"title": "x", "rooms": [], "buildings": value})

    assert response.status_code == 400
    assert [error["code"] for error in response.json()["errors"]] == [code]


def test_a_reference_needs_an_audience():
    with pytest.raises(ImproperlyConfigured):
        VisibleRelatedField(queryset=Group)


def test_a_foreign_key_of_a_model_asks_the_audience_by_itself():
    assert isinstance(BuildingSerializer().fields["society"], VisibleRelatedField)
