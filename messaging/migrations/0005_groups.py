"""What the groups of staff may do with conversations."""

from typing import Any

from django.db import migrations

from accounts.groups import grant
from messaging.groups import GRANTS


def allow(apps: Any, schema_editor: Any) -> None:
    grant(apps, GRANTS)


def disallow(apps: Any, schema_editor: Any) -> None:
    permission_model = apps.get_model("auth", "Permission")
    for name, labels in GRANTS.items():
        group = apps.get_model("auth", "Group").objects.filter(name=name).first()
        if group is None:
            continue
        for label in labels:
            app_label, codename = label.split(".")
            found = permission_model.objects.filter(
                content_type__app_label=app_label, codename=codename
            )
            group.permissions.remove(*found)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0013_contract_purpose"),
        ("messaging", "0004_support"),
    ]

    operations = [migrations.RunPython(allow, disallow)]
