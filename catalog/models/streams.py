"""Live selling and tours of sites."""

from django.db import models
from django.db.models import ExpressionWrapper, F, Q
from django.db.models.functions import Now

from catalog.choices import (
    ProductCategory,
    ReplayVisibility,
    StreamStatus,
    StreamType,
    StreamVisibility,
)
from catalog.querysets.streams import (
    StreamKeyQuerySet,
    StreamPinQuerySet,
    StreamQuerySet,
    StreamViewerQuerySet,
)
from config.shared.models import IdentifiedModel, TimeStampedModel


class StreamKey(TimeStampedModel):
    """A key that somebody keeps in their encoder, good for each of their streams."""

    user = models.OneToOneField(
        "accounts.User", models.CASCADE, related_name="stream_key", verbose_name="person"
    )
    key_hash = models.CharField(max_length=128, editable=False)
    key_hint = models.CharField(max_length=8, editable=False)
    rotated_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = StreamKeyQuerySet.as_manager()

    class Meta:
        ordering = ["-rotated_at", "pk"]

    def __str__(self) -> str:
        return f"Key of {self.user}"


class Stream(TimeStampedModel):
    """A show, live or recorded, in which things or homes are pinned."""

    user = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="streams", verbose_name="person"
    )
    title = models.CharField(max_length=120)
    description = models.CharField(max_length=2000, blank=True)
    category = models.CharField(
        max_length=16, choices=ProductCategory, default=ProductCategory.OTHER
    )
    status = models.CharField(max_length=10, choices=StreamStatus, default=StreamStatus.SCHEDULED)
    stream_type = models.CharField(max_length=10, choices=StreamType, default=StreamType.LIVE)
    uses_permanent_key = models.BooleanField(default=False)
    key_hash = models.CharField(max_length=128, blank=True, editable=False)
    key_hint = models.CharField(max_length=8, blank=True, editable=False)
    key_rotated_at = models.DateTimeField(null=True, blank=True, editable=False)
    ingest_name = models.CharField(
        max_length=40,
        blank=True,
        editable=False,
        help_text="What the media server calls it; a public name, never the key.",
    )
    thumbnail = models.ForeignKey(
        "accounts.MediaFile",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="thumbnail_of_streams",
    )
    recording = models.ForeignKey(
        "accounts.MediaFile", models.SET_NULL, null=True, blank=True, related_name="recording_of"
    )
    viewer_count = models.PositiveIntegerField(default=0, editable=False)
    total_views = models.PositiveIntegerField(default=0, editable=False)
    duration_seconds = models.PositiveIntegerField(null=True, blank=True, editable=False)
    scheduled_for = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_signal_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When the media server last had a picture."
    )
    signal_lost_at = models.DateTimeField(null=True, blank=True, editable=False)
    visibility = models.CharField(
        max_length=10, choices=StreamVisibility, default=StreamVisibility.PUBLIC
    )
    replay_visibility = models.CharField(
        max_length=10, choices=ReplayVisibility, default=ReplayVisibility.PUBLIC
    )
    building = models.ForeignKey(
        "accounts.Building", models.PROTECT, null=True, blank=True, related_name="streams"
    )
    development = models.ForeignKey(
        "catalog.Development", models.PROTECT, null=True, blank=True, related_name="streams"
    )
    ended_by = models.ForeignKey(
        "accounts.User",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="streams_ended",
    )
    end_reason = models.CharField(max_length=200, blank=True, editable=False)

    objects = StreamQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "pk"]
        permissions = [("moderate_stream", "May end streams of others")]
        indexes = [
            models.Index("status", F("created_at").desc(), "id", name="catalog_stream_status"),
            models.Index("user", F("created_at").desc(), "id", name="catalog_stream_user"),
            # Live ones first, then the newest.
            models.Index(
                ExpressionWrapper(
                    Q(status=StreamStatus.LIVE), output_field=models.BooleanField()
                ).desc(),
                F("created_at").desc(),
                F("id").desc(),
                name="catalog_stream_live_first",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                "user",
                condition=Q(status=StreamStatus.LIVE),
                name="catalog_stream_one_live",
                violation_error_code="live_already",
                violation_error_message="This person is live with another stream.",
            ),
            models.UniqueConstraint(
                "ingest_name",
                condition=Q(status=StreamStatus.LIVE) & ~Q(ingest_name=""),
                name="catalog_stream_ingest_name",
                violation_error_code="ingest_name_taken",
                violation_error_message="Another live stream has this name.",
            ),
            models.CheckConstraint(
                condition=~(
                    Q(visibility=StreamVisibility.BUILDING)
                    | Q(replay_visibility=ReplayVisibility.BUILDING)
                )
                | Q(building__isnull=False),
                name="catalog_stream_building",
                violation_error_code="building_missing",
                violation_error_message="A stream for a building says for which.",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[StreamStatus.LIVE, StreamStatus.ENDED])
                | Q(started_at__isnull=False),
                name="catalog_stream_started",
                violation_error_code="started_when",
                violation_error_message="What is or was live says since when.",
            ),
            models.CheckConstraint(
                condition=Q(status=StreamStatus.ENDED, ended_at__isnull=False)
                | (~Q(status=StreamStatus.ENDED) & Q(ended_at__isnull=True)),
                name="catalog_stream_ended",
                violation_error_code="ended_when",
                violation_error_message="What has ended, and nothing else, says when.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class StreamPin(IdentifiedModel):
    """A product or a unit, shown at one place of the picture."""

    stream = models.ForeignKey(Stream, models.CASCADE, related_name="pins")
    product = models.ForeignKey(
        "catalog.Product", models.CASCADE, null=True, blank=True, related_name="pins"
    )
    unit = models.ForeignKey(
        "catalog.Unit", models.CASCADE, null=True, blank=True, related_name="pins"
    )
    x = models.FloatField(help_text="From the left edge, 0 to 1.")
    y = models.FloatField(help_text="From the upper edge, 0 to 1.")
    shown_at = models.PositiveIntegerField(default=0, help_text="Seconds after the beginning.")
    order = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = StreamPinQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(product__isnull=False, unit__isnull=True)
                | Q(product__isnull=True, unit__isnull=False),
                name="catalog_streampin_one_thing",
                violation_error_code="one_thing",
                violation_error_message="A pin shows one product or one unit.",
            ),
            models.CheckConstraint(
                condition=Q(x__gte=0, x__lte=1, y__gte=0, y__lte=1),
                name="catalog_streampin_place",
                violation_error_code="place_range",
                violation_error_message="A place in the picture lies between 0 and 1 each way.",
            ),
            models.UniqueConstraint(
                "stream",
                "product",
                condition=Q(product__isnull=False),
                name="catalog_streampin_product_once",
                violation_error_code="pinned_already",
                violation_error_message="This is pinned already.",
            ),
            models.UniqueConstraint(
                "stream",
                "unit",
                condition=Q(unit__isnull=False),
                name="catalog_streampin_unit_once",
                violation_error_code="pinned_already",
                violation_error_message="This is pinned already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product or self.unit} in {self.stream}"


class StreamViewer(IdentifiedModel):
    """Somebody who watches a stream, or did; heartbeats say until when."""

    stream = models.ForeignKey(Stream, models.CASCADE, related_name="viewers")
    user = models.ForeignKey(
        "accounts.User",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="streams_watched",
        verbose_name="person",
    )
    visitor = models.CharField(max_length=64, blank=True)
    first_seen_at = models.DateTimeField(db_default=Now(), editable=False)
    last_seen_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = StreamViewerQuerySet.as_manager()

    class Meta:
        ordering = ["-last_seen_at", "pk"]
        indexes = [
            models.Index("stream", F("last_seen_at").desc(), name="catalog_streamviewer_now")
        ]
        constraints = [
            models.UniqueConstraint(
                "stream",
                "user",
                "visitor",
                nulls_distinct=False,
                name="catalog_streamviewer_once",
                violation_error_code="counted_already",
                violation_error_message="This viewer is counted already.",
            ),
            models.CheckConstraint(
                condition=(Q(user__isnull=False) & Q(visitor=""))
                | (Q(user__isnull=True) & ~Q(visitor="")),
                name="catalog_streamviewer_viewer",
                violation_error_code="viewer_missing",
                violation_error_message="A viewer is a person or a visitor.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user or 'A visitor'} watches {self.stream}"
