"""Uploads from the browser directly to the service: rules for what may be uploaded, and checks of what was uploaded.

The application makes a token that fixes folder, checks and tags. The browser uploads the file with it, and then sends
the id of the file to the application. An id alone proves nothing, because anyone can send any id. The token therefore
also fixes a tag that identifies the visitor, and the application looks up the file and checks for that tag.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ..exceptions import BadRequestException, NotFoundException
from ..models.options import UNSET
from ..models.uploads import UploadFileRequestOptions
from ..operations.file_names import clean_folder_name
from .errors import UploadRefusedError, check_size

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from datetime import datetime, timedelta

    from ..facade.base import Client
    from ..models.files import FileResult
    from ..operations.upload_tokens import UploadToken

_TAG_PREFIX = "uploader_"
_TAG_DIGITS = 32  # half of a SHA-256; all 64 digits would take an eighth of the space for tags


class UploadRules:
    """Rules for what a browser may upload.

    Args:
        folder: Folder in the media library. Characters that the service does not accept in the names of folders become
            ``_``.
        max_bytes: Maximum size in bytes; None for the limit of the account.
        accept: MIME types, such as ``image/png`` or ``image/*``; empty accepts every type. The service inspects the
            content.
        options: Other options of `upload_file`. Its `tags` and `checks` are added to those of the rules.

    Raises:
        TypeError: An argument or an option has the wrong type, or is unknown.
        ValueError: An argument is not valid, or `options` would let visitors replace files.
    """

    def __init__(
        self,
        folder: str,
        *,
        max_bytes: int | None = None,
        accept: Sequence[str] = (),
        options: UploadFileRequestOptions | Mapping[str, Any] | None = None,
    ) -> None:
        self.folder: str = clean_folder("folder", folder)
        self.max_bytes: int | None = check_max_bytes(max_bytes)
        self.accept: tuple[str, ...] = _check_accept(accept)
        self.options: dict[str, Any] = _check_options(options)

    def make_token(
        self,
        client: Client,
        request: object,
        *,
        tag: str,
        expire: float | timedelta | datetime | None = 0,
    ) -> UploadToken:
        """Return a token for the upload that a browser requests. Sends nothing.

        Args:
            client: An `ImageKit` or `AsyncImageKit` with a public key.
            request: The data that the browser sent, decoded from JSON: an object with `file_name`, and the `size` in
                bytes and `type` that the browser knows, so that a file that would be refused need not be sent.
            tag: The tag of the visitor, from `make_uploader_tag`.
            expire: When the token expires; see `Client.get_upload_token`.
        Raises:
            UploadTooLargeError: The file is too large.
            UploadRefusedError: The request is not valid, or the file is empty or of the wrong type.
        """
        file_name, size_bytes, media_type = _read_request(request)
        self.check_announced(size_bytes, media_type)
        return client.get_upload_token(file_name, self.make_options(tag=tag), expire=expire)

    def make_options(self, *, tag: str) -> dict[str, Any]:
        """Return the options of `upload_file` for a file that the application itself uploads for the visitor.

        Use them if a form sends the file, without JavaScript. Call `check_announced` first, to avoid a futile upload.

        Args:
            tag: The tag of the visitor, from `make_uploader_tag`.
        """
        given = dict(self.options)
        checks = " AND ".join(f"({check})" for check in (given.pop("checks", None), *self._write_checks()) if check)
        if checks:
            given["checks"] = checks
        return {**given, "folder": self.folder, "tags": [*given.get("tags", ()), tag]}

    def check_announced(self, size_bytes: int | None, media_type: str | None) -> None:
        """Refuse a file by the size and type that the browser states, before it is sent.

        The service inspects the content later.

        Args:
            size_bytes: Size in bytes; None if unknown.
            media_type: MIME type; empty or None if unknown.
        Raises:
            UploadTooLargeError: The file is too large.
            UploadRefusedError: The file is empty or of the wrong type.
        """
        if size_bytes == 0:
            raise UploadRefusedError("The file is empty.")
        check_size(size_bytes, self.max_bytes)
        if media_type and not self._accepts(media_type):
            raise UploadRefusedError(self._describe_types())

    def check_file(self, file: FileResult, *, tag: str, fallback_tags: Collection[str] = ()) -> None:
        """Refuse a file unless this visitor uploaded it under these rules.

        Args:
            file: The file, just looked up by the id that the browser sent.
            tag: The tag of the visitor, from `make_uploader_tag`.
            fallback_tags: Tags that the visitor had before the secret was rotated, from `make_fallback_tags`.
        Raises:
            UploadTooLargeError: The file is too large.
            UploadRefusedError: The file is in another folder, has the wrong type, or was uploaded by another visitor.
        """
        is_there = file.file_path.rpartition("/")[0] == self.folder.rstrip("/")
        if not is_there or {tag, *fallback_tags}.isdisjoint(file.tags or ()):
            # The same message as for an id that does not exist; otherwise it would reveal which ids exist.
            raise UploadRefusedError(NOT_UPLOADED)
        check_size(file.size, self.max_bytes)
        if not self._accepts(file.mime or ""):
            raise UploadRefusedError(self._describe_types())

    def _accepts(self, media_type: str) -> bool:
        kind = media_type.lower().partition(";")[0].strip()
        return not self.accept or any(
            kind == pattern or (pattern.endswith("/*") and kind.startswith(pattern[:-1])) for pattern in self.accept
        )

    def _describe_types(self) -> str:
        return f"The file has the wrong type; allowed: {', '.join(self.accept)}."

    def _write_checks(self) -> list[str]:
        checks: list[str] = []
        if self.max_bytes is not None:
            checks.append(f'"file.size" <= {self.max_bytes}')
        if self.accept:
            checks.append(
                " OR ".join(
                    f'"file.mime" : "{pattern[:-1]}"' if pattern.endswith("/*") else f'"file.mime" = "{pattern}"'
                    for pattern in self.accept
                )
            )
        return checks


NOT_UPLOADED = "The file was not uploaded here. Please upload it again."


@contextmanager
def refuse_unknown_ids() -> Iterator[None]:
    """Raise an `UploadRefusedError` instead of the error for an id that does not exist or is not valid."""
    try:
        yield
    except (NotFoundException, BadRequestException, ValueError) as exc:
        raise UploadRefusedError(NOT_UPLOADED) from exc


def make_uploader_tag(secret: str | bytes, uploader: str) -> str:
    """Return the tag that marks the uploads of a visitor; it cannot be made without `secret`.

    Args:
        secret: A secret of the application, such as Django's ``SECRET_KEY``.
        uploader: The id of the user or session that uploads.
    Raises:
        TypeError: `secret` is neither a str nor bytes, or `uploader` is not a str.
        ValueError: An argument is empty, which would make all visitors the same.
    """
    if not isinstance(secret, (str, bytes)):
        raise TypeError(f"secret must be a str or bytes (got {type(secret).__name__})")
    if not isinstance(uploader, str):
        raise TypeError(f"uploader must be a str (got {type(uploader).__name__})")
    for name, text in (("secret", secret), ("uploader", uploader)):
        if not text:
            raise ValueError(f"{name} is empty")
    key = secret.encode() if isinstance(secret, str) else secret
    digest = hmac.digest(key, b"imagekitio.uploader:" + uploader.encode(), "sha256").hex()
    return _TAG_PREFIX + digest[:_TAG_DIGITS]


def make_fallback_tags(secrets: Iterable[str | bytes], uploader: str) -> list[str]:
    """Return the tags that a visitor had with earlier secrets, so that forms opened before a rotation are accepted.

    Args:
        secrets: Earlier secrets of the application, such as Django's ``SECRET_KEY_FALLBACKS``.
        uploader: The uploader, as for `make_uploader_tag`.
    Raises:
        TypeError: `secrets` is a single str or bytes, whose characters would be easily guessed secrets; or one of them,
            or `uploader`, has the wrong type.
        ValueError: A secret or `uploader` is empty.
    """
    if isinstance(secrets, (str, bytes)):
        raise TypeError(f"the earlier secrets must be a list (got {type(secrets).__name__})")
    return [make_uploader_tag(secret, uploader) for secret in secrets]


def read_json(body: bytes) -> object:
    """Return the data that a browser sent, decoded from JSON.

    Raises:
        UploadRefusedError: `body` is not JSON.
    """
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as exc:
        raise UploadRefusedError("The request is not JSON.") from exc


def clean_folder(name: str, folder: str) -> str:
    """Return a folder's path as the service stores it, with a leading slash only: ``v1.2/`` becomes ``/v1_2``.

    Args:
        name: Name of the argument, for messages.
        folder: Path in the media library.
    Raises:
        TypeError: `folder` is not a str.
        ValueError: It contains ``.`` or ``..`` as the name of a folder.
    """
    if not isinstance(folder, str):
        raise TypeError(f"{name} must be a str (got {type(folder).__name__})")
    parts = [part for part in folder.split("/") if part]
    if {".", ".."} & {*parts}:
        raise ValueError(f"{name} must not contain '.' or '..' (got {folder!r})")
    return "/" + "/".join(map(clean_folder_name, parts))


def check_max_bytes(max_bytes: int | None) -> int | None:
    """Check a limit on the size of uploads and return it: a number of bytes, or None for no limit.

    Raises:
        TypeError: `max_bytes` is not an int.
        ValueError: `max_bytes` is less than 1.
    """
    if max_bytes is None:
        return None
    if not isinstance(max_bytes, int) or isinstance(max_bytes, bool):
        raise TypeError(f"max_bytes must be an int (got {type(max_bytes).__name__})")
    if max_bytes < 1:
        raise ValueError(f"max_bytes must be at least 1 (got {max_bytes})")
    return max_bytes


def _read_request(request: object) -> tuple[str, int | None, str]:
    if not isinstance(request, Mapping):
        raise UploadRefusedError('The request must be an object, such as {"file_name": "a.jpg"}.')
    file_name, size, media_type = request.get("file_name"), request.get("size"), request.get("type")
    if not isinstance(file_name, str) or not file_name.strip():
        raise UploadRefusedError("The request has no file_name.")
    if any("\ud800" <= character <= "\udfff" for character in file_name):  # lone surrogates, which JSON can contain
        raise UploadRefusedError("The file_name is not valid.")
    if not (size is None or (isinstance(size, int) and not isinstance(size, bool) and size >= 0)):
        raise UploadRefusedError("size must be a number of bytes.")
    if not (media_type is None or isinstance(media_type, str)):
        raise UploadRefusedError("type must be a string.")
    return file_name, size, media_type or ""


def _check_accept(accept: Sequence[str]) -> tuple[str, ...]:
    if isinstance(accept, str):
        raise TypeError(f"accept must be a list of MIME types (got the str {accept!r})")
    types = tuple(accept)
    for one in types:
        kind, slash, name = one.partition("/")
        if not (kind and slash and name) or not set(kind + name) <= _IN_MIME_TYPES or kind == "*":
            raise ValueError(f"accept must contain MIME types, such as 'image/png' or 'image/*' (got {one!r})")
    return tuple(one.lower() for one in types)


_IN_MIME_TYPES = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$&-^_.+*")


def _check_options(options: UploadFileRequestOptions | Mapping[str, Any] | None) -> dict[str, Any]:
    given = vars(UploadFileRequestOptions.of(options))
    found = {name: value for name, value in given.items() if value is not None and value is not UNSET}
    if "folder" in found:
        raise ValueError("options has a folder: pass it as folder=…")
    if found.get("use_unique_file_name") is False and found.get("overwrite_file") is not False:
        raise ValueError("use_unique_file_name=False lets visitors replace files: add overwrite_file=False")
    if isinstance(tags := found.get("tags"), str):
        found["tags"] = tags.split(",")
    return found
