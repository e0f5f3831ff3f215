from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.local.search.geography import (
    EARTH_RADIUS_METRES,
    Place,
    distance_metres,
    parse_area,
    parse_place,
    rectangle,
)

VIENNA, BRATISLAVA = Place(48.2082, 16.3738), Place(48.1486, 17.1077)
places = st.builds(Place, st.floats(-90, 90), st.floats(-180, 180))


def test_vienna_and_bratislava_are_55_kilometres_apart() -> None:
    assert distance_metres(VIENNA, BRATISLAVA) == pytest.approx(54_800, abs=300)


def test_the_poles_are_half_a_great_circle_apart() -> None:
    assert distance_metres(Place(90, 0), Place(-90, 77)) == pytest.approx(math.pi * EARTH_RADIUS_METRES)


@given(places, places)
def test_distance_is_the_same_both_ways_and_at_most_half_a_great_circle(one: Place, other: Place) -> None:
    there, back = distance_metres(one, other), distance_metres(other, one)
    assert there == pytest.approx(back, abs=0.001)
    assert 0 <= there <= math.pi * EARTH_RADIUS_METRES + 0.001


@pytest.mark.parametrize(
    ("area", "inside"),
    [
        ("48.2082,16.3738 60km", True),
        ("48.2082, 16.3738 50km", False),
        ("48.2082,16.3738 60000m", True),
        ("48.2082,16.3738  35mi", True),
        ("48.2082,16.3738 34 mi", False),
        ("48.1486,17.1077 0m", True),
        ("48,17|49,18", True),
        ("49,18|48,17", True),
        ("48,18|49,17", True),
        ("48,16|49,17", False),
        ("48,17|48.1,18", False),
        ("48.1486,17.1077|50,18", True),
        ("47,16|47,18|49,18|49,16", True),
        ("47,16|47,17|49,17|49,16", False),
        ("48.1486,16|48.1486,18|50,18|50,16", True),
        ("47,17.1|50,17.1|48.2,17.2|48.1,17.2", True),
    ],
)
def test_bratislava_lies_inside_or_outside(area: str, inside: bool) -> None:
    assert parse_area(area).contains(BRATISLAVA) is inside


@pytest.mark.parametrize(
    "text",
    ["", "40", "40,100", "40,100 5", "40,100 5ft", "40,100km", "40,100|50", "1,1|2,2|3,3", "91,0 5km", "0,181|1,1",
     "1,1|2,2|3,3|4,4|5,5", "a,b 5km", "40,100 -5km", "1e1,1|2,2"],
)  # fmt: skip
def test_an_invalid_area_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must"):
        parse_area(text)


@given(places, places, places)
def test_a_rectangle_contains_what_is_between_its_corners(one: Place, other: Place, place: Place) -> None:
    latitudes, longitudes = sorted((one.latitude, other.latitude)), sorted((one.longitude, other.longitude))
    expected = latitudes[0] <= place.latitude <= latitudes[1] and longitudes[0] <= place.longitude <= longitudes[1]
    assert rectangle(one, other).contains(place) is expected


@given(places)
def test_a_place_survives_a_round_trip(place: Place) -> None:
    assert parse_place(f" {place.latitude:.20f} , {place.longitude:.20f} ") == pytest.approx(place)
