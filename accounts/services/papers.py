"""Licences and insurances of contractors: filing, replacing, and what their expiry stops."""

from datetime import date, datetime
from typing import Any

from accounts.choices import MediaPurpose
from accounts.exceptions import PapersExpiredError
from accounts.models import ContractorPaper, MediaFile, Membership, Organization, User
from accounts.services.attachments import PAPERS, attach_file
from accounts.services.calendars import today_of, zone_of
from accounts.services.memberships import require_seat
from config.shared import audit
from config.shared.clock import database_now
from config.shared.errors import ConflictError, InvalidInputError, MissingError, NotAllowedError
from config.shared.locks import lock
from config.shared.retries import retry_transaction

Holder = User | Organization


class PaperExistsError(ConflictError):
    """There is a current paper of this kind: it is replaced, not filed beside."""

    code = "paper_exists"
    title = "There is a current paper of this kind already"


class PaperReplacedError(ConflictError):
    """Another paper has taken the place of this one."""

    code = "paper_replaced"
    title = "This paper has been replaced"


@retry_transaction
def file_paper(
    *, holder: Holder, actor: User, kind: str, document: MediaFile | None = None, **facts: Any
) -> ContractorPaper:
    """File a paper for a contractor: for oneself, or for an organization one leads.

    ``facts`` are ``valid_until`` (the last day it counts), ``number`` and ``issuer``. The holder
    is locked first. Raises ``PaperExistsError`` where there is a current one of this ``kind``.
    """
    (holder,) = lock(holder)
    check_holder(actor=actor, holder=holder)
    if papers_of(holder).filter(kind=kind).exists():
        raise PaperExistsError
    return _file(holder, actor, kind, document, facts)


@retry_transaction
def replace_paper(
    *, paper: ContractorPaper, actor: User, document: MediaFile | None = None, **facts: Any
) -> ContractorPaper:
    """Put a new paper in the place of ``paper``, which is kept as history, and return the new."""
    holder, paper = lock(holder_of(paper), paper)
    check_holder(actor=actor, holder=holder)
    if paper.replaced_at is not None:
        raise PaperReplacedError
    paper.replaced_at = database_now()
    paper.save(update_fields=["replaced_at", "updated_at"])
    return _file(holder, actor, paper.kind, document, facts, replaces=paper)


def require_valid_papers(contractor: Holder, *, now: datetime | None = None) -> None:
    """Raise ``PapersExpiredError`` where a current paper of ``contractor`` has run out.

    Called before somebody quotes or applies as that contractor. A paper counts to the end of its
    last day in the holder's time zone; papers that were never filed are not missed.
    """
    today = today_of_holder(contractor, now=now)
    expired = papers_of(contractor).expired_on(today).order_by("valid_until", "pk")
    found = [{"kind": paper.kind, "valid_until": paper.valid_until} for paper in expired]
    if found:
        raise PapersExpiredError(papers=found)


def holder_of(paper: ContractorPaper) -> Holder:
    """The one person or organization that a paper belongs to."""
    holder = paper.organization or paper.user
    if holder is None:
        raise MissingError
    return holder


def papers_of(holder: Holder) -> Any:
    """The current papers of a person or an organization."""
    field = "organization" if isinstance(holder, Organization) else "user"
    return ContractorPaper.objects.current().filter(**{field: holder})


def today_of_holder(holder: Holder, *, now: datetime | None = None) -> date:
    """The date where the holder is; an organization is where its first owner is."""
    if isinstance(holder, User):
        return today_of(holder, now=now)
    owners = Membership.objects.owners().filter(organization=holder).order_by("since", "pk")
    zone = owners.values_list("user__time_zone", flat=True).first() or ""
    return (now or database_now()).astimezone(zone_of(zone)).date()


def check_holder(*, actor: User, holder: Holder) -> None:
    """Refuse everybody who may not keep the papers of ``holder``."""
    if isinstance(holder, Organization):
        require_seat(actor=actor, organization=holder)
    elif holder.pk != actor.pk:
        raise NotAllowedError("Everybody keeps their own papers.")


def _file(
    holder: Holder,
    actor: User,
    kind: str,
    document: MediaFile | None,
    facts: dict[str, Any],
    *,
    replaces: ContractorPaper | None = None,
) -> ContractorPaper:
    if facts["valid_until"] < today_of_holder(holder):
        raise InvalidInputError.at("/valid_until", "already_expired", "This paper has run out.")
    field = "organization" if isinstance(holder, Organization) else "user"
    paper = ContractorPaper(kind=kind, **{field: holder}, **facts)
    paper.save(force_insert=True)
    if document is not None:
        paper.document = attach_file(
            file=document,
            owner=actor,
            target=paper,
            pointer="/document",
            kinds=PAPERS,
            purposes={MediaPurpose.PAPER},
        )
        paper.save(update_fields=["document", "updated_at"])
    audit.record(
        "accounts.contractorpaper.filed",
        target=paper,
        actor=actor,
        before={"replaces": replaces.pk, "valid_until": replaces.valid_until} if replaces else {},
        after={"kind": kind, "valid_until": paper.valid_until, field: holder.pk},
    )
    return paper
