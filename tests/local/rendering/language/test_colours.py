from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.local.rendering.language.colours import Colour, parse_colour


@pytest.mark.parametrize(
    ("text", "colour"),
    [
        ("FF8000", Colour(255, 128, 0)),
        ("ff8000", Colour(255, 128, 0)),
        ("F80", Colour(255, 136, 0)),
        ("FFFFFF80", Colour(255, 255, 255, 0.8)),
        ("00000000", Colour(0, 0, 0, 0)),
        ("pink", Colour(255, 192, 203)),
        ("rebeccapurple", Colour(102, 51, 153)),
    ],
)
def test_colours_are_hexadecimal_digits_or_names(text: str, colour: Colour) -> None:
    assert parse_colour(text) == colour


@pytest.mark.parametrize(
    "text", ["", "FFFFFFFF", "FFFF", "Red", "GGGGGG", "FFFFFF8A", "#FF0000", "FFFFF٣", "12345678-"]
)
def test_an_invalid_colour_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be RRGGBB, RRGGBBAA with AA from 00 to 99"):
        parse_colour(text)


@given(st.tuples(*[st.integers(0, 255)] * 3), st.integers(0, 99))
def test_the_last_two_digits_are_the_opacity_in_percent(rgb: tuple[int, int, int], hundredths: int) -> None:
    assert parse_colour(bytes(rgb).hex() + f"{hundredths:02}") == Colour(*rgb, hundredths / 100)
