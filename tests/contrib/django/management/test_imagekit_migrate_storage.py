"""``manage.py imagekit_migrate_storage`` against local ImageKit, from a folder of this machine."""

from __future__ import annotations

import io
import re
from functools import partial
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

import pytest
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, storages
from django.core.management import CommandError, call_command

from imagekitio.contrib.django.management.commands.imagekit_migrate_storage import _Progress
from tests.contrib.django.archive.models import Document, Invoice

from .conftest import Listing

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django import Settings

    from imagekitio import ImageKit
    from imagekitio.local import LocalImageKit

pytestmark = pytest.mark.django_db

IMAGEKIT: dict[str, Any] = {
    "BACKEND": "imagekitio.contrib.django.ImageKitStorage",
    "OPTIONS": {"location": "media", "upload_options": {"tags": ["moved"]}},
}


def make_old(folder: Path) -> dict[str, Any]:
    return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(folder)}}


@pytest.fixture(autouse=True)
def folder(account: LocalImageKit, set_storages: Any, tmp_path: Path) -> Path:
    """The project before the move: files lie in a folder, and there is an empty media library."""
    set_storages(default=make_old(tmp_path), new=IMAGEKIT)
    return tmp_path


@pytest.fixture
def switch(set_storages: Any, folder: Path) -> Any:
    """Give all fields the new storage, as a deployment does."""
    return partial(set_storages, default=IMAGEKIT, old=make_old(folder))


def migrate(*arguments: str) -> str:
    output = io.StringIO()
    call_command("imagekit_migrate_storage", *arguments, stdout=output, stderr=output)
    return output.getvalue()


def fail_to_migrate(*arguments: str) -> str:
    output = io.StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("imagekit_migrate_storage", *arguments, stdout=output, stderr=output)
    assert caught.value.returncode == 1
    return f"{output.getvalue()}{caught.value}"


