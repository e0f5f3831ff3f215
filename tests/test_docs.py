"""Every Python block of the documentation runs, page by page; `tox -e docs` builds the site."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .documents import ROOT, open_account, read_blocks, run_python

if TYPE_CHECKING:
    from pathlib import Path

DOCS = ROOT / "docs"
# What runs the pages whose examples need a framework, a second service or a shell.
ELSEWHERE = {
    "guides/cli.md": "tests/cli/test_docs.py",
    "guides/django.md": "tests/contrib/django/test_page.py",
    "guides/fastapi.md": "tests/contrib/fastapi/test_page.py",
    "guides/flask.md": "tests/contrib/flask/test_page.py",
    "guides/img-src.md": "tests/imgsrc/test_docs.py",
    "migration/django-storages.md": "tests/contrib/django_packages/test_django_storages.py",
}
PAGES = sorted(page.relative_to(DOCS).as_posix() for page in [*DOCS.glob("*.md"), *DOCS.glob("[!_]*/*.md")])
RUN_HERE = [page for page in PAGES if page not in ELSEWHERE and read_blocks(DOCS / page, "python")]


@pytest.mark.parametrize("page", RUN_HERE)
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # open() without with, as examples have it
def test_every_python_block_prints_what_it_says(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_account(tmp_path, monkeypatch):
        for name, value in run_python(DOCS / page).items():
            if name == "imagekit":
                value.close()


@pytest.mark.parametrize(("page", "tests"), ELSEWHERE.items())
def test_the_tests_of_a_page_name_it(page: str, tests: str) -> None:
    assert (DOCS / page).exists()
    assert page.rpartition("/")[2] in (ROOT / tests).read_text(encoding="utf-8")
