"""Places without PostGIS: columns, constraints, searches (docs/adr/0003-places-without-postgis.md).

A model with a place stores ``lat`` and ``lng`` in degrees (WGS84) and a stored generated column
``point``: the same place in earth-centred, earth-fixed metres, as a ``cube``. Straight-line
distances between such points are turned into distances over ground, in metres.

A place that strangers may only know roughly is a ``PublicPlace``: it also has the centre of its
grid cell (about 1.1 km each way, always the same one) in ``cell_lat``, ``cell_lng`` and
``cell_point``, and searches use these unless they say ``exact=True``.
"""

from typing import Any, Self, TypeVar

from django.contrib.postgres.indexes import GistIndex
from django.contrib.postgres.operations import CreateExtension
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import connections, models
from django.db.models import F, Q
from django.db.models.functions import ASin, Least

from config.shared import degrees, geodesy
from config.shared.errors import InvalidInputError
from config.shared.querysets import VisibleQuerySet

MAX_RADIUS_M = 500_000
TIE_BREAK_SINCE = 170_000

ModelT_co = TypeVar("ModelT_co", bound=models.Model, covariant=True)


class CubeExtension(CreateExtension):
    """The migration operation that makes the type ``cube`` known to the database."""

    def __init__(self) -> None:
        self.name = "cube"


class LatitudeField(models.FloatField):
    """Degrees north of the equator, -90 to 90."""

    default_validators = [MinValueValidator(-90.0), MaxValueValidator(90.0)]


class LongitudeField(models.FloatField):
    """Degrees east of Greenwich, -180 to 180; 180 is stored as -180, which is the same meridian."""

    default_validators = [MinValueValidator(-180.0), MaxValueValidator(180.0)]

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        value = super().get_db_prep_save(value, connection)
        return -180.0 if value == 180.0 else value


class CubeField(models.Field):
    """A point, or a box given by two corners, of the PostgreSQL type ``cube``.

    Coordinates are metres; points are read as ``(x, y, z)``.
    """

    description = "Point in space"

    def db_type(self, connection: Any) -> str:
        return "cube"

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        return "%s::cube"

    def get_prep_value(self, value: Any) -> Any:
        return ",".join(f"({','.join(map(repr, corner))})" for corner in value)

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        if value is None:
            return None
        return tuple(float(part) for part in value.strip("()").split(","))


class _Formula(models.Func):
    """SQL that names its arguments, a latitude and perhaps a longitude, more than once."""

    sql: str

    def as_sql(  # type: ignore[override]
        self, compiler: Any, connection: Any, **extra: Any
    ) -> tuple[str, list[Any]]:
        names = ("{lat}", "{lng}")
        parts = [compiler.compile(expression) for expression in self.get_source_expressions()]
        return geodesy.expand(self.sql, dict(zip(names, parts, strict=False)))


class GeocentricPoint(_Formula):
    """The point of a latitude and a longitude on the WGS84 ellipsoid (EPSG:4326 to EPSG:4978).

    Only functions of ``pg_catalog`` and functions of ``cube`` that are written in C are used, so
    that a dump is restored whatever the search path is. NULL gives NULL.
    """

    arity = 2
    output_field = CubeField()
    sql = geodesy.POINT_SQL


class CellLatitude(_Formula):
    """The latitude of the centre of the public cell around a latitude."""

    arity = 1
    output_field = models.FloatField()
    sql = geodesy.CELL_LAT_SQL


class CellLongitude(_Formula):
    """The longitude of the centre of the public cell around a latitude and a longitude."""

    arity = 2
    output_field = models.FloatField()
    sql = geodesy.CELL_LNG_SQL


class Chord(models.Func):
    """The straight line between two points in metres; an index can order by it."""

    template = "(%(expressions)s)"
    arg_joiner = " <-> "
    arity = 2
    output_field = models.FloatField()


class Inside(models.Func):
    """Whether a point lies in a box; an index can answer it."""

    template = "(%(expressions)s)"
    arg_joiner = " <@ "
    arity = 2
    output_field = models.BooleanField()


class Place(models.Model):
    """A thing that stands somewhere on the earth, or nowhere in particular."""

    lat = LatitudeField("latitude", null=True, blank=True)
    lng = LongitudeField("longitude", null=True, blank=True)
    point = models.GeneratedField(
        expression=GeocentricPoint(F("lat"), F("lng")), output_field=CubeField(), db_persist=True
    )

    class Meta:
        abstract = True


class PublicPlace(Place):
    """A place whose exact position is private: strangers know the cell it lies in."""

    cell_lat = models.GeneratedField(
        expression=CellLatitude(F("lat")), output_field=models.FloatField(), db_persist=True
    )
    cell_lng = models.GeneratedField(
        expression=CellLongitude(F("lat"), F("lng")),
        output_field=models.FloatField(),
        db_persist=True,
    )
    cell_point = models.GeneratedField(
        expression=GeocentricPoint(CellLatitude(F("lat")), CellLongitude(F("lat"), F("lng"))),
        output_field=CubeField(),
        db_persist=True,
    )

    class Meta:
        abstract = True


