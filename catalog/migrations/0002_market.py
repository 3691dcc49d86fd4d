"""Products and streams."""

import config.shared.geo
import config.shared.models
import config.shared.search
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0013_contract_purpose'),
        ('accounts', '__first__'),
        ('catalog', '0001_homes'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='Product',
            fields=[
                ('id', models.UUIDField(default=config.shared.models.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('lat', config.shared.geo.LatitudeField(blank=True, null=True, verbose_name='latitude')),
                ('lng', config.shared.geo.LongitudeField(blank=True, null=True, verbose_name='longitude')),
                ('point', models.GeneratedField(db_persist=True, expression=config.shared.geo.GeocentricPoint(models.F('lat'), models.F('lng')), output_field=config.shared.geo.CubeField())),
                ('cell_lat', models.GeneratedField(db_persist=True, expression=config.shared.geo.CellLatitude(models.F('lat')), output_field=models.FloatField())),
                ('cell_lng', models.GeneratedField(db_persist=True, expression=config.shared.geo.CellLongitude(models.F('lat'), models.F('lng')), output_field=models.FloatField())),
                ('cell_point', models.GeneratedField(db_persist=True, expression=config.shared.geo.GeocentricPoint(config.shared.geo.CellLatitude(models.F('lat')), config.shared.geo.CellLongitude(models.F('lat'), models.F('lng'))), output_field=config.shared.geo.CubeField())),
                ('title', models.CharField(max_length=100)),
                ('description', models.TextField(blank=True, max_length=5000)),
                ('price', models.DecimalField(decimal_places=3, max_digits=14, validators=[django.core.validators.MinValueValidator(Decimal('0.001'))])),
                ('original_price', models.DecimalField(blank=True, decimal_places=3, help_text='What it cost when new.', max_digits=14, null=True)),
                ('currency', models.CharField(default='AED', max_length=3)),
                ('category', models.CharField(choices=[('trading_cards', 'Trading cards'), ('mens_fashion', "Men's fashion"), ('sneakers', 'Sneakers'), ('sports_cards', 'Sports cards'), ('collectibles', 'Collectibles'), ('electronics', 'Electronics'), ('home_decor', 'Home decor'), ('beauty', 'Beauty'), ('kids_baby', 'Kids and baby'), ('furniture', 'Furniture'), ('books', 'Books'), ('other', 'Other')], max_length=16)),
                ('condition', models.CharField(choices=[('new', 'New'), ('like_new', 'Like new'), ('good', 'Good'), ('fair', 'Fair')], max_length=10)),
                ('feed_type', models.CharField(choices=[('discover', 'Discover: everybody nearby'), ('community', 'Community: verified neighbours')], default='discover', max_length=10)),
                ('also_discover', models.BooleanField(default=False, help_text='Community products only: neighbours see it first, others later.')),
                ('discover_from', models.DateTimeField(blank=True, editable=False, help_text='Since when everybody sees it; empty: never, or not published.', null=True)),
                ('neighborhood', models.CharField(blank=True, max_length=120)),
                ('meeting_note', models.CharField(blank=True, help_text='Where to meet; for whoever the deal is with.', max_length=300)),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('active', 'Active'), ('reserved', 'Reserved'), ('sold', 'Sold'), ('removed', 'Removed')], default='draft', max_length=10)),
                ('is_available', models.GeneratedField(db_persist=True, expression=models.Case(models.When(status='active', then=models.Value(True)), default=models.Value(False)), output_field=models.BooleanField())),
                ('claimed_until', models.DateTimeField(blank=True, editable=False, help_text='When the present reservation lapses.', null=True)),
                ('tags', models.JSONField(blank=True, default=dict, help_text='Words under lifestyle, urgency and event.')),
                ('min_offer', models.DecimalField(blank=True, decimal_places=3, help_text="The seller's secret: offers below it are declined at once.", max_digits=14, null=True, validators=[django.core.validators.MinValueValidator(Decimal('0.001'))])),
                ('auto_accept', models.DecimalField(blank=True, decimal_places=3, help_text="The seller's secret: offers from it on are accepted at once.", max_digits=14, null=True, validators=[django.core.validators.MinValueValidator(Decimal('0.001'))])),
                ('view_count', models.PositiveIntegerField(default=0, editable=False)),
                ('like_count', models.PositiveIntegerField(default=0, editable=False)),
                ('published_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('sold_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('removal_reason', models.CharField(blank=True, editable=False, max_length=500)),
                ('search', models.GeneratedField(db_persist=True, expression=config.shared.search.Joined(config.shared.search.WeightedVector(models.F('title'), weight='A'), config.shared.search.WeightedJsonVector(models.F('tags'), weight='B'), config.shared.search.WeightedVector(models.F('description'), weight='C')), output_field=django.contrib.postgres.search.SearchVectorField())),
                ('building', models.ForeignKey(blank=True, help_text='Whose verified residents see it in their community feed.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='products', to='accounts.building')),
                ('removed_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='products_removed', to=settings.AUTH_USER_MODEL)),
                ('seller', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='products', to=settings.AUTH_USER_MODEL)),
                ('video', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='video_of', to='accounts.mediafile')),
                ('video_thumbnail', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='video_thumbnail_of', to='accounts.mediafile')),
            ],
            options={
                'ordering': ['-published_at', '-created_at', 'pk'],
                'permissions': [('moderate_product', 'May remove products of others'), ('export_product', 'May take the list of products away as a file')],
                'indexes': [django.contrib.postgres.indexes.GistIndex(fields=['cell_point', 'category'], name='catalog_product_cell'), django.contrib.postgres.indexes.GinIndex(fields=['search'], name='catalog_product_search'), django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('title'), name='gin_trgm_ops'), name='catalog_product_words'), models.Index(models.F('seller'), models.OrderBy(models.F('id'), descending=True), name='catalog_product_seller'), models.Index(models.OrderBy(models.F('discover_from'), descending=True), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('discover_from__isnull', False), ('status__in', ('active', 'reserved'))), name='catalog_product_discover'), models.Index(models.F('category'), models.OrderBy(models.F('discover_from'), descending=True), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('discover_from__isnull', False), ('status__in', ('active', 'reserved'))), name='catalog_product_category'), models.Index(models.F('price'), models.F('id'), condition=models.Q(('discover_from__isnull', False), ('status__in', ('active', 'reserved'))), name='catalog_product_price'), models.Index(models.F('building'), models.OrderBy(models.F('published_at'), descending=True), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('building__isnull', False), ('status__in', ('active', 'reserved'))), name='catalog_product_building'), models.Index(models.F('claimed_until'), condition=models.Q(('claimed_until__isnull', False)), name='catalog_product_lapsing')],
                'constraints': [models.CheckConstraint(condition=models.Q(('price__gt', 0)), name='catalog_product_price_positive', violation_error_code='price_not_positive', violation_error_message='A product costs more than nothing.'), models.CheckConstraint(condition=models.Q(('original_price__isnull', True), ('original_price__gte', models.F('price')), _connector='OR'), name='catalog_product_original_price', violation_error_code='original_price_low', violation_error_message='It cost at least as much when new.'), models.CheckConstraint(condition=models.Q(models.Q(('min_offer__isnull', True), models.Q(('min_offer__gt', 0), ('min_offer__lte', models.F('price'))), _connector='OR'), models.Q(('auto_accept__isnull', True), models.Q(('auto_accept__gt', 0), ('auto_accept__lte', models.F('price'))), _connector='OR')), name='catalog_product_thresholds', violation_error_code='threshold_range', violation_error_message='Thresholds for offers lie above 0 and up to the price.'), models.CheckConstraint(condition=models.Q(('min_offer__isnull', True), ('auto_accept__isnull', True), ('min_offer__lte', models.F('auto_accept')), _connector='OR'), name='catalog_product_threshold_order', violation_error_code='thresholds_reversed', violation_error_message='What is accepted at once is not below the lowest offer.'), models.CheckConstraint(condition=models.Q(models.Q(('building__isnull', False), ('feed_type', 'community')), models.Q(('also_discover', False), ('feed_type', 'discover')), _connector='OR'), name='catalog_product_feed', violation_error_code='building_missing', violation_error_message='A community product belongs to a building.'), models.CheckConstraint(condition=models.Q(models.Q(('claimed_until__isnull', False), ('status', 'reserved')), models.Q(models.Q(('status', 'reserved'), _negated=True), ('claimed_until__isnull', True)), _connector='OR'), name='catalog_product_claim_pair', violation_error_code='claim_contradicts_status', violation_error_message='Only a reserved product has a time when that lapses.'), models.CheckConstraint(condition=models.Q(models.Q(('sold_at__isnull', False), ('status', 'sold')), models.Q(models.Q(('status', 'sold'), _negated=True), ('sold_at__isnull', True)), ('status', 'removed'), _connector='OR'), name='catalog_product_sold_at', violation_error_code='sold_when', violation_error_message='A sold product, and no other, says since when.'), models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'removed']), ('published_at__isnull', False), _connector='OR'), name='catalog_product_published', violation_error_code='published_when', violation_error_message='What is published says since when.'), models.CheckConstraint(condition=models.Q(models.Q(('lat__isnull', True), ('lng__isnull', True)), models.Q(('lat__isnull', False), ('lng__isnull', False)), _connector='OR'), name='catalog_product_place_both_or_neither', violation_error_code='place_incomplete', violation_error_message='Give both a latitude and a longitude, or neither.'), models.CheckConstraint(condition=models.Q(('lat__isnull', True), models.Q(('lat__gte', -90.0), ('lat__lte', 90.0)), _connector='OR'), name='catalog_product_lat_in_range', violation_error_code='lat_out_of_range', violation_error_message='A latitude lies between -90 and 90 degrees.'), models.CheckConstraint(condition=models.Q(('lng__isnull', True), models.Q(('lng__gte', -180.0), ('lng__lte', 180.0)), _connector='OR'), name='catalog_product_lng_in_range', violation_error_code='lng_out_of_range', violation_error_message='A longitude lies between -180 and 180 degrees.')],
            },
        ),
        migrations.CreateModel(
            name='ProductEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('price', models.DecimalField(decimal_places=3, max_digits=14, validators=[django.core.validators.MinValueValidator(Decimal('0.001'))])),
                ('currency', models.CharField(default='AED', max_length=3)),
                ('feed_type', models.CharField(choices=[('discover', 'Discover: everybody nearby'), ('community', 'Community: verified neighbours')], default='discover', max_length=10)),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('active', 'Active'), ('reserved', 'Reserved'), ('sold', 'Sold'), ('removed', 'Removed')], default='draft', max_length=10)),
                ('discover_from', models.DateTimeField(blank=True, editable=False, help_text='Since when everybody sees it; empty: never, or not published.', null=True)),
                ('building', models.ForeignKey(blank=True, db_constraint=False, help_text='Whose verified residents see it in their community feed.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.building')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='seller_price_currency_feed_type_building_status_discover_from_events', to='catalog.product')),
                ('seller', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ProductImage',
            fields=[
                ('id', models.UUIDField(default=config.shared.models.uuid7, editable=False, primary_key=True, serialize=False)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('media', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='product_pictures', to='accounts.mediafile', verbose_name='photograph')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pictures', to='catalog.product')),
            ],
            options={
                'ordering': ['position', 'pk'],
                'constraints': [models.UniqueConstraint(models.F('product'), models.F('media'), name='catalog_productimage_once', violation_error_code='picture_twice', violation_error_message="This photograph is among the product's already."), models.UniqueConstraint(models.F('product'), models.F('position'), name='catalog_productimage_position', violation_error_code='position_taken', violation_error_message='Two photographs cannot have the same place.')],
            },
        ),
        migrations.AddField(
            model_name='product',
            name='images',
            field=models.ManyToManyField(blank=True, related_name='pictured_products', through='catalog.ProductImage', to='accounts.mediafile'),
        ),
        migrations.CreateModel(
            name='ProductLike',
            fields=[
                ('id', models.UUIDField(default=config.shared.models.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='likes', to='catalog.product')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='products_liked', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'ordering': ['-created_at', 'pk'],
                'indexes': [models.Index(models.F('user'), models.OrderBy(models.F('id'), descending=True), name='catalog_productlike_user')],
                'constraints': [models.UniqueConstraint(models.F('product'), models.F('user'), name='catalog_productlike_once', violation_error_code='liked_already', violation_error_message='You like this already.')],
            },
        ),
        migrations.CreateModel(
            name='ProductView',
            fields=[
                ('id', models.UUIDField(default=config.shared.models.uuid7, editable=False, primary_key=True, serialize=False)),
                ('visitor', models.CharField(blank=True, help_text='Of somebody who is not signed in: a hash that changes every day.', max_length=64)),
                ('day', models.DateField()),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='views', to='catalog.product')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='products_viewed', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'ordering': ['-day', 'pk'],
                'constraints': [models.UniqueConstraint(models.F('product'), models.F('user'), models.F('visitor'), models.F('day'), name='catalog_productview_once_a_day', nulls_distinct=False, violation_error_code='counted_already', violation_error_message='This view is counted already.'), models.CheckConstraint(condition=models.Q(models.Q(('user__isnull', False), ('visitor', '')), models.Q(('user__isnull', True), models.Q(('visitor', ''), _negated=True)), _connector='OR'), name='catalog_productview_viewer', violation_error_code='viewer_missing', violation_error_message='A view is by a person or by a visitor.')],
            },
        ),
        migrations.CreateModel(
            name='Stream',
            fields=[
                ('id', models.UUIDField(default=config.shared.models.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('title', models.CharField(max_length=120)),
                ('description', models.CharField(blank=True, max_length=2000)),
                ('category', models.CharField(choices=[('trading_cards', 'Trading cards'), ('mens_fashion', "Men's fashion"), ('sneakers', 'Sneakers'), ('sports_cards', 'Sports cards'), ('collectibles', 'Collectibles'), ('electronics', 'Electronics'), ('home_decor', 'Home decor'), ('beauty', 'Beauty'), ('kids_baby', 'Kids and baby'), ('furniture', 'Furniture'), ('books', 'Books'), ('other', 'Other')], default='other', max_length=16)),
                ('status', models.CharField(choices=[('scheduled', 'Scheduled'), ('live', 'Live'), ('ended', 'Ended'), ('cancelled', 'Cancelled')], default='scheduled', max_length=10)),
                ('stream_type', models.CharField(choices=[('live', 'Live'), ('recorded', 'Recorded')], default='live', max_length=10)),
                ('uses_permanent_key', models.BooleanField(default=False)),
                ('key_hash', models.CharField(blank=True, editable=False, max_length=128)),
                ('key_hint', models.CharField(blank=True, editable=False, max_length=8)),
                ('key_rotated_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('ingest_name', models.CharField(blank=True, editable=False, help_text='What the media server calls it; a public name, never the key.', max_length=40)),
                ('viewer_count', models.PositiveIntegerField(default=0, editable=False)),
                ('total_views', models.PositiveIntegerField(default=0, editable=False)),
                ('duration_seconds', models.PositiveIntegerField(blank=True, editable=False, null=True)),
                ('scheduled_for', models.DateTimeField(blank=True, null=True)),
                ('started_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('ended_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('last_signal_at', models.DateTimeField(blank=True, editable=False, help_text='When the media server last had a picture.', null=True)),
                ('signal_lost_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('visibility', models.CharField(choices=[('public', 'Everybody'), ('building', 'Verified residents of the building')], default='public', max_length=10)),
                ('replay_visibility', models.CharField(choices=[('public', 'Everybody'), ('building', 'Verified residents of the building'), ('nobody', 'Nobody but its owner')], default='public', max_length=10)),
                ('end_reason', models.CharField(blank=True, editable=False, max_length=200)),
                ('building', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='streams', to='accounts.building')),
                ('development', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='streams', to='catalog.development')),
                ('ended_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='streams_ended', to=settings.AUTH_USER_MODEL)),
                ('recording', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='recording_of', to='accounts.mediafile')),
                ('thumbnail', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='thumbnail_of_streams', to='accounts.mediafile')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='streams', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'ordering': ['-created_at', 'pk'],
                'permissions': [('moderate_stream', 'May end streams of others')],
                'indexes': [models.Index(models.F('status'), models.OrderBy(models.F('created_at'), descending=True), models.F('id'), name='catalog_stream_status'), models.Index(models.F('user'), models.OrderBy(models.F('created_at'), descending=True), models.F('id'), name='catalog_stream_user')],
                'constraints': [models.UniqueConstraint(models.F('user'), condition=models.Q(('status', 'live')), name='catalog_stream_one_live', violation_error_code='live_already', violation_error_message='This person is live with another stream.'), models.UniqueConstraint(models.F('ingest_name'), condition=models.Q(('status', 'live'), models.Q(('ingest_name', ''), _negated=True)), name='catalog_stream_ingest_name', violation_error_code='ingest_name_taken', violation_error_message='Another live stream has this name.'), models.CheckConstraint(condition=models.Q(models.Q(('visibility', 'building'), ('replay_visibility', 'building'), _connector='OR', _negated=True), ('building__isnull', False), _connector='OR'), name='catalog_stream_building', violation_error_code='building_missing', violation_error_message='A stream for a building says for which.'), models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['live', 'ended']), _negated=True), ('started_at__isnull', False), _connector='OR'), name='catalog_stream_started', violation_error_code='started_when', violation_error_message='What is or was live says since when.'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('status', 'ended')), models.Q(models.Q(('status', 'ended'), _negated=True), ('ended_at__isnull', True)), _connector='OR'), name='catalog_stream_ended', violation_error_code='ended_when', violation_error_message='What has ended, and nothing else, says when.')],
            },
        ),
        migrations.CreateModel(
            name='StreamKey',
            fields=[
                ('id', models.UUIDField(default=config.shared.models.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('key_hash', models.CharField(editable=False, max_length=128)),
                ('key_hint', models.CharField(editable=False, max_length=8)),
                ('rotated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='stream_key', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'ordering': ['-rotated_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='StreamPin',
            fields=[
                ('id', models.UUIDField(default=config.shared.models.uuid7, editable=False, primary_key=True, serialize=False)),
                ('x', models.FloatField(help_text='From the left edge, 0 to 1.')),
                ('y', models.FloatField(help_text='From the upper edge, 0 to 1.')),
                ('shown_at', models.PositiveIntegerField(default=0, help_text='Seconds after the beginning.')),
                ('order', models.PositiveSmallIntegerField(default=0)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('product', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='pins', to='catalog.product')),
                ('stream', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pins', to='catalog.stream')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='pins', to='catalog.unit')),
            ],
            options={
                'ordering': ['order', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('product__isnull', False), ('unit__isnull', True)), models.Q(('product__isnull', True), ('unit__isnull', False)), _connector='OR'), name='catalog_streampin_one_thing', violation_error_code='one_thing', violation_error_message='A pin shows one product or one unit.'), models.CheckConstraint(condition=models.Q(('x__gte', 0), ('x__lte', 1), ('y__gte', 0), ('y__lte', 1)), name='catalog_streampin_place', violation_error_code='place_range', violation_error_message='A place in the picture lies between 0 and 1 each way.'), models.UniqueConstraint(models.F('stream'), models.F('product'), condition=models.Q(('product__isnull', False)), name='catalog_streampin_product_once', violation_error_code='pinned_already', violation_error_message='This is pinned already.'), models.UniqueConstraint(models.F('stream'), models.F('unit'), condition=models.Q(('unit__isnull', False)), name='catalog_streampin_unit_once', violation_error_code='pinned_already', violation_error_message='This is pinned already.')],
            },
        ),
        migrations.CreateModel(
            name='StreamViewer',
            fields=[
                ('id', models.UUIDField(default=config.shared.models.uuid7, editable=False, primary_key=True, serialize=False)),
                ('visitor', models.CharField(blank=True, max_length=64)),
                ('first_seen_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('last_seen_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('stream', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='viewers', to='catalog.stream')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='streams_watched', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'ordering': ['-last_seen_at', 'pk'],
                'indexes': [models.Index(models.F('stream'), models.OrderBy(models.F('last_seen_at'), descending=True), name='catalog_streamviewer_now')],
                'constraints': [models.UniqueConstraint(models.F('stream'), models.F('user'), models.F('visitor'), name='catalog_streamviewer_once', nulls_distinct=False, violation_error_code='counted_already', violation_error_message='This viewer is counted already.'), models.CheckConstraint(condition=models.Q(models.Q(('user__isnull', False), ('visitor', '')), models.Q(('user__isnull', True), models.Q(('visitor', ''), _negated=True)), _connector='OR'), name='catalog_streamviewer_viewer', violation_error_code='viewer_missing', violation_error_message='A viewer is a person or a visitor.')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='productevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='940e6199f2f19bd732620c5d3f2e10c3a68c0d21', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_582f1', table='catalog_productevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='product',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "catalog_productevent" ("building_id", "currency", "discover_from", "feed_type", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "price", "seller_id", "status") VALUES (NEW."building_id", NEW."currency", NEW."discover_from", NEW."feed_type", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."price", NEW."seller_id", NEW."status"); RETURN NULL;', hash='fb2375f35b0b74ae0dcbf459b1797f114a3eaf22', operation='INSERT', pgid='pgtrigger_insert_insert_ae3fa', table='catalog_product', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='product',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."building_id" IS DISTINCT FROM (NEW."building_id") OR OLD."currency" IS DISTINCT FROM (NEW."currency") OR OLD."discover_from" IS DISTINCT FROM (NEW."discover_from") OR OLD."feed_type" IS DISTINCT FROM (NEW."feed_type") OR OLD."price" IS DISTINCT FROM (NEW."price") OR OLD."seller_id" IS DISTINCT FROM (NEW."seller_id") OR OLD."status" IS DISTINCT FROM (NEW."status"))', func='INSERT INTO "catalog_productevent" ("building_id", "currency", "discover_from", "feed_type", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "price", "seller_id", "status") VALUES (NEW."building_id", NEW."currency", NEW."discover_from", NEW."feed_type", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."price", NEW."seller_id", NEW."status"); RETURN NULL;', hash='84ce86db87320fed632d0507233d7194d05826f5', operation='UPDATE', pgid='pgtrigger_update_update_580c5', table='catalog_product', when='AFTER')),
        ),
    ]
