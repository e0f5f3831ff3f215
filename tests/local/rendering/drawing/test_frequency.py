from __future__ import annotations

from imagekitio.local.rendering.drawing.frequency import most_frequent
from imagekitio.local.rendering.language.colours import Colour


def test_the_most_frequent_colours_come_first_and_are_the_means_of_their_cells() -> None:
    pixels = bytes([255, 0, 0]) * 2 + bytes([0, 0, 250]) * 2 + bytes([2, 0, 255]) * 2 + bytes([9, 99, 9])
    assert most_frequent(pixels, 2) == [Colour(1, 0, 252), Colour(255, 0, 0)]


def test_too_few_colours_are_repeated() -> None:
    assert most_frequent(bytes(3), 4) == [Colour(0, 0, 0)] * 4
