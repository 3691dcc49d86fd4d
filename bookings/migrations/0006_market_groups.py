"""What the groups of staff may do with messages, products, sales and streams."""

from typing import Any

from django.db import migrations

from accounts.groups import grant
from bookings.market_groups import MARKET_GRANTS


def allow(apps: Any, schema_editor: Any) -> None:
    grant(apps, MARKET_GRANTS)


def disallow(apps: Any, schema_editor: Any) -> None:
    permission_model = apps.get_model("auth", "Permission")
    for name, labels in MARKET_GRANTS.items():
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
        ("bookings", "0005_transaction_reference"),
        ("catalog", "0002_market"),
        ("messaging", "0002_conversations"),
    ]

    operations = [migrations.RunPython(allow, disallow)]
