"""Organizations and the people who act for them."""

import pghistory
from django.db import models
from django.db.models import Q

from accounts.choices import MembershipRole, MembershipStatus, OrganizationKind, OrganizationStatus
from accounts.querysets.organizations import MembershipQuerySet, OrganizationQuerySet
from config.shared.geo import Place, place_constraints, place_index
from config.shared.models import TimeStampedModel
from config.shared.phones import E164_PATTERN


@pghistory.track(exclude=["updated_at", "lat", "lng", "point"], append_only=True)
class Organization(TimeStampedModel, Place):
    """A builder, a society, a contractor's firm or an employer."""

    kind = models.CharField(max_length=20, choices=OrganizationKind)
    name = models.CharField(max_length=160)
    legal_name = models.CharField(max_length=200, blank=True)
    registration_no = models.CharField(max_length=60, blank=True)
    license_no = models.CharField(max_length=60, blank=True)
    description = models.CharField(max_length=2000, blank=True)
    logo = models.ForeignKey(
        "accounts.MediaFile", models.SET_NULL, null=True, blank=True, related_name="logo_of"
    )
    website = models.URLField(max_length=300, blank=True)
    email = models.EmailField(max_length=254, blank=True)
    phone = models.CharField(max_length=16, blank=True)
    address = models.CharField(max_length=300, blank=True)
    city = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=120, blank=True)
    country = models.CharField(max_length=2, default="AE")
    pincode = models.CharField(max_length=20, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True, editable=False)
    established_year = models.PositiveSmallIntegerField(null=True, blank=True)
    rating_avg = models.DecimalField(
        max_digits=3, decimal_places=2, null=True, blank=True, editable=False
    )
    status = models.CharField(
        max_length=20, choices=OrganizationStatus, default=OrganizationStatus.ACTIVE
    )
    created_by = models.ForeignKey(
        "accounts.User", models.SET_NULL, null=True, related_name="organizations_created"
    )

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        permissions = [
            ("verify_organization", "May verify and suspend organizations"),
            ("export_organization", "May take the list of organizations away as a file"),
        ]
        indexes = [
            place_index("accounts_organization_point"),
            models.Index("kind", "status", "name", "id", name="accounts_organization_list"),
        ]
        constraints = [
            models.UniqueConstraint(
                "kind",
                "registration_no",
                condition=~Q(registration_no=""),
                name="accounts_organization_registration_unique",
                violation_error_code="registration_taken",
                violation_error_message="This registration number belongs to another organization.",
            ),
            models.CheckConstraint(
                condition=Q(established_year__isnull=True)
                | Q(established_year__gte=1700, established_year__lte=2200),
                name="accounts_organization_established",
                violation_error_code="established_year",
                violation_error_message="The year of foundation lies between 1700 and 2200.",
            ),
            models.CheckConstraint(
                condition=Q(phone="") | Q(phone__regex=E164_PATTERN),
                name="accounts_organization_phone_e164",
                violation_error_code="phone_not_e164",
                violation_error_message="A phone number is stored as + and digits only (E.164).",
            ),
            models.CheckConstraint(
                condition=Q(rating_avg__isnull=True) | Q(rating_avg__gte=1, rating_avg__lte=5),
                name="accounts_organization_rating",
                violation_error_code="rating_range",
                violation_error_message="A rating lies between 1 and 5.",
            ),
            *place_constraints("accounts_organization"),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track(exclude=["updated_at"], append_only=True)
class Membership(TimeStampedModel):
    """A person's place in an organization, from the invitation to the day they leave."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="memberships")
    user = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="memberships", verbose_name="person"
    )
    role = models.CharField(max_length=20, choices=MembershipRole, default=MembershipRole.MEMBER)
    status = models.CharField(
        max_length=20, choices=MembershipStatus, default=MembershipStatus.INVITED
    )
    title = models.CharField(max_length=120, blank=True)
    by_address = models.BooleanField(
        default=False,
        editable=False,
        help_text="Invited by phone or e-mail: nobody else knows until they accept.",
    )
    invited_by = models.ForeignKey(
        "accounts.User", models.SET_NULL, null=True, blank=True, related_name="invitations_sent"
    )
    since = models.DateTimeField(null=True, blank=True)
    until = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                "organization",
                "user",
                condition=Q(status__in=[MembershipStatus.INVITED, MembershipStatus.LIVE]),
                name="accounts_membership_one_live",
                violation_error_code="already_member",
                violation_error_message="This person is a member or invited already.",
            ),
            models.CheckConstraint(
                condition=~Q(status=MembershipStatus.LIVE) | Q(since__isnull=False),
                name="accounts_membership_live_since",
                violation_error_code="since_missing",
                violation_error_message="A live membership has a day it began.",
            ),
            models.CheckConstraint(
                condition=Q(status=MembershipStatus.ENDED, until__isnull=False)
                | (~Q(status=MembershipStatus.ENDED) & Q(until__isnull=True)),
                name="accounts_membership_ended_until",
                violation_error_code="until_contradicts_status",
                violation_error_message="A membership has an end exactly when it has ended.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} at {self.organization}"
