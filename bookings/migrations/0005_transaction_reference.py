"""Where the references of sales are counted."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("bookings", "0004_market")]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE bookings_transaction_reference",
            "DROP SEQUENCE bookings_transaction_reference",
        ),
    ]
