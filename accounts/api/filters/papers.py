"""Filters of contractor papers and of verifications."""

from accounts.choices import PaperKind, VerificationStatus, VerificationType
from accounts.models import ContractorPaper, Verification
from config.shared.filter_fields import BooleanFilter, ChoiceFilter, DateFilter, UUIDFilter
from config.shared.filters import FilterSet


class PaperFilter(FilterSet):
    """Papers by kind, holder, and whether another has taken their place."""

    kind = ChoiceFilter(choices=PaperKind.choices)
    organization = UUIDFilter(field_name="organization")
    current = BooleanFilter(
        field_name="replaced_at",
        lookup_expr="isnull",
        label="Only those that count, or those that were replaced.",
    )
    valid_until_before = DateFilter(field_name="valid_until", lookup_expr="lt")

    class Meta:
        model = ContractorPaper
        fields: list[str] = []


class VerificationFilter(FilterSet):
    """Verifications by state and type."""

    status = ChoiceFilter(choices=VerificationStatus.choices)
    verification_type = ChoiceFilter(choices=VerificationType.choices)

    class Meta:
        model = Verification
        fields: list[str] = []
