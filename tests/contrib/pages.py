"""The pages in `docs/guides/` about frameworks as projects: a block that begins with a file name is that file."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
GUIDES = ROOT / "docs" / "guides"
# The first line of a block is a comment with the name of the file.
_BLOCK = re.compile(r"^```(python|html)\n(?:# |<!-- )([\w./-]+)(?: -->)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def read_files(page: Path) -> dict[str, str]:
    """Return the text of each file that a page shows; blocks of one name follow each other in it."""
    text = page.read_text(encoding="utf-8")
    blocks = _BLOCK.findall(text)
    count = text.count("\n```python") + text.count("\n```html")
    assert page == README or len(blocks) == count, f"a block of {page} names no file"
    found: dict[str, str] = {}
    for _, name, code in blocks:
        found[name] = found.get(name, "") + code
    return found


def write_files(page: Path, folder: Path) -> None:
    """Write the files that a page shows."""
    for name, code in read_files(page).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(code, encoding="utf-8")
