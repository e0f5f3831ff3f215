"""``manage.py imagekit_prune`` against local ImageKit."""

from __future__ import annotations

import io
import time
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection

from tests.contrib.django.archive.models import Contract, Document, Invoice

from .conftest import Listing

if TYPE_CHECKING:
    from imagekitio import ImageKit
    from imagekitio.local import LocalImageKit

BACKEND = "imagekitio.contrib.django.ImageKitStorage"
DAY_SECONDS = 86_400

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _storage(account: LocalImageKit, set_storages: Any) -> None:
    set_storages(default={"BACKEND": BACKEND, "OPTIONS": {"location": "media"}})
    account.clock.freeze(time.time() - 2 * DAY_SECONDS)


def prune(*arguments: str) -> str:
    output = io.StringIO()
    call_command("imagekit_prune", *arguments, stdout=output, stderr=output)
    return output.getvalue()


def list_paths(client: ImageKit) -> list[str]:
    return sorted(file.file_path for file in client.iter_files())


def save_rows() -> None:
    Document.objects.create(file=ContentFile(b"1", "a b.txt"))
    Document.objects.create(file=ContentFile(b"2", "hidden.txt"), is_deleted=True)
    Document.objects.create(file=None)
    Invoice.objects.create(file=ContentFile(b"3", "invoice.txt"), receipt=ContentFile(b"4", "receipt.txt"))
    Contract.objects.create(scan=ContentFile(b"5", "contract.txt"))


NEEDED = [
    "/media/contracts/scans/contract.txt",
    "/media/documents/a_b.txt",
    "/media/documents/hidden.txt",
    "/media/documents/invoice.txt",
    "/media/receipts/receipt.txt",
]


def test_only_files_that_no_row_of_any_model_refers_to_are_listed_and_deleted(threads: ImageKit) -> None:
    save_rows()
    default_storage.save("documents/deep/er/orphan.txt", ContentFile(b"orphan"))
    threads.upload_file(file=b"elsewhere", file_name="elsewhere.txt", use_unique_file_name=False)

    told = prune()
    assert told == (
        "/media/documents/deep/er/orphan.txt (6 bytes)\n"
        "No row refers to 1 file (6 bytes) out of 6.\n"
        "Nothing has been deleted; use --delete to delete these files.\n"
    )
    assert "/media/documents/deep/er/orphan.txt" in list_paths(threads)

    assert "Deleted: 1" in prune("--delete", "--no-input")
    assert list_paths(threads) == ["/elsewhere.txt", *NEEDED]
    assert prune("--delete", "--no-input") == "No row refers to 0 files (0 bytes) out of 5.\n"


def test_the_storage_of_a_field_can_be_named(threads: ImageKit) -> None:
    save_rows()
    default_storage.save("contracts/scans/orphan.txt", ContentFile(b"orphan"))
    assert "/media/contracts/scans/orphan.txt (6 bytes)" in prune("--storage", "archive.Contract.scan")


def test_a_row_written_before_names_were_cleaned_keeps_its_file(threads: ImageKit) -> None:
    threads.upload_file(file=b"1", file_name="old file.txt", folder="/media/v1_2", use_unique_file_name=False)
    Document.objects.bulk_create([Document(file="v1.2/old file.txt"), Document(file="../../elsewhere.txt")])
    assert prune().startswith("No row refers to 0 files (0 bytes) out of 1.")


def test_young_files_are_kept(account: LocalImageKit) -> None:
    save_rows()
    default_storage.save("old.txt", ContentFile(b"1"))
    account.clock.freeze(time.time() - 3600 * 3)
    default_storage.save("recent.txt", ContentFile(b"2"))
    account.clock.freeze(time.time())
    default_storage.save("new.txt", ContentFile(b"3"))
    assert [line for line in prune().splitlines() if line.startswith("/")] == ["/media/old.txt (1 byte)"]
    assert "2 files (2 bytes)" in prune("--older-than", "2h")
    for wrong in ("0h", "59m", "soon", "-1d"):
        with pytest.raises(CommandError, match="must be"):
            prune(f"--older-than={wrong}")


def test_files_of_a_nested_storage_and_excluded_ones_are_kept(set_storages: Any) -> None:
    set_storages(thumbnails={"BACKEND": BACKEND, "OPTIONS": {"location": "media/thumbs"}})
    save_rows()
    for name in ("thumbs/a.txt", "thumbsup.txt", "cache/b.txt"):
        default_storage.save(name, ContentFile(b"1"))
    assert [line for line in prune("--exclude", "cache/*").splitlines() if line.startswith("/")] == [
        "/media/thumbsup.txt (1 byte)"
    ]


