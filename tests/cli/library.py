"""Fills a small media library for the tests of commands, and reads what they check afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from imagekitio import ImageKit
    from imagekitio.local import LocalImageKit
    from imagekitio.models.files import FileResult


def add_file(client: ImageKit, path: str, content: bytes = b"hello", **options: Any) -> str:
    """Store a file at a path, and return its id."""
    folder, _, name = path.rpartition("/")
    return client.upload_file(content, name, folder=folder or "/", use_unique_file_name=False, **options).file_id


def paths_of(client: ImageKit) -> list[str]:
    """Return the paths of all files."""
    return sorted(file.file_path for file in client.iter_files())


def folders_of(client: ImageKit) -> list[str]:
    """Return the paths of all folders."""
    items: Any = client.iter_files(type="folder")
    return sorted(item.folder_path for item in items)


def tags_of(client: ImageKit) -> dict[str, list[str]]:
    """Return the tags of all files, by their paths."""
    return {file.file_path: file.tags or [] for file in client.iter_files()}


def versions_of(client: ImageKit, path: str) -> list[FileResult]:
    """Return the versions of a file."""
    return client.get_file_versions(client.get_file_by_path(path)).list


def reads_of(server: LocalImageKit) -> int:
    """Return how many requests since the start of the test read something."""
    return sum(seen.method == "GET" for seen in server.requests)


def changes_of(server: LocalImageKit) -> list[str]:
    """Return the operations since the start of the test that changed something, uploads excepted."""
    changing = [seen.operation or "" for seen in server.requests if seen.method != "GET"]
    return [operation for operation in changing if operation != "upload_file"]
