"""Developments, units, construction, hours: the homes of the catalogue."""

import config.shared.geo
import config.shared.models
from django.contrib.postgres.operations import TrigramExtension
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0013_contract_purpose'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        TrigramExtension(),
        migrations.CreateModel(
            name='Development',
            fields=[
                ('id', models.UUIDField(default=config.shared.models.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('lat', config.shared.geo.LatitudeField(blank=True, null=True, verbose_name='latitude')),
                ('lng', config.shared.geo.LongitudeField(blank=True, null=True, verbose_name='longitude')),
                ('point', models.GeneratedField(db_persist=True, expression=config.shared.geo.GeocentricPoint(models.F('lat'), models.F('lng')), output_field=config.shared.geo.CubeField())),
                ('name', models.CharField(max_length=160)),
                ('slug', models.SlugField(editable=False, max_length=180, unique=True)),
                ('type', models.CharField(choices=[('apartments', 'Apartments'), ('villas', 'Villas'), ('townhouses', 'Townhouses'), ('mixed_use', 'Mixed use'), ('commercial', 'Commercial'), ('plots', 'Plots')], default='apartments', max_length=20)),
                ('status', models.CharField(choices=[('planning', 'Planning'), ('pre_launch', 'Pre-launch'), ('selling', 'Selling'), ('under_construction', 'Under construction'), ('ready', 'Ready'), ('handed_over', 'Handed over'), ('archived', 'Archived')], default='planning', max_length=20)),
                ('is_selling', models.BooleanField(default=False, help_text='Whether units can be held now; it may go on during construction.')),
                ('description', models.TextField(blank=True, max_length=8000)),
                ('address', models.CharField(blank=True, max_length=300)),
                ('city', models.CharField(max_length=120)),
                ('state', models.CharField(blank=True, max_length=120)),
                ('country', models.CharField(default='AE', max_length=2)),
                ('pincode', models.CharField(blank=True, max_length=20)),
                ('amenities', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), blank=True, default=list, size=40)),
                ('launch_date', models.DateField(blank=True, null=True)),
                ('expected_completion', models.DateField(blank=True, null=True)),
                ('actual_completion', models.DateField(blank=True, null=True)),
                ('permit_no', models.CharField(blank=True, max_length=60, verbose_name='permit (RERA) number')),
                ('time_zone', models.CharField(default='Asia/Dubai', max_length=64)),
                ('currency', models.CharField(default='AED', max_length=3)),
                ('hold_minutes', models.PositiveSmallIntegerField(default=15, help_text='How long a hold lasts, in minutes.')),
                ('max_holds_per_user', models.PositiveSmallIntegerField(blank=True, help_text="Empty: as many as the site's setting says.", null=True)),
                ('terms', models.TextField(blank=True, max_length=20000)),
                ('late_fee_policy', models.JSONField(blank=True, default=dict)),
                ('cancellation_policy', models.JSONField(blank=True, default=dict)),
                ('plan_template', models.JSONField(blank=True, default=dict)),
                ('deleted_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('brochure', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='brochure_of', to='accounts.mediafile')),
                ('builder', models.ForeignKey(limit_choices_to={'kind': 'builder'}, on_delete=django.db.models.deletion.PROTECT, related_name='developments', to='accounts.organization')),
                ('buildings', models.ManyToManyField(blank=True, related_name='developments', to='accounts.building')),
                ('cover', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='cover_of', to='accounts.mediafile')),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='developments_created', to=settings.AUTH_USER_MODEL)),
                ('images', models.ManyToManyField(blank=True, related_name='pictured_developments', to='accounts.mediafile')),
            ],
            options={
                'ordering': ['name', 'pk'],
                'permissions': [('manage_development', 'May act for the builder of any development'), ('export_development', 'May take the list of developments away as a file')],
                'indexes': [django.contrib.postgres.indexes.GistIndex(fields=['point'], name='catalog_development_point'), models.Index(models.F('builder'), models.F('status'), models.F('id'), name='catalog_development_builder'), models.Index(models.F('city'), models.F('name'), models.F('id'), condition=models.Q(('deleted_at__isnull', True), ('status__in', ('pre_launch', 'selling', 'under_construction', 'ready', 'handed_over'))), name='catalog_development_public'), django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('name'), name='gin_trgm_ops'), name='catalog_development_words')],
                'constraints': [models.UniqueConstraint(models.F('builder'), django.db.models.functions.text.Upper('name'), models.F('city'), condition=models.Q(('deleted_at__isnull', True)), name='catalog_development_unique', violation_error_code='development_exists', violation_error_message='This builder has a development of this name there.'), models.CheckConstraint(condition=models.Q(('hold_minutes__gte', 1), ('hold_minutes__lte', 10080)), name='catalog_development_hold_minutes', violation_error_code='hold_minutes_range', violation_error_message='A hold lasts from one minute to a week.'), models.CheckConstraint(condition=models.Q(('max_holds_per_user__isnull', True), models.Q(('max_holds_per_user__gte', 1), ('max_holds_per_user__lte', 100)), _connector='OR'), name='catalog_development_max_holds', violation_error_code='max_holds_range', violation_error_message='One person may hold 1 to 100 units.'), models.CheckConstraint(condition=models.Q(('is_selling', False), ('status__in', ('selling', 'under_construction', 'ready')), _connector='OR'), name='catalog_development_selling_state', violation_error_code='not_sellable', violation_error_message='Only what is launched and not handed over is on sale.'), models.CheckConstraint(condition=models.Q(('launch_date__isnull', True), ('expected_completion__isnull', True), ('launch_date__lte', models.F('expected_completion')), _connector='OR'), name='catalog_development_dates', violation_error_code='dates_reversed', violation_error_message='A development is not completed before it is launched.'), models.CheckConstraint(condition=models.Q(models.Q(('lat__isnull', True), ('lng__isnull', True)), models.Q(('lat__isnull', False), ('lng__isnull', False)), _connector='OR'), name='catalog_development_place_both_or_neither', violation_error_code='place_incomplete', violation_error_message='Give both a latitude and a longitude, or neither.'), models.CheckConstraint(condition=models.Q(('lat__isnull', True), models.Q(('lat__gte', -90.0), ('lat__lte', 90.0)), _connector='OR'), name='catalog_development_lat_in_range', violation_error_code='lat_out_of_range', violation_error_message='A latitude lies between -90 and 90 degrees.'), models.CheckConstraint(condition=models.Q(('lng__isnull', True), models.Q(('lng__gte', -180.0), ('lng__lte', 180.0)), _connector='OR'), name='catalog_development_lng_in_range', violation_error_code='lng_out_of_range', violation_error_message='A longitude lies between -180 and 180 degrees.')],
            },
        ),
        migrations.CreateModel(
            name='Availability',
            fields=[
                ('id', models.UUIDField(default=config.shared.models.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('weekday', models.PositiveSmallIntegerField(choices=[(0, 'Monday'), (1, 'Tuesday'), (2, 'Wednesday'), (3, 'Thursday'), (4, 'Friday'), (5, 'Saturday'), (6, 'Sunday')])),
                ('from_minute', models.PositiveSmallIntegerField(help_text='Minutes after midnight.')),
                ('to_minute', models.PositiveSmallIntegerField(help_text='Minutes after midnight.')),
                ('time_zone', models.CharField(max_length=64)),
                ('slot_minutes', models.PositiveSmallIntegerField(default=60)),
                ('buffer_minutes', models.PositiveSmallIntegerField(default=0, help_text='Kept free between two visits.')),
                ('lead_minutes', models.PositiveIntegerField(default=120, help_text='How long before a visit it has to be asked for at the latest.')),
                ('host', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='availabilities', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'availabilities',
                'ordering': ['host', 'weekday', 'from_minute', 'pk'],
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('host', '='), ('weekday', '='), (models.Func(models.F('from_minute'), models.F('to_minute'), function='int4range'), '&&')], name='catalog_availability_no_overlap', violation_error_code='hours_overlap', violation_error_message='These hours overlap with others of the same day.'), models.CheckConstraint(condition=models.Q(('from_minute__lt', models.F('to_minute')), ('to_minute__lte', 1440)), name='catalog_availability_hours', violation_error_code='hours_reversed', violation_error_message='Hours begin before they end, within one day.'), models.CheckConstraint(condition=models.Q(('slot_minutes__gte', 5), ('slot_minutes__lte', 480)), name='catalog_availability_slot', violation_error_code='slot_range', violation_error_message='A visit takes 5 minutes to 8 hours.'), models.CheckConstraint(condition=models.Q(('buffer_minutes__lte', 480), ('lead_minutes__lte', 43200)), name='catalog_availability_buffer', violation_error_code='buffer_range', violation_error_message='A buffer is at most 8 hours, a lead time 30 days.')],
            },
        ),
        migrations.CreateModel(
            name='AvailabilityException',
            fields=[
                ('id', models.UUIDField(default=config.shared.models.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('day', models.DateField()),
                ('is_closed', models.BooleanField(default=True)),
                ('from_minute', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('to_minute', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('note', models.CharField(blank=True, max_length=160)),
                ('host', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='availability_exceptions', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['host', 'day', 'pk'],
                'constraints': [models.UniqueConstraint(models.F('host'), models.F('day'), name='catalog_availabilityexception_once', violation_error_code='day_exists', violation_error_message='This day is an exception already.'), models.CheckConstraint(condition=models.Q(models.Q(('from_minute__isnull', True), ('is_closed', True), ('to_minute__isnull', True)), models.Q(('from_minute__isnull', False), ('from_minute__lt', models.F('to_minute')), ('is_closed', False), ('to_minute__isnull', False), ('to_minute__lte', 1440)), _connector='OR'), name='catalog_availabilityexception_hours', violation_error_code='hours_incomplete', violation_error_message='Either closed, or open from one hour to a later one.')],
            },
        ),
        migrations.CreateModel(
            name='DevelopmentEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('name', models.CharField(max_length=160)),
                ('status', models.CharField(choices=[('planning', 'Planning'), ('pre_launch', 'Pre-launch'), ('selling', 'Selling'), ('under_construction', 'Under construction'), ('ready', 'Ready'), ('handed_over', 'Handed over'), ('archived', 'Archived')], default='planning', max_length=20)),
                ('is_selling', models.BooleanField(default=False, help_text='Whether units can be held now; it may go on during construction.')),
                ('hold_minutes', models.PositiveSmallIntegerField(default=15, help_text='How long a hold lasts, in minutes.')),
                ('max_holds_per_user', models.PositiveSmallIntegerField(blank=True, help_text="Empty: as many as the site's setting says.", null=True)),
                ('terms', models.TextField(blank=True, max_length=20000)),
                ('late_fee_policy', models.JSONField(blank=True, default=dict)),
                ('cancellation_policy', models.JSONField(blank=True, default=dict)),
                ('plan_template', models.JSONField(blank=True, default=dict)),
                ('deleted_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('builder', models.ForeignKey(db_constraint=False, limit_choices_to={'kind': 'builder'}, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.organization')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='builder_name_status_is_selling_hold_minutes_max_holds_per_user_terms_late_fee_policy_cancellation_policy_plan_template_deleted_at_events', to='catalog.development')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='DevelopmentFollow',
            fields=[
                ('id', models.UUIDField(default=config.shared.models.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('development', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='follows', to='catalog.development')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='developments_followed', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'ordering': ['-created_at', 'pk'],
                'constraints': [models.UniqueConstraint(models.F('development'), models.F('user'), name='catalog_developmentfollow_once', violation_error_code='follows_already', violation_error_message='This person follows the development already.')],
            },
        ),
        migrations.CreateModel(
            name='ProgressPhase',
            fields=[
                ('id', models.UUIDField(default=config.shared.models.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('name', models.CharField(max_length=120)),
                ('order', models.PositiveSmallIntegerField(default=1)),
                ('weight', models.DecimalField(decimal_places=2, help_text='Its share of the whole, relative to the others.', max_digits=6)),
                ('planned_start', models.DateField(blank=True, null=True)),
                ('planned_end', models.DateField(blank=True, null=True)),
                ('actual_start', models.DateField(blank=True, null=True)),
                ('actual_end', models.DateField(blank=True, null=True)),
                ('percent', models.DecimalField(decimal_places=2, default=0, max_digits=5)),
                ('status', models.CharField(choices=[('planned', 'Planned'), ('in_progress', 'In progress'), ('completed', 'Completed'), ('delayed', 'Delayed'), ('on_hold', 'On hold')], default='planned', max_length=12)),
                ('description', models.CharField(blank=True, max_length=2000)),
                ('corrected_reason', models.CharField(blank=True, max_length=500)),
                ('development', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='phases', to='catalog.development')),
                ('evidence', models.ManyToManyField(blank=True, related_name='evidence_of_phases', to='accounts.mediafile')),
            ],
            options={
                'verbose_name': 'phase',
                'ordering': ['development', 'order', 'pk'],
                'constraints': [models.UniqueConstraint(models.F('development'), django.db.models.functions.text.Upper('name'), name='catalog_progressphase_name_unique', violation_error_code='phase_exists', violation_error_message='This development has a phase of this name.'), models.CheckConstraint(condition=models.Q(('percent__gte', 0), ('percent__lte', 100)), name='catalog_progressphase_percent', violation_error_code='percent_range', violation_error_message='A phase is 0 to 100 per cent done.'), models.CheckConstraint(condition=models.Q(('weight__gt', 0), ('weight__lte', 1000)), name='catalog_progressphase_weight', violation_error_code='weight_range', violation_error_message='A weight is above 0 and at most 1,000.'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'completed'), _negated=True), models.Q(('actual_end__isnull', False), ('percent', 100)), _connector='OR'), name='catalog_progressphase_completed', violation_error_code='completed_incompletely', violation_error_message='A completed phase is at 100 per cent and has an end.'), models.CheckConstraint(condition=models.Q(('planned_start__isnull', True), ('planned_end__isnull', True), ('planned_start__lte', models.F('planned_end')), _connector='OR'), name='catalog_progressphase_planned', violation_error_code='planned_dates_reversed', violation_error_message='A phase is not planned to end before it begins.'), models.CheckConstraint(condition=models.Q(('actual_start__isnull', True), ('actual_end__isnull', True), ('actual_start__lte', models.F('actual_end')), _connector='OR'), name='catalog_progressphase_actual', violation_error_code='actual_dates_reversed', violation_error_message='A phase does not end before it begins.')],
            },
        ),
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('id', models.UUIDField(default=config.shared.models.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('block', models.CharField(blank=True, max_length=40)),
                ('floor', models.SmallIntegerField(default=0)),
                ('number', models.CharField(max_length=40)),
                ('unit_type', models.CharField(choices=[('studio', 'Studio'), ('apartment', 'Apartment'), ('duplex', 'Duplex'), ('penthouse', 'Penthouse'), ('townhouse', 'Townhouse'), ('villa', 'Villa'), ('plot', 'Plot'), ('office', 'Office'), ('shop', 'Shop')], default='apartment', max_length=20)),
                ('bedrooms', models.PositiveSmallIntegerField(default=0)),
                ('bathrooms', models.PositiveSmallIntegerField(default=0)),
                ('area', models.DecimalField(blank=True, decimal_places=2, help_text='Square metres.', max_digits=10, null=True)),
                ('balcony_area', models.DecimalField(blank=True, decimal_places=2, help_text='Square metres.', max_digits=10, null=True)),
                ('view', models.CharField(blank=True, max_length=120)),
                ('parking', models.PositiveSmallIntegerField(default=0)),
                ('price', models.DecimalField(decimal_places=3, max_digits=14)),
                ('currency', models.CharField(default='AED', max_length=3)),
                ('status', models.CharField(choices=[('available', 'Available'), ('held', 'Held'), ('reserved', 'Reserved'), ('sold', 'Sold'), ('handed_over', 'Handed over'), ('blocked', 'Blocked')], default='available', editable=False, help_text='Follows the booking of the unit.', max_length=12)),
                ('claimed_until', models.DateTimeField(blank=True, editable=False, help_text='When the present hold, payment or waiting-list offer lapses.', null=True)),
                ('waiting_count', models.PositiveIntegerField(default=0, editable=False)),
                ('features', models.JSONField(blank=True, default=dict)),
                ('building', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='units', to='accounts.building')),
                ('development', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='units', to='catalog.development')),
                ('floor_plan', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='floor_plan_of', to='accounts.mediafile')),
            ],
            options={
                'ordering': ['development', 'block', 'floor', 'number', 'pk'],
                'permissions': [('import_unit', 'May import units from a file')],
                'indexes': [models.Index(models.F('development'), models.F('floor'), models.F('number'), models.F('id'), name='catalog_unit_floor'), models.Index(models.F('development'), models.F('status'), models.F('id'), name='catalog_unit_status'), models.Index(models.F('development'), models.F('price'), models.F('id'), name='catalog_unit_price'), models.Index(models.F('building'), models.F('number'), name='catalog_unit_building'), models.Index(models.F('claimed_until'), condition=models.Q(('claimed_until__isnull', False)), name='catalog_unit_lapsing')],
                'constraints': [models.UniqueConstraint(models.F('development'), models.F('block'), models.F('number'), name='catalog_unit_number_unique', violation_error_code='unit_exists', violation_error_message='This block has a unit of this number already.'), models.CheckConstraint(condition=models.Q(('price__gt', 0)), name='catalog_unit_price_positive', violation_error_code='price_not_positive', violation_error_message='A unit costs more than nothing.'), models.CheckConstraint(condition=models.Q(('floor__gte', -10), ('floor__lte', 300)), name='catalog_unit_floor_range', violation_error_code='floor_range', violation_error_message='Floors are numbered from -10 to 300.'), models.CheckConstraint(condition=models.Q(('area__isnull', True), models.Q(('area__gt', 0), ('area__lte', Decimal('1000000'))), _connector='OR'), name='catalog_unit_area_range', violation_error_code='area_range', violation_error_message='An area is above 0 and at most a million square metres.'), models.CheckConstraint(condition=models.Q(('bathrooms__lte', 50), ('bedrooms__lte', 50), ('parking__lte', 50)), name='catalog_unit_rooms_range', violation_error_code='rooms_range', violation_error_message='At most 50 bedrooms, bathrooms and parking places.'), models.CheckConstraint(condition=models.Q(('claimed_until__isnull', True), ('status', 'held'), _connector='OR'), name='catalog_unit_claim_pair', violation_error_code='claim_contradicts_status', violation_error_message='Only a held unit has a time when that lapses.')],
            },
        ),
        migrations.CreateModel(
            name='ConstructionUpdate',
            fields=[
                ('id', models.UUIDField(default=config.shared.models.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('title', models.CharField(max_length=160)),
                ('body', models.TextField(blank=True, max_length=8000)),
                ('correction', models.TextField(blank=True, help_text='Shown below the text once that is published.', max_length=2000)),
                ('corrected_at', models.DateTimeField(blank=True, null=True)),
                ('percent_snapshot', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True)),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('published', 'Published'), ('withdrawn', 'Withdrawn')], default='draft', max_length=10)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='construction_updates', to=settings.AUTH_USER_MODEL)),
                ('media', models.ManyToManyField(blank=True, related_name='construction_updates', to='accounts.mediafile')),
                ('development', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='updates', to='catalog.development')),
                ('phase', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='updates', to='catalog.progressphase')),
            ],
            options={
                'verbose_name': 'construction update',
                'ordering': ['-created_at', 'pk'],
                'indexes': [models.Index(models.F('development'), models.OrderBy(models.F('published_at'), descending=True), models.F('id'), condition=models.Q(('status', 'published')), name='catalog_update_published')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('published_at__isnull', True), ('status', 'draft')), models.Q(models.Q(('status', 'draft'), _negated=True), ('published_at__isnull', False)), _connector='OR'), name='catalog_constructionupdate_published_when', violation_error_code='published_when', violation_error_message='What is published says since when, and a draft does not.'), models.CheckConstraint(condition=models.Q(models.Q(('corrected_at__isnull', True), ('correction', '')), models.Q(models.Q(('correction', ''), _negated=True), ('corrected_at__isnull', False)), _connector='OR'), name='catalog_constructionupdate_correction_pair', violation_error_code='correction_incomplete', violation_error_message='A correction says when it was made.')],
            },
        ),
        migrations.CreateModel(
            name='ProgressPhaseEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.UUIDField(default=config.shared.models.uuid7, editable=False, serialize=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('name', models.CharField(max_length=120)),
                ('order', models.PositiveSmallIntegerField(default=1)),
                ('weight', models.DecimalField(decimal_places=2, help_text='Its share of the whole, relative to the others.', max_digits=6)),
                ('planned_start', models.DateField(blank=True, null=True)),
                ('planned_end', models.DateField(blank=True, null=True)),
                ('actual_start', models.DateField(blank=True, null=True)),
                ('actual_end', models.DateField(blank=True, null=True)),
                ('percent', models.DecimalField(decimal_places=2, default=0, max_digits=5)),
                ('status', models.CharField(choices=[('planned', 'Planned'), ('in_progress', 'In progress'), ('completed', 'Completed'), ('delayed', 'Delayed'), ('on_hold', 'On hold')], default='planned', max_length=12)),
                ('corrected_reason', models.CharField(blank=True, max_length=500)),
                ('development', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='catalog.development')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='catalog.progressphase')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Model3D',
            fields=[
                ('id', models.UUIDField(default=config.shared.models.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('format', models.CharField(choices=[('glb', 'glTF binary (GLB)'), ('gltf', 'glTF'), ('usdz', 'USDZ'), ('ifc', 'IFC')], default='glb', max_length=8)),
                ('title', models.CharField(max_length=160)),
                ('version', models.PositiveSmallIntegerField(default=1)),
                ('order', models.PositiveSmallIntegerField(default=1)),
                ('is_public', models.BooleanField(default=True)),
                ('meta', models.JSONField(blank=True, default=dict)),
                ('development', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='models', to='catalog.development')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='models_3d', to='accounts.mediafile')),
                ('thumbnail', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='thumbnail_of', to='accounts.mediafile')),
                ('uploaded_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='models_uploaded', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='models', to='catalog.unit')),
            ],
            options={
                'verbose_name': '3D model',
                'ordering': ['order', '-version', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('development__isnull', False), ('unit__isnull', True)), models.Q(('development__isnull', True), ('unit__isnull', False)), _connector='OR'), name='catalog_model3d_one_subject', violation_error_code='one_subject', violation_error_message='A model shows either a development or a unit.'), models.UniqueConstraint(models.F('development'), models.F('title'), models.F('version'), condition=models.Q(('development__isnull', False)), name='catalog_model3d_development_version', violation_error_code='version_exists', violation_error_message='This version of the model exists.'), models.UniqueConstraint(models.F('unit'), models.F('title'), models.F('version'), condition=models.Q(('unit__isnull', False)), name='catalog_model3d_unit_version', violation_error_code='version_exists', violation_error_message='This version of the model exists.')],
            },
        ),
        migrations.CreateModel(
            name='UnitEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('price', models.DecimalField(decimal_places=3, max_digits=14)),
                ('currency', models.CharField(default='AED', max_length=3)),
                ('floor', models.SmallIntegerField(default=0)),
                ('number', models.CharField(max_length=40)),
                ('building', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.building')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='price_currency_building_floor_number_events', to='catalog.unit')),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='development',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "catalog_developmentevent" ("builder_id", "cancellation_policy", "deleted_at", "hold_minutes", "is_selling", "late_fee_policy", "max_holds_per_user", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_template", "status", "terms") VALUES (NEW."builder_id", NEW."cancellation_policy", NEW."deleted_at", NEW."hold_minutes", NEW."is_selling", NEW."late_fee_policy", NEW."max_holds_per_user", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."plan_template", NEW."status", NEW."terms"); RETURN NULL;', hash='4159f9feb5cd9ed6ed0ee7b6f07d3a7f44e8cb9f', operation='INSERT', pgid='pgtrigger_insert_insert_e7f68', table='catalog_development', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='development',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."builder_id" IS DISTINCT FROM (NEW."builder_id") OR OLD."cancellation_policy" IS DISTINCT FROM (NEW."cancellation_policy") OR OLD."deleted_at" IS DISTINCT FROM (NEW."deleted_at") OR OLD."hold_minutes" IS DISTINCT FROM (NEW."hold_minutes") OR OLD."is_selling" IS DISTINCT FROM (NEW."is_selling") OR OLD."late_fee_policy" IS DISTINCT FROM (NEW."late_fee_policy") OR OLD."max_holds_per_user" IS DISTINCT FROM (NEW."max_holds_per_user") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."plan_template" IS DISTINCT FROM (NEW."plan_template") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."terms" IS DISTINCT FROM (NEW."terms"))', func='INSERT INTO "catalog_developmentevent" ("builder_id", "cancellation_policy", "deleted_at", "hold_minutes", "is_selling", "late_fee_policy", "max_holds_per_user", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_template", "status", "terms") VALUES (NEW."builder_id", NEW."cancellation_policy", NEW."deleted_at", NEW."hold_minutes", NEW."is_selling", NEW."late_fee_policy", NEW."max_holds_per_user", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."plan_template", NEW."status", NEW."terms"); RETURN NULL;', hash='06d842a8ffdc7a2576decca40a781d1f68f28c3e', operation='UPDATE', pgid='pgtrigger_update_update_527a3', table='catalog_development', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='developmentevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='6463a39725f9c21ab66e59b3cbe0edd0b4dd9c33', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_14c2e', table='catalog_developmentevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='progressphase',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "catalog_progressphaseevent" ("actual_end", "actual_start", "corrected_reason", "created_at", "development_id", "id", "name", "order", "percent", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_end", "planned_start", "status", "weight") VALUES (NEW."actual_end", NEW."actual_start", NEW."corrected_reason", NEW."created_at", NEW."development_id", NEW."id", NEW."name", NEW."order", NEW."percent", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."planned_end", NEW."planned_start", NEW."status", NEW."weight"); RETURN NULL;', hash='da400c1905109afa248fd74181417c609067ba99', operation='INSERT', pgid='pgtrigger_insert_insert_ac2f3', table='catalog_progressphase', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='progressphase',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."actual_end" IS DISTINCT FROM (NEW."actual_end") OR OLD."actual_start" IS DISTINCT FROM (NEW."actual_start") OR OLD."corrected_reason" IS DISTINCT FROM (NEW."corrected_reason") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."development_id" IS DISTINCT FROM (NEW."development_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."order" IS DISTINCT FROM (NEW."order") OR OLD."percent" IS DISTINCT FROM (NEW."percent") OR OLD."planned_end" IS DISTINCT FROM (NEW."planned_end") OR OLD."planned_start" IS DISTINCT FROM (NEW."planned_start") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."weight" IS DISTINCT FROM (NEW."weight"))', func='INSERT INTO "catalog_progressphaseevent" ("actual_end", "actual_start", "corrected_reason", "created_at", "development_id", "id", "name", "order", "percent", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_end", "planned_start", "status", "weight") VALUES (NEW."actual_end", NEW."actual_start", NEW."corrected_reason", NEW."created_at", NEW."development_id", NEW."id", NEW."name", NEW."order", NEW."percent", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."planned_end", NEW."planned_start", NEW."status", NEW."weight"); RETURN NULL;', hash='c9ead64c64c7daccda809c220a55a0cdffcb688d', operation='UPDATE', pgid='pgtrigger_update_update_c41a1', table='catalog_progressphase', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='progressphaseevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='64db7eea237d3695b5234702f8f7d5293f355085', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_f6f47', table='catalog_progressphaseevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='unit',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "catalog_unitevent" ("building_id", "currency", "floor", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "price") VALUES (NEW."building_id", NEW."currency", NEW."floor", NEW."number", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."price"); RETURN NULL;', hash='d750f4a75f705ffdd478c8445816722ad7d530e1', operation='INSERT', pgid='pgtrigger_insert_insert_f03e5', table='catalog_unit', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='unit',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."building_id" IS DISTINCT FROM (NEW."building_id") OR OLD."currency" IS DISTINCT FROM (NEW."currency") OR OLD."floor" IS DISTINCT FROM (NEW."floor") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."price" IS DISTINCT FROM (NEW."price"))', func='INSERT INTO "catalog_unitevent" ("building_id", "currency", "floor", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "price") VALUES (NEW."building_id", NEW."currency", NEW."floor", NEW."number", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."price"); RETURN NULL;', hash='9cec54d1d62719199ee87210aee93811086645b4', operation='UPDATE', pgid='pgtrigger_update_update_6a480', table='catalog_unit', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='unitevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='56cfc856f8d408d629292fe7752550ed8d698208', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_8fb06', table='catalog_unitevent', when='BEFORE')),
        ),
    ]
