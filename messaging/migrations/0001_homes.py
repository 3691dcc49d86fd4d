"""Notifications."""

import config.shared.models
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0013_contract_purpose'),
    ]

    operations = [
        migrations.CreateModel(
            name='Notification',
            fields=[
                ('id', models.UUIDField(default=config.shared.models.uuid7, editable=False, primary_key=True, serialize=False)),
                ('type', models.CharField(max_length=40)),
                ('data', models.JSONField(blank=True, default=dict)),
                ('link', models.CharField(blank=True, help_text='A path of the API.', max_length=300)),
                ('priority', models.CharField(choices=[('normal', 'Normal'), ('urgent', 'Urgent')], default='normal', max_length=10)),
                ('dedupe_key', models.CharField(max_length=160, unique=True)),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notifications', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'ordering': ['-created_at', 'pk'],
                'indexes': [models.Index(models.F('user'), models.OrderBy(models.F('created_at'), descending=True), models.F('id'), name='messaging_notification_user'), models.Index(models.F('user'), condition=models.Q(('read_at__isnull', True)), name='messaging_notification_unread')],
            },
        ),
    ]
