"""The seed: the same community for the same number, legal row by row, and safe to repeat."""

import json
from collections import Counter
from datetime import date, timedelta
from io import StringIO

import pytest
from django.conf import settings as site
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.choices import (
    MediaPurpose,
    MediaStatus,
    MembershipStatus,
    OrganizationKind,
    ResidencyStatus,
    Role,
    UserStatus,
    VerificationStatus,
)
from accounts.credentials.models import Credential, Session
from accounts.demo_blocks import generated_block
from accounts.models import (
    ContractorPaper,
    MediaFile,
    Membership,
    Organization,
    Profile,
    Residency,
    User,
    Verification,
)
from accounts.services.names import complete_names
from accounts.services.profile_schemas import errors_of_parts
from config.shared.bulk import copy_rows
from config.shared.phones import normalise_phone
from config.shared.seeding import Seed, chunks

TODAY = date(2026, 11, 21)


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    """A folder of its own for the pictures of each test."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def sow(*, number=1, no_pictures=True, **options):
    out = StringIO()
    call_command("seed", seed=number, today=TODAY, no_pictures=no_pictures, stdout=out, **options)
    return out.getvalue()


def facts():
    """Every person and everything that hangs on them, without what chance must decide."""
    return {
        "people": list(User.objects.order_by("pk").values_list("pk", "full_name", "phone_number")),
        "homes": list(Residency.objects.order_by("pk").values_list("pk", "unit_label", "status")),
        "firms": list(Organization.objects.order_by("pk").values_list("pk", "name")),
        "members": list(Membership.objects.order_by("pk").values_list("pk", "role", "since")),
        "papers": list(ContractorPaper.objects.order_by("pk").values_list("pk", "valid_until")),
    }


def test_fifty_people_of_every_kind_in_every_state(db):
    sow()

    roles = Counter(
        role for roles in User.objects.values_list("roles", flat=True) for role in roles
    )
    kinds = Counter(Organization.objects.values_list("kind", flat=True))
    assert User.objects.count() == 50
    assert all(roles[role] >= 2 for role in Role.values)
    assert all(kinds[kind] >= 2 for kind in OrganizationKind.values)
    assert states(User) == set(UserStatus.values)
    assert states(Residency) == set(ResidencyStatus.values)
    assert states(Membership) == set(MembershipStatus.values)
    assert states(Verification) == set(VerificationStatus.values)


def test_every_kind_of_staff_is_there(db):
    sow()

    staff = User.objects.filter(is_staff=True)
    assert staff.filter(is_superuser=True).count() == 1
    assert set(staff.exclude(groups=None).values_list("groups__name", flat=True)) == {
        "Support",
        "Moderation",
        "Verification",
        "Finance",
        "Site administration",
    }


def test_rows_are_as_the_services_would_have_made_them(db):
    sow()

    for model in (
        User,
        Organization,
        Membership,
        Residency,
        Verification,
        ContractorPaper,
        Profile,
    ):
        for row in model.objects.all():
            row.full_clean(exclude=["password"])
    for person in User.objects.all():
        assert normalise_phone(person.phone_number) == person.phone_number
        names = complete_names({"full_name": person.full_name})
        assert (person.first_name, person.last_name) == (names["first_name"], names["last_name"])
    for profile in Profile.objects.values():
        assert errors_of_parts(profile) == []


def test_papers_are_valid_about_to_end_and_ended(db):
    sow()

    days = {(paper.valid_until - TODAY).days for paper in ContractorPaper.objects.all()}
    assert {-12, 7, 320} <= days


def test_the_accounts_it_lists_are_the_ones_that_sign_in(db, tmp_path, rf):
    file = tmp_path / "accounts.json"

    sow(accounts_json=file)

    accounts = json.loads(file.read_text())
    active = User.objects.filter(is_active=True, email__endswith=site.DEMO_EMAIL_DOMAIN)
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(accounts) == 43
    assert set(accounts[0]) >= {"identifier", "password", "roles", "organization"}
    for account in accounts:
        person = User.objects.get(email=account["identifier"])
        assert person.check_password(account["password"])
    signed_in = [
        authenticate(rf.get("/"), username=one["identifier"], password=one["password"])
        for one in accounts
    ]
    assert len([person for person in signed_in if person]) == active.count()


def test_passwords_are_hashed_and_nobody_else_has_one(db):
    sow()

    hashes = Credential.objects.exclude(password_hash="").values_list("password_hash", flat=True)
    assert all(encoded.startswith("argon2$argon2id$") for encoded in hashes)
    assert len(set(hashes)) == len(hashes) == 43
    assert set(Session.objects.values_list("user_id", flat=True)) <= set(
        User.objects.filter(is_active=True).values_list("pk", flat=True)
    )


def test_pictures_are_checked_files_and_papers_are_private(db, files):
    sow(no_pictures=False)

    faces = MediaFile.objects.filter(purpose=MediaPurpose.AVATAR)
    cards = MediaFile.objects.filter(purpose=MediaPurpose.VERIFICATION)
    assert {media.status for media in MediaFile.objects.all()} == {MediaStatus.CLEAN}
    assert faces.count() == User.objects.exclude(avatar=None).count() == 13
    assert not faces.filter(is_private=True).exists()
    assert cards.count() > 10
    assert not cards.filter(is_private=False).exists()
    for media in MediaFile.objects.all():
        assert all((files / part["key"]).is_file() for part in media.renditions.values())


def test_once_more_adds_nothing_and_changes_nothing(db):
    sow()
    before = facts() | {
        "hashes": sorted(Credential.objects.values_list("password_hash", flat=True))
    }

    said = sow()

    after = facts() | {"hashes": sorted(Credential.objects.values_list("password_hash", flat=True))}
    assert "0 rows added" in said
    assert after == before


def test_what_somebody_changed_since_stays(db):
    sow()
    User.objects.filter(email__startswith="layla@").update(city="Muscat")

    sow()

    assert User.objects.get(email__startswith="layla@").city == "Muscat"


def test_what_was_lost_on_the_way_is_added(db):
    sow()
    Residency.objects.filter(unit_label="12B").delete()

    said = sow()

    assert f"{Residency._meta.verbose_name_plural}: 2 added" in said


def test_a_larger_community_contains_the_smaller_one(db):
    sow()
    before = set(facts()["people"])

    said = sow(scale="medium")

    assert before < set(facts()["people"])
    assert User.objects.count() == 5000
    assert "5,000 people" in said
    assert Residency.objects.filter(building__society=None).count() < 30


def test_the_same_number_gives_the_same_people(db):
    first = [attributes(row) for row in generated_block(seed_of(7), 3, names())]
    second = [attributes(row) for row in generated_block(seed_of(7), 3, names())]
    other = [attributes(row) for row in generated_block(seed_of(8), 3, names())]

    assert first == second
    assert first != other


def test_two_communities_are_not_mixed(db):
    sow()
    before = facts()

    with pytest.raises(CommandError, match="--seed 1"):
        sow(number=2)

    assert facts() == before


def test_a_dry_run_says_what_would_be_added_and_adds_nothing(db):
    said = sow(dry_run=True)

    assert "rows would be added for 50 people" in said
    assert "people: 50 added" in said
    assert not User.objects.exists()
    assert not Credential.objects.exists()
    assert not MediaFile.objects.exists()


def test_a_file_that_cannot_be_written_is_one_sentence(db, tmp_path):
    with pytest.raises(CommandError, match="cannot be written"):
        sow(accounts_json=tmp_path / "no" / "such" / "folder.json")


def test_rows_need_every_value(db):
    with pytest.raises(TypeError, match="created_at"):
        copy_rows([User(phone_number="+971501110010")])


def test_keys_are_uuids_of_version_seven_and_all_different():
    seed = seed_of(1)
    keys = {seed.key("person", index) for index in range(10_000)}

    assert len(keys) == 10_000
    assert {key.version for key in keys} == {7}
    assert seed.key("person", 1) != seed_of(2).key("person", 1)


def test_numbers_come_in_pieces():
    assert [list(piece) for piece in chunks(range(1, 6), 2)] == [[1, 2], [3, 4], [5]]


def states(model):
    return set(model.objects.values_list("status", flat=True))


def seed_of(number):
    return Seed(number=number, people=500, today=TODAY)


def names():
    from accounts.demo import table

    return table("names")


def attributes(row):
    """What a row says, without the moment at which it was made."""
    moving = timezone.now() - timedelta(days=1)
    return {
        key: value
        for key, value in vars(row).items()
        if not key.startswith("_") and not (hasattr(value, "year") and str(value) > str(moving))
    }
