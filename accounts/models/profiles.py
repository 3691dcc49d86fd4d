"""What people say about themselves."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q

from accounts.choices import HomePurpose, RemotePreference
from accounts.querysets.directory import SkillNames
from config.shared.models import TimeStampedModel


class Profile(TimeStampedModel):
    """What a person says about their work, their search for a home and their trade."""

    user = models.OneToOneField(
        "accounts.User", models.CASCADE, related_name="profile", verbose_name="person"
    )
    headline = models.CharField(max_length=160, blank=True)
    location = models.CharField(max_length=160, blank=True)
    portfolio_links = models.JSONField(default=list, blank=True)
    target_roles = ArrayField(models.CharField(max_length=80), default=list, blank=True, size=30)
    target_locations = ArrayField(
        models.CharField(max_length=120), default=list, blank=True, size=30
    )
    salary_min = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    salary_max = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    salary_currency = models.CharField(max_length=3, default="AED")
    open_to_relocation = models.BooleanField(default=False)
    remote_preference = models.CharField(
        max_length=10, choices=RemotePreference, default=RemotePreference.ANY
    )
    summary = models.TextField(max_length=5000, blank=True)
    skills = models.JSONField(default=list, blank=True)
    education = models.JSONField(default=list, blank=True)
    work_experience = models.JSONField(default=list, blank=True)
    languages = models.JSONField(default=list, blank=True)
    certificates = models.JSONField(default=list, blank=True)
    budget_min = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    budget_max = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    preferred_locations = ArrayField(
        models.CharField(max_length=120), default=list, blank=True, size=30
    )
    bedrooms = models.PositiveSmallIntegerField(null=True, blank=True)
    purpose = models.CharField(max_length=10, choices=HomePurpose, blank=True)
    trades = ArrayField(models.CharField(max_length=60), default=list, blank=True, size=30)
    service_radius_km = models.PositiveSmallIntegerField(null=True, blank=True)
    years_experience = models.PositiveSmallIntegerField(null=True, blank=True)
    hourly_rate = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    visit_rate = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    rate_currency = models.CharField(max_length=3, default="AED")
    availability_note = models.CharField(max_length=300, blank=True)
    notification_prefs = models.JSONField(default=dict, blank=True)
    visibility = models.JSONField(default=dict, blank=True)
    extra = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["-created_at", "pk"]
        indexes = [
            GinIndex("trades", name="accounts_profile_trades"),
            GinIndex(
                OpClass(SkillNames("skills"), "jsonb_path_ops"), name="accounts_profile_skills"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(salary_min__isnull=True)
                | Q(salary_max__isnull=True)
                | Q(salary_min__lte=F("salary_max")),
                name="accounts_profile_salary_range",
                violation_error_code="salary_range",
                violation_error_message="The lowest salary is not above the highest.",
            ),
            models.CheckConstraint(
                condition=Q(budget_min__isnull=True)
                | Q(budget_max__isnull=True)
                | Q(budget_min__lte=F("budget_max")),
                name="accounts_profile_budget_range",
                violation_error_code="budget_range",
                violation_error_message="The lowest budget is not above the highest.",
            ),
            models.CheckConstraint(
                condition=Q(service_radius_km__isnull=True) | Q(service_radius_km__lte=500),
                name="accounts_profile_radius",
                violation_error_code="radius_too_large",
                violation_error_message="A contractor serves at most 500 km around.",
            ),
        ]

    def __str__(self) -> str:
        return f"Profile of {self.user}"
