"""Files of Django in the media library, end to end."""

from __future__ import annotations

import copy
import io
import pickle
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from asgiref.sync import async_to_sync, sync_to_async
from django.core.exceptions import ImproperlyConfigured, SuspiciousFileOperation, ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.db.migrations.writer import MigrationWriter
from django.utils import timezone

from imagekitio import (
    BadRequestException,
    EmptyFileError,
    FileExistsException,
    FileTooLargeException,
    InternalServerException,
    NetworkException,
)
from imagekitio.contrib.django import ImageKitStorage
from imagekitio.contrib.django.storages.saving import InvalidUploadError
from imagekitio.contrib.errors import UploadTooLargeError, answer_for

if TYPE_CHECKING:
    from pytest_django import Settings

    from imagekitio.local import LocalImageKit

BIG = bytes(range(256)) * 8_000  # 2 MB


def check_operations(server: LocalImageKit, expected: list[str], *, since: int = 0) -> None:
    """Check what was asked."""
    assert [request.operation for request in server.requests][since:] == expected


# Saving


def test_saving_costs_one_request(account: LocalImageKit) -> None:
    assert ImageKitStorage("media").save("shoes/red.txt", ContentFile(b"red")) == "shoes/red.txt"
    check_operations(account, ["upload_file"])


def test_a_taken_name_gets_a_suffix_and_the_old_file_stays(account: LocalImageKit) -> None:
    storage = ImageKitStorage()
    names = [storage.save("a.tar.gz", ContentFile(text)) for text in (b"one", b"two")]
    assert names[0] == "a.tar.gz"
    assert names[1].startswith("a_")
    assert names[1].endswith(".tar.gz")
    assert [storage.open(name).read() for name in names] == [b"one", b"two"]
    check_operations(account, ["upload_file"] * 3 + ["delivery"] * 2)


def test_many_at_once_with_one_name_are_all_stored() -> None:
    storage = ImageKitStorage("race")
    start = threading.Barrier(8)

    def save(number: int) -> str:
        start.wait()
        return storage.save("same.txt", ContentFile(b"%d" % number))

    with ThreadPoolExecutor(8) as pool:
        names = [*pool.map(save, range(8))]
    assert len({*names}) == 8
    assert sorted(storage.open(name).read() for name in names) == [b"%d" % number for number in range(8)]


def test_exact_names_refuse_a_second_file() -> None:
    storage = ImageKitStorage(names="exact")
    storage.save("a.txt", ContentFile(b"one"))
    with pytest.raises(FileExistsException) as caught:
        storage.save("a.txt", ContentFile(b"two"))
    answer = answer_for(caught.value)
    assert answer is not None
    assert answer.status == 409
    assert storage.open("a.txt").read() == b"one"


def test_overwriting_replaces_the_file() -> None:
    storage = ImageKitStorage(names="overwrite")
    assert [storage.save("a.txt", ContentFile(text)) for text in (b"one", b"two")] == ["a.txt", "a.txt"]
    assert storage.listdir("") == ([], ["a.txt"])
    assert storage.open("a.txt").read() == b"two"


def test_the_suffix_fits_into_max_length() -> None:
    storage = ImageKitStorage()
    names = [storage.save("folder/shoe.jpg", ContentFile(b"x"), max_length=20) for _ in range(3)]
    assert names[0] == "folder/shoe.jpg"
    assert {*map(len, names[1:])} == {20}


def test_a_name_too_long_is_cut_before_anything_is_sent(account: LocalImageKit) -> None:
    storage = ImageKitStorage()
    assert len(storage.save("a" * 300 + ".jpg", ContentFile(b"x"), max_length=100)) == 100
    for names in ("unique", "exact", "overwrite"):
        with pytest.raises(SuspiciousFileOperation, match="max_length"):
            ImageKitStorage(names=names).save("a.longextension", ContentFile(b"x"), max_length=10)
    with pytest.raises(SuspiciousFileOperation, match="max_length"):
        ImageKitStorage(names="exact").save("a" * 300 + ".jpg", ContentFile(b"x"), max_length=100)
    check_operations(account, ["upload_file"])


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("logo@2x.png", "logo_2x.png"),
        ("v1.2/über straße.txt", "v1_2/über_straße.txt"),
        ("हिन्दी/क्षि.txt", "हिन्दी/क्षि.txt"),
        ("a#b?c%41&d.txt", "a_b_c_41_d.txt"),
        (".hidden", ".hidden"),
    ],
)
def test_the_name_in_the_row_is_that_of_the_service_and_each_spelling_finds_it(
    account: LocalImageKit, given: str, stored: str
) -> None:
    storage = ImageKitStorage("me dia")
    assert storage.generate_filename(given) == stored
    result = storage.save_file(given, ContentFile(b"content"))
    assert storage.get_name(result.file_path) == stored
    assert result.file_path == storage.get_path(given) == f"/me_dia/{stored}"
    for name in (given, stored):
        assert storage.exists(name)
        assert storage.size(name) == 7
        assert storage.open(name).read() == b"content"
        assert requests.get(storage.url(name), timeout=10).content == b"content"


