"""The groups that staff work in."""

from typing import Any

from django.db import migrations

from accounts.groups import GRANTS, grant


def make_groups(apps: Any, schema_editor: Any) -> None:
    grant(apps)


def drop_groups(apps: Any, schema_editor: Any) -> None:
    apps.get_model("auth", "Group").objects.filter(name__in=GRANTS).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_evidence"),
        ("credentials", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("procrastinate", "0041_post_retry_failed_job"),
    ]

    operations = [migrations.RunPython(make_groups, drop_groups)]
