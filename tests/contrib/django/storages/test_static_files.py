"""`collectstatic` and its storage, against local ImageKit."""

from __future__ import annotations

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import FileSystemStorage, storages
from django.core.management.base import CommandError
from django.template import Context, Template

from imagekitio.contrib.django import ImageKitStaticStorage

from .static_project import FILES, PIXEL, Project, fetch, fetch_references, make_many

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django import Settings

    from imagekitio.local import LocalImageKit


@pytest.fixture
def project(tmp_path: Path, settings: Settings, account: LocalImageKit) -> Project:
    return Project(tmp_path, settings, account)


# Uploading


def test_collected_files_are_delivered_under_names_with_their_hash(project: Project) -> None:
    project.write(FILES)
    output, requests_made = project.collect()
    assert "3 static files copied, 3 post-processed" in output
    assert requests_made == {"upload_file": 3}
    url = staticfiles_storage.url("css/base.css")
    assert re.fullmatch(re.escape(project.account.url_endpoint) + r"/static/css/base\.[0-9a-f]{12}\.css", url)
    assert fetch_references(url) == [PIXEL]
    assert project.list_media_library() == {f"/static/{name}" for name in project.read_manifest()["paths"].values()}


def test_a_template_gets_the_hashed_url_without_a_request(project: Project) -> None:
    project.write(FILES)
    project.collect()
    before = project.count_requests()
    text = Template('{% load static %}{% static "js/shop.js" %}').render(Context())
    assert project.count_requests() == before
    assert fetch(text) == FILES["js/shop.js"]


def test_with_debug_urls_are_local_as_always_in_django(project: Project, settings: Settings) -> None:
    project.write(FILES)
    settings.DEBUG = True
    assert staticfiles_storage.url("img/größe 1.gif") == "/static/img/größe 1.gif"
    assert staticfiles_storage.url("fonts/a.eot?#iefix") == "/static/fonts/a.eot?#iefix"
    project.collect()
    storage = storages["staticfiles"]
    assert isinstance(storage, ImageKitStaticStorage)
    assert fetch(storage.url("js/shop.js", force=True)) == FILES["js/shop.js"]


def test_133_files_cost_at_most_one_point_one_requests_each_and_none_when_nothing_changed(project: Project) -> None:
    project.write(make_many(133))
    _, first = project.collect()
    assert first == {"upload_file": 133, "list_files": 2}
    assert first.total() <= 1.1 * 133
    _, second = project.collect()
    assert not second
    project.write({"part1/file1.txt": b"changed"})
    _, third = project.collect()
    assert third == {"upload_file": 1}


def test_uploads_run_16_at_once(project: Project, settings: Settings) -> None:
    everyone = threading.Barrier(16, timeout=60)

    class Service(BaseHTTPRequestHandler):
        """Answers an upload when 16 are in progress."""

        def do_POST(self) -> None:
            form = self.rfile.read(int(self.headers["Content-Length"])).decode()
            folder, name = (re.search(rf'name="{field}"\r\n\r\n(.*)\r', form) for field in ("folder", "fileName"))
            assert folder is not None
            assert name is not None
            everyone.wait()
            answer = json.dumps({"fileId": "65e6c5a9b7d1f2034a5b6c7d", "filePath": f"{folder[1]}/{name[1]}"}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name in the base class)
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Service) as service:
        threading.Thread(target=service.serve_forever).start()
        settings.IMAGEKIT = {
            **settings.IMAGEKIT,
            "api_base_url": None,
            "upload_base_url": None,
            "base_url": f"http://127.0.0.1:{service.server_port}",
        }
        project.write(make_many(16))
        try:
            project.collect()
        finally:
            service.shutdown()
    assert not everyone.broken


def test_a_lost_manifest_is_recovered_by_searches(project: Project) -> None:
    project.write(make_many(133))
    project.collect()
    manifest = project.read_manifest()
    project.manifest_path.unlink()
    project.configure()
    _, requests_made = project.collect()
    assert requests_made == {"list_files": 2}
    assert project.read_manifest() == manifest


def test_searches_for_long_names_have_urls_that_servers_accept(project: Project) -> None:
    files = {f"{'靴' * 60}{number}.txt": b"%d" % number for number in range(30)}
    project.write(files)
    project.collect()
    searches = [request for request in project.account.requests if request.operation == "list_files"]
    assert len(searches) > 1
    assert all(len(request.query) < 8000 for request in searches)
    project.manifest_path.unlink()
    _, requests_made = project.collect()
    assert requests_made == {"list_files": len(searches)}