def test_more_than_half_of_all_files_is_refused_without_force(threads: ImageKit) -> None:
    Document.objects.create(file=ContentFile(b"1", "a.txt"))
    for name in ("b.txt", "c.txt"):
        default_storage.save(name, ContentFile(b"1"))
    with pytest.raises(CommandError, match="more than half of all files"):
        prune("--delete", "--no-input")
    assert len(list_paths(threads)) == 3
    prune("--delete", "--no-input", "--force")
    assert list_paths(threads) == ["/media/documents/a.txt"]


def test_a_storage_that_no_field_has_is_refused_even_with_force(set_storages: Any) -> None:
    set_storages(assets={"BACKEND": BACKEND, "OPTIONS": {"location": "static"}})
    with pytest.raises(CommandError, match="No file field uses the storage 'assets'"):
        prune("--storage", "assets", "--delete", "--no-input", "--force")


@pytest.mark.django_db(transaction=True)
def test_a_table_that_is_missing_is_refused(threads: ImageKit) -> None:
    default_storage.save("a.txt", ContentFile(b"1"))
    with connection.schema_editor() as editor:
        editor.delete_model(Contract)
    try:
        with pytest.raises(CommandError, match=r"The rows of archive\.Contract\.scan cannot be read"):
            prune("--delete", "--no-input", "--force")
    finally:
        with connection.schema_editor() as editor:
            editor.create_model(Contract)
    assert list_paths(threads) == ["/media/a.txt"]


@pytest.mark.parametrize(("answer", "is_deleted"), [("yes", True), ("y", False), ("", False)])
def test_it_asks_before_it_deletes_and_looks_at_the_rows_again(
    threads: ImageKit, monkeypatch: pytest.MonkeyPatch, answer: str, is_deleted: bool
) -> None:
    save_rows()
    for name in ("orphan.txt", "adopted.txt"):
        default_storage.save(name, ContentFile(b"1"))

    def ask(question: str) -> str:
        assert question == "Delete 2 files (2 bytes)? [yes/no] "
        Document.objects.create(file="adopted.txt")
        return answer

    monkeypatch.setattr("builtins.input", ask)
    if is_deleted:
        assert "Deleted: 1" in prune("--delete")
    else:
        with pytest.raises(CommandError, match="Nothing has been deleted"):
            prune("--delete")
    assert ("/media/orphan.txt" not in list_paths(threads)) == is_deleted
    assert "/media/adopted.txt" in list_paths(threads)


def test_files_that_could_not_be_deleted_are_named(account: LocalImageKit) -> None:
    save_rows()
    default_storage.save("orphan.txt", ContentFile(b"1"))
    account.faults.add(operation="bulk_file_delete", status=403, times=None)
    output = io.StringIO()
    with pytest.raises(CommandError, match="Not deleted: 1"):
        call_command("imagekit_prune", "--delete", "--no-input", stdout=output, stderr=output)
    assert "/media/orphan.txt: " in output.getvalue()


@pytest.mark.parametrize("arguments", [(), ("--delete", "--no-input", "--force")])
def test_a_library_of_any_size_is_read_without_keeping_its_files(
    account: LocalImageKit, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    listing = Listing(f"/media/{number}.txt" for number in range(5000))
    monkeypatch.setattr("imagekitio.ImageKit.iter_files", listing)
    assert "No row refers to 5000 files (50 kB) out of 5000." in prune(*arguments)
    assert listing.most <= 2
    # No file exists: the service names those that are missing, so each batch of 100 costs one request.
    assert len(account.requests) == (50 if arguments else 0)


def test_two_hundred_files_are_deleted_with_two_requests(account: LocalImageKit, threads: ImageKit) -> None:
    save_rows()
    uploads = [(b"1", f"{number}.txt") for number in range(200)]
    assert all(done.result for done in threads.upload_many(uploads, folder="/media", use_unique_file_name=False))
    before = len(account.requests)
    assert "Deleted: 200" in prune("--delete", "--no-input", "--force")
    seen = [request.operation for request in account.requests[before:]]
    assert seen.count("bulk_file_delete") == 2
    assert len(seen) <= 4


@pytest.mark.parametrize(
    ("name", "error"),
    [("defualt", "did you mean 'default'"), ("staticfiles", "'staticfiles' must be an ImageKitStorage")],
)
def test_another_storage_is_refused(name: str, error: str) -> None:
    with pytest.raises(CommandError, match=error):
        prune("--storage", name)
