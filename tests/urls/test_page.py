"""The tables of transformations in `docs/migration` contain only names that exist."""

from __future__ import annotations

import ast
import re

import pytest

from imagekitio import ImageKit
from imagekitio.urls.transformations.names import KNOWN_NAMES

from ..documents import ROOT

FOLDER = ROOT / "docs" / "migration"
STEPS_FOR_CLOUDINARY: list[str] = re.findall(
    r"^\| `[^|]+ \| `(\{.*?\})` \|", (FOLDER / "cloudinary.md").read_text(encoding="utf-8"), re.MULTILINE
)


def test_every_overlay_name_of_release_3_has_a_row() -> None:
    page = (FOLDER / "from-3.md").read_text(encoding="utf-8")
    table = page.split("| Name of release 3 |")[1].split("\n\n")[0]
    names = [name for row in table.splitlines() for name in re.findall(r"`(overlay_\w+)`", row)]
    assert len(names) > 25
    assert sorted(names) == sorted(name for name in KNOWN_NAMES if name.startswith("overlay_"))


def test_the_table_for_cloudinary_has_steps() -> None:
    assert len(STEPS_FOR_CLOUDINARY) > 50


@pytest.mark.parametrize("step", dict.fromkeys(STEPS_FOR_CLOUDINARY))
def test_a_step_for_cloudinary_is_valid(step: str) -> None:
    strict = ImageKit(private_key="private_a", url_endpoint="https://ik.imagekit.io/acme", strict_transformations=True)
    strict.url(path="/a.jpg", transformation=[ast.literal_eval(step)])