def test_a_manifest_of_another_location_is_not_trusted(project: Project) -> None:
    project.write(FILES)
    project.collect()
    project.configure(location="assets/v1.2")
    project.collect()
    assert fetch(staticfiles_storage.url("js/shop.js")) == FILES["js/shop.js"]
    assert "/assets/v1_2/js/" in staticfiles_storage.url("js/shop.js")


def test_files_of_the_last_release_stay(project: Project) -> None:
    project.write(FILES)
    project.collect()
    old = staticfiles_storage.url("js/shop.js")
    project.write({"js/shop.js": b"console.log('new')\n"})
    project.collect()
    assert staticfiles_storage.url("js/shop.js") != old
    assert fetch(old) == FILES["js/shop.js"]


def test_options_of_uploads_are_those_of_the_storage_and_not_those_for_visitors(
    project: Project, settings: Settings
) -> None:
    settings.IMAGEKIT = {**settings.IMAGEKIT, "private": True, "max_bytes": 1, "location": "media", "purge": True}
    project.configure(upload_options={"tags": ["static"]})
    project.write(FILES)
    project.collect()
    with project.account.client() as client:
        files = [*client.iter_files(search_query='tags IN ["static"]')]
    assert [file.is_private_file for file in files] == [False] * 3
    assert fetch(staticfiles_storage.url("js/shop.js")) == FILES["js/shop.js"]


# Failures


def test_failed_uploads_are_all_named_and_the_next_run_uploads_what_is_missing(project: Project) -> None:
    project.write(make_many(30))
    project.account.faults.add(status=400, operation="upload_file", times=2)
    with pytest.raises(CommandError, match="2 of 30 new static files were not uploaded") as caught:
        project.collect()
    assert len(re.findall(r"^part\d/file\d+\.txt: .+", str(caught.value), re.MULTILINE)) == 2
    assert not project.manifest_path.exists()
    assert len(project.list_media_library()) == 28
    _, requests_made = project.collect()
    assert requests_made == {"list_files": 1, "upload_file": 2}
    assert len(project.read_manifest()["paths"]) == 30


def test_after_a_failure_the_manifest_and_the_urls_stay_as_they_were(project: Project) -> None:
    project.write(FILES)
    project.collect()
    manifest, url = project.manifest_path.read_bytes(), staticfiles_storage.url("js/shop.js")
    project.write({"js/shop.js": b"console.log('new')\n"})
    project.account.faults.add(status=400, operation="upload_file")
    with pytest.raises(CommandError, match=r"js/shop\.js: "):
        project.collect()
    assert project.manifest_path.read_bytes() == manifest
    assert staticfiles_storage.url("js/shop.js") == url


def test_a_file_that_the_service_stores_elsewhere_is_a_failure(project: Project) -> None:
    project.write(FILES)
    body = {"fileId": "65e6c5a9b7d1f2034a5b6c7d", "filePath": "/static/elsewhere.js"}
    project.account.faults.add(status=200, body=body, operation="upload_file")
    with pytest.raises(CommandError, match=r": the service stored it as /static/elsewhere\.js instead of /static/"):
        project.collect()
    assert not project.manifest_path.exists()


def test_a_service_that_is_down_is_an_error_that_names_all_files(project: Project, settings: Settings) -> None:
    settings.IMAGEKIT = {**settings.IMAGEKIT, "max_retries": 0}
    project.write(FILES)
    project.account.faults.add(reset=True, times=None)
    with pytest.raises(CommandError, match=r"(?s)3 of 3.*css/base\.css: .*img/logo\.gif: .*js/shop\.js: "):
        project.collect()


def test_a_wrong_key_is_one_error_after_one_request(project: Project, settings: Settings) -> None:
    settings.IMAGEKIT = {**settings.IMAGEKIT, "private_key": "private_wrong"}
    project.write(make_many(133))
    with pytest.raises(CommandError, match="could not be searched"):
        project.collect()
    assert project.count_requests().total() == 1


