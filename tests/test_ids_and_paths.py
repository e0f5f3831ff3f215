"""Files given by id, path or URL, with both clients against local ImageKit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from imagekitio import BadRequestException, ConflictException, NotFoundException

if TYPE_CHECKING:
    from imagekitio import ImageKit
    from imagekitio.local import LocalImageKit


def upload(ik: ImageKit, name: str, **options: Any) -> Any:
    return ik.upload_file(b"test", name, use_unique_file_name=False, **options)


def test_a_file_can_be_passed_wherever_an_id_is_expected(ik: ImageKit) -> None:
    uploaded = upload(ik, "a.txt")
    upload(ik, "a.txt")
    assert ik.get_file_details(uploaded).name == "a.txt"
    listed = ik.list_files()[0]
    assert ik.add_tags([listed, uploaded], ["x"]).successfully_updated_file_ids == [uploaded.file_id]
    assert ik.update_file_details(listed, tags=["y"]).tags == ["y"]
    _, old = ik.get_file_versions(listed)
    assert ik.get_file_version_details(listed, old).type == "file-version"
    restored = ik.restore_file_version(old, old.version_info)
    ik.delete_file(restored)
    assert not ik.list_files()


@pytest.mark.parametrize("path", ["/shop/überraschung 100.txt", "shop/a.txt", "/root.txt", "/a/b/c/d_e-f.tar.gz"])
def test_a_file_is_found_by_its_path_or_url(ik: ImageKit, path: str) -> None:
    folder, _, name = path.strip("/").rpartition("/")
    uploaded = upload(ik, name, folder=folder)
    upload(ik, name, folder=f"{folder}/deeper")
    urls = [uploaded.url, ik.url(path=uploaded.file_path, transformation={"width": 10}, signed=True)]
    for given in (uploaded.file_path, uploaded.file_path.strip("/"), *urls):
        found = ik.get_file_by_path(given)
        assert (found.file_id, found.file_path) == (uploaded.file_id, uploaded.file_path)
        assert found == ik.get_file_details(uploaded)
        assert found.response_metadata.http_status_code == 200
        assert found.response_metadata.raw["fileId"] == uploaded.file_id


def test_a_path_without_a_file_is_not_found_by_name(ik: ImageKit) -> None:
    upload(ik, "a.txt", folder="/shop")
    for path in ("/shop/b.txt", "/other/a.txt", "/shop", "/a.txt", "/shop/A.txt", "/shop/100%.txt", "/tr:w-1/a.txt"):
        with pytest.raises(NotFoundException, match=f"there is no file '{path}' in the media library"):
            ik.get_file_by_path(path)


@pytest.mark.parametrize(
    ("path", "error", "message"),
    [
        ("", ValueError, "path must not be empty"),
        ("/", ValueError, "path must not be empty"),
        (None, TypeError, "path_or_url must be text .got NoneType."),
        (b"/a.txt", TypeError, "path_or_url must be text .got bytes."),
        ("https://other.example/a.txt", ValueError, "the URL is not under the endpoint"),
    ],
)
def test_an_invalid_path_is_refused(ik: ImageKit, path: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        ik.get_file_by_path(path)


def test_a_renamed_folder_keeps_its_files_and_purges_their_old_urls(ik: ImageKit) -> None:
    uploaded = upload(ik, "a.txt", folder="/shop/spring")
    job = ik.rename_folder(folder_path="/shop/spring", new_folder_name="summer", purge_cache=True)
    done = ik.get_bulk_job_status(job.job_id)
    assert (done.type, done.status) == ("RENAME_FOLDER", "Completed")
    assert ik.get_file_details(uploaded).file_path == "/shop/summer/a.txt"
    assert ik.get_purge_file_cache_status(done.purge_request_id or "").status == "Completed"
    ik.create_folder(folder_name="winter", parent_folder_path="/shop")
    with pytest.raises(ConflictException, match="already exists at the same location"):
        ik.rename_folder(folder_path="/shop/summer", new_folder_name="winter")
    with pytest.raises(NotFoundException, match="Source folder not found"):
        ik.rename_folder(folder_path="/shop/spring", new_folder_name="x")
    with pytest.raises(BadRequestException, match="cannot be root"):
        ik.rename_folder(folder_path="/", new_folder_name="x")


def test_version_2_of_uploads_stores_the_same_as_version_1(ik: ImageKit, server: LocalImageKit) -> None:
    first = ik.upload_file(b"test", "a.txt", folder="/shop", tags=["x"], response_fields=["tags"])
    second = ik.upload_file_v2(b"test", "a.txt", folder="/shop", tags=["x"], response_fields=["tags"])
    assert [request.path for request in server.requests] == ["/api/v1/files/upload", "/api/v2/files/upload"]
    assert (second.tags, second.size, second.file_type) == (first.tags, first.size, first.file_type)
    assert first.file_path != second.file_path
    assert len(ik.list_files(path="/shop")) == 2


def test_a_version_2_upload_whose_answer_is_lost_is_stored_once(ik: ImageKit, server: LocalImageKit) -> None:
    server.faults.add(reset=True, when="after", times=1, operation="upload_file_v2")
    uploaded = ik.upload_file_v2(b"test", "a.txt")
    assert [file.file_id for file in ik.list_files()] == [uploaded.file_id]