@pytest.mark.parametrize("name", ["../a.txt", "a/../../b.txt", "/etc/passwd", "..\\a.txt"])
def test_no_name_points_outside_the_location(account: LocalImageKit, name: str) -> None:
    storage = ImageKitStorage("media")
    calls: list[Any] = [storage.open, storage.exists, storage.size, storage.delete, storage.listdir, storage.get_path]
    for call in [*calls, storage.generate_filename, lambda name: storage.save(name, ContentFile(b"x"))]:
        if call == storage.generate_filename and name.startswith("/"):
            continue  # FileField refuses such a name before
        with pytest.raises(SuspiciousFileOperation):
            call(name)
    check_operations(account, [])


def test_a_url_never_leads_to_another_host() -> None:
    storage = ImageKitStorage()
    for name in ("/evil.com", "//evil.com", "\\\\evil.com"):
        assert storage.url(name) == storage.url("evil.com")
    with pytest.raises(SuspiciousFileOperation):
        storage.url("../evil.com")


def test_a_path_below_another_location_has_no_name_here() -> None:
    assert ImageKitStorage().get_name("/a/b.txt") == "a/b.txt"
    with pytest.raises(ValueError, match="not below '/media/'"):
        ImageKitStorage("media").get_name("/mediathek/b.txt")


def test_the_details_of_a_saved_file_are_known_without_a_request(account: LocalImageKit) -> None:
    content = ContentFile(Path("tests/data/tall.png").read_bytes())
    result = ImageKitStorage("media").save_file("tall.png", content)
    assert (result.file_path, result.file_type, bool(result.file_id)) == ("/media/tall.png", "image", True)
    assert result.width
    assert result.height
    check_operations(account, ["upload_file"])


class OneWay(io.BytesIO):
    """A stream that can be read once, such as that of a download."""

    def seekable(self) -> bool:
        return False

    def seek(self, offset: int, whence: int = 0, /) -> int:
        raise io.UnsupportedOperation("seek")


def make_temporary(content: bytes) -> File[bytes]:
    file = TemporaryUploadedFile("a.bin", "application/octet-stream", len(content), None)
    file.write(content)
    return file


@pytest.mark.parametrize(
    "make",
    [
        ContentFile,
        io.BytesIO,
        lambda content: SimpleUploadedFile("a.bin", content),
        make_temporary,
        lambda content: File(OneWay(content), "a.bin"),
        lambda content: (
            ContentFile(content.decode("latin-1").encode("latin-1").decode("latin-1"))
            if content.isascii()
            else ContentFile(content)
        ),
    ],
)
@pytest.mark.parametrize("content", [b"x", BIG])
def test_contents_of_all_kinds_are_stored_whole_even_under_a_second_name(make: Any, content: bytes) -> None:
    storage = ImageKitStorage()
    storage.save("a.bin", ContentFile(b"taken"))
    file = make(content)
    if file.seekable():
        file.seek(0, io.SEEK_END)  # it counts from its start all the same
    name = storage.save("a.bin", file)
    assert name != "a.bin"
    assert storage.open(name).read() == content
    assert not file.closed
    file.close()


@pytest.mark.parametrize("content", ["text", b"bytes", iter([b"a"]), None])
def test_an_object_that_is_not_a_file_is_refused_with_advice(account: LocalImageKit, content: Any) -> None:
    before = len(account.requests)
    with pytest.raises(TypeError, match=rf"must be a File.* \(got {type(content).__name__}\)"):
        ImageKitStorage().save("a.txt", content)
    assert len(account.requests) == before


def test_text_is_stored_as_utf_8() -> None:
    storage = ImageKitStorage()
    assert storage.open(storage.save("a.txt", ContentFile("Grüße"))).read() == "Grüße".encode()
    assert storage.open(storage.save("b.txt", io.StringIO("Grüße"))).read() == "Grüße".encode()


