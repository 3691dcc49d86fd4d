"""Files and papers for tests, made by the services that make the real ones."""

from datetime import date, timedelta
from typing import Any

import factory
from django.utils import timezone

from accounts.choices import (
    MediaKind,
    MediaPurpose,
    MediaStatus,
    PaperKind,
    VerificationType,
)
from accounts.models import ContractorPaper, MediaFile, User, Verification
from accounts.services.papers import file_paper
from accounts.services.verifications import submit_verification
from accounts.tests.factories.people import UserFactory

IDENTITY_NUMBER = "784-1990-1234567-1"
LICENSE_NUMBER = "CN-1234567"


class CheckedFileFactory(factory.django.DjangoModelFactory):
    """A file as it is once it was uploaded and checked."""

    class Meta:
        model = MediaFile

    owner = factory.SubFactory(UserFactory)
    kind = MediaKind.IMAGE
    purpose = MediaPurpose.VERIFICATION
    status = MediaStatus.CLEAN
    name = factory.Sequence(lambda n: f"scan-{n}.jpg")
    file = factory.Sequence(lambda n: f"tests/scan-{n}.webp")
    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    size = 1000
    content_type = "image/webp"
    completed_at = factory.LazyFunction(timezone.now)


class PaperFactory(factory.Factory):
    """A licence of ``holder``, a person or an organization, valid for a year."""

    class Meta:
        model = ContractorPaper

    holder = factory.SubFactory(UserFactory, contractor=True)
    actor = factory.LazyAttribute(lambda paper: paper.holder)
    kind = PaperKind.LICENSE
    number = "LIC-2026-0042"
    issuer = "Dubai Economy"
    valid_until = factory.LazyFunction(lambda: timezone.now().date() + timedelta(days=365))

    @classmethod
    def _create(cls, model_class: type[ContractorPaper], *args: Any, **kwargs: Any) -> Any:
        return file_paper(**kwargs)


def identity_papers(owner: User, **changes: Any) -> dict[str, Any]:
    """What ``submit_verification`` needs for an Emirates ID."""
    return {
        "verification_type": VerificationType.EMIRATES_ID,
        "emirates_id_number": IDENTITY_NUMBER,
        "emirates_id_front": CheckedFileFactory(owner=owner),
        "emirates_id_back": CheckedFileFactory(owner=owner),
        **changes,
    }


def license_papers(owner: User, **changes: Any) -> dict[str, Any]:
    """What ``submit_verification`` needs for a trade licence."""
    return {
        "verification_type": VerificationType.TRADE_LICENSE,
        "trade_license_number": LICENSE_NUMBER,
        "trade_license_document": CheckedFileFactory(owner=owner, kind=MediaKind.DOCUMENT),
        "license_valid_until": date(2031, 1, 31),
        **changes,
    }


def submitted(user: User | None = None, **changes: Any) -> Verification:
    """A verification by Emirates ID that waits for a decision."""
    user = user or UserFactory()
    return submit_verification(user=user, **identity_papers(user, **changes))
