"""Audit events only ever grow; the counters of limits may be lost in a crash and cost no WAL."""

from django.db import migrations

from config.shared.triggers import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_initial")]

    operations = [
        AppendOnly("AuditEvent"),
        migrations.RunSQL(
            "ALTER TABLE accounts_ratebucket SET UNLOGGED",
            "ALTER TABLE accounts_ratebucket SET LOGGED",
        ),
    ]