def test_a_file_of_another_storage_can_be_saved() -> None:
    storage, other = ImageKitStorage("a"), ImageKitStorage("b")
    name = storage.save("a.bin", ContentFile(BIG))
    with storage.open(name) as file:
        assert other.open(other.save("b.bin", file)).read() == BIG
    file.close()
    assert other.size(other.save("c.bin", file)) == len(BIG)  # opens again what is closed


@pytest.mark.parametrize("content", [ContentFile(b""), ContentFile(""), File(OneWay(b""), "a")])
def test_an_empty_file_is_a_validation_error_before_anything_is_sent(account: LocalImageKit, content: Any) -> None:
    with pytest.raises(ValidationError, match=r"The file is empty\.") as caught:
        ImageKitStorage().save("a.txt", content)
    assert isinstance(caught.value.__cause__, EmptyFileError)
    answer = answer_for(caught.value)
    assert answer is not None
    assert (answer.status, answer.message) == (400, "The file is empty.")
    check_operations(account, [])


def test_a_file_that_is_too_large_is_refused_before_anything_is_sent(account: LocalImageKit) -> None:
    storage = ImageKitStorage(max_bytes=1_000_000)
    for refuse in (storage.check_content, lambda content: storage.save("a.bin", content)):
        with pytest.raises(InvalidUploadError) as caught:
            refuse(ContentFile(BIG))
        assert caught.value.messages == ["The file is too large: it has 2 MB, and the maximum is 1 MB."]
        assert isinstance(caught.value.__cause__, UploadTooLargeError)
        answer = answer_for(caught.value)
        assert answer is not None
        assert answer.status == 413
        again = pickle.loads(pickle.dumps(caught.value))
        assert (again.status, again.messages) == (413, caught.value.messages)
    check_operations(account, [])


def test_the_checked_content_can_be_read_from_its_start() -> None:
    content = SimpleUploadedFile("a.txt", b"content")
    ImageKitStorage(max_bytes=7).check_content(content)
    assert content.read() == b"content"


@pytest.mark.parametrize(
    ("message", "cause", "status"),
    [
        ("Your request contains an invalid file.", BadRequestException, 400),
        ("Uploaded file size exceeds limits of your plan.", FileTooLargeException, 413),
    ],
)
def test_a_refusal_by_the_service_is_a_validation_error_without_its_words(
    account: LocalImageKit, message: str, cause: type[Exception], status: int
) -> None:
    account.faults.add(status=400, body={"message": message}, operation="upload_file")
    with pytest.raises(ValidationError) as caught:
        ImageKitStorage().save("a.txt", ContentFile(b"x"))
    answer = answer_for(caught.value)
    assert answer is not None
    assert answer.status == status
    assert message not in str(caught.value)
    assert type(caught.value.__cause__) is cause


def test_a_failure_of_the_service_is_not_a_validation_error(account: LocalImageKit) -> None:
    storage = ImageKitStorage(retry=1)
    account.faults.add(status=500, operation="upload_file")
    with pytest.raises(InternalServerException):
        storage.save("a.txt", ContentFile(b"x"))
    account.faults.add(status=500, operation="list_files")
    with pytest.raises(InternalServerException):  # not a name that is free
        storage.exists("a.txt")
    account.faults.add(reset=True, operation="delivery")
    with pytest.raises(NetworkException):
        storage.open("a.txt")


def test_a_save_whose_response_is_lost_is_stored_once(account: LocalImageKit) -> None:
    account.faults.add(reset=True, when="after", operation="upload_file")
    storage = ImageKitStorage()
    assert storage.save("a.txt", ContentFile(b"x")) == "a.txt"
    assert storage.listdir("") == ([], ["a.txt"])


def test_upload_options_go_with_each_file() -> None:
    storage = ImageKitStorage(upload_options={"tags": ["a", "b"], "description": "d"})
    storage.save("a.txt", ContentFile(b"x"))
    file = storage.client.get_file_by_path("/a.txt")
    assert (file.tags, file.description) == (["a", "b"], "d")


def test_a_subclass_may_change_the_content() -> None:
    class Shouting(ImageKitStorage):
        def _save(self, name: str, content: File[Any]) -> str:
            assert isinstance(content, SimpleUploadedFile)
            return super()._save(name, ContentFile(content.read().upper()))

    result = Shouting().save_file("a.txt", SimpleUploadedFile("a.txt", b"loud"))
    assert Shouting().open("a.txt").read() == b"LOUD"
    assert result.size == 4


