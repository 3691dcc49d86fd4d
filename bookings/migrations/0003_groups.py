"""What the groups of staff may do with homes, bookings and money."""

from typing import Any

from django.db import migrations

from accounts.groups import grant
from bookings.homes_groups import HOMES_GRANTS


def allow(apps: Any, schema_editor: Any) -> None:
    grant(apps, HOMES_GRANTS)


def disallow(apps: Any, schema_editor: Any) -> None:
    permissions = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label__in=["bookings", "catalog", "messaging"]
    )
    for group in apps.get_model("auth", "Group").objects.filter(name__in=HOMES_GRANTS):
        group.permissions.remove(*permissions)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0013_contract_purpose"),
        ("bookings", "0002_evidence"),
        ("catalog", "0001_homes"),
        ("messaging", "0001_homes"),
    ]

    operations = [migrations.RunPython(allow, disallow)]
