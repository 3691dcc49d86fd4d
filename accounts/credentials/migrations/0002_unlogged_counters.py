"""The counters of limits may be lost in a crash and cost no WAL."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("credentials", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE credentials_ratebucket SET UNLOGGED",
            "ALTER TABLE credentials_ratebucket SET LOGGED",
        ),
    ]
