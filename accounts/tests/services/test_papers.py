"""Licences and insurances: who keeps them, what takes their place, and what their expiry stops."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.choices import MediaKind, MediaPurpose
from accounts.exceptions import PapersExpiredError
from accounts.models import AuditEvent, ContractorPaper
from accounts.services.papers import (
    PaperExistsError,
    PaperReplacedError,
    file_paper,
    replace_paper,
    require_valid_papers,
)
from accounts.tests.factories.organizations import OrganizationFactory, owner_of, reviewer, seated
from accounts.tests.factories.papers import CheckedFileFactory, PaperFactory
from accounts.tests.factories.people import UserFactory
from config.shared.errors import InvalidInputError, NotAllowedError
from config.tests.racing import race

YEAR = timedelta(days=365)
LAST_DAY = date(2030, 6, 30)


@pytest.fixture
def contractor(db):
    return UserFactory(contractor=True)


def at(year, month, day, hour, zone):
    return datetime(year, month, day, hour, 30, tzinfo=ZoneInfo(zone))


@pytest.mark.capability("A34")
def test_a_contractor_files_their_licence(contractor):
    scan = CheckedFileFactory(owner=contractor, purpose=MediaPurpose.PAPER, kind=MediaKind.DOCUMENT)

    paper = file_paper(
        holder=contractor,
        actor=contractor,
        kind="license",
        number="LIC-1",
        issuer="Dubai Economy",
        valid_until=LAST_DAY,
        document=scan,
    )

    paper.refresh_from_db()
    scan.refresh_from_db()
    assert (paper.user, paper.organization, paper.number) == (contractor, None, "LIC-1")
    assert (paper.document, scan.target_id) == (scan, paper.pk)
    assert scan.is_private
    event = AuditEvent.objects.about(paper).get()
    assert event.action == "accounts.contractorpaper.filed"
    assert "LIC-1" not in str(event.after)


@pytest.mark.capability("A34")
def test_the_number_of_a_paper_is_sealed_in_the_database(contractor):
    from django.db import connection

    PaperFactory(holder=contractor, number="LIC-SECRET")

    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM accounts_contractorpaper")
        (stored,) = cursor.fetchone()
    assert "LIC-SECRET" not in stored


@pytest.mark.capability("A34", "A16")
def test_those_who_lead_a_firm_keep_its_papers(db):
    firm = OrganizationFactory(contractor=True)
    admin = seated(firm, "admin")

    paper = PaperFactory(holder=firm, actor=admin)

    assert (paper.organization, paper.user) == (firm, None)
    assert list(ContractorPaper.objects.visible_to(admin)) == [paper]
    assert list(ContractorPaper.objects.visible_to(owner_of(firm))) == [paper]


@pytest.mark.capability("A34", "A16")
def test_nobody_else_files_replaces_or_sees_papers(contractor):
    firm = OrganizationFactory(contractor=True)
    own, of_firm = PaperFactory(holder=contractor), PaperFactory(holder=firm, actor=owner_of(firm))
    outsiders = [
        UserFactory(contractor=True),
        owner_of(OrganizationFactory(contractor=True)),
        seated(firm, "finance"),
        UserFactory(staff=True),
    ]

    for outsider in outsiders:
        for holder, paper in ((contractor, own), (firm, of_firm)):
            with pytest.raises(NotAllowedError):
                PaperFactory(holder=holder, actor=outsider, kind="insurance")
            with pytest.raises(NotAllowedError):
                replace_paper(paper=paper, actor=outsider, valid_until=LAST_DAY)
        assert not ContractorPaper.objects.visible_to(outsider).exists()

    assert set(ContractorPaper.objects.current()) == {own, of_firm}
    assert ContractorPaper.objects.visible_to(reviewer()).count() == 2


@pytest.mark.capability("A34")
def test_there_is_one_current_paper_of_a_kind(contractor):
    PaperFactory(holder=contractor)
    PaperFactory(holder=contractor, kind="insurance")

    with pytest.raises(PaperExistsError):
        PaperFactory(holder=contractor)

    assert ContractorPaper.objects.count() == 2


@pytest.mark.capability("A34")
def test_a_replaced_paper_stays_as_history(contractor):
    old = PaperFactory(holder=contractor, number="OLD")

    new = replace_paper(paper=old, actor=contractor, number="NEW", valid_until=LAST_DAY)

    old.refresh_from_db()
    assert old.replaced_at is not None
    assert (new.kind, new.number, new.user) == ("license", "NEW", contractor)
    assert list(ContractorPaper.objects.current()) == [new]
    with pytest.raises(PaperReplacedError):
        replace_paper(paper=old, actor=contractor, valid_until=LAST_DAY)
    assert ContractorPaper.objects.count() == 2


def test_a_paper_that_has_run_out_is_not_filed(contractor):
    old = PaperFactory(holder=contractor)
    yesterday = date(2020, 1, 1)

    with pytest.raises(InvalidInputError):
        PaperFactory(holder=contractor, kind="insurance", valid_until=yesterday)
    with pytest.raises(InvalidInputError):
        replace_paper(paper=old, actor=contractor, valid_until=yesterday)

    old.refresh_from_db()
    assert old.replaced_at is None
    assert ContractorPaper.objects.count() == 1


@pytest.mark.capability("A34")
@pytest.mark.parametrize(
    ("zone", "moment", "counts"),
    [
        ("Asia/Dubai", at(2030, 6, 30, 23, "Asia/Dubai"), True),
        ("Asia/Dubai", at(2030, 7, 1, 0, "Asia/Dubai"), False),
        ("Pacific/Auckland", at(2030, 6, 30, 12, "UTC"), False),
        ("Pacific/Honolulu", at(2030, 7, 1, 9, "UTC"), True),
        ("Pacific/Honolulu", at(2030, 7, 1, 10, "UTC"), False),
        ("No/Where", at(2030, 6, 30, 23, "Asia/Dubai"), True),
    ],
)
def test_a_paper_counts_to_the_end_of_its_last_day_where_its_holder_is(db, zone, moment, counts):
    contractor = UserFactory(contractor=True, time_zone=zone)
    PaperFactory(holder=contractor, valid_until=LAST_DAY)

    if counts:
        require_valid_papers(contractor, now=moment)
        return
    with pytest.raises(PapersExpiredError) as caught:
        require_valid_papers(contractor, now=moment)
    assert caught.value.extra == {"papers": [{"kind": "license", "valid_until": LAST_DAY}]}
    assert (caught.value.code, caught.value.status) == ("papers_expired", 409)


@pytest.mark.capability("A34", "A16")
def test_a_firm_is_where_its_first_owner_is(db):
    firm = OrganizationFactory(contractor=True, creator=UserFactory(time_zone="Pacific/Honolulu"))
    seated(firm, "owner", time_zone="Pacific/Auckland")
    PaperFactory(holder=firm, actor=owner_of(firm), valid_until=LAST_DAY)

    require_valid_papers(firm, now=at(2030, 7, 1, 9, "UTC"))

    with pytest.raises(PapersExpiredError):
        require_valid_papers(firm, now=at(2030, 7, 1, 10, "UTC"))


@pytest.mark.capability("A34")
def test_an_expired_paper_stops_nobody_once_it_is_replaced(contractor):
    old = PaperFactory(holder=contractor, valid_until=LAST_DAY)
    later = at(2030, 8, 1, 12, "Asia/Dubai")

    replace_paper(paper=old, actor=contractor, valid_until=LAST_DAY + YEAR)

    require_valid_papers(contractor, now=later)


def test_papers_that_were_never_filed_are_not_missed(contractor):
    require_valid_papers(contractor)


@pytest.mark.capability("A34")
@pytest.mark.django_db(transaction=True)
def test_of_many_papers_filed_at_once_one_is_current():
    contractor = UserFactory(contractor=True)

    results = race(
        *(lambda: PaperFactory(holder=contractor, valid_until=LAST_DAY) for _ in range(5))
    )

    assert sum(isinstance(result, ContractorPaper) for result in results) == 1
    assert sum(isinstance(result, PaperExistsError) for result in results) == 4


@pytest.mark.capability("A34")
@pytest.mark.django_db(transaction=True)
def test_a_paper_is_replaced_once():
    contractor = UserFactory(contractor=True)
    old = PaperFactory(holder=contractor, valid_until=LAST_DAY)

    results = race(
        *(
            lambda: replace_paper(paper=old, actor=contractor, valid_until=LAST_DAY)
            for _ in range(4)
        )
    )

    assert sum(isinstance(result, ContractorPaper) for result in results) == 1
    assert sum(isinstance(result, PaperReplacedError) for result in results) == 3
    assert ContractorPaper.objects.current().count() == 1