def write(folder: Path, name: str, content: bytes) -> Document:
    """Write a file, and a row that refers to it, by a name that only another storage could have made."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    row = Document(file=name)
    Document.everything.bulk_create([row])
    return row


def read_library(client: ImageKit) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for file in client.iter_files():
        target = io.BytesIO()
        client.download(file, target)
        found[file.file_path] = target.getvalue()
    return found


def name_of(row: Document) -> str:
    return str(Document.everything.get(pk=row.pk).file.name)


def test_a_library_of_any_size_is_compared_without_keeping_its_files(
    account: LocalImageKit, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"{number}.txt" for number in range(3000)]
    Document.everything.bulk_create([Document(file=name) for name in names])
    for name in names:
        (folder / name).write_bytes(b"0123456789")
    listing = Listing(f"/media/{name}" for name in names)
    monkeypatch.setattr("imagekitio.ImageKit.iter_files", listing)
    assert "Copied: 0; already there: 3000" in migrate("default", "new")
    assert listing.most <= 2
    assert account.requests == []


def test_files_are_opened_only_when_their_upload_begins(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(100):
        write(folder, f"{number}.txt", b"x")
    opened = WeakSet[Any]()
    most = 0
    original = FileSystemStorage.open

    def open_counted(storage: FileSystemStorage, name: str, mode: str = "rb") -> File[Any]:
        nonlocal most
        file: File[Any] = original(storage, name, mode)
        opened.add(file)
        most = max(most, sum(not one.closed for one in [*opened]))
        return file

    monkeypatch.setattr(FileSystemStorage, "open", open_counted)
    assert "Copied: 100" in migrate("default", "new", "--at-once", "2")
    assert most <= 2 * 2 + 2


def test_every_file_is_copied_with_the_options_of_the_storage_and_its_rows_stay(threads: ImageKit) -> None:
    row = Document.objects.create(file=ContentFile(b"first", "a.txt"))
    Invoice.objects.create(
        file=ContentFile(b"second", "b.txt"), receipt=ContentFile(b"third", "c.txt"), is_deleted=True
    )
    Document.objects.create(file=row.file.name)
    told = migrate("default", "new")
    assert told.startswith("Fields: ")
    assert "Copied: 3; already there: 0\n" in told
    assert read_library(threads) == {
        "/media/documents/a.txt": b"first",
        "/media/documents/b.txt": b"second",
        "/media/receipts/c.txt": b"third",
    }
    assert {tuple(file.tags or ()) for file in threads.iter_files()} == {("moved",)}
    assert name_of(row) == "documents/a.txt"
    assert storages["default"].exists("documents/a.txt")


def test_a_second_run_sends_one_request_and_copies_only_what_changed(
    account: LocalImageKit, threads: ImageKit, folder: Path
) -> None:
    for number in range(40):
        write(folder, f"documents/{number}.txt", b"content")
    assert "Copied: 40" in migrate("default", "new")

    before = len(account.requests)
    assert "Copied: 0; already there: 40" in migrate("default", "new")
    assert [request.operation for request in account.requests[before:]] == ["list_files"]

    (folder / "documents/7.txt").write_bytes(b"other content")
    assert "Copied: 1; already there: 39" in migrate("default", "new")
    assert read_library(threads)["/media/documents/7.txt"] == b"other content"


def test_a_run_that_was_interrupted_is_continued(account: LocalImageKit, threads: ImageKit, folder: Path) -> None:
    for number in range(12):
        write(folder, f"documents/{number}.txt", b"content")
    account.faults.add(operation="upload_file", status=403, times=5)
    assert "Not copied: 5 of 12 files; missing: 0, failed: 5" in fail_to_migrate("default", "new", "--at-once", "3")
    assert "Copied: 5; already there: 7" in migrate("default", "new")
    assert len(read_library(threads)) == 12


def test_a_file_that_the_listing_does_not_have_yet_counts_as_present(
    folder: Path, threads: ImageKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, "documents/a.txt", b"content")
    migrate("default", "new")
    monkeypatch.setattr("imagekitio.contrib.django.management.transfer.list_files_below", lambda storage: iter(()))
    assert "Copied: 0; already there: 1" in migrate("default", "new")


def test_missing_and_refused_files_are_named_and_do_not_stop_the_rest(threads: ImageKit, folder: Path) -> None:
    write(folder, "documents/good.txt", b"good")
    write(folder, "documents/empty.txt", b"")
    write(folder, "documents/lost.txt", b"lost")
    (folder / "documents/lost.txt").unlink()
    Document.everything.bulk_create([Document(file="../outside.txt")])
    told = fail_to_migrate("default", "new")
    assert "missing: documents/lost.txt\n" in told
    assert "failed: documents/empty.txt: the file is empty, and ImageKit does not store empty files\n" in told
    assert "failed: ../outside.txt: " in told
    assert told.endswith("Not copied: 3 of 4 files; missing: 1, failed: 2")
    assert read_library(threads) == {"/media/documents/good.txt": b"good"}


def test_ctrl_c_stops_it_with_a_message_and_the_next_run_continues(
    threads: ImageKit, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(12):
        write(folder, f"documents/{number}.txt", b"content")
    advance = _Progress.advance

    def stop_after_the_first(progress: _Progress) -> None:
        advance(progress)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(_Progress, "advance", stop_after_the_first)
        with pytest.raises(CommandError, match="Run it again to continue") as stopped:
            call_command("imagekit_migrate_storage", "default", "new", at_once=2, stdout=io.StringIO())
    assert stopped.value.returncode == 130
    assert 1 <= len(read_library(threads)) < 12
    assert "missing" not in migrate("default", "new")
    assert len(read_library(threads)) == 12


def test_a_media_library_that_cannot_be_listed_ends_it_with_a_message(account: LocalImageKit, folder: Path) -> None:
    write(folder, "documents/a.txt", b"content")
    account.faults.add(operation="list_files", status=403, times=None)
    assert "The media library cannot be listed: " in fail_to_migrate("default", "new")
    with pytest.raises(CommandError, match="The media library cannot be listed: "):
        call_command("imagekit_prune", storage="new", stdout=io.StringIO())


def test_a_file_above_max_bytes_is_refused_before_it_is_sent(
    account: LocalImageKit, folder: Path, set_storages: Any
) -> None:
    set_storages(new={**IMAGEKIT, "OPTIONS": {"location": "media", "max_bytes": 5}})
    write(folder, "documents/large.txt", b"123456")
    assert "The file is too large: it has 6 bytes, and the maximum is 5 bytes." in fail_to_migrate("default", "new")
    assert "upload_file" not in [request.operation for request in account.requests]


def test_names_that_the_service_changes_reach_the_rows_after_the_switch(
    threads: ImageKit, folder: Path, switch: Any
) -> None:
    row = write(folder, "v1.2/old file.txt", b"changed")
    twins = [write(folder, name, name.encode()) for name in ("x y.txt", "x(y.txt", "x_y.txt")]
    before = Document.everything.get(pk=row.pk).changed_at
    told = migrate("default", "new")
    assert "Names that will change: 3, such as 'v1.2/old file.txt'." in told
    assert name_of(row) == "v1.2/old file.txt"
    with storages["new"].open(name_of(row)) as file:
        assert file.read() == b"changed"

    switch()
    added = write(folder, "new one.txt", b"added meanwhile")
    assert "Copied: 1; already there: 4\nRows with a new name: 4\n" in migrate("old", "default")
    assert name_of(row) == "v1_2/old_file.txt"
    assert name_of(added) == "new_one.txt"
    assert Document.everything.get(pk=row.pk).changed_at == before
    names = [name_of(twin) for twin in twins]
    assert names[2] == "x_y.txt"
    assert all(re.fullmatch(r"x_y_[0-9a-f]{8}\.txt", name) for name in names[:2])
    for twin, content in zip(twins, (b"x y.txt", b"x(y.txt", b"x_y.txt"), strict=True):
        with Document.everything.get(pk=twin.pk).file.open() as file:
            assert file.read() == content

    count = len(read_library(threads))
    assert "Copied: 0; already there: 5" in migrate("old", "default")
    assert len(read_library(threads)) == count


def test_a_row_that_was_edited_meanwhile_keeps_its_file(
    folder: Path, switch: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = write(folder, "old file.txt", b"content")
    switch()
    open_file = storages["old"].open

    def edit_and_open(name: str) -> Any:
        Document.everything.filter(pk=row.pk).update(file="documents/edited.txt")
        return open_file(name)

    monkeypatch.setattr(storages["old"], "open", edit_and_open)
    assert "Rows with a new name" not in migrate("old", "default")
    assert name_of(row) == "documents/edited.txt"


def test_a_file_that_the_application_replaced_after_the_switch_is_not_overwritten(
    threads: ImageKit, folder: Path, switch: Any
) -> None:
    write(folder, "documents/a.txt", b"old content")
    migrate("default", "new")
    switch()
    threads.upload_file(file=b"new", file_name="a.txt", folder="/media/documents", use_unique_file_name=False)
    assert "Copied: 0; already there: 1" in migrate("old", "default")
    assert read_library(threads) == {"/media/documents/a.txt": b"new"}


def test_a_name_that_becomes_too_long_for_its_field_is_reported(folder: Path, switch: Any) -> None:
    twins = [write(folder, "d" * 30 + end, b"content") for end in ("x y.txt", "x(y.txt")]
    switch()
    told = fail_to_migrate("old", "default")
    assert told.count("is longer than the max_length of archive.Document.file") == 2
    assert name_of(twins[0]).endswith("x y.txt")


def test_a_dry_run_changes_nothing_and_reports_missing_files(account: LocalImageKit, folder: Path) -> None:
    write(folder, "documents/a.txt", b"content")
    write(folder, "documents/lost.txt", b"lost")
    (folder / "documents/lost.txt").unlink()
    told = fail_to_migrate("default", "new", "--dry-run")
    assert "To copy: 1; already there: 0" in told
    assert "missing: documents/lost.txt" in told
    assert [request.operation for request in account.requests] == ["list_files"]


def test_one_field_can_be_moved_alone_with_the_storage_that_it_has(threads: ImageKit) -> None:
    Invoice.objects.create(file=ContentFile(b"1", "a.txt"), receipt=ContentFile(b"2", "b.txt"))
    told = migrate("archive.Invoice.receipt", "new", "--field", "archive.Invoice.receipt")
    assert told.startswith("Fields: archive.Invoice.receipt\n")
    assert list(read_library(threads)) == ["/media/receipts/b.txt"]


def test_progress_is_a_line_for_every_tenth_and_one_changing_line_on_a_terminal(folder: Path) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    for number in range(40):
        write(folder, f"documents/{number}.txt", b"content")
    lines = re.findall(r"^(\d+) % \((\d+) of 40 files\)$", migrate("default", "new"), re.MULTILINE)
    assert lines == [(str(tenth * 10), str(tenth * 4)) for tenth in range(1, 11)]
    terminal = Terminal()
    call_command("imagekit_migrate_storage", "default", "new", stdout=terminal)
    assert "\r2 % (1 of 40 files)\r5 % (2 of 40 files)" in terminal.getvalue()
    assert "\r100 % (40 of 40 files)\nCopied: 0" in terminal.getvalue()


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("defualt", "new"), "did you mean 'default'"),
        (("new", "default"), "'default' must be an ImageKitStorage"),
        (("new", "new"), "The two storages are the same"),
        (("default", "new", "--field", "archive.Document.fil"), r"did you mean 'archive\.Document\.file'"),
        (("default", "new", "--at-once", "0"), "--at-once must be 1 or more"),
        (("staticfiles", "assets"), "No file field uses the storage 'staticfiles' or 'assets'"),
    ],
)
def test_wrong_arguments_are_refused(
    settings: Settings, set_storages: Any, arguments: tuple[str, ...], error: str
) -> None:
    set_storages(assets={**IMAGEKIT, "OPTIONS": {"location": "static"}})
    settings.STATIC_ROOT = "/static-files"
    with pytest.raises(CommandError, match=error):
        migrate(*arguments)
