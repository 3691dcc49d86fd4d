"""The profile as a file: what goes out, what comes in."""

import pytest

from accounts.models import Profile, User

EXPORT = "/api/v1/profile/export/"
IMPORT = "/api/v1/profile/import/"


@pytest.fixture
def mine(api, db):
    api.force_authenticate(User.objects.create_user("+971501110006", full_name="Omar Said"))
    return api


@pytest.mark.capability("J05")
@pytest.mark.parametrize("query", ["", "?format=jsonresume"])
def test_a_profile_is_downloaded_as_a_json_resume(mine, query):
    response = mine.get(EXPORT + query)

    assert response.status_code == 200
    assert response.json()["basics"] == {"name": "Omar Said", "phone": "+971501110006"}
    assert response["Content-Disposition"] == 'attachment; filename="resume.json"'
    assert response["Content-Type"] == "application/json"


@pytest.mark.parametrize(("query", "code"), [("format=pdf", "not_a_choice"), ("x=1", None)])
def test_other_formats_and_parameters_are_refused(mine, query, code):
    response = mine.get(f"{EXPORT}?{query}")

    assert response.status_code == 400
    assert response.json()["errors"][0]["code"] == (code or "unknown_parameter")


@pytest.mark.capability("J05")
def test_what_was_exported_is_imported(mine):
    mine.put("/api/v1/profile/", {"headline": "Plumber", "skills": [{"name": "Leaks", "years": 3}]})
    document = mine.get(EXPORT).json()
    mine.put("/api/v1/profile/", {"headline": "Nothing", "skills": []})

    response = mine.post(IMPORT, document)

    assert response.status_code == 200
    assert response.data["headline"] == "Plumber"
    assert response.data["skills"] == [{"name": "Leaks", "years": 3}]


def test_the_same_import_twice_is_made_once(mine):
    headers = {"idempotency-key": "import-1"}
    mine.post(IMPORT, {"basics": {"label": "Plumber"}}, headers=headers)
    mine.put("/api/v1/profile/", {"headline": "Changed since"})

    again = mine.post(IMPORT, {"basics": {"label": "Plumber"}}, headers=headers)

    assert again["Idempotent-Replayed"] == "true"
    assert Profile.objects.get().headline == "Changed since"


@pytest.mark.parametrize(
    ("body", "pointer"), [([], ""), ({"work": {}}, "/work"), ({"skills": [{}]}, "/skills/0")]
)
def test_what_is_no_resume_is_refused(mine, body, pointer):
    response = mine.post(IMPORT, body)

    assert response.status_code == 400
    assert [error["pointer"] for error in response.json()["errors"]] == [pointer]
    assert not Profile.objects.exists()


@pytest.mark.parametrize(("method", "path"), [("get", EXPORT), ("post", IMPORT)])
def test_it_takes_somebody_who_is_signed_in(api, db, method, path):
    assert getattr(api, method)(path).status_code == 401
