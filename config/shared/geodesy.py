"""The arithmetic of places, in Python and as SQL: WGS84, boxes, chords and the public grid."""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

Point = tuple[float, float, float]
Point2 = tuple[float, float]

SEMI_MAJOR_M = 6_378_137.0
ECCENTRICITY_SQUARED = 0.0066943799901413165
MEAN_RADIUS_M = 6_371_008.8
ROUNDING_M = 0.01

CELLS_PER_DEGREE = 100
ROWS = 180 * CELLS_PER_DEGREE
COLUMNS_AT_EQUATOR = 360 * CELLS_PER_DEGREE

_LEVER = (
    f"{SEMI_MAJOR_M!r} / sqrt(1.0 - {ECCENTRICITY_SQUARED!r}"
    " * sin(radians({lat})) * sin(radians({lat})))"
)
POINT_SQL = (
    f"cube(cube(cube({_LEVER} * cos(radians({{lat}})) * cos(radians({{lng}}))),"
    f" {_LEVER} * cos(radians({{lat}})) * sin(radians({{lng}}))),"
    f" {_LEVER} * {1.0 - ECCENTRICITY_SQUARED!r} * sin(radians({{lat}})))"
)
CELL_LAT_SQL = "((CASE WHEN {lat} >= 90.0 THEN 8999.0 ELSE floor({lat} * 100.0) END + 0.5) / 100.0)"
_COLUMNS_SQL = f"floor(36000.0 * cos(radians({CELL_LAT_SQL})))"
CELL_LNG_SQL = (
    f"((CASE WHEN {{lng}} >= 179.9999 THEN {_COLUMNS_SQL} - 1.0"
    f" ELSE floor(({{lng}} + 180.0) / 360.0 * {_COLUMNS_SQL}) END + 0.5)"
    f" * 360.0 / {_COLUMNS_SQL} - 180.0)"
)


def expand(sql: str, parts: Mapping[str, tuple[str, Sequence[Any]]]) -> tuple[str, list[Any]]:
    """Put compiled parts where ``sql`` names them, ``{name}``, with their parameters in order."""
    pieces: list[str] = []
    params: list[Any] = []
    for piece in re.split(r"(\{\w+\})", sql):
        compiled, its_params = parts.get(piece, (piece, ()))
        pieces.append(compiled)
        params.extend(its_params)
    return "".join(pieces), params


def geocentric(lat: float, lng: float) -> Point:
    """The place in earth-centred, earth-fixed metres on the WGS84 ellipsoid."""
    phi, lam = math.radians(lat), math.radians(lng)
    lever = SEMI_MAJOR_M / math.sqrt(1.0 - ECCENTRICITY_SQUARED * math.sin(phi) ** 2)
    return (
        lever * math.cos(phi) * math.cos(lam),
        lever * math.cos(phi) * math.sin(lam),
        lever * (1.0 - ECCENTRICITY_SQUARED) * math.sin(phi),
    )


def chord_of(distance_m: float) -> float:
    """The straight line under ``distance_m`` metres over ground."""
    return 2 * MEAN_RADIUS_M * math.sin(distance_m / (2 * MEAN_RADIUS_M))


def box_around(centre: Point, chord: float) -> tuple[Point, Point]:
    """Two corners of the cube that holds everything within ``chord`` metres of ``centre``."""
    x, y, z = centre
    return (x - chord, y - chord, z - chord), (x + chord, y + chord, z + chord)


def box_of(west: float, south: float, east: float, north: float) -> tuple[Point, Point]:
    """Two corners of a box in space that holds everything in a box of degrees.

    ``west`` may be above ``east``: then the box crosses the antimeridian.
    """
    nearest_equator = min(max(0.0, south), north)
    farthest = max(abs(south), abs(north))
    outer, inner = geocentric(nearest_equator, 0.0)[0], geocentric(farthest, 0.0)[0]
    if east < west:
        east += 360.0
    x_low, x_high = _product((inner, outer), _cosines(west, east))
    y_low, y_high = _product((inner, outer), _cosines(west - 90.0, east - 90.0))
    pad = ROUNDING_M
    return (
        (x_low - pad, y_low - pad, geocentric(south, 0.0)[2] - pad),
        (x_high + pad, y_high + pad, geocentric(north, 0.0)[2] + pad),
    )


def _cosines(start: float, end: float) -> tuple[float, float]:
    """The least and the greatest cosine of the angles from ``start`` up to ``end``, in degrees."""
    ends = math.cos(math.radians(start)), math.cos(math.radians(end))
    low = -1.0 if math.floor((end - 180.0) / 360.0) >= (start - 180.0) / 360.0 else min(ends)
    high = 1.0 if math.floor(end / 360.0) >= start / 360.0 else max(ends)
    return low, high


def _product(radii: tuple[float, float], cosines: tuple[float, float]) -> tuple[float, float]:
    products = [radius * cosine for radius in radii for cosine in cosines]
    return min(products), max(products)


def area_km2(west: float, south: float, east: float, north: float) -> float:
    """The area of a box of degrees in square kilometres, on a sphere of the mean radius."""
    width = math.radians(east - west if west <= east else east - west + 360.0)
    height = math.sin(math.radians(north)) - math.sin(math.radians(south))
    return (MEAN_RADIUS_M / 1000.0) ** 2 * width * height


def public_cell(lat: float, lng: float) -> Point2:
    """The centre of the grid cell that strangers may know, as ``(lat, lng)``.

    Rows are a hundredth of a degree high (1.1 km); each has as many columns as keep its cells
    about as wide. The grid is fixed for good: a grid that moved would let two cells of one place
    be intersected. The database computes the same in ``PublicPlace``.
    """
    row = ROWS // 2 - 1 if lat >= 90.0 else math.floor(lat * CELLS_PER_DEGREE)
    cell_lat = (row + 0.5) / CELLS_PER_DEGREE
    columns = math.floor(COLUMNS_AT_EQUATOR * math.cos(math.radians(cell_lat)))
    column = columns - 1 if lng >= 179.9999 else math.floor((lng + 180.0) / 360.0 * columns)
    return cell_lat, (column + 0.5) * 360.0 / columns - 180.0
