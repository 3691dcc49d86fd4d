"""Site administration may take the lists of people, organizations and residencies away."""

from typing import Any

from django.db import migrations

from accounts.groups import SITE_ADMINISTRATION, grant

PERMISSIONS = ["accounts.export_user", "accounts.export_organization", "accounts.export_residency"]


def allow(apps: Any, schema_editor: Any) -> None:
    grant(apps, {SITE_ADMINISTRATION: PERMISSIONS})


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0011_freeing_codes"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="organization",
            options={
                "ordering": ["name", "pk"],
                "permissions": [
                    ("verify_organization", "May verify and suspend organizations"),
                    ("export_organization", "May take the list of organizations away as a file"),
                ],
            },
        ),
        migrations.AlterModelOptions(
            name="residency",
            options={
                "ordering": ["-created_at", "pk"],
                "permissions": [
                    ("export_residency", "May take the list of residencies away as a file")
                ],
                "verbose_name_plural": "residencies",
            },
        ),
        migrations.AlterModelOptions(
            name="user",
            options={
                "ordering": ["-created_at", "pk"],
                "permissions": [
                    ("suspend_user", "May suspend and reactivate people"),
                    ("end_sessions", "May end the sessions of people"),
                    ("reset_second_factor", "May reset the second factor of people"),
                    ("free_codes", "May free codes that wrong guesses stopped"),
                    ("export_user", "May take the list of people away as a file"),
                ],
                "verbose_name": "person",
                "verbose_name_plural": "people",
            },
        ),
        migrations.RunPython(allow, migrations.RunPython.noop),
    ]
