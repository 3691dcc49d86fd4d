"""A profile travels as a JSON Resume and comes back as it was, in both directions."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Profile, User
from accounts.services.profile_schemas import RESUME, errors_of, errors_of_parts
from accounts.services.profiles import update_profile
from accounts.services.resume_entries import SECTIONS, from_entry, to_entry
from accounts.services.resumes import export_resume, import_resume
from config.shared.errors import InvalidInputError

SAMPLES = Path(__file__).parent / "resumes"
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)
DATE = st.from_regex(r"\A(19|20)[0-9]{2}(-(0[1-9]|1[0-2])(-(0[1-9]|1[0-9]|2[0-8]))?)?\Z")
URL = st.sampled_from(["https://a.example", "http://b.example/c?d=1", ""])
FREE = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=4,
)
# Names of the other side, which must not be mistaken for one's own.
TRICKY = ["company", "name", "startDate", "start_date", "study_type", "jsonresume", "x-note"]
STRANGE = st.dictionaries(st.sampled_from(TRICKY), FREE, max_size=3)


def entry(strange=STRANGE, **known):
    optional = st.fixed_dictionaries({}, optional=known)
    return st.tuples(strange, optional).map(lambda pair: {**pair[0], **pair[1]})


THEIR_WORK = entry(
    strange=st.dictionaries(st.sampled_from(["company", "start_date", "jsonresume", "x"]), FREE),
    name=TEXT,
    position=TEXT,
    url=URL,
    startDate=DATE,
    endDate=DATE,
    highlights=st.lists(TEXT, max_size=3),
)
OUR_WORK = entry(
    company=TEXT,
    position=TEXT,
    employment_type=TEXT,
    url=URL,
    start_date=DATE,
    end_date=DATE | st.none(),
    technologies=st.lists(TEXT, max_size=3),
)


@pytest.fixture
def person(db):
    return User.objects.create_user(
        "+971501110004", full_name="Omar Said", email="omar@courtyard.example"
    )


@pytest.mark.capability("J05")
@settings(max_examples=300, deadline=None)
@given(THEIR_WORK)
def test_an_entry_of_a_resume_comes_back_as_it_went_in(theirs):
    assert from_entry("work", to_entry("work", theirs)) == theirs


@pytest.mark.capability("J05")
@settings(max_examples=300, deadline=None)
@given(OUR_WORK)
def test_an_entry_of_a_profile_comes_back_as_it_went_out(ours):
    sent = json.loads(json.dumps(from_entry("work", ours)))

    assert to_entry("work", sent) == ours


@pytest.mark.capability("J05")
@settings(max_examples=200, deadline=None)
@given(st.lists(OUR_WORK, max_size=3))
def test_what_a_profile_may_hold_is_a_valid_resume(entries):
    if errors_of_parts({"work_experience": entries}):
        return
    document = {"work": [from_entry("work", one) for one in entries]}

    assert errors_of(RESUME, document) == []


@pytest.mark.capability("J05")
@pytest.mark.parametrize("sample", sorted(path.name for path in SAMPLES.glob("*.json")))
def test_resumes_of_others_come_back_whole(person, sample):
    document = json.loads((SAMPLES / sample).read_text(encoding="utf-8"))

    import_resume(user=person, document=document)

    exported = json.loads(json.dumps(export_resume(profile=Profile.objects.get())))
    assert errors_of(RESUME, exported) == []
    for section in set(document) - {"$schema", "meta"}:
        assert exported[section] == document[section], section
    assert document.get("meta", {}).get("canonical") == exported["meta"].get("canonical")


@pytest.mark.capability("J05")
def test_a_profile_comes_back_whole_in_another_account(person):
    ours = {
        "headline": "Plumber",
        "location": "Sharjah, AE",
        "summary": "Dry floors.",
        "portfolio_links": [
            {"kind": "website", "url": "https://said.example"},
            {"network": "Square", "username": "said", "label": "Photographs"},
        ],
        "skills": [{"name": "Leak finding", "years": 12, "level": "Expert"}],
        "education": [{"institution": "Trade school", "study_type": "Diploma", "score": "1.2"}],
        "work_experience": [
            {"company": "Own firm", "start_date": "2014", "end_date": None, "name": "kept"}
        ],
        "languages": [{"language": "Arabic", "fluency": "Native", "code": "ar"}],
        "certificates": [{"name": "Gas safety", "date": "2020-01-01", "number": "77"}],
        "target_roles": ["Foreman"],
        "open_to_relocation": True,
        "remote_preference": "onsite",
        "trades": ["plumbing"],
        "years_experience": 12,
    }
    update_profile(user=person, changes=ours)
    document = json.loads(json.dumps(export_resume(profile=Profile.objects.get(user=person))))
    other = User.objects.create_user("+971501110005", full_name="Somebody Else")

    import_resume(user=other, document=document)

    profile = Profile.objects.get(user=other)
    assert {field: getattr(profile, field) for field in ours} == ours
    other.refresh_from_db()
    assert (other.full_name, other.first_name, other.last_name) == ("Omar Said", "Omar", "Said")


@pytest.mark.capability("J05", "A14")
def test_a_resume_changes_neither_phone_nor_email_of_the_account(person):
    basics = {"name": "Omar Said", "email": "work@said.example", "phone": "050 111 2222"}

    import_resume(user=person, document={"basics": basics})

    person.refresh_from_db()
    exported = export_resume(profile=Profile.objects.get())
    assert (person.phone_number, person.email) == ("+971501110004", "omar@courtyard.example")
    assert exported["basics"] == basics


def test_sections_that_a_resume_lacks_stay(person):
    update_profile(user=person, changes={"skills": [{"name": "Tiles"}], "headline": "Tiler"})

    import_resume(user=person, document={"skills": [{"name": "Mosaics"}]})

    profile = Profile.objects.get()
    assert (profile.skills, profile.headline) == ([{"name": "Mosaics"}], "Tiler")


def test_a_location_that_is_changed_here_replaces_the_imported_one(person):
    place = {"city": "Dubai", "countryCode": "AE", "address": "Marina Walk 3"}
    import_resume(user=person, document={"basics": {"location": place}})
    assert export_resume(profile=Profile.objects.get())["basics"]["location"] == place

    update_profile(user=person, changes={"location": "Ajman"})

    exported = export_resume(profile=Profile.objects.get())
    assert exported["basics"]["location"] == {"city": "Ajman"}


@pytest.mark.parametrize(
    ("document", "pointer"),
    [
        ({"work": "none"}, "/work"),
        ({"work": [{"startDate": "May 2020"}]}, "/work/0/startDate"),
        ({"work": [{}, {"startDate": "2020-13"}]}, "/work/1/startDate"),
        ({"basics": {"email": "not an address"}}, "/basics/email"),
        ({"basics": {"name": "x" * 161}}, "/basics/name"),
        ({"basics": {"label": 7}}, "/basics/label"),
        ({"basics": {"url": "ftp://said.example"}}, "/basics/url"),
        (
            {"basics": {"url": "https://a.example", "profiles": [{"network": "Square"}]}},
            "/basics/profiles/0",
        ),
        ({"basics": {"profiles": [{"url": "ftp://x"}]}}, "/basics/profiles/0/url"),
        ({"skills": [{"level": "Expert"}]}, "/skills/0"),
        ({"meta": {"courtyard": {"trades": "plumbing"}}}, "/meta/courtyard/trades"),
        ({"meta": {"courtyard": 7}}, "/meta/courtyard"),
        ({"note": "x" * 300_000}, ""),
    ],
)
def test_a_resume_that_does_not_fit_is_refused_where_it_does_not(person, document, pointer):
    with pytest.raises(InvalidInputError) as refusal:
        import_resume(user=person, document=document)

    assert pointer in [error.pointer for error in refusal.value.errors]
    assert not Profile.objects.exists()


def test_every_section_has_a_column():
    columns = {field.name for field in Profile._meta.concrete_fields}

    assert set(SECTIONS.values()) <= columns
