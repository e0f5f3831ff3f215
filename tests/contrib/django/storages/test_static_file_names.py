"""The names and contents of static files at the service, and what refers to them."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import pytest
import requests
from django.contrib.staticfiles.storage import staticfiles_storage

from imagekitio.contrib.django import ImageKitStaticStorage

from .static_project import FILES, PIXEL, Project, fetch, fetch_references

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django import Settings

    from imagekitio.local import LocalImageKit


@pytest.fixture
def project(tmp_path: Path, settings: Settings, account: LocalImageKit) -> Project:
    return Project(tmp_path, settings, account)


def test_names_that_the_service_changes_are_found_by_urls_and_style_sheets(project: Project) -> None:
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'/>"
    project.write(
        {
            "v1.2/img/logo@2x.gif": PIXEL,
            "v1.2/img/größe 1.gif": PIXEL + b"\0",
            "v1.2/css/a b.svg": svg,
            "v1.2/css/base.css": b"""
                a { background: url("../img/logo@2x.gif") }
                b { background: url(../img/gr%C3%B6%C3%9Fe%201.gif?x=1#y) }
                i { background: url(/static/v1.2/img/logo@2x.gif) }
                u { background: url('/static/v1.2/css/a b.svg#icon') }
                """,
            "top.css": b"@import '/static/v1.2/css/base.css'; a { background: url(v1.2/img/logo@2x.gif) }",
        }
    )
    project.collect()
    assert "/static/v1_2/img/logo_2x." in staticfiles_storage.url("v1.2/img/logo@2x.gif")
    base = staticfiles_storage.url("v1.2/css/base.css")
    assert fetch_references(base) == [PIXEL, PIXEL + b"\0", PIXEL, svg]
    assert fetch_references(staticfiles_storage.url("top.css")) == [fetch(base), PIXEL]


def test_names_that_the_service_makes_equal_stay_apart_by_their_hashes(project: Project) -> None:
    project.write({"a@b.txt": b"1", "a b.txt": b"2", "a_b.txt": b"1"})
    project.collect()
    assert [fetch(staticfiles_storage.url(name)) for name in ("a@b.txt", "a b.txt", "a_b.txt")] == [b"1", b"2", b"1"]


@pytest.mark.parametrize("name", ["img/logo.gif?v=1", "img/logo.gif#part", "img/logo.gif?#iefix", "img/logo.gif?v=1#p"])
def test_queries_and_fragments_stay_at_the_end_of_urls(project: Project, name: str) -> None:
    project.write(FILES)
    project.collect()
    url = staticfiles_storage.url(name)
    assert url == staticfiles_storage.url("img/logo.gif") + name.removeprefix("img/logo.gif")
    assert fetch(url) == PIXEL


def test_the_url_of_a_folder_is_not_hashed(project: Project) -> None:
    assert staticfiles_storage.url("img/v1.2/") == f"{project.account.url_endpoint}/static/img/v1_2/"


def test_a_name_that_the_manifest_lacks_is_an_error(project: Project) -> None:
    with pytest.raises(ValueError, match="Missing staticfiles manifest entry"):
        staticfiles_storage.url("css/missing.css")


def test_modules_and_source_maps_are_rewritten(project: Project) -> None:
    project.configure("tests.contrib.django.storages.test_static_file_names.StorageOfModules")
    project.write(
        {
            "js/main.js": b"import { a } from './lib/a.js';\nimport b from '/static/js/b.js';\nimport('./b.js');\n"
            b"//# sourceMappingURL=main.js.map\n",
            "js/main.js.map": b'{"version": 3}',
            "js/lib/a.js": b"export { b as a } from '../b.js';\n",
            "js/b.js": b"export default 1; export const b = 2;\n",
        }
    )
    project.collect()
    main = staticfiles_storage.url("js/main.js")
    names = project.read_manifest()["paths"]
    assert fetch(main).decode().count("./") == 3
    assert fetch_references(main) == [
        fetch(urljoin(main, f"../{names[name]}")) for name in ("js/lib/a.js", "js/b.js", "js/b.js", "js/main.js.map")
    ]


class StorageOfModules(ImageKitStaticStorage):
    support_js_module_import_aggregation = True


def test_empty_style_sheets_and_scripts_are_newlines_and_other_empty_files_are_left_out(
    project: Project, caplog: pytest.LogCaptureFixture
) -> None:
    project.write({"empty.css": b"", "empty.js": b"", "py.typed": b"", "base.css": b"@import 'empty.css';"})
    with caplog.at_level(logging.WARNING):
        project.collect()
    assert fetch(staticfiles_storage.url("empty.css")) == fetch(staticfiles_storage.url("empty.js")) == b"\n"
    assert [record.getMessage()[:8] for record in caplog.records] == ["py.typed"]
    assert requests.get(staticfiles_storage.url("py.typed"), timeout=10).status_code == 404
    _, requests_made = project.collect()
    assert not requests_made


def test_collected_files_can_be_read(project: Project) -> None:
    project.write(FILES)
    project.collect()
    with staticfiles_storage.open("js/shop.js") as file:
        assert file.read() == FILES["js/shop.js"]
    with pytest.raises(FileNotFoundError):
        staticfiles_storage.open("js/missing.js")
