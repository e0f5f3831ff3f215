"""What reads and changes files, with both clients against local ImageKit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from imagekitio import NotFoundException

if TYPE_CHECKING:
    from imagekitio import ImageKit


def upload(ik: ImageKit, name: str, **options: Any) -> Any:
    return ik.upload_file(b"test", name, use_unique_file_name=False, **options)


def test_wherever_an_id_is_wanted_the_file_does(ik: ImageKit) -> None:
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
def test_what_is_no_path_is_refused(ik: ImageKit, path: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        ik.get_file_by_path(path)
