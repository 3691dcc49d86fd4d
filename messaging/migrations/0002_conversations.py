"""Conversations, reports, and how people want to be told."""

import config.shared.models
import config.shared.search
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0013_contract_purpose'),
        ('accounts', '__first__'),
        ('catalog', '0002_market'),
        ('messaging', '0001_homes'),
    ]

    operations = [
        migrations.CreateModel(
            name='NotificationPreference',
            fields=[
                ('id', models.UUIDField(default=config.shared.models.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('category', models.CharField(choices=[('security', 'Security and account'), ('messages', 'Messages'), ('market', 'Market: offers, sales and streams'), ('homes', 'Homes: bookings and construction'), ('money', 'Money: payments, instalments and refunds'), ('appointments', 'Appointments'), ('community', 'Community: residents and organizations')], max_length=12)),
                ('channels', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('in_app', 'In the app'), ('email', 'E-mail'), ('sms', 'SMS'), ('push', 'Web Push')], max_length=8), blank=True, default=list, size=4)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notification_preferences', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'ordering': ['user', 'category', 'pk'],
                'constraints': [models.UniqueConstraint(models.F('user'), models.F('category'), name='messaging_notificationpreference_once', violation_error_code='preference_exists', violation_error_message='There is a preference for this category already.'), models.CheckConstraint(condition=models.Q(('category', 'security'), _negated=True), name='messaging_notificationpreference_security', violation_error_code='security_always', violation_error_message='Security notices always go out.')],
            },
        ),
        migrations.CreateModel(
            name='NotificationSchedule',
            fields=[
                ('id', models.UUIDField(default=config.shared.models.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('quiet_from', models.TimeField(blank=True, help_text="In the person's own time zone.", null=True)),
                ('quiet_until', models.TimeField(blank=True, null=True)),
                ('digest', models.CharField(choices=[('off', 'Each at once'), ('daily', 'Once a day'), ('weekly', 'Once a week')], default='off', max_length=8)),
                ('digest_sent_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='notification_schedule', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'ordering': ['user', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('quiet_from__isnull', True), ('quiet_until__isnull', True)), models.Q(('quiet_from__isnull', False), ('quiet_until__isnull', False), models.Q(('quiet_from', models.F('quiet_until')), _negated=True)), _connector='OR'), name='messaging_notificationschedule_quiet', violation_error_code='quiet_incomplete', violation_error_message='Quiet hours have a beginning and another end.')],
            },
        ),
        migrations.CreateModel(
            name='PushSubscription',
            fields=[
                ('id', models.UUIDField(default=config.shared.models.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('endpoint', models.URLField(max_length=1000)),
                ('endpoint_hash', models.CharField(editable=False, max_length=64, unique=True)),
                ('p256dh', models.CharField(max_length=200)),
                ('auth', models.CharField(max_length=100)),
                ('device', models.CharField(blank=True, max_length=200)),
                ('failures', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('last_used_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='push_subscriptions', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'ordering': ['-created_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.UUIDField(default=config.shared.models.uuid7, editable=False, primary_key=True, serialize=False)),
                ('channel', models.CharField(choices=[('in_app', 'In the app'), ('email', 'E-mail'), ('sms', 'SMS'), ('push', 'Web Push')], max_length=8)),
                ('status', models.CharField(choices=[('queued', 'Queued'), ('sent', 'Sent'), ('failed', 'Failed'), ('suppressed', 'Suppressed')], default='queued', max_length=10)),
                ('reason', models.CharField(blank=True, help_text='Why it was suppressed or failed.', max_length=60)),
                ('provider_id', models.CharField(blank=True, max_length=120)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('not_before', models.DateTimeField(blank=True, help_text='When quiet hours or the digest let it go.', null=True)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), help_text='Of the last change.')),
                ('notification', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='messaging.notification')),
                ('outgoing', models.ForeignKey(blank=True, help_text='The e-mail or SMS of it.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='deliveries', to='accounts.outgoingmessage')),
                ('subscription', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='deliveries', to='messaging.pushsubscription')),
            ],
            options={
                'verbose_name_plural': 'deliveries',
                'ordering': ['-at', 'pk'],
                'indexes': [models.Index(models.F('notification'), models.F('channel'), name='messaging_delivery_of'), models.Index(models.F('not_before'), condition=models.Q(('status', 'queued')), name='messaging_delivery_waiting'), models.Index(models.F('outgoing'), name='messaging_delivery_outgoing')],
            },
        ),
        migrations.CreateModel(
            name='RealtimeTicket',
            fields=[
                ('ticket_hash', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('session_id', models.UUIDField(help_text='The session that asked; it ends with it.')),
                ('token_version', models.PositiveIntegerField()),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='realtime_tickets', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'ordering': ['-created_at', 'pk'],
                'indexes': [models.Index(models.F('expires_at'), name='messaging_ticket_expiry')],
            },
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.UUIDField(default=config.shared.models.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('target_type', models.CharField(help_text='The model, lower case.', max_length=60)),
                ('target_id', models.UUIDField()),
                ('reason', models.CharField(choices=[('spam', 'Spam'), ('scam', 'Scam or fraud'), ('prohibited', 'Prohibited item'), ('harassment', 'Harassment'), ('hate', 'Hate or violence'), ('nudity', 'Nudity'), ('counterfeit', 'Counterfeit'), ('privacy', 'Private information'), ('other', 'Something else')], max_length=12)),
                ('text', models.CharField(blank=True, max_length=2000)),
                ('snapshot', models.JSONField(blank=True, default=dict, editable=False, help_text='What was there when it was reported.')),
                ('status', models.CharField(choices=[('open', 'Open'), ('triaged', 'Being looked at'), ('actioned', 'Acted on'), ('dismissed', 'Dismissed')], default='open', max_length=10)),
                ('action', models.CharField(blank=True, choices=[('content_removed', 'Content removed'), ('stream_ended', 'Stream ended'), ('conversation_closed', 'Conversation closed'), ('person_warned', 'Person warned'), ('person_suspended', 'Person suspended')], max_length=20)),
                ('decision_note', models.CharField(blank=True, max_length=1000)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('accused', models.ForeignKey(blank=True, help_text='Whose doing it is.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reports_about', to=settings.AUTH_USER_MODEL)),
                ('handled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reports_handled', to=settings.AUTH_USER_MODEL)),
                ('reporter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports_made', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at', 'pk'],
                'permissions': [('decide_report', 'May decide on reports')],
                'indexes': [models.Index(models.F('status'), models.F('created_at'), models.F('id'), name='messaging_report_status'), models.Index(models.F('reporter'), models.OrderBy(models.F('created_at'), descending=True), models.F('id'), name='messaging_report_mine'), models.Index(models.F('target_type'), models.F('target_id'), name='messaging_report_target')],
                'constraints': [models.UniqueConstraint(models.F('reporter'), models.F('target_type'), models.F('target_id'), condition=models.Q(('status__in', ['open', 'triaged'])), name='messaging_report_once', violation_error_code='reported_already', violation_error_message='You have reported this; the staff will look at it.'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('handled_by__isnull', False), ('status__in', ['actioned', 'dismissed'])), models.Q(('closed_at__isnull', True), ('status__in', ['open', 'triaged'])), _connector='OR'), name='messaging_report_closed', violation_error_code='closed_when', violation_error_message='A decided report says when and by whom.'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'actioned'), models.Q(('action', ''), _negated=True)), models.Q(models.Q(('status', 'actioned'), _negated=True), ('action', '')), _connector='OR'), name='messaging_report_action', violation_error_code='action_contradicts_status', violation_error_message='A report that was acted on says how.')],
            },
        ),
        migrations.CreateModel(
            name='LiveEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('type', models.CharField(max_length=40)),
                ('data', models.JSONField(default=dict, help_text='Identifiers and numbers, never content.')),
                ('xid', models.BigIntegerField(db_default=models.Func(output_field=models.BigIntegerField(), template='(pg_current_xact_id()::text::bigint)'), editable=False)),
                ('horizon', models.BigIntegerField(db_default=models.Func(output_field=models.BigIntegerField(), template='(pg_snapshot_xmin(pg_current_snapshot())::text::bigint)'), editable=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='live_events', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'ordering': ['xid', 'id'],
                'indexes': [models.Index(models.F('user'), models.F('xid'), models.F('id'), name='messaging_liveevent_user'), models.Index(models.F('created_at'), name='messaging_liveevent_old')],
            },
        ),
        migrations.CreateModel(
            name='Conversation',
            fields=[
                ('id', models.UUIDField(default=config.shared.models.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('kind', models.CharField(choices=[('direct', 'Direct'), ('product', 'Product'), ('booking', 'Booking'), ('appointment', 'Appointment'), ('application', 'Application'), ('work', 'Work request'), ('circle', 'Circle'), ('support', 'Support')], max_length=12)),
                ('subject_type', models.CharField(blank=True, help_text='The model of a thing of a higher app, lower case.', max_length=60)),
                ('subject_id', models.UUIDField(blank=True, null=True)),
                ('pair_key', models.CharField(blank=True, editable=False, help_text='The people of a conversation between two, their ids in order.', max_length=80)),
                ('last_message_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, help_text='When the last message came, or it was opened.')),
                ('last_seq', models.PositiveBigIntegerField(default=0, editable=False)),
                ('is_closed', models.BooleanField(default=False)),
                ('buyer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='conversations_as_buyer', to=settings.AUTH_USER_MODEL)),
                ('product', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='conversations', to='catalog.product')),
                ('seller', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='conversations_as_seller', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-last_message_at', '-pk'],
                'indexes': [models.Index(models.OrderBy(models.F('last_message_at'), descending=True), models.OrderBy(models.F('id'), descending=True), name='messaging_conversation_recent'), models.Index(models.F('subject_type'), models.F('subject_id'), name='messaging_conversation_subject')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'product', 'subject_type', 'subject_id', 'pair_key'), name='messaging_conversation_once', nulls_distinct=False, violation_error_code='conversation_exists', violation_error_message='There is a conversation about this already.'), models.CheckConstraint(condition=models.Q(models.Q(('buyer__isnull', False), ('kind', 'product'), ('product__isnull', False), ('seller__isnull', False)), models.Q(models.Q(('kind', 'product'), _negated=True), ('buyer__isnull', True), ('product__isnull', True), ('seller__isnull', True)), _connector='OR'), name='messaging_conversation_product', violation_error_code='product_contradicts_kind', violation_error_message='Only one about a product has a product, buyer and seller.'), models.CheckConstraint(condition=models.Q(models.Q(('subject_type', ''), ('subject_id__isnull', True)), models.Q(models.Q(('subject_type', ''), _negated=True), ('subject_id__isnull', False)), _connector='OR'), name='messaging_conversation_subject_pair', violation_error_code='subject_incomplete', violation_error_message='A subject has a kind and an identifier, or neither.'), models.CheckConstraint(condition=models.Q(('buyer__isnull', True), models.Q(('buyer', models.F('seller')), _negated=True), _connector='OR'), name='messaging_conversation_two', violation_error_code='not_yourself', violation_error_message='Nobody talks to themselves.')],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.UUIDField(default=config.shared.models.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('seq', models.PositiveBigIntegerField(editable=False)),
                ('message_type', models.CharField(choices=[('text', 'Text'), ('image', 'Image'), ('offer', 'Offer'), ('system', 'System')], default='text', max_length=8)),
                ('content', models.TextField(blank=True, max_length=4000)),
                ('offer_id', models.UUIDField(blank=True, editable=False, null=True)),
                ('offer_data', models.JSONField(blank=True, default=dict, editable=False, help_text='The offer as it was then.')),
                ('client_id', models.CharField(blank=True, help_text="The sender's own name for it; a retry finds it again.", max_length=80)),
                ('flags', models.JSONField(blank=True, default=list, editable=False, help_text='What both are warned of.')),
                ('edited_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('deleted_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('words', models.GeneratedField(db_persist=True, expression=config.shared.search.WeightedVector(models.F('content'), weight='A'), output_field=django.contrib.postgres.search.SearchVectorField())),
                ('conversation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='messaging.conversation')),
                ('images', models.ManyToManyField(blank=True, related_name='sent_in', to='accounts.mediafile')),
                ('removed_by', models.ForeignKey(blank=True, editable=False, help_text='Who of the staff took it down.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='messages_removed', to=settings.AUTH_USER_MODEL)),
                ('sender', models.ForeignKey(blank=True, help_text='Empty: Courtyard itself.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='messages_sent', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['conversation', 'seq', 'pk'],
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['words'], name='messaging_message_words')],
                'constraints': [models.UniqueConstraint(models.F('conversation'), models.F('seq'), name='messaging_message_seq', violation_error_code='seq_taken', violation_error_message='Another message has this place.'), models.UniqueConstraint(models.F('sender'), models.F('conversation'), models.F('client_id'), condition=models.Q(('client_id', ''), _negated=True), name='messaging_message_client_id', violation_error_code='client_id_used', violation_error_message='This message was sent already.'), models.CheckConstraint(condition=models.Q(('seq__gte', 1)), name='messaging_message_seq_range', violation_error_code='seq_range', violation_error_message='Messages are counted from 1.'), models.CheckConstraint(condition=models.Q(models.Q(('message_type', 'system'), ('sender__isnull', True)), models.Q(models.Q(('message_type', 'system'), _negated=True), ('sender__isnull', False)), _connector='OR'), name='messaging_message_sender', violation_error_code='sender_contradicts_type', violation_error_message='Only a system message has no sender.'), models.CheckConstraint(condition=models.Q(models.Q(('message_type', 'offer'), ('offer_id__isnull', False)), models.Q(models.Q(('message_type', 'offer'), _negated=True), ('offer_id__isnull', True)), _connector='OR'), name='messaging_message_offer', violation_error_code='offer_contradicts_type', violation_error_message="An offer's message, and no other, names the offer."), models.CheckConstraint(condition=models.Q(('deleted_at__isnull', True), models.Q(('content', ''), ('offer_data', {})), _connector='OR'), name='messaging_message_tombstone', violation_error_code='deleted_with_content', violation_error_message='A deleted message says nothing any more.')],
            },
        ),
        migrations.CreateModel(
            name='Participant',
            fields=[
                ('id', models.UUIDField(default=config.shared.models.uuid7, editable=False, primary_key=True, serialize=False)),
                ('role', models.CharField(choices=[('member', 'Member'), ('buyer', 'Buyer'), ('seller', 'Seller'), ('customer', 'Customer'), ('team', "Builder's team"), ('host', 'Host'), ('staff', 'Staff')], default='member', max_length=10)),
                ('last_read_seq', models.PositiveBigIntegerField(default=0, editable=False)),
                ('last_read_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('notified_seq', models.PositiveBigIntegerField(default=0, editable=False)),
                ('is_archived', models.BooleanField(default=False)),
                ('muted_until', models.DateTimeField(blank=True, null=True)),
                ('joined_seq', models.PositiveBigIntegerField(default=0, editable=False, help_text='They see what was said after it.')),
                ('joined_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('left_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('left_seq', models.PositiveBigIntegerField(blank=True, editable=False, help_text='They see what was said up to it.', null=True)),
                ('conversation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='participants', to='messaging.conversation')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='participations', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'ordering': ['conversation', 'joined_at', 'pk'],
                'indexes': [models.Index(models.F('user'), models.F('is_archived'), models.F('conversation'), name='messaging_participant_user')],
                'constraints': [models.UniqueConstraint(models.F('conversation'), models.F('user'), name='messaging_participant_once', violation_error_code='takes_part_already', violation_error_message='This person takes part already.'), models.CheckConstraint(condition=models.Q(models.Q(('left_at__isnull', True), ('left_seq__isnull', True)), models.Q(('left_at__isnull', False), ('left_seq__isnull', False)), _connector='OR'), name='messaging_participant_left', violation_error_code='left_incomplete', violation_error_message='Whoever left did so at a time and after a message.')],
            },
        ),
        migrations.AddField(
            model_name='Conversation',
            name='last_message',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='messaging.message'),
        ),
        migrations.AddField(
            model_name='notification',
            name='category',
            field=models.CharField(choices=[('security', 'Security and account'), ('messages', 'Messages'), ('market', 'Market: offers, sales and streams'), ('homes', 'Homes: bookings and construction'), ('money', 'Money: payments, instalments and refunds'), ('appointments', 'Appointments'), ('community', 'Community: residents and organizations')], default='community', max_length=12),
        ),
        migrations.AddField(
            model_name='notification',
            name='in_app',
            field=models.BooleanField(default=True, help_text='Whether it stands in the list; some want only the e-mail.'),
        ),
    ]
