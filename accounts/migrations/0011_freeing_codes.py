"""Support and site administration may free codes that wrong guesses stopped."""

from typing import Any

from django.db import migrations

from accounts.groups import SITE_ADMINISTRATION, SUPPORT, grant

PERMISSIONS = ["accounts.free_codes", "credentials.view_failurecounter"]


def allow(apps: Any, schema_editor: Any) -> None:
    grant(apps, {SUPPORT: PERMISSIONS, SITE_ADMINISTRATION: PERMISSIONS})


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_names_for_people"),
        ("credentials", "0006_names_for_people"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="user",
            options={
                "ordering": ["-created_at", "pk"],
                "permissions": [
                    ("suspend_user", "May suspend and reactivate people"),
                    ("end_sessions", "May end the sessions of people"),
                    ("reset_second_factor", "May reset the second factor of people"),
                    ("free_codes", "May free codes that wrong guesses stopped"),
                ],
                "verbose_name": "person",
                "verbose_name_plural": "people",
            },
        ),
        migrations.RunPython(allow, migrations.RunPython.noop),
    ]
