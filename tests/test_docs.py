"""Every Python block of the documentation runs, page by page; `tox -e docs` builds the site."""

from __future__ import annotations

import re
import runpy
from typing import TYPE_CHECKING

import pytest

from imagekitio import ImageKit
from imagekitio.urls.transformations.allowed import ALLOWED, OBJECTS
from imagekitio.urls.transformations.names import CODES

from .documents import ROOT, open_account, read_blocks, run_python

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DOCS = ROOT / "docs"
# The tests of pages whose examples need a framework, a second service or a shell.
ELSEWHERE = {
    "guides/cli.md": "tests/cli/test_docs.py",
    "guides/django.md": "tests/contrib/django/test_page.py",
    "guides/fastapi.md": "tests/contrib/fastapi/test_page.py",
    "guides/flask.md": "tests/contrib/flask/test_page.py",
    "guides/img-src.md": "tests/imgsrc/test_docs.py",
    "migration/django-storages.md": "tests/contrib/django_packages/test_django_storages.py",
}
ENDPOINT = "https://ik.imagekit.io/your_imagekit_id"
# What `explain_url` says by the table "Common reasons", and what happened to a valid URL before.
COMMON_REASONS: dict[str, Callable[[ImageKit, str], str]] = {
    "… was added to the query after signing": lambda _, url: f"{url}&utm_source=mail",
    "the URL is escaped for HTML": lambda _, url: url.replace("&", "&amp;"),
    "the URL was percent-encoded twice": lambda _, url: url.replace("%", "%25"),
    "spaces became + after signing": lambda _, url: url.replace("%20", "+"),
    "the URL was signed for the endpoint …": lambda client, _: client.url(
        path="/my invoice.png", signed=True, url_endpoint=f"{ENDPOINT}/shop"
    ),
    "the transformation in the path was added after signing": lambda _, url: url.replace("/my", "/tr:w-200/my"),
    "the URL expired … ago": lambda client, _: client.url(
        path="/my invoice.png", signed=True, expires_at=1_000_000_000
    ),
    "no common mistake explains it": lambda _, url: ImageKit(private_key="another", url_endpoint=ENDPOINT).url(
        path="/my invoice.png", signed=True
    ),
}
PAGES = sorted(page.relative_to(DOCS).as_posix() for page in [*DOCS.glob("*.md"), *DOCS.glob("[!_]*/*.md")])
RUN_HERE = [page for page in PAGES if page not in ELSEWHERE and read_blocks(DOCS / page, "python")]


@pytest.mark.slow
@pytest.mark.parametrize("page", RUN_HERE)
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # examples call open() without with
def test_every_python_block_prints_what_its_comments_say(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_account(tmp_path, monkeypatch):
        for name, value in run_python(DOCS / page).items():
            if name == "imagekit":
                value.close()


@pytest.mark.parametrize(("page", "tests"), ELSEWHERE.items())
def test_the_tests_of_a_page_name_it(page: str, tests: str) -> None:
    assert (DOCS / page).exists()
    assert page.rpartition("/")[2] in (ROOT / tests).read_text(encoding="utf-8")


def test_the_table_of_common_reasons_is_tested() -> None:
    section = (DOCS / "guides" / "signed-urls.md").read_text(encoding="utf-8").split("\n### Common reasons\n")[1]
    rows = re.findall(r"^\| .+ \| (.+) \| .+ \|$", section.partition("\n## ")[0], re.MULTILINE)
    assert rows == ["What `explain_url` says", *COMMON_REASONS]


@pytest.mark.parametrize("reason", COMMON_REASONS)
def test_explain_url_gives_a_common_reason_as_the_page_quotes_it(reason: str) -> None:
    client = ImageKit(private_key="your_private_key", url_endpoint=ENDPOINT)
    url = client.url(path="/my invoice.png", signed=True, expires_at=4_000_000_000)
    assert client.explain_url(url).signature.status == "ok"
    signature = client.explain_url(COMMON_REASONS[reason](client, url)).signature
    assert re.search(re.escape(reason).replace("…", ".+"), "\n".join([signature.reason, *signature.causes]))


def test_the_tables_of_transformations_have_every_name_with_its_code_and_values() -> None:
    tables = runpy.run_path(str(DOCS / "_extensions" / "transformation_tables.py"))
    built = tables["fill"]((DOCS / "reference" / "transformations.md").read_text(encoding="utf-8"))
    rows = re.findall(r"^\| `(\w+)` \| `([\w-]+)` \| (.+) \| [✓≈✗] \|$", built, re.MULTILINE)
    assert {name: code for name, code, _ in rows} == CODES
    assert len(rows) == len(CODES)
    for name, _, text in rows:
        # Objects have their own paragraph.
        missing = {word for word in ALLOWED[name].listed if word not in OBJECTS and f"`{word}`" not in text}
        assert missing <= {"true", "false", "-"}, name  # the values of a switch, which takes True and False
    assert all(f"`{word}`" in built for word in OBJECTS)
