"""An index for what people are still to be reminded of."""

from django.db import migrations, models
from django.db.models.functions import Lower


class Migration(migrations.Migration):
    dependencies = [("bookings", "0006_objection_outcome")]

    operations = [
        migrations.AddIndex(
            model_name="appointment",
            index=models.Index(
                Lower("during"),
                condition=models.Q(("reminder_sent_at__isnull", True), ("status", "confirmed")),
                name="bookings_appointment_to_remind",
            ),
        ),
    ]