# Reading


def test_opening_costs_one_request_and_reads_parts_on_demand(account: LocalImageKit) -> None:
    storage = ImageKitStorage()
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("big.bin", BIG)
        packed.writestr("small.txt", b"small")
    name = storage.save("a.zip", ContentFile(archive.getvalue()))
    before = len(account.requests)
    file = storage.open(name)
    assert (file.size, file.name) == (len(archive.getvalue()), name)
    check_operations(account, ["delivery"], since=before)
    with zipfile.ZipFile(file) as opened:
        assert opened.read("small.txt") == b"small"
    assert len(account.requests) - before <= 4
    assert file.open().read() == archive.getvalue()
    file.close()


def test_the_original_bytes_of_a_picture_are_read() -> None:
    picture = Path("tests/data/ultrahdr.jpg").read_bytes()
    storage = ImageKitStorage()
    assert storage.open(storage.save("a.jpg", ContentFile(picture))).read() == picture


def test_a_missing_file_is_not_found() -> None:
    storage = ImageKitStorage("media")
    calls: list[Any] = [storage.open, storage.size, storage.get_created_time, storage.get_modified_time]
    for call in calls:
        with pytest.raises(FileNotFoundError) as caught:
            call("gone.txt")
        assert caught.value.filename == "gone.txt"
    assert not storage.exists("gone.txt")
    storage.delete("gone.txt")


@pytest.mark.parametrize("mode", ["r", "w", "wb", "ab", "r+b"])
def test_other_modes_are_refused_with_advice(account: LocalImageKit, mode: str) -> None:
    storage = ImageKitStorage()
    with pytest.raises(ValueError, match="mode must be 'rb'"):
        storage.open("a.txt", mode)
    storage.save("a.txt", ContentFile(b"x"))
    with storage.open("a.txt") as file, pytest.raises(ValueError, match="mode must be 'rb'"):
        file.open(mode)


@pytest.mark.parametrize("path", ["", ".", Path(""), "./"])
def test_listing_the_location(path: Any) -> None:
    storage = ImageKitStorage("media")
    ImageKitStorage().save("other.txt", ContentFile(b"x"))
    for name in ("a.txt", "v1.2/b.txt", "v1.2/c/d.txt"):
        storage.save(name, ContentFile(b"x"))
    assert storage.listdir(path) == (["v1_2"], ["a.txt"])
    assert storage.listdir("v1.2") == (["c"], ["b.txt"])
    assert storage.listdir("nothing") == ([], [])
    assert storage.exists("v1_2")


@pytest.mark.parametrize("use_tz", [True, False])
def test_times_are_aware_or_naive_according_to_use_tz(account: LocalImageKit, settings: Settings, use_tz: bool) -> None:
    settings.USE_TZ = use_tz
    storage = ImageKitStorage()
    storage.save("a.txt", ContentFile(b"x"))
    for moment in (storage.get_created_time("a.txt"), storage.get_modified_time("a.txt")):
        assert timezone.is_aware(moment) == use_tz
        assert abs(timezone.now() - moment) < timedelta(minutes=1)
    with pytest.raises(NotImplementedError, match="does not record"):
        storage.get_accessed_time("a.txt")


# URLs


def test_a_url_costs_no_request_and_takes_transformations(account: LocalImageKit) -> None:
    storage = ImageKitStorage("media")
    assert storage.url("a.jpg", transformation=[{"width": 300}]) == f"{account.url_endpoint}/tr:w-300/media/a.jpg"
    with pytest.raises(TypeError, match="path and src"):
        storage.url("a.jpg", src="https://example.com/b.jpg")
    check_operations(account, [])


def test_private_files_need_the_signature_of_their_url() -> None:
    storage = ImageKitStorage("secret", private=True)
    name = storage.save("a.txt", ContentFile(b"secret"))
    assert requests.get(storage.url(name), timeout=10).content == b"secret"
    assert requests.get(storage.url(name).partition("?")[0], timeout=10).status_code == 401
    assert storage.open(name).read() == b"secret"


def get_expiry(url: str) -> int:
    return int(parse_qs(urlsplit(url).query)["ik-t"][0])


