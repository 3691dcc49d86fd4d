"""Licences, insurances and identity papers of the demo."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from accounts.choices import PaperKind, Role, VerificationStatus, VerificationType
from accounts.demo_rows import act
from accounts.models import AuditEvent, ContractorPaper, Organization, User, Verification
from config.shared.seeding import Seed

ISSUERS = {PaperKind.LICENSE: "Municipality", PaperKind.INSURANCE: "Gulf Mutual"}
PURGE_DAYS = 90
REASONS: dict[str, str] = {
    VerificationStatus.REJECTED: "The back of the card cannot be read",
    VerificationStatus.REVOKED: "The licence was withdrawn by its issuer",
}


def papers(
    seed: Seed, words: Mapping[str, int], *, holder: User | Organization
) -> Iterator[ContractorPaper]:
    """Papers that end in so many days, or ended so many days ago."""
    for kind, days in words.items():
        yield ContractorPaper(
            id=seed.key("paper", kind, holder.pk),
            user=holder if isinstance(holder, User) else None,
            organization=holder if isinstance(holder, Organization) else None,
            kind=kind,
            number=f"{kind[:3].upper()}-{seed.random('paper', holder.pk).randrange(10**6):06d}",
            issuer=ISSUERS[PaperKind(kind)],
            valid_until=seed.today + timedelta(days=days),
            created_at=seed.after(holder.created_at, days=4),
        )


def verifications(
    seed: Seed, named: Mapping[str, User], people: Mapping[str, Any]
) -> Iterator[Verification | AuditEvent]:
    """The identity papers that ``people.toml`` speaks of, in every state."""
    for handle, words in people.items():
        if status := words.get("verification"):
            row = verification(seed, named[handle], status, reviewer=named["verification"])
            yield row
            if row.reviewed_by is not None:
                before = {"status": VerificationStatus.PENDING.value}
                yield act(seed, row, actor=row.reviewed_by, before=before)


def verification(
    seed: Seed, user: User, status: str, *, reviewer: User | None, purged: bool = False
) -> Verification:
    """Identity papers, decided by ``reviewer``; ``purged`` ones are kept only as a fact."""
    chance = seed.random("verification", user.pk)
    number = f"784{chance.randrange(1960, 2004)}{chance.randrange(10**7):07d}1"
    trade = bool({Role.CONTRACTOR, Role.BUILDER} & set(user.roles))
    license_number = f"CN-{chance.randrange(10**7):07d}" if trade else ""
    submitted = seed.ago(days=200 if purged else 20, hours=chance.randrange(48))
    decided = None if status == VerificationStatus.PENDING else submitted + timedelta(days=1)
    purge_after = decided + timedelta(days=PURGE_DAYS) if decided else None
    return Verification(
        id=seed.key("verification", user.pk),
        user=user,
        verification_type=VerificationType.BOTH if trade else VerificationType.EMIRATES_ID,
        status=status,
        emirates_id_number="" if purged else number,
        emirates_id_last4=number[-4:],
        trade_license_number="" if purged else license_number,
        trade_license_last4=license_number[-4:],
        license_valid_until=seed.today + timedelta(days=300) if trade else None,
        submitted_at=submitted,
        reviewed_at=decided,
        reviewed_by=reviewer if decided else None,
        rejection_reason=REASONS.get(status, ""),
        purge_after=purge_after,
        purged_at=purge_after if purged else None,
        created_at=submitted,
    )
