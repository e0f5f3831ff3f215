"""`docs/migration/from-3.md` says of each overlay name of release 3 what replaces it."""

from __future__ import annotations

import re

from imagekitio.urls.transformations.names import KNOWN_NAMES

from ..documents import ROOT


def test_every_overlay_name_has_a_row() -> None:
    page = (ROOT / "docs" / "migration" / "from-3.md").read_text(encoding="utf-8")
    table = page.split("| Name of release 3 |")[1].split("\n\n")[0]
    names = [name for row in table.splitlines() for name in re.findall(r"`(overlay_\w+)`", row)]
    assert len(names) > 25
    assert sorted(names) == sorted(name for name in KNOWN_NAMES if name.startswith("overlay_"))
