"""Handover notes of both sides."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('bookings', '0004_groups'),
    ]

    operations = [
        migrations.AddField(
            model_name='booking',
            name='handover_builder_note',
            field=models.CharField(blank=True, help_text='What the builder confirmed, such as open defects.', max_length=1000),
        ),
        migrations.AddField(
            model_name='booking',
            name='handover_customer_note',
            field=models.CharField(blank=True, help_text='What the customer confirmed, such as open defects.', max_length=1000),
        ),
    ]
