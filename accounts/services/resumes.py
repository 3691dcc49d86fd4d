"""A profile as a JSON Resume (https://jsonresume.org/schema, 1.0.0) and back, without loss.

Sections that a profile has are renamed key by key (``accounts.services.resume_entries``); what a
profile has no place for is kept beside it in ``Profile.extra`` and given back as it came.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.models import Profile, User
from accounts.services.names import complete_names
from accounts.services.profile_schemas import (
    RESUME,
    RESUME_PREFERENCES,
    errors_of,
    errors_of_parts,
)
from accounts.services.profiles import NAME_FIELDS, write_profile, write_row
from accounts.services.resume_entries import (
    LINKS,
    OURS,
    SECTIONS,
    THEIRS,
    body_pointer,
    from_entry,
    to_entry,
)
from config.shared.errors import FieldError, InvalidInputError
from config.shared.locks import lock

SCHEMA_ADDRESS = "https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json"
# What a résumé of ours carries under meta.courtyard, beside the sections that every résumé has.
PREFERENCES = (
    "target_roles",
    "target_locations",
    "open_to_relocation",
    "remote_preference",
    "trades",
    "years_experience",
)
BASICS = {"label": "headline", "summary": "summary"}
LIMITS = {"name": 160, "label": 160, "summary": 5000, "location": 160}


def export_resume(*, profile: Profile) -> dict[str, Any]:
    """The profile as a JSON Resume document."""
    kept = profile.extra.get(THEIRS, {})
    document: dict[str, Any] = {"$schema": SCHEMA_ADDRESS, **kept}
    document["basics"] = _basics(profile, kept.get("basics", {}))
    for section, field in SECTIONS.items():
        if entries := getattr(profile, field):
            document[section] = [from_entry(section, entry) for entry in entries]
    document["meta"] = {
        **kept.get("meta", {}),
        "version": "v1.0.0",
        OURS: {name: getattr(profile, name) for name in PREFERENCES},
    }
    if profile.updated_at is not None:
        document["meta"]["lastModified"] = f"{profile.updated_at:%Y-%m-%dT%H:%M:%S}"
    return document


def import_resume(*, user: User, document: Mapping[str, Any]) -> Profile:
    """Fill the profile of ``user`` from a JSON Resume document, and return it.

    Sections of the document replace those of the profile; sections that it lacks stay. Phone and
    e-mail of the account never change: those of the document are kept for the next export.
    Raises ``InvalidInputError`` with pointers into the document, and then changes nothing.
    """
    if errors := _errors(document):
        raise InvalidInputError(errors=errors)
    basics = document.get("basics", {})
    with transaction.atomic():
        (person,) = lock(user)
        present = {field: getattr(person, field) for field in NAME_FIELDS}
        given = {"full_name": basics.get("name") or None}
        write_row(person, complete_names(given, present=present))
        profile = write_profile(person, _columns(document))
        extra = profile.extra | {THEIRS: _kept(person, document)}
        return write_profile(person, {"extra": extra})


def location_text(place: Mapping[str, Any]) -> str:
    """A résumé's location in one line: city, region, country."""
    return ", ".join(place[key] for key in ("city", "region", "countryCode") if place.get(key))


def _basics(profile: Profile, kept: Mapping[str, Any]) -> dict[str, Any]:
    person = profile.user
    basics = {
        "name": person.full_name,
        "email": person.email,
        "phone": person.phone_number,
        **{key: getattr(profile, field) for key, field in BASICS.items()},
    }
    basics = {key: value for key, value in basics.items() if value}
    links = list(profile.portfolio_links)
    if links and _is_website(links[0]):
        basics["url"] = links.pop(0)["url"]
    if links:
        basics["profiles"] = [from_entry("profiles", link) for link in links]
    basics |= {key: value for key, value in kept.items() if key != "location"}
    place = kept.get("location")
    if place and location_text(place) == profile.location:
        basics["location"] = place
    elif profile.location:
        basics["location"] = {"city": profile.location}
    return basics


def _is_website(link: Mapping[str, Any]) -> bool:
    """Whether a link says nothing but where a person's own site is."""
    return set(link) == {"kind", "url"} and link["kind"] == "website" and bool(link["url"])


def _columns(document: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a profile that the document speaks of."""
    basics = document.get("basics", {})
    written: dict[str, Any] = {
        field: [to_entry(section, entry) for entry in document[section]]
        for section, field in SECTIONS.items()
        if section in document
    }
    written |= {field: basics[key] for key, field in BASICS.items() if key in basics}
    if "url" in basics or "profiles" in basics:
        site = [{"kind": "website", "url": basics["url"]}] if basics.get("url") else []
        links = [to_entry("profiles", link) for link in basics.get("profiles", [])]
        written[LINKS] = site + links
    if "location" in basics:
        written["location"] = location_text(basics["location"])
    ours = _ours(document)
    return written | {name: ours[name] for name in PREFERENCES if name in ours}


def _ours(document: Mapping[str, Any]) -> Any:
    return document.get("meta", {}).get(OURS, {})


def _kept(person: User, document: Mapping[str, Any]) -> dict[str, Any]:
    """What the document says and a profile has no column for."""
    known = {"$schema", "basics", "meta", *SECTIONS}
    kept = {key: value for key, value in document.items() if key not in known}
    basics = document.get("basics", {})
    mapped = {"name", "url", "profiles", *BASICS}
    own = {"email": person.email, "phone": person.phone_number}
    others = {
        key: value
        for key, value in basics.items()
        if key not in mapped and not (key in own and value == own[key])
    }
    if set(basics.get("location", {})) == {"city"}:
        del others["location"]
    meta = document.get("meta", {})
    standing = {key: meta[key] for key in meta if key not in {OURS, "version", "lastModified"}}
    return kept | ({"basics": others} if others else {}) | ({"meta": standing} if standing else {})


def _errors(document: Mapping[str, Any]) -> list[FieldError]:
    """What keeps the document from being a profile, with pointers into the document."""
    if errors := errors_of(RESUME, document):
        return errors
    if errors := errors_of(RESUME_PREFERENCES, _ours(document), pointer=f"/meta/{OURS}"):
        return errors
    basics = document.get("basics", {})
    texts = {key: basics.get(key, "") for key in ("name", *BASICS)}
    texts["location"] = location_text(basics.get("location", {}))
    long = [
        FieldError(f"/basics/{key}", "too_long", f"At most {LIMITS[key]} characters.")
        for key, text in texts.items()
        if len(text) > LIMITS[key]
    ]
    website = bool(basics.get("url"))
    parts = errors_of_parts(_columns(document))
    return long + [body_pointer(error, website=website) for error in parts]
