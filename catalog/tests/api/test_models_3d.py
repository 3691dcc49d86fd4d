"""3D models in the API: shown, versioned, changed, deleted, and who is refused."""

import pytest

from accounts.choices import MembershipRole
from accounts.tests.clients import client_of
from accounts.tests.factories.organizations import seated
from accounts.tests.factories.people import UserFactory
from catalog.models import Model3D
from catalog.tests.factories.construction import (
    ModelFactory,
    evidence_of,
    glb_of,
    site_engineer,
)
from catalog.tests.factories.homes import DevelopmentFactory, UnitFactory

pytestmark = [pytest.mark.django_db, pytest.mark.capability("R28")]

MODELS = "/api/v1/models/"


@pytest.fixture
def development():
    return DevelopmentFactory()


@pytest.fixture
def engineer(development):
    return site_engineer(development)


def models_of(subject):
    kind = "units" if hasattr(subject, "development") else "developments"
    return f"/api/v1/{kind}/{subject.pk}/models/"


def page(model):
    return f"{MODELS}{model.pk}/"


def test_from_the_first_version_to_its_end(development, engineer, api):
    site = client_of(engineer)
    file = glb_of(engineer, renditions={"whole": {"key": "a", "size": 1}})
    picture = evidence_of(engineer, purpose="development")

    first = site.post(models_of(development), {"title": "Tower A", "file": str(file.pk)})
    second = site.post(
        models_of(development),
        {
            "title": "Tower A",
            "file": str(glb_of(engineer).pk),
            "thumbnail": str(picture.pk),
            "order": 1,
        },
    )
    listed = api.get(models_of(development)).data["results"]
    latest = api.get(f"{models_of(development)}?latest=true").data["results"]
    former = api.get(f"{models_of(development)}?latest=false").data["results"]
    hidden = site.patch(f"{MODELS}{first.data['id']}/", {"is_public": False, "order": 9})
    seen = api.get(models_of(development)).data["results"]
    gone = site.delete(f"{MODELS}{second.data['id']}/")

    assert (first.status_code, first.data["version"], first.data["format"]) == (201, 1, "glb")
    assert (first.data["size"], first.data["meta"]["preview"]) == (1000, "waiting")
    assert "token" not in first.data["file"]["links"]["whole"]
    assert (second.data["version"], second.data["thumbnail"]["id"]) == (2, str(picture.pk))
    assert [row["version"] for row in listed] == [2, 1]
    assert [row["version"] for row in latest] == [2]
    assert [row["version"] for row in former] == [1]
    assert (hidden.status_code, hidden.data["is_public"], hidden.data["order"]) == (200, False, 9)
    assert "token=" in hidden.data["file"]["links"]["whole"]
    assert [row["version"] for row in seen] == [2]
    assert gone.status_code == 204
    assert api.get(page(Model3D.objects.get())).status_code == 404
    assert site.get(page(Model3D.objects.get())).status_code == 200


def test_a_unit_has_models_of_its_own(development, engineer, api):
    unit = UnitFactory(development=development)
    ModelFactory(subject=development, actor=engineer)

    made = client_of(engineer).post(
        models_of(unit), {"title": "Living room", "file": str(glb_of(engineer).pk)}
    )

    assert (made.data["unit"], made.data["development"]) == (str(unit.pk), None)
    (row,) = api.get(models_of(unit)).data["results"]
    assert row["id"] == made.data["id"]
    assert api.get(f"{models_of(unit)}?format=glb").status_code == 400


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"title": ""}, "/title", "blank"),
        ({"title": "x" * 161}, "/title", "max_length"),
        ({"order": 40_000}, "/order", "max_value"),
        ({"is_public": "perhaps"}, "/is_public", "invalid"),
        ({"file": "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f"}, "/file", "does_not_exist"),
        ({"thumbnail": "x"}, "/thumbnail", "invalid"),
    ],
)
def test_a_model_that_cannot_be_is_refused_where_it_stands(
    development, engineer, change, pointer, code
):
    body = {"title": "Tower A", "file": str(glb_of(engineer).pk), **change}

    response = client_of(engineer).post(models_of(development), body)

    assert response.status_code == 400
    error = response.data["errors"][0]
    assert (error["pointer"], error["code"]) == (pointer, code)
    assert not Model3D.objects.exists()


def test_a_file_that_is_no_glb_is_refused_with_a_reason(development, engineer):
    document = evidence_of(engineer, kind="document", content_type="application/pdf")

    response = client_of(engineer).post(
        models_of(development), {"title": "Tower A", "file": str(document.pk)}
    )

    assert (response.status_code, response.data["errors"][0]["code"]) == (400, "format_not_taken")
    assert "GLB" in response.data["errors"][0]["detail"]


def test_nobody_overwrites_what_they_have_not_seen(development, engineer):
    model = ModelFactory(subject=development, actor=engineer)
    site = client_of(engineer)
    tag = site.get(page(model))["ETag"]

    assert site.patch(page(model), {"order": 5}, HTTP_IF_MATCH=tag).status_code == 200
    assert site.patch(page(model), {"order": 6}, HTTP_IF_MATCH=tag).status_code == 412
    assert site.delete(page(model), HTTP_IF_MATCH=tag).status_code == 412
    assert Model3D.objects.get().order == 5


def test_who_does_not_work_on_the_site_looks_only(development, engineer, api):
    unit = UnitFactory(development=development)
    model = ModelFactory(subject=development, actor=engineer)
    before = Model3D.objects.values().get()

    for other in (UserFactory(), seated(development.builder, MembershipRole.SALES)):
        client, body = client_of(other), {"title": "X", "file": str(glb_of(other).pk)}
        assert client.get(page(model)).status_code == 200
        assert client.post(models_of(development), body).status_code == 403
        assert client.post(models_of(unit), body).status_code == 403
        assert client.patch(page(model), {"title": "X"}).status_code == 403
        assert client.delete(page(model)).status_code == 403
    assert api.post(models_of(development), {}).status_code == 401
    assert api.delete(page(model)).status_code == 401
    assert Model3D.objects.values().get() == before


def test_models_of_what_is_not_launched_are_not_there(api):
    unit = UnitFactory(development=DevelopmentFactory(planning=True))
    model = ModelFactory(subject=unit)

    for address in (models_of(unit), models_of(unit.development), page(model)):
        assert api.get(address).status_code == 404
    assert client_of(UserFactory()).delete(page(model)).status_code == 404
    assert Model3D.objects.get() == model


def grown(subject, engineer):
    picture = evidence_of(engineer, purpose="unit")
    ModelFactory(subject=subject, actor=engineer, title="Tower")
    ModelFactory(subject=subject, actor=engineer, thumbnail=picture)


def test_models_of_a_development_cost_the_same_however_many_there_are(
    development, engineer, api, assert_constant_queries
):
    assert_constant_queries(
        lambda: api.get(f"/api/v1/developments/{development.pk}/models/"),
        lambda: grown(development, engineer),
    )


def test_models_of_a_unit_cost_the_same_however_many_there_are(
    development, engineer, api, assert_constant_queries
):
    unit = UnitFactory(development=development)
    assert_constant_queries(
        lambda: api.get(f"/api/v1/units/{unit.pk}/models/"), lambda: grown(unit, engineer)
    )
