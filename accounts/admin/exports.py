"""The columns of the lists that staff take away as files, and none but these."""

from accounts.models import Organization, Residency, User
from config.shared.admin_exports import ListResource


class PeopleResource(ListResource):
    """People, without what is sealed, private or secret."""

    class Meta:
        model = User
        fields = (
            "id",
            "full_name",
            "username",
            "phone_number",
            "phone_verified",
            "email",
            "email_verified",
            "status",
            "primary_role",
            "city",
            "created_at",
            "last_login_at",
        )


class OrganizationResource(ListResource):
    """Organizations as their public pages show them, and where they stand."""

    class Meta:
        model = Organization
        fields = (
            "id",
            "name",
            "kind",
            "legal_name",
            "registration_no",
            "city",
            "status",
            "verified_at",
            "created_at",
        )


class ResidencyResource(ListResource):
    """Who lives where."""

    class Meta:
        model = Residency
        fields = (
            "id",
            "user__full_name",
            "building__name",
            "building__city",
            "unit_label",
            "relation",
            "status",
            "method",
            "since",
            "until",
            "created_at",
        )