def test_the_expiry_is_rounded_up_so_that_caches_find_the_same_url() -> None:
    now = 1_800_000_000.0
    storage = ImageKitStorage(private=True, expire_seconds=600, expire_window=timedelta(hours=1), clock=lambda: now)
    urls: set[str] = set()
    for minutes in range(60):
        now = 1_800_000_000.0 + 60 * minutes
        urls.add(storage.url("a.jpg"))
        assert now + 600 <= get_expiry(storage.url("a.jpg")) <= now + 600 + 3600
        assert get_expiry(storage.url("a.jpg")) % 3600 == 0
    assert len(urls) == 2
    assert get_expiry(storage.url("a.jpg", expire_seconds=5)) == now + 5


def test_expiry_without_a_window_or_without_an_end() -> None:
    exact = ImageKitStorage(private=True, expire_seconds=90, expire_window=None, clock=lambda: 1_800_000_000.0)
    assert get_expiry(exact.url("a.jpg")) == 1_800_000_090
    assert "ik-t" not in ImageKitStorage(private=True, expire_seconds=None).url("a.jpg")
    # A signed URL of a public storage expires as well.
    assert get_expiry(ImageKitStorage(clock=lambda: 1_800_000_000.0).url("a.jpg", signed=True)) == 1_800_003_600


# Deleting


def test_deleting_by_name_costs_two_requests_and_by_id_one(account: LocalImageKit) -> None:
    storage = ImageKitStorage()
    storage.save("a.txt", ContentFile(b"x"))
    result = storage.save_file("b.txt", ContentFile(b"x"))
    before = len(account.requests)
    storage.delete("a.txt")
    storage.delete_file(result.file_id)
    check_operations(account, ["list_files", "delete_file", "delete_file"], since=before)
    storage.delete_file(result.file_id)
    assert storage.listdir("") == ([], [])


def test_deleting_a_folder_does_nothing() -> None:
    storage = ImageKitStorage()
    storage.save("folder/a.txt", ContentFile(b"x"))
    storage.delete("folder")
    assert storage.exists("folder/a.txt")


def test_purging_when_a_file_is_replaced_or_deleted(account: LocalImageKit) -> None:
    storage = ImageKitStorage("media", names="overwrite", purge=True)
    storage.save("a.txt", ContentFile(b"x"))
    storage.delete("a.txt")
    check_operations(account, ["upload_file", "purge_file_cache", "list_files", "delete_file", "purge_file_cache"])


def test_a_purge_that_fails_is_logged_and_the_file_stays(
    account: LocalImageKit, caplog: pytest.LogCaptureFixture
) -> None:
    account.faults.add(status=400, operation="purge_file_cache")
    storage = ImageKitStorage(names="overwrite", purge=True)
    assert storage.save("a.txt", ContentFile(b"x")) == "a.txt"
    assert "/a.txt could not be purged" in caplog.text


# Copies and comparisons


def test_equal_options_make_equal_storages() -> None:
    storage = ImageKitStorage("media", max_bytes=5)
    assert storage == ImageKitStorage(location="media", max_bytes=5)
    assert hash(storage) == hash(ImageKitStorage(location="media", max_bytes=5))
    assert storage != ImageKitStorage("media")
    assert storage != "media"


def test_migrations_write_a_storage_as_it_was_made() -> None:
    storage = ImageKitStorage("media", names="exact")
    assert storage.deconstruct() == (  # type: ignore[attr-defined]
        "imagekitio.contrib.django.ImageKitStorage",
        ("media",),
        {"names": "exact"},
    )
    written, imports = MigrationWriter.serialize(storage)
    assert written == "imagekitio.contrib.django.ImageKitStorage('media', names='exact')"
    assert imports == {"import imagekitio.contrib.django"}


def test_a_copy_holds_no_key_and_works() -> None:
    storage = ImageKitStorage("media")
    name = storage.save("a.txt", ContentFile(b"x"))
    pickled = pickle.dumps(storage)
    assert storage.client.public_key.encode() not in pickled
    for other in (pickle.loads(pickled), copy.copy(storage), copy.deepcopy(storage)):
        assert other == storage
        assert other.open(name).read() == b"x"


def test_it_works_from_async_views() -> None:
    async def view() -> bytes:
        storage = ImageKitStorage()
        name = await sync_to_async(storage.save)("a.txt", ContentFile(b"async"))
        with await sync_to_async(storage.open)(name) as file:
            content: bytes = await sync_to_async(file.read)()
            return content

    assert async_to_sync(view)() == b"async"


def test_a_storage_without_keys_says_so_when_it_is_used(settings: Settings) -> None:
    settings.IMAGEKIT = {}
    with pytest.raises(ImproperlyConfigured, match="private_key"):
        ImageKitStorage().url("a.jpg")
