"""People: find them, read everything about them, suspend and reactivate them."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.db.models.functions import Reverse
from django.http import HttpRequest
from unfold.contrib.filters.admin import ChoicesDropdownFilter, FieldTextFilter, RangeDateTimeFilter
from unfold.decorators import display

from accounts.admin.exports import PeopleResource
from accounts.admin.people_acts import PersonActs
from accounts.admin.people_tables import (
    audit_table,
    codes_table,
    passkeys_table,
    sessions_table,
    verification_line,
)
from accounts.choices import UserStatus
from accounts.models import ContractorPaper, Membership, Profile, Residency, User
from config.shared.admin import (
    CourtyardAdmin,
    NoDeleteMixin,
    ReadOnlyInline,
    ReadOnlyMixin,
)
from config.shared.admin_exports import ExportingMixin
from config.shared.row_history import HistoryMixin

STATUS_COLOURS = {
    UserStatus.ACTIVE: "success",
    UserStatus.PENDING: "info",
    UserStatus.INACTIVE: "warning",
    UserStatus.SUSPENDED: "danger",
}


class MembershipInline(ReadOnlyInline):
    model = Membership
    fk_name = "user"
    fields = ("organization", "role", "status", "title", "since", "until")
    verbose_name_plural = "organizations"


class ResidencyInline(ReadOnlyInline):
    model = Residency
    fk_name = "user"
    fields = ("building", "unit_label", "relation", "status", "method", "since", "until")


class PaperInline(ReadOnlyInline):
    model = ContractorPaper
    fk_name = "user"
    fields = ("kind", "issuer", "valid_until", "replaced_at")


@admin.register(User)
class UserAdmin(ExportingMixin, HistoryMixin, NoDeleteMixin, PersonActs):
    """People."""

    resource_classes = (PeopleResource,)
    list_display = ("person", "phone_number", "state_label", "primary_role", "city", "created_at")
    list_filter = (
        ("status", ChoicesDropdownFilter),
        ("primary_role", ChoicesDropdownFilter),
        ("city", FieldTextFilter),
        "is_staff",
        "phone_verified",
        "email_verified",
        ("created_at", RangeDateTimeFilter),
    )
    search_fields = ("full_name__istartswith", "email__istartswith", "username__istartswith")
    search_help_text = "Name, e-mail or username from its beginning, or the last digits of a phone."
    date_hierarchy = "created_at"
    ordering = ("-created_at", "pk")
    inlines = (MembershipInline, ResidencyInline, PaperInline)
    autocomplete_fields = ("avatar",)
    filter_horizontal = ("groups",)
    editable: ClassVar[tuple[str, ...]] = (
        "full_name",
        "first_name",
        "last_name",
        "bio",
        "description",
        "city",
        "neighborhood",
        "locale",
        "time_zone",
    )
    superuser_only: ClassVar[tuple[str, ...]] = ("is_staff", "groups")
    fieldsets = (
        ("Person", {"classes": ("tab",), "fields": (*editable, "avatar", "roles", "primary_role")}),
        (
            "Sign-in",
            {
                "classes": ("tab",),
                "fields": (
                    "phone_number",
                    "phone_verified",
                    "email",
                    "email_verified",
                    "username",
                    "status",
                    "last_login_at",
                    "created_at",
                    "anonymised_at",
                ),
            },
        ),
        ("Sessions", {"classes": ("tab",), "fields": ("sessions", "passkeys")}),
        ("Codes sent", {"classes": ("tab",), "fields": ("codes_sent",)}),
        ("Verification", {"classes": ("tab",), "fields": ("papers_state",)}),
        ("Staff", {"classes": ("tab",), "fields": superuser_only}),
        ("Audit", {"classes": ("tab",), "fields": ("audit", "history")}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        """Everything but the plain text; who is staff is decided by superusers alone."""
        names = [name for _, options in self.fieldsets for name in options["fields"]]
        writable = set(self.editable)
        if request.user.is_superuser:
            writable |= set(self.superuser_only)
        return [name for name in names if name not in writable]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).select_related("avatar")

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Not by the password, which has no column in this database."""
        named = lookup.partition("__")[0]
        return named != "password" and super().lookup_allowed(lookup, value, request)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[User], search_term: str
    ) -> tuple[QuerySet[User], bool]:
        """Digits are the end of a phone number, anything else the beginning of a name."""
        digits = search_term.replace(" ", "").replace("-", "")
        if digits.removeprefix("+").isdigit() and len(digits) >= 3:
            found = queryset.annotate(phone_end=Reverse("phone_number"))
            return found.filter(phone_end__startswith=digits[::-1]), False
        return super().get_search_results(request, queryset, search_term)

    @display(description="Person", header=True)
    def person(self, obj: User) -> tuple[str, str]:
        return str(obj), obj.email or ""

    @display(description="Status", label=STATUS_COLOURS, ordering="status")
    def state_label(self, obj: User) -> str:
        return obj.status

    @display(description="Signed-in devices")
    def sessions(self, obj: User) -> str:
        return sessions_table(obj)

    @display(description="Passkeys")
    def passkeys(self, obj: User) -> str:
        return passkeys_table(obj)

    @display(description="Codes, without the codes")
    def codes_sent(self, obj: User) -> str:
        return codes_table(obj)

    @display(description="Identity papers")
    def papers_state(self, obj: User) -> str:
        return verification_line(obj)

    @display(description="What was done")
    def audit(self, obj: User) -> str:
        return audit_table(obj)


@admin.register(Profile)
class ProfileAdmin(ReadOnlyMixin, CourtyardAdmin):
    """What people say about their work."""

    list_display = ("user", "headline", "location", "remote_preference", "created_at")
    list_select_related = ("user",)
    list_filter = (
        ("remote_preference", ChoicesDropdownFilter),
        ("purpose", ChoicesDropdownFilter),
        ("created_at", RangeDateTimeFilter),
    )
    search_fields = ("user__full_name__istartswith", "headline__istartswith")
