"""Nothing can be sent without end."""

import pytest
from django.core.exceptions import ValidationError
from django.db import models
from rest_framework import serializers as drf

from accounts.models import Profile, User
from config.shared.bounds import unbounded_fields
from config.shared.fields import BoundedDictField, BoundedJSONField
from config.shared.safe_json import JSONBounds, measure
from config.shared.serializers import ModelSerializer, Serializer
from config.tests.kernel_views import BuildingSerializer, SurveySerializer

pytestmark = pytest.mark.capability("A06")


SIZES = {
    "properties": {
        "size": {"type": "integer"},
        "sizes": {"items": {"properties": {"size": {"type": "integer"}}}},
    }
}


class CarelessSerializer(Serializer):
    """Everything that could be sent without end."""

    text = drf.CharField()
    link = drf.URLField()
    words = drf.ListField(child=drf.CharField(max_length=5))
    lines = drf.ListField(child=drf.CharField(), max_length=5)
    anything = drf.JSONField()
    table = drf.DictField(child=drf.CharField(max_length=5))
    people = drf.PrimaryKeyRelatedField(queryset=User.objects.none(), many=True)
    nested = SurveySerializer(many=True)
    shown = drf.CharField(read_only=True)
    number = drf.IntegerField()


def test_what_has_no_bound_is_found():
    assert unbounded_fields(CarelessSerializer) == [
        "text",
        "link",
        "words",
        "lines[]",
        "anything",
        "table",
        "people",
        "nested",
    ]
    assert unbounded_fields(SurveySerializer) == []
    assert unbounded_fields(BuildingSerializer()) == []


def test_an_array_of_the_model_is_bounded_by_its_size():
    class RolesSerializer(ModelSerializer):
        class Meta:
            model = User
            fields = ["roles"]

    field = RolesSerializer().fields["roles"]

    assert (field.max_length, unbounded_fields(RolesSerializer)) == (8, [])


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ([[[[[[[[[1]]]]]]]]], "too_deep"),
        ({str(number): 1 for number in range(201)}, "too_many_keys"),
        ("x" * 70_000, "too_large"),
        ({1, 2}, "invalid"),
        ({"sizes": [{"size": "large"}]}, "wrong_shape"),
        ({"size": "large"}, "wrong_shape"),
    ],
)
def test_free_json_is_bounded(value, code):
    bounds = JSONBounds(schema=SIZES)

    with pytest.raises(ValidationError) as refusal:
        bounds(value)

    assert refusal.value.code == code


def test_free_json_within_bounds_is_accepted():
    JSONBounds(schema=SIZES)({"size": 3, "more": [1, {}]})

    assert measure({"a": [{"b": 1}, {"c": {}}]}) == (4, 3)
    assert JSONBounds() == JSONBounds()
    assert JSONBounds() != JSONBounds(max_keys=3)


def test_a_field_of_free_json_has_bounds_by_itself():
    plain = BoundedJSONField()
    own = BoundedJSONField(validators=[JSONBounds(max_keys=1)])

    with pytest.raises(drf.ValidationError):
        plain.run_validation({str(number): 1 for number in range(201)})
    with pytest.raises(drf.ValidationError):
        own.run_validation({"a": 1, "b": 2})


def test_a_json_column_of_a_model_is_bounded_in_its_serializer():
    class ProfileSerializer(ModelSerializer):
        class Meta:
            model = Profile
            fields = [
                field.name for field in Profile._meta.fields if isinstance(field, models.JSONField)
            ]

    assert unbounded_fields(ProfileSerializer) == []


@pytest.mark.parametrize(
    "value", [{"a": "1", "b": "2", "c": "3"}, {"x" * 101: "1"}, {"a": "123456"}, "text"]
)
def test_an_open_object_is_bounded(value):
    field = BoundedDictField(max_length=2, child=drf.CharField(max_length=5))

    with pytest.raises(drf.ValidationError):
        field.run_validation(value)
