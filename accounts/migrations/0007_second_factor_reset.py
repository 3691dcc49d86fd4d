"""Support and site administration may reset the second factor of a person who lost it."""

from typing import Any

from django.db import migrations

from accounts.groups import SITE_ADMINISTRATION, SUPPORT, grant

PERMISSION = "accounts.reset_second_factor"


def allow(apps: Any, schema_editor: Any) -> None:
    grant(apps, {SUPPORT: [PERMISSION], SITE_ADMINISTRATION: [PERMISSION]})


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_skill_names")]

    operations = [
        migrations.AlterModelOptions(
            name="user",
            options={
                "ordering": ["-created_at", "pk"],
                "permissions": [
                    ("suspend_user", "May suspend and reactivate people"),
                    ("end_sessions", "May end the sessions of people"),
                    ("reset_second_factor", "May reset the second factor of people"),
                ],
            },
        ),
        migrations.RunPython(allow, migrations.RunPython.noop),
    ]