def place_constraints(prefix: str) -> list[models.BaseConstraint]:
    """The constraints of a model with a place; ``prefix`` is ``<app>_<model>``."""
    return [
        models.CheckConstraint(
            name=f"{prefix}_place_both_or_neither",
            condition=Q(lat__isnull=True, lng__isnull=True)
            | Q(lat__isnull=False, lng__isnull=False),
            violation_error_code="place_incomplete",
            violation_error_message="Give both a latitude and a longitude, or neither.",
        ),
        models.CheckConstraint(
            name=f"{prefix}_lat_in_range",
            condition=Q(lat__isnull=True) | Q(lat__gte=-90.0, lat__lte=90.0),
            violation_error_code="lat_out_of_range",
            violation_error_message="A latitude lies between -90 and 90 degrees.",
        ),
        models.CheckConstraint(
            name=f"{prefix}_lng_in_range",
            condition=Q(lng__isnull=True) | Q(lng__gte=-180.0, lng__lte=180.0),
            violation_error_code="lng_out_of_range",
            violation_error_message="A longitude lies between -180 and 180 degrees.",
        ),
    ]


def place_index(name: str, *equality: str, point: str = "point") -> GistIndex:
    """The index for searches by place: the point first, then the columns lists filter by equality.

    Columns other than the point need ``BtreeGistExtension``. ``name`` has at most 30 characters.
    """
    return GistIndex(name=name, fields=[point, *equality])


class PlaceQuerySetMixin(VisibleQuerySet[ModelT_co]):
    """Searches by place, for querysets of models with ``Place`` or ``PublicPlace``."""

    def near(
        self, lat: float, lng: float, radius_m: float, *, exact: bool = False, indexed: bool = True
    ) -> Self:
        """Rows within ``radius_m`` metres over ground, nearest first, with ``distance_m``.

        A ``PublicPlace`` is searched by its cell unless ``exact``. Raises ``InvalidInputError``
        for a position off the earth or a radius above 500 km. ``indexed=False`` is for rows that
        another index finds sooner than that of places.
        """
        degrees.check_position(lat, lng)
        if not 0 < radius_m <= MAX_RADIUS_M:
            raise InvalidInputError.in_parameter(
                "radius_km", "radius_out_of_range", "The radius must be above 0 and at most 500 km."
            )
        chord = geodesy.chord_of(radius_m)
        corners = geodesy.box_around(geodesy.geocentric(lat, lng), chord)
        searched = self._inside(corners, exact) if indexed else self
        found = searched.measured_from(lat, lng, exact=exact).filter(_chord__lte=chord)
        if connections[self.db].pg_version >= TIE_BREAK_SINCE:  # type: ignore[attr-defined]
            return found.order_by("_chord", "pk")
        return found.order_by("_chord")

    def measured_from(self, lat: float, lng: float, *, exact: bool = False) -> Self:
        """All rows with ``distance_m``, as ``near`` measures it; null where a row has no place."""
        chord = Chord(F(self._place_columns(exact)[2]), _cube(geodesy.geocentric(lat, lng)))
        return self.annotate(_chord=chord).annotate(distance_m=_ARC)

    def in_bbox(
        self,
        west: float,
        south: float,
        east: float,
        north: float,
        *,
        exact: bool = False,
        indexed: bool = True,
    ) -> Self:
        """Rows in a map's box; ``west`` above ``east`` crosses the antimeridian (RFC 7946 §5.2).

        A ``PublicPlace`` is searched by its cell unless ``exact``. The order is left as it is.
        Raises ``InvalidInputError`` for a box off the earth, upside down or above a million km².
        """
        degrees.check_box(west, south, east, north)
        lat, lng, _ = self._place_columns(exact)
        corners = geodesy.box_of(west, south, east, north)
        return (self._inside(corners, exact) if indexed else self).filter(
            degrees.between_latitudes(lat, south, north),
            degrees.between_longitudes(lng, west, east) | degrees.at_a_pole(lat, south, north),
        )

    def _inside(self, corners: tuple[geodesy.Point, geodesy.Point], exact: bool) -> Self:
        return self.filter(Inside(F(self._place_columns(exact)[2]), _cube(*corners)))

    def _place_columns(self, exact: bool) -> tuple[str, str, str]:
        if issubclass(self.model, PublicPlace) and not exact:
            return "cell_lat", "cell_lng", "cell_point"
        return "lat", "lng", "point"


_DIAMETER = 2 * geodesy.MEAN_RADIUS_M
_ARC = models.ExpressionWrapper(
    _DIAMETER * ASin(Least(F("_chord") / _DIAMETER, 1.0)), output_field=models.FloatField()
)


def _cube(*corners: tuple[float, float, float]) -> models.Value:
    return models.Value(corners, output_field=CubeField())
