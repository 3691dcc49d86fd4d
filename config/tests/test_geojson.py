"""GeoJSON as RFC 7946 wants it, and problems that stay problems."""

import json

import pytest
from rest_framework.response import Response

from config.shared.geojson import GeoJSONRenderer, as_geojson, describe_geojson

HOME = {"id": "h-1", "name": "Tower", "location": {"lat": 25.0803, "lng": 55.1403}}


def rendered(data, *, status=200):
    context = {"response": Response(status=status)}
    return GeoJSONRenderer().render(data, renderer_context=context)


def test_a_thing_is_a_feature_with_its_longitude_first():
    assert json.loads(rendered(HOME)) == {
        "type": "Feature",
        "id": "h-1",
        "geometry": {"type": "Point", "coordinates": [55.1403, 25.0803]},
        "properties": {"name": "Tower"},
    }


@pytest.mark.parametrize("place", [None, {"lat": None, "lng": None}, {"lat": 25.0, "lng": None}])
def test_a_thing_without_a_place_has_no_geometry(place):
    assert as_geojson({"id": "h-1", "location": place}) == {
        "type": "Feature",
        "id": "h-1",
        "geometry": None,
        "properties": {},
    }


def test_the_zero_point_is_a_place():
    origin = as_geojson({"id": "h-1", "location": {"lat": 0.0, "lng": 0.0}})

    assert origin["geometry"]["coordinates"] == [0.0, 0.0]


def test_a_page_is_a_collection_that_keeps_its_links():
    collection = json.loads(
        rendered({"count": 1, "next": "/next", "previous": None, "results": [HOME]})
    )

    assert collection["type"] == "FeatureCollection"
    assert [feature["id"] for feature in collection["features"]] == ["h-1"]
    assert (collection["count"], collection["next"], collection["previous"]) == (1, "/next", None)


def test_a_problem_stays_a_problem():
    assert json.loads(rendered({"code": "not_found"}, status=404)) == {"code": "not_found"}
    assert rendered(None, status=204) == b""


def test_the_schema_says_what_the_answer_looks_like():
    answers = {"application/json": {"example": {"results": [HOME]}}, "application/geo+json": {}}
    result = {"paths": {"/towers/": {"get": {"responses": {"200": {"content": answers}}}}}}

    shown = describe_geojson(result)["paths"]["/towers/"]["get"]["responses"]["200"]["content"]

    described = shown["application/geo+json"]
    assert described["schema"]["properties"]["type"] == {"const": "FeatureCollection"}
    assert described["example"]["features"][0]["properties"] == {"name": "Tower"}
    assert shown["application/json"] == {"example": {"results": [HOME]}}
