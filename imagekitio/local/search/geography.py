"""Geography: the areas in searches by location, and the test of whether they contain a place.

Source: ImageKit docs, "Advanced search queries", ``embeddedMetadata.LocationTaken``. Where the docs are silent, borders
belong to the area, and rectangles and polygons are drawn on the plane of latitude and longitude, so none crosses the
180th meridian.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

EARTH_RADIUS_METRES: Final = 6_371_008.8  # mean radius, IUGG

_METRES: Final = {"m": 1.0, "km": 1_000.0, "mi": 1_609.344}
_NUMBER: Final = r"[+-]?[0-9]{1,20}(?:\.[0-9]{1,30})?"
_PLACE: Final = re.compile(rf"\s*({_NUMBER})\s*,\s*({_NUMBER})\s*")
_CIRCLE: Final = re.compile(rf"\s*({_NUMBER}\s*,\s*{_NUMBER})\s+({_NUMBER})\s*(km|mi|m)\s*")


class Place(NamedTuple):
    """Latitude and longitude in degrees, north and east positive."""

    latitude: float
    longitude: float


@dataclass(frozen=True)
class Circle:
    """All places within `radius_metres` of `centre`, on a sphere."""

    centre: Place
    radius_metres: float

    def contains(self, place: Place) -> bool:
        return distance_metres(self.centre, place) <= self.radius_metres


@dataclass(frozen=True)
class Polygon:
    """The area inside the straight lines from each corner to the next, and from the last to the first."""

    corners: tuple[Place, ...]

    def contains(self, place: Place) -> bool:
        inside = False
        for start, end in zip(self.corners, self.corners[1:] + self.corners[:1], strict=True):
            if _is_on_line(place, start, end):
                return True
            if (start.latitude > place.latitude) != (end.latitude > place.latitude):
                share = (place.latitude - start.latitude) / (end.latitude - start.latitude)
                if place.longitude < start.longitude + share * (end.longitude - start.longitude):
                    inside = not inside
        return inside


def rectangle(corner: Place, opposite: Place) -> Polygon:
    """Return the rectangle along the meridians with two opposite corners."""
    return Polygon(
        (
            corner,
            Place(corner.latitude, opposite.longitude),
            opposite,
            Place(opposite.latitude, corner.longitude),
        )
    )


def distance_metres(one: Place, other: Place) -> float:
    """Return the length of the great circle between two places (haversine formula)."""
    latitude, other_latitude = math.radians(one.latitude), math.radians(other.latitude)
    half_longitude = math.radians(other.longitude - one.longitude) / 2
    chord = (
        math.sin((other_latitude - latitude) / 2) ** 2
        + math.cos(latitude) * math.cos(other_latitude) * math.sin(half_longitude) ** 2
    )
    return 2 * EARTH_RADIUS_METRES * math.asin(math.sqrt(min(1.0, chord)))


@lru_cache(maxsize=128)  # called for every row of a search
def parse_area(text: str) -> Circle | Polygon:
    """Read a circle ``40,100 5km`` (or m, mi), a rectangle ``40,100|50,105`` or a polygon of four places.

    Raises:
        ValueError: `text` does not have any of these forms.
    """
    if circle := _CIRCLE.fullmatch(text):
        radius_metres = float(circle[2]) * _METRES[circle[3]]
        if radius_metres < 0:
            raise ValueError(f"the radius of a circle must not be negative (got {circle[2]})")
        return Circle(parse_place(circle[1]), radius_metres)
    places = text.split("|")
    if len(places) == 2:
        return rectangle(parse_place(places[0]), parse_place(places[1]))
    if len(places) == 4:
        return Polygon(tuple(parse_place(place) for place in places))
    raise ValueError(
        f'a location must be a circle such as "40,100 5km", a rectangle such as "40,100|50,105" '
        f'or a polygon of four places such as "0,0|0,100|40,100|40,0" (got {text[:100]!r})'
    )


def parse_place(text: str) -> Place:
    """Read ``latitude,longitude`` in degrees.

    Raises:
        ValueError: `text` is not such a pair, or its numbers are out of range.
    """
    match = _PLACE.fullmatch(text)
    if match is None:
        raise ValueError(f'a place must be a latitude and a longitude such as "48.2,16.4" (got {text[:100]!r})')
    place = Place(float(match[1]), float(match[2]))
    if not (-90 <= place.latitude <= 90 and -180 <= place.longitude <= 180):
        raise ValueError(f"latitude must be from -90 to 90 and longitude from -180 to 180 (got {text[:100]!r})")
    return place


def _is_on_line(place: Place, start: Place, end: Place) -> bool:
    cross = (end.latitude - start.latitude) * (place.longitude - start.longitude) - (
        end.longitude - start.longitude
    ) * (place.latitude - start.latitude)
    return (
        cross == 0
        and min(start.latitude, end.latitude) <= place.latitude <= max(start.latitude, end.latitude)
        and min(start.longitude, end.longitude) <= place.longitude <= max(start.longitude, end.longitude)
    )
