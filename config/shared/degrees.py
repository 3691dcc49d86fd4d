"""Positions and boxes of degrees: what is off the earth, and what lies in a box."""

import math

from django.db.models import Q

from config.shared import geodesy
from config.shared.errors import InvalidInputError

MAX_BOX_KM2 = 1_000_000


def check_position(lat: float, lng: float, parameter: str = "near") -> None:
    """Raise ``InvalidInputError`` for a position off the earth."""
    if not (math.isfinite(lat) and math.isfinite(lng)) or abs(lat) > 90 or abs(lng) > 180:
        raise InvalidInputError.in_parameter(
            parameter, "position_off_the_earth", "Latitudes lie in ±90, longitudes in ±180 degrees."
        )


def check_box(west: float, south: float, east: float, north: float) -> None:
    """Raise ``InvalidInputError`` for a box off the earth, upside down or above a million km²."""
    check_position(south, west, "bbox")
    check_position(north, east, "bbox")
    if south > north:
        raise InvalidInputError.in_parameter(
            "bbox", "box_upside_down", "The box's south lies north of its north."
        )
    if geodesy.area_km2(west, south, east, north) > MAX_BOX_KM2:
        raise InvalidInputError.in_parameter(
            "bbox", "box_too_large", "The box is too large: at most 1,000,000 km²."
        )


def between_latitudes(name: str, south: float, north: float) -> Q:
    """What lies from ``south`` to ``north`` by its column ``name``."""
    return Q(**{f"{name}__gte": south, f"{name}__lte": north})


def between_longitudes(name: str, west: float, east: float) -> Q:
    """What lies from ``west`` eastwards to ``east``, perhaps across the antimeridian."""
    from_west, to_east = Q(**{f"{name}__gte": west}), Q(**{f"{name}__lte": east})
    if west > east:
        return from_west | to_east
    inside = from_west & to_east
    if -180.0 in (west, east) or 180.0 in (west, east):
        return inside | Q(**{f"{name}__in": [-180.0, 180.0]})
    return inside


def at_a_pole(name: str, south: float, north: float) -> Q:
    """What stands on a pole between ``south`` and ``north``, where every longitude meets."""
    poles = [pole for pole in (-90.0, 90.0) if south <= pole <= north]
    return Q(**{f"{name}__in": poles})