def test_a_missing_reference_stops_the_run_before_anything_is_uploaded(project: Project) -> None:
    project.write({**FILES, "css/broken.css": b"a { background: url(missing.png) }"})
    # Django 6 raises the error as a CommandError.
    with pytest.raises((ValueError, CommandError), match=r"missing\.png"):
        project.collect(stderr=StringIO())
    assert not project.count_requests()
    assert not project.manifest_path.exists()


def test_two_runs_at_once_do_not_harm_each_other(project: Project, tmp_path: Path) -> None:
    project.write({**FILES, **make_many(60)})
    project.account.faults.add(delay=0.02, times=None)
    errors: list[Exception] = []

    def collect(number: int) -> None:
        storage = ImageKitStaticStorage(manifest_storage=FileSystemStorage(tmp_path / f"machine{number}"))
        files = FileSystemStorage(project.sources)
        names = [path.relative_to(project.sources).as_posix() for path in project.sources.rglob("*.*")]
        try:
            for name in names:
                with files.open(name) as file:
                    storage.save(name, file)
            for _ in storage.post_process({name: (files, name) for name in names}):
                pass
        except Exception as exc:
            errors.append(exc)

    runs = [threading.Thread(target=collect, args=(number,)) for number in range(2)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert not errors
    first, second = ((tmp_path / f"machine{number}" / "staticfiles.json").read_bytes() for number in range(2))
    assert json.loads(first) == json.loads(second)
    assert len(project.list_media_library()) == 63


# Options of collectstatic


def test_a_dry_run_sends_and_writes_nothing(project: Project) -> None:
    project.write(FILES)
    output, requests_made = project.collect(dry_run=True)
    assert "3 static files copied" in output
    assert not requests_made
    assert not project.manifest_path.exists()


def test_clear_asks_for_every_file_and_uploads_those_that_were_deleted(project: Project) -> None:
    project.write(make_many(30))
    project.collect()
    with project.account.client() as client:
        client.delete_file(next(client.iter_files(search_query='path : "/static"')).file_id)
    output, requests_made = project.collect(clear=True, verbosity=2)
    assert "Deleting 'staticfiles.json'" in output
    assert requests_made == {"list_files": 1, "upload_file": 1}
    assert len(project.list_media_library()) == 30
    _, requests_made = project.collect()
    assert not requests_made


def test_a_file_that_is_gone_leaves_the_manifest(project: Project) -> None:
    project.write(FILES)
    project.collect()
    (project.sources / "js/shop.js").unlink()
    project.collect()
    assert "js/shop.js" not in project.read_manifest()["paths"]
    with pytest.raises(ValueError, match="Missing"):
        staticfiles_storage.url("js/shop.js")


def test_a_dry_run_of_clear_forgets_nothing(project: Project) -> None:
    project.write(FILES)
    project.collect()
    output, _ = project.collect(clear=True, dry_run=True, verbosity=2)
    assert "Pretending to delete 'staticfiles.json'" in output
    _, requests_made = project.collect()
    assert not requests_made


def test_without_post_processing_nothing_is_uploaded_and_a_warning_says_so(
    project: Project, caplog: pytest.LogCaptureFixture
) -> None:
    project.write(FILES)
    project.collect(post_process=False)
    project.configure()  # drops the storage
    assert "--no-post-process" in caplog.text
    assert not project.count_requests()


def test_links_are_refused(project: Project) -> None:
    project.write(FILES)
    with pytest.raises(CommandError, match="remote"):
        project.collect(link=True)


# Configuration


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"private": True}, "has no option private"),
        ({"max_bytes": 5}, "has no option max_bytes"),
        ({"locaton": "x"}, "location"),
        ({"upload_options": {"folder": "x"}}, "location"),
        ({"public_keys": "x"}, "public_key"),
    ],
)
def test_a_wrong_option_is_an_error_with_advice(project: Project, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=message):
        ImageKitStaticStorage(**options)


def test_without_a_place_for_the_manifest_there_is_no_storage(project: Project, settings: Settings) -> None:
    settings.STATIC_ROOT = None
    with pytest.raises(ImproperlyConfigured, match="STATIC_ROOT"):
        ImageKitStaticStorage()


def test_the_manifest_can_be_elsewhere(project: Project, tmp_path: Path) -> None:
    project.write(FILES)
    project.configure(manifest_storage=FileSystemStorage(tmp_path / "build"))
    project.collect()
    assert (tmp_path / "build" / "staticfiles.json").exists()
    assert not project.manifest_path.exists()
