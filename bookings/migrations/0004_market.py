"""Offers, sales and reviews."""

import config.shared.models
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0013_contract_purpose'),
        ('accounts', '__first__'),
        ('bookings', '0003_groups'),
        ('catalog', '0002_market'),
        ('messaging', '0002_conversations'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='payment',
            name='bookings_payment_subject',
        ),
        migrations.CreateModel(
            name='Offer',
            fields=[
                ('id', models.UUIDField(default=config.shared.models.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('move_number', models.PositiveSmallIntegerField(default=1, editable=False, help_text='Its place in the bargaining, from 1.')),
                ('offered_price', models.DecimalField(decimal_places=3, max_digits=14)),
                ('original_price', models.DecimalField(decimal_places=3, help_text="The product's price when it was made.", max_digits=14)),
                ('counter_price', models.DecimalField(blank=True, decimal_places=3, help_text='What the other side answered with.', max_digits=14, null=True)),
                ('currency', models.CharField(max_length=3)),
                ('status', models.CharField(choices=[('pending', 'Pending'), ('accepted', 'Accepted'), ('declined', 'Declined'), ('countered', 'Countered'), ('withdrawn', 'Withdrawn'), ('expired', 'Expired')], default='pending', max_length=10)),
                ('message', models.CharField(blank=True, max_length=1000)),
                ('expires_at', models.DateTimeField()),
                ('responded_at', models.DateTimeField(blank=True, null=True)),
                ('decided_by_rule', models.BooleanField(default=False, editable=False, help_text="By one of the seller's thresholds; only staff and the seller see it.")),
                ('buyer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='offers_as_buyer', to=settings.AUTH_USER_MODEL)),
                ('conversation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='offers', to='messaging.conversation')),
                ('parent', models.OneToOneField(blank=True, help_text='The offer that this one answers.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='counter', to='bookings.offer')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='offers', to='catalog.product')),
                ('proposer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='offers_proposed', to=settings.AUTH_USER_MODEL)),
                ('seller', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='offers_as_seller', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at', 'pk'],
                'indexes': [models.Index(models.F('buyer'), models.OrderBy(models.F('created_at'), descending=True), models.F('id'), name='bookings_offer_buyer'), models.Index(models.F('seller'), models.OrderBy(models.F('created_at'), descending=True), models.F('id'), name='bookings_offer_seller'), models.Index(models.F('product'), models.OrderBy(models.F('created_at'), descending=True), models.F('id'), name='bookings_offer_product'), models.Index(models.F('expires_at'), condition=models.Q(('status', 'pending')), name='bookings_offer_expiry')],
                'constraints': [models.UniqueConstraint(models.F('product'), models.F('buyer'), models.F('seller'), condition=models.Q(('status', 'pending')), name='bookings_offer_one_live', violation_error_code='offer_open', violation_error_message='There is an open offer between you already.'), models.CheckConstraint(condition=models.Q(('offered_price__gt', 0), ('original_price__gt', 0)), name='bookings_offer_price', violation_error_code='price_not_positive', violation_error_message='An offer is above nothing.'), models.CheckConstraint(condition=models.Q(('buyer', models.F('seller')), _negated=True), name='bookings_offer_two', violation_error_code='not_yourself', violation_error_message='Nobody bargains with themselves.'), models.CheckConstraint(condition=models.Q(('proposer', models.F('buyer')), ('proposer', models.F('seller')), _connector='OR'), name='bookings_offer_proposer', violation_error_code='proposer_outside', violation_error_message='An offer is made by the buyer or by the seller.'), models.CheckConstraint(condition=models.Q(('move_number__gte', 1), ('move_number__lte', 10)), name='bookings_offer_moves', violation_error_code='too_many_moves', violation_error_message='After ten moves the bargaining is over.'), models.CheckConstraint(condition=models.Q(models.Q(('move_number', 1), ('parent__isnull', True)), models.Q(('move_number__gt', 1), ('parent__isnull', False)), _connector='OR'), name='bookings_offer_chain', violation_error_code='chain_broken', violation_error_message='Every move but the first answers another.'), models.CheckConstraint(condition=models.Q(models.Q(('responded_at__isnull', True), ('status', 'pending')), models.Q(models.Q(('status', 'pending'), _negated=True), ('responded_at__isnull', False)), _connector='OR'), name='bookings_offer_responded', violation_error_code='responded_when', violation_error_message='What is decided says since when.'), models.CheckConstraint(condition=models.Q(models.Q(('counter_price__isnull', False), ('status', 'countered')), models.Q(models.Q(('status', 'countered'), _negated=True), ('counter_price__isnull', True)), _connector='OR'), name='bookings_offer_countered', violation_error_code='counter_price_missing', violation_error_message='A countered offer, and no other, has a counter price.')],
            },
        ),
        migrations.CreateModel(
            name='Transaction',
            fields=[
                ('id', models.UUIDField(default=config.shared.models.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('reference', models.CharField(editable=False, max_length=20, unique=True)),
                ('origin', models.CharField(choices=[('offer', 'Accepted offer'), ('checkout', 'Bought at its price'), ('seller', 'Reserved by the seller')], max_length=10)),
                ('amount', models.DecimalField(decimal_places=3, max_digits=14)),
                ('currency', models.CharField(max_length=3)),
                ('platform_fee', models.DecimalField(decimal_places=3, default=0, max_digits=14)),
                ('seller_payout', models.DecimalField(decimal_places=3, max_digits=14)),
                ('feed_type', models.CharField(choices=[('discover', 'Discover: everybody nearby'), ('community', 'Community: verified neighbours')], help_text='Decides the fee: what it was sold through.', max_length=10)),
                ('status', models.CharField(choices=[('pending', 'Pending'), ('completed', 'Completed'), ('disputed', 'Disputed'), ('refunded', 'Refunded'), ('failed', 'Failed')], default='pending', max_length=12)),
                ('payment_method', models.CharField(choices=[('card', 'Card, held until the handover'), ('cash', 'Cash, when they meet')], default='card', max_length=6)),
                ('reserved_until', models.DateTimeField(help_text='Until then it waits for the money.')),
                ('ended_reason', models.CharField(blank=True, max_length=200)),
                ('cash_marked_at', models.DateTimeField(blank=True, help_text='When the seller said that cash was paid.', null=True)),
                ('release_state', models.CharField(choices=[('none', 'Not here yet'), ('held', 'Held until the handover'), ('released', 'Released to the seller'), ('frozen', 'Frozen by a dispute'), ('returned', 'Returned to the buyer')], default='none', max_length=10)),
                ('handover_code_hash', models.CharField(blank=True, editable=False, max_length=128)),
                ('handover_attempts', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('handover_confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('auto_release_at', models.DateTimeField(blank=True, null=True)),
                ('released_at', models.DateTimeField(blank=True, null=True)),
                ('dispute_opened_at', models.DateTimeField(blank=True, null=True)),
                ('dispute_reason', models.CharField(blank=True, max_length=2000)),
                ('dispute_outcome', models.CharField(blank=True, choices=[('released', 'Released to the seller'), ('refunded', 'Refunded to the buyer'), ('split', 'Refunded in part'), ('withdrawn', 'Withdrawn by the buyer')], max_length=10)),
                ('dispute_note', models.CharField(blank=True, max_length=1000)),
                ('dispute_decided_at', models.DateTimeField(blank=True, null=True)),
                ('completed_at', models.DateTimeField(blank=True, null=True)),
                ('buyer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='purchases', to=settings.AUTH_USER_MODEL)),
                ('dispute_decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='disputes_decided', to=settings.AUTH_USER_MODEL)),
                ('dispute_opened_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='disputes_opened', to=settings.AUTH_USER_MODEL)),
                ('offer', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='transaction', to='bookings.offer')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transactions', to='catalog.product')),
                ('seller', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sales', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at', 'pk'],
                'permissions': [('decide_dispute', 'May decide disputes about sales'), ('export_transaction', 'May take the list of sales away as a file')],
                'indexes': [models.Index(models.F('buyer'), models.OrderBy(models.F('created_at'), descending=True), models.F('id'), name='bookings_transaction_buyer'), models.Index(models.F('seller'), models.OrderBy(models.F('created_at'), descending=True), models.F('id'), name='bookings_transaction_seller'), models.Index(models.F('status'), models.F('created_at'), models.F('id'), name='bookings_transaction_status'), models.Index(models.F('reserved_until'), condition=models.Q(('status', 'pending')), name='bookings_transaction_lapsing'), models.Index(models.F('auto_release_at'), condition=models.Q(('release_state', 'held')), name='bookings_transaction_release')],
                'constraints': [models.UniqueConstraint(models.F('product'), condition=models.Q(('status__in', ('pending', 'completed', 'disputed'))), name='bookings_transaction_one_live', violation_error_code='already_claimed', violation_error_message='Somebody else was quicker: it is reserved or sold.'), models.CheckConstraint(condition=models.Q(('amount__gt', 0), ('platform_fee__gte', 0), ('seller_payout__gte', 0), ('amount', django.db.models.expressions.CombinedExpression(models.F('platform_fee'), '+', models.F('seller_payout')))), name='bookings_transaction_amounts', violation_error_code='amounts_differ', violation_error_message='Fee and payout add up to the amount.'), models.CheckConstraint(condition=models.Q(('buyer', models.F('seller')), _negated=True), name='bookings_transaction_two', violation_error_code='not_yourself', violation_error_message='Nobody buys their own things.'), models.CheckConstraint(condition=models.Q(models.Q(('completed_at__isnull', False), ('status__in', ('completed', 'disputed', 'refunded')), models.Q(('release_state', 'none'), _negated=True)), models.Q(models.Q(('status__in', ('completed', 'disputed', 'refunded')), _negated=True), ('completed_at__isnull', True), ('release_state', 'none')), _connector='OR'), name='bookings_transaction_paid', violation_error_code='payment_contradicts_status', violation_error_message='A paid sale says since when and where the money is.'), models.CheckConstraint(condition=models.Q(models.Q(('dispute_opened_at__isnull', False), ('release_state', 'frozen'), ('status', 'disputed')), models.Q(models.Q(('status', 'disputed'), _negated=True), models.Q(('release_state', 'frozen'), _negated=True)), _connector='OR'), name='bookings_transaction_disputed', violation_error_code='dispute_contradicts_money', violation_error_message='The money of a disputed sale, and of no other, is frozen.'), models.CheckConstraint(condition=models.Q(models.Q(('release_state', 'held'), _negated=True), ('auto_release_at__isnull', False), _connector='OR'), name='bookings_transaction_release', violation_error_code='release_when', violation_error_message='Held money says when it is released by itself.'), models.CheckConstraint(condition=models.Q(models.Q(('release_state', 'returned'), ('status', 'refunded')), models.Q(models.Q(('status', 'refunded'), _negated=True), models.Q(('release_state', 'returned'), _negated=True)), _connector='OR'), name='bookings_transaction_returned', violation_error_code='return_contradicts_status', violation_error_message='Money is returned exactly when the sale is refunded.')],
            },
        ),
        migrations.CreateModel(
            name='TransactionEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.UUIDField(default=config.shared.models.uuid7, editable=False, serialize=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('reference', models.CharField(editable=False, max_length=20)),
                ('origin', models.CharField(choices=[('offer', 'Accepted offer'), ('checkout', 'Bought at its price'), ('seller', 'Reserved by the seller')], max_length=10)),
                ('amount', models.DecimalField(decimal_places=3, max_digits=14)),
                ('currency', models.CharField(max_length=3)),
                ('platform_fee', models.DecimalField(decimal_places=3, default=0, max_digits=14)),
                ('seller_payout', models.DecimalField(decimal_places=3, max_digits=14)),
                ('feed_type', models.CharField(choices=[('discover', 'Discover: everybody nearby'), ('community', 'Community: verified neighbours')], help_text='Decides the fee: what it was sold through.', max_length=10)),
                ('status', models.CharField(choices=[('pending', 'Pending'), ('completed', 'Completed'), ('disputed', 'Disputed'), ('refunded', 'Refunded'), ('failed', 'Failed')], default='pending', max_length=12)),
                ('payment_method', models.CharField(choices=[('card', 'Card, held until the handover'), ('cash', 'Cash, when they meet')], default='card', max_length=6)),
                ('reserved_until', models.DateTimeField(help_text='Until then it waits for the money.')),
                ('ended_reason', models.CharField(blank=True, max_length=200)),
                ('cash_marked_at', models.DateTimeField(blank=True, help_text='When the seller said that cash was paid.', null=True)),
                ('release_state', models.CharField(choices=[('none', 'Not here yet'), ('held', 'Held until the handover'), ('released', 'Released to the seller'), ('frozen', 'Frozen by a dispute'), ('returned', 'Returned to the buyer')], default='none', max_length=10)),
                ('handover_attempts', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('handover_confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('auto_release_at', models.DateTimeField(blank=True, null=True)),
                ('released_at', models.DateTimeField(blank=True, null=True)),
                ('dispute_opened_at', models.DateTimeField(blank=True, null=True)),
                ('dispute_reason', models.CharField(blank=True, max_length=2000)),
                ('dispute_outcome', models.CharField(blank=True, choices=[('released', 'Released to the seller'), ('refunded', 'Refunded to the buyer'), ('split', 'Refunded in part'), ('withdrawn', 'Withdrawn by the buyer')], max_length=10)),
                ('dispute_note', models.CharField(blank=True, max_length=1000)),
                ('dispute_decided_at', models.DateTimeField(blank=True, null=True)),
                ('completed_at', models.DateTimeField(blank=True, null=True)),
                ('buyer', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('dispute_decided_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('dispute_opened_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('offer', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='bookings.offer')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='bookings.transaction')),
                ('product', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='catalog.product')),
                ('seller', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.UUIDField(default=config.shared.models.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('rating', models.PositiveSmallIntegerField(help_text='1 to 5 stars.')),
                ('text', models.CharField(blank=True, max_length=2000)),
                ('reply', models.CharField(blank=True, max_length=1000)),
                ('replied_at', models.DateTimeField(blank=True, null=True)),
                ('status', models.CharField(choices=[('published', 'Published'), ('hidden', 'Hidden by the staff')], default='published', max_length=10)),
                ('hidden_reason', models.CharField(blank=True, max_length=500)),
                ('visible_from', models.DateTimeField(editable=False, help_text='Two weeks after it was written, or when the other side wrote.')),
                ('appointment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='bookings.appointment')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews_written', to=settings.AUTH_USER_MODEL)),
                ('hidden_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='reviews_hidden', to=settings.AUTH_USER_MODEL)),
                ('subject_organization', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reviews_received', to='accounts.organization')),
                ('subject_user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reviews_received', to=settings.AUTH_USER_MODEL)),
                ('transaction', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='bookings.transaction')),
            ],
            options={
                'ordering': ['-created_at', 'pk'],
                'permissions': [('moderate_review', 'May hide reviews')],
                'indexes': [models.Index(models.F('subject_user'), models.OrderBy(models.F('created_at'), descending=True), models.F('id'), name='bookings_review_of_person'), models.Index(models.F('subject_organization'), models.OrderBy(models.F('created_at'), descending=True), models.F('id'), name='bookings_review_of_org')],
                'constraints': [models.UniqueConstraint(models.F('author'), models.F('transaction'), models.F('appointment'), name='bookings_review_once', nulls_distinct=False, violation_error_code='reviewed_already', violation_error_message='You have reviewed this deal already.'), models.CheckConstraint(condition=models.Q(('rating__gte', 1), ('rating__lte', 5)), name='bookings_review_rating', violation_error_code='rating_range', violation_error_message='A rating is 1 to 5 stars.'), models.CheckConstraint(condition=models.Q(models.Q(('subject_organization__isnull', True), ('subject_user__isnull', False)), models.Q(('subject_organization__isnull', False), ('subject_user__isnull', True)), _connector='OR'), name='bookings_review_one_subject', violation_error_code='one_subject', violation_error_message='A review is about one person or one organization.'), models.CheckConstraint(condition=models.Q(models.Q(('appointment__isnull', True), ('transaction__isnull', False)), models.Q(('appointment__isnull', False), ('transaction__isnull', True)), _connector='OR'), name='bookings_review_one_deal', violation_error_code='one_deal', violation_error_message='A review is about one deal.'), models.CheckConstraint(condition=models.Q(('subject_user__isnull', True), models.Q(('subject_user', models.F('author')), _negated=True), _connector='OR'), name='bookings_review_not_self', violation_error_code='not_yourself', violation_error_message='Nobody reviews themselves.'), models.CheckConstraint(condition=models.Q(models.Q(('reply', ''), ('replied_at__isnull', True)), models.Q(models.Q(('reply', ''), _negated=True), ('replied_at__isnull', False)), _connector='OR'), name='bookings_review_reply', violation_error_code='replied_when', violation_error_message='A reply says when it was written.')],
            },
        ),
        migrations.AlterField(
            model_name='claimlog',
            name='subject',
            field=models.CharField(choices=[('unit', 'Unit'), ('waitlist_offer', 'Waiting-list offer'), ('slot', 'Appointment slot'), ('product', 'Product')], max_length=16),
        ),
        migrations.AlterField(
            model_name='payment',
            name='purpose',
            field=models.CharField(choices=[('deposit', 'Deposit'), ('instalment', 'Instalment'), ('change', 'Change request'), ('late_fee', 'Late fee'), ('sale', 'Sale')], max_length=12),
        ),
        migrations.AlterField(
            model_name='paymentevent',
            name='purpose',
            field=models.CharField(choices=[('deposit', 'Deposit'), ('instalment', 'Instalment'), ('change', 'Change request'), ('late_fee', 'Late fee'), ('sale', 'Sale')], max_length=12),
        ),
        migrations.AlterField(
            model_name='refund',
            name='reason',
            field=models.CharField(choices=[('late_money', 'Arrived after it was taken'), ('surplus', 'More than was owed'), ('cancellation', 'Cancellation'), ('goodwill', 'Goodwill'), ('dispute', 'Dispute'), ('mistake', 'Mistake')], max_length=14),
        ),
        migrations.AlterField(
            model_name='refundevent',
            name='reason',
            field=models.CharField(choices=[('late_money', 'Arrived after it was taken'), ('surplus', 'More than was owed'), ('cancellation', 'Cancellation'), ('goodwill', 'Goodwill'), ('dispute', 'Dispute'), ('mistake', 'Mistake')], max_length=14),
        ),
        migrations.AddField(
            model_name='claimlog',
            name='transaction',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='claims', to='bookings.transaction'),
        ),
        migrations.AddField(
            model_name='payment',
            name='transaction',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='bookings.transaction'),
        ),
        migrations.AddField(
            model_name='paymentevent',
            name='transaction',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='bookings.transaction'),
        ),
        migrations.AddIndex(
            model_name='payment',
            index=models.Index(models.F('transaction'), models.F('status'), name='bookings_payment_transaction'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('booking__isnull', False), ('instalment__isnull', False), ('transaction__isnull', True), models.Q(('purpose', 'sale'), _negated=True)), models.Q(('booking__isnull', True), ('instalment__isnull', True), ('purpose', 'sale'), ('transaction__isnull', False)), _connector='OR'), name='bookings_payment_subject', violation_error_code='subject_missing', violation_error_message='A payment says what it pays for.'),
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='payment',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='payment',
            name='update_update',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='payment',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "bookings_paymentevent" ("amount", "booking_id", "client_key", "completed_at", "confirmed_by_id", "created_at", "currency", "failure_code", "gateway", "id", "instalment_id", "offline_reference", "payee_organization_id", "payee_user_id", "payer_id", "payment_method", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "platform_fee", "purpose", "receipt_no", "reference", "refunded_amount", "status", "stripe_charge_id", "stripe_payment_intent_id", "stripe_transfer_id", "transaction_id") VALUES (NEW."amount", NEW."booking_id", NEW."client_key", NEW."completed_at", NEW."confirmed_by_id", NEW."created_at", NEW."currency", NEW."failure_code", NEW."gateway", NEW."id", NEW."instalment_id", NEW."offline_reference", NEW."payee_organization_id", NEW."payee_user_id", NEW."payer_id", NEW."payment_method", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."platform_fee", NEW."purpose", NEW."receipt_no", NEW."reference", NEW."refunded_amount", NEW."status", NEW."stripe_charge_id", NEW."stripe_payment_intent_id", NEW."stripe_transfer_id", NEW."transaction_id"); RETURN NULL;', hash='e413ad8ce840df0052a8af8e5826d17711e1ecf7', operation='INSERT', pgid='pgtrigger_insert_insert_82041', table='bookings_payment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='payment',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."amount" IS DISTINCT FROM (NEW."amount") OR OLD."booking_id" IS DISTINCT FROM (NEW."booking_id") OR OLD."client_key" IS DISTINCT FROM (NEW."client_key") OR OLD."completed_at" IS DISTINCT FROM (NEW."completed_at") OR OLD."confirmed_by_id" IS DISTINCT FROM (NEW."confirmed_by_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."currency" IS DISTINCT FROM (NEW."currency") OR OLD."failure_code" IS DISTINCT FROM (NEW."failure_code") OR OLD."gateway" IS DISTINCT FROM (NEW."gateway") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."instalment_id" IS DISTINCT FROM (NEW."instalment_id") OR OLD."offline_reference" IS DISTINCT FROM (NEW."offline_reference") OR OLD."payee_organization_id" IS DISTINCT FROM (NEW."payee_organization_id") OR OLD."payee_user_id" IS DISTINCT FROM (NEW."payee_user_id") OR OLD."payer_id" IS DISTINCT FROM (NEW."payer_id") OR OLD."payment_method" IS DISTINCT FROM (NEW."payment_method") OR OLD."platform_fee" IS DISTINCT FROM (NEW."platform_fee") OR OLD."purpose" IS DISTINCT FROM (NEW."purpose") OR OLD."receipt_no" IS DISTINCT FROM (NEW."receipt_no") OR OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."refunded_amount" IS DISTINCT FROM (NEW."refunded_amount") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."stripe_charge_id" IS DISTINCT FROM (NEW."stripe_charge_id") OR OLD."stripe_payment_intent_id" IS DISTINCT FROM (NEW."stripe_payment_intent_id") OR OLD."stripe_transfer_id" IS DISTINCT FROM (NEW."stripe_transfer_id") OR OLD."transaction_id" IS DISTINCT FROM (NEW."transaction_id"))', func='INSERT INTO "bookings_paymentevent" ("amount", "booking_id", "client_key", "completed_at", "confirmed_by_id", "created_at", "currency", "failure_code", "gateway", "id", "instalment_id", "offline_reference", "payee_organization_id", "payee_user_id", "payer_id", "payment_method", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "platform_fee", "purpose", "receipt_no", "reference", "refunded_amount", "status", "stripe_charge_id", "stripe_payment_intent_id", "stripe_transfer_id", "transaction_id") VALUES (NEW."amount", NEW."booking_id", NEW."client_key", NEW."completed_at", NEW."confirmed_by_id", NEW."created_at", NEW."currency", NEW."failure_code", NEW."gateway", NEW."id", NEW."instalment_id", NEW."offline_reference", NEW."payee_organization_id", NEW."payee_user_id", NEW."payer_id", NEW."payment_method", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."platform_fee", NEW."purpose", NEW."receipt_no", NEW."reference", NEW."refunded_amount", NEW."status", NEW."stripe_charge_id", NEW."stripe_payment_intent_id", NEW."stripe_transfer_id", NEW."transaction_id"); RETURN NULL;', hash='360c15eca51cb44d4e62e8dd19d6b194d3f8b4e2', operation='UPDATE', pgid='pgtrigger_update_update_3a7df', table='bookings_payment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='transaction',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "bookings_transactionevent" ("amount", "auto_release_at", "buyer_id", "cash_marked_at", "completed_at", "created_at", "currency", "dispute_decided_at", "dispute_decided_by_id", "dispute_note", "dispute_opened_at", "dispute_opened_by_id", "dispute_outcome", "dispute_reason", "ended_reason", "feed_type", "handover_attempts", "handover_confirmed_at", "id", "offer_id", "origin", "payment_method", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "platform_fee", "product_id", "reference", "release_state", "released_at", "reserved_until", "seller_id", "seller_payout", "status") VALUES (NEW."amount", NEW."auto_release_at", NEW."buyer_id", NEW."cash_marked_at", NEW."completed_at", NEW."created_at", NEW."currency", NEW."dispute_decided_at", NEW."dispute_decided_by_id", NEW."dispute_note", NEW."dispute_opened_at", NEW."dispute_opened_by_id", NEW."dispute_outcome", NEW."dispute_reason", NEW."ended_reason", NEW."feed_type", NEW."handover_attempts", NEW."handover_confirmed_at", NEW."id", NEW."offer_id", NEW."origin", NEW."payment_method", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."platform_fee", NEW."product_id", NEW."reference", NEW."release_state", NEW."released_at", NEW."reserved_until", NEW."seller_id", NEW."seller_payout", NEW."status"); RETURN NULL;', hash='b9bc7896c4082293c05415758c08b3de20050c31', operation='INSERT', pgid='pgtrigger_insert_insert_53a20', table='bookings_transaction', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='transaction',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."amount" IS DISTINCT FROM (NEW."amount") OR OLD."auto_release_at" IS DISTINCT FROM (NEW."auto_release_at") OR OLD."buyer_id" IS DISTINCT FROM (NEW."buyer_id") OR OLD."cash_marked_at" IS DISTINCT FROM (NEW."cash_marked_at") OR OLD."completed_at" IS DISTINCT FROM (NEW."completed_at") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."currency" IS DISTINCT FROM (NEW."currency") OR OLD."dispute_decided_at" IS DISTINCT FROM (NEW."dispute_decided_at") OR OLD."dispute_decided_by_id" IS DISTINCT FROM (NEW."dispute_decided_by_id") OR OLD."dispute_note" IS DISTINCT FROM (NEW."dispute_note") OR OLD."dispute_opened_at" IS DISTINCT FROM (NEW."dispute_opened_at") OR OLD."dispute_opened_by_id" IS DISTINCT FROM (NEW."dispute_opened_by_id") OR OLD."dispute_outcome" IS DISTINCT FROM (NEW."dispute_outcome") OR OLD."dispute_reason" IS DISTINCT FROM (NEW."dispute_reason") OR OLD."ended_reason" IS DISTINCT FROM (NEW."ended_reason") OR OLD."feed_type" IS DISTINCT FROM (NEW."feed_type") OR OLD."handover_attempts" IS DISTINCT FROM (NEW."handover_attempts") OR OLD."handover_confirmed_at" IS DISTINCT FROM (NEW."handover_confirmed_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."offer_id" IS DISTINCT FROM (NEW."offer_id") OR OLD."origin" IS DISTINCT FROM (NEW."origin") OR OLD."payment_method" IS DISTINCT FROM (NEW."payment_method") OR OLD."platform_fee" IS DISTINCT FROM (NEW."platform_fee") OR OLD."product_id" IS DISTINCT FROM (NEW."product_id") OR OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."release_state" IS DISTINCT FROM (NEW."release_state") OR OLD."released_at" IS DISTINCT FROM (NEW."released_at") OR OLD."reserved_until" IS DISTINCT FROM (NEW."reserved_until") OR OLD."seller_id" IS DISTINCT FROM (NEW."seller_id") OR OLD."seller_payout" IS DISTINCT FROM (NEW."seller_payout") OR OLD."status" IS DISTINCT FROM (NEW."status"))', func='INSERT INTO "bookings_transactionevent" ("amount", "auto_release_at", "buyer_id", "cash_marked_at", "completed_at", "created_at", "currency", "dispute_decided_at", "dispute_decided_by_id", "dispute_note", "dispute_opened_at", "dispute_opened_by_id", "dispute_outcome", "dispute_reason", "ended_reason", "feed_type", "handover_attempts", "handover_confirmed_at", "id", "offer_id", "origin", "payment_method", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "platform_fee", "product_id", "reference", "release_state", "released_at", "reserved_until", "seller_id", "seller_payout", "status") VALUES (NEW."amount", NEW."auto_release_at", NEW."buyer_id", NEW."cash_marked_at", NEW."completed_at", NEW."created_at", NEW."currency", NEW."dispute_decided_at", NEW."dispute_decided_by_id", NEW."dispute_note", NEW."dispute_opened_at", NEW."dispute_opened_by_id", NEW."dispute_outcome", NEW."dispute_reason", NEW."ended_reason", NEW."feed_type", NEW."handover_attempts", NEW."handover_confirmed_at", NEW."id", NEW."offer_id", NEW."origin", NEW."payment_method", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."platform_fee", NEW."product_id", NEW."reference", NEW."release_state", NEW."released_at", NEW."reserved_until", NEW."seller_id", NEW."seller_payout", NEW."status"); RETURN NULL;', hash='e7b0489afc18bda37ecf60a27eb254bc9e0f0bb0', operation='UPDATE', pgid='pgtrigger_update_update_c5a3f', table='bookings_transaction', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='transactionevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e4a2f7cb15d4126a2ee074b55adcec876aa21ad4', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_6ff52', table='bookings_transactionevent', when='BEFORE')),
        ),
    ]
