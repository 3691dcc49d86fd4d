"""The contractors that strangers may look through."""

from datetime import date
from decimal import Decimal
from typing import Any, Self, TypeVar

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from accounts.choices import Role, UserStatus, VerificationStatus
from accounts.querysets.figures import RATING_FIELD, figure
from config.shared.geo import PlaceQuerySetMixin

ModelT_co = TypeVar("ModelT_co", bound=models.Model, covariant=True)


class SkillNames(models.Func):
    """The names in a profile's list of skills, in small letters, as JSON; an index has the same."""

    arity = 1
    output_field = models.JSONField()
    template = "lower(jsonb_path_query_array(%(expressions)s, '$[*].name')::text)::jsonb"


class DirectoryQuerySetMixin(PlaceQuerySetMixin[ModelT_co]):
    """Searches for contractors among people."""

    def contractors(self) -> Self:
        """Active contractors who have not asked to be left out of the directory."""
        return self.filter(
            showing("show_in_directory"),
            status=UserStatus.ACTIVE,
            roles__contains=[Role.CONTRACTOR],
        )

    def with_directory_card(self, *, today: date) -> Self:
        """Picture, profile, rating, and whether staff have approved their papers."""
        return self.select_related("avatar", "profile").annotate(
            papers_approved=Exists(_approved(today)),
            rating=figure("rating"),
            rating_rank=Coalesce(
                figure("rating"), models.Value(Decimal(0)), output_field=RATING_FIELD
            ),
        )

    def of_trade(self, trade: str) -> Self:
        """Those who practise ``trade``, however it is capitalised."""
        spellings = sorted({trade, trade.lower(), trade.capitalize(), trade.title()})
        profiles = apps.get_model("accounts.Profile").objects.filter(trades__overlap=spellings)
        return self.filter(pk__in=profiles.values("user"))

    def with_skill(self, name: str) -> Self:
        """Those who list the skill ``name``, however it is capitalised."""
        profiles = apps.get_model("accounts.Profile").objects
        named = profiles.annotate(skill_names=SkillNames("skills"))
        found = named.filter(skill_names__contains=[name.lower()])  # type: ignore[misc]
        return self.filter(pk__in=found.values("user"))

    def in_city(self, city: str) -> Self:
        """Those in ``city`` who let strangers know it."""
        return self.filter(showing("show_city"), city__iexact=city)

    def placed(self) -> Self:
        """Those who let strangers know their neighbourhood."""
        return self.filter(showing("show_neighborhood"))

    def approved(self, *, today: date) -> Self:
        """Those whose papers staff have approved, and whose licence has not run out since."""
        return self.filter(Exists(_approved(today)))


def _approved(today: date) -> Any:
    return apps.get_model("accounts.Verification").objects.filter(
        Q(license_valid_until__isnull=True) | Q(license_valid_until__gte=today),
        user=OuterRef("pk"),
        status=VerificationStatus.APPROVED,
    )


def showing(flag: str) -> Q:
    """People who have not switched ``flag`` off in what they let others see."""
    return Q(profile__isnull=True) | ~Q(profile__visibility__contains={flag: False})
