"""A person with something of theirs in every table, and a search for what is left of them."""

from datetime import timedelta
from io import BytesIO
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connections
from django.utils import timezone

from accounts.choices import (
    CodePurpose,
    MediaKind,
    MediaPurpose,
    MediaStatus,
    MembershipRole,
    MessageChannel,
    PaperKind,
    ResidencyRelation,
    ResidencyStatus,
    VerificationStatus,
    VerificationType,
)
from accounts.credentials.models import Challenge, Credential, OneTimeCode, Passkey
from accounts.gateways.storage import store
from accounts.models import (
    Block,
    Building,
    ContractorPaper,
    Follow,
    IdempotencyKey,
    MediaFile,
    Membership,
    Organization,
    OutgoingMessage,
    Residency,
    User,
    Verification,
)
from accounts.services.identifiers import mac_of
from accounts.services.profiles import update_profile, update_user
from accounts.tests.factories.organizations import MembershipFactory, OrganizationFactory
from accounts.tests.factories.people import PASSWORD, UserFactory, open_session

PHONE = "+971559998877"
EMAIL = "zebedee@quagmire.example"
# Words that stand nowhere but in what belongs to this person.
MARKS = ("Zebedee", "Quagmire", "quagmire", "9998877", "784199912345678", "Plot 4711", "zq.demo")


def a_full_life(**person: Any) -> User:
    """Zebedee Quagmire, of whom something is kept everywhere."""
    user: User = UserFactory(
        phone_number=PHONE,
        email=EMAIL,
        email_verified=True,
        username="zq.demo",
        full_name="Zebedee Quagmire",
        first_name="Zebedee",
        last_name="Quagmire",
        password=PASSWORD,
        **person,
    )
    update_user(user=user, changes={"bio": "Quagmire!", "address": "Plot 4711", "city": "Dubai"})
    update_user(user=user, changes={"lat": 25.1, "lng": 55.2, "address": "Plot 4711, new wing"})
    update_profile(user=user, changes={"headline": "Zebedee, plumber", "trades": ["plumbing"]})
    add_papers(user)
    add_places(user)
    add_people_around(user)
    add_traces(user)
    user.refresh_from_db()
    return user


def file_of(user: User, purpose: str, **target: Any) -> MediaFile:
    """A checked file with contents in the store."""
    row = MediaFile.objects.create(
        owner=user,
        kind=MediaKind.IMAGE,
        purpose=purpose,
        status=MediaStatus.CLEAN,
        name="Zebedee.webp",
        sha256="0" * 64,
        content_type="image/webp",
        file="pending",
        completed_at=timezone.now(),
        **target,
    )
    key = f"media/{row.pk.hex[:4]}/{row.pk.hex}/picture.webp"
    store().keep(key, BytesIO(b"Quagmire's picture"), content_type="image/webp")
    part = {"key": key, "size": 18, "width": 1, "height": 1}
    MediaFile.objects.filter(pk=row.pk).update(file=key, renditions={"320": part}, size=18)
    row.refresh_from_db()
    return row


def add_papers(user: User) -> None:
    """Identity papers, a licence, a picture."""
    verification = Verification.objects.create(
        user=user,
        verification_type=VerificationType.EMIRATES_ID,
        status=VerificationStatus.REJECTED,
        emirates_id_number="784199912345678",
        emirates_id_last4="5678",
        submitted_at=timezone.now(),
        reviewed_at=timezone.now(),
        rejection_reason="Quagmire cannot be read",
    )
    front = file_of(
        user,
        MediaPurpose.VERIFICATION,
        target_type="accounts.verification",
        target_id=verification.pk,
    )
    Verification.objects.filter(pk=verification.pk).update(emirates_id_front=front)
    paper = ContractorPaper.objects.create(
        user=user, kind=PaperKind.LICENSE, issuer="Quagmire office", valid_until=timezone.now()
    )
    file_of(user, MediaPurpose.PAPER, target_type="accounts.contractorpaper", target_id=paper.pk)
    face = file_of(user, MediaPurpose.AVATAR, target_type="accounts.user", target_id=user.pk)
    User.objects.filter(pk=user.pk).update(avatar=face)


def add_places(user: User) -> None:
    """A home, and a seat in an organization that has other owners."""
    Residency.objects.create(
        user=user,
        building=Building.objects.create(name="Tower of all", city="Dubai"),
        unit_label="12B",
        relation=ResidencyRelation.OWNER,
        status=ResidencyStatus.CLAIMED,
        decision_note="Quagmire says so",
    )
    firm: Organization = OrganizationFactory(builder=True)
    MembershipFactory(
        organization=firm, user=user, role=MembershipRole.SALES, title="Quagmire of sales"
    )
    logo = file_of(user, MediaPurpose.ORGANIZATION)
    MediaFile.objects.filter(pk=logo.pk).update(
        name="logo.webp", target_type="accounts.organization", target_id=firm.pk
    )


def add_people_around(user: User) -> None:
    """Somebody followed, somebody following, somebody blocked."""
    friend, other = UserFactory(), UserFactory()
    Follow.objects.create(follower=user, followed=friend)
    Follow.objects.create(follower=friend, followed=user)
    Block.objects.create(blocker=user, blocked=other)


def add_traces(user: User) -> None:
    """Sessions, codes, keys, messages, kept answers, a line in the log of the back office."""
    open_session(user)
    later = timezone.now() + timedelta(days=1)
    Credential.objects.filter(pk=user.pk).update(google_sub="quagmire-at-google")
    code = {"channel": MessageChannel.SMS, "purpose": CodePurpose.STEP_UP, "expires_at": later}
    code |= {"identifier_mac": mac_of(PHONE), "identifier": PHONE, "code_hash": "x"}
    OneTimeCode.objects.create(user_id=user.pk, identifier_hint="+971•••8877", **code)
    code |= {"purpose": CodePurpose.REGISTRATION, "identifier_hint": "9998877"}
    OneTimeCode.objects.create(**code)
    Passkey.objects.create(
        user_id=user.pk, credential_id=b"1", public_key=b"2", name="Quagmire's phone"
    )
    Challenge.objects.create(user_id=user.pk, purpose="mfa", expires_at=later)
    OutgoingMessage.objects.create(
        user=user,
        channel=MessageChannel.EMAIL,
        to=EMAIL,
        to_hint="z•••@quagmire.example",
        template="password_changed",
        expires_at=later,
    )
    IdempotencyKey.objects.create(
        owner=user,
        key="1",
        method="POST",
        path="/",
        fingerprint="0",
        response_body=b"Quagmire",
        expires_at=later,
    )
    LogEntry.objects.create(
        user=UserFactory(staff=True),
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(user.pk),
        object_repr="Zebedee Quagmire",
        action_flag=CHANGE,
        change_message="Changed Quagmire",
    )


def found_anywhere(*marks: str) -> set[str]:
    """Tables of either database in which one of ``marks`` stands, with the mark."""
    found = set()
    for alias in ("default", "credentials"):
        connection = connections[alias]
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor):
                name = connection.ops.quote_name(table)
                for mark in marks:
                    like = f"SELECT 1 FROM {name} WHERE {name}::text LIKE %s LIMIT 1"
                    cursor.execute(like, [f"%{mark}%"])
                    if cursor.fetchone():
                        found.add(f"{alias}.{table}: {mark}")
    return found


def seats_of(user: User) -> list[Membership]:
    """Every place the person ever had."""
    return list(Membership.objects.filter(user=user))
