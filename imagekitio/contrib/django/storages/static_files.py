"""`ImageKitStaticStorage`: static files in the media library, under names that change with their contents."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from django.conf import settings
from django.contrib.staticfiles.storage import ManifestFilesMixin, StaticFilesStorage
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.management.base import CommandError

from ....exceptions import ImageKitException
from .references import clean_reference, make_relative
from .staging import Staging
from .storage import ImageKitStorage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from re import Match

    from django.core.files.base import File
    from django.core.files.storage import Storage

    from ....models.uploads import UploadFileRequestOptions

# Options of ImageKitStorage that have no meaning for public files with hashed names.
_NOT_FOR_STATIC_FILES = ("private", "expire_seconds", "expire_window", "names", "max_bytes", "purge")
_PUBLISHED_TO = "published_to"  # a key in the manifest, besides Django's


class ImageKitStaticStorage(ManifestFilesMixin, Staging):
    """A storage for static files with hashed names, such as ``css/base.27e20196a850.css``, and a local manifest.

    ::

        STATIC_ROOT = BASE_DIR / "static"  # for the manifest, staticfiles.json
        STATIC_URL = "static/"             # for development
        STORAGES = {
            "staticfiles": {
                "BACKEND": "imagekitio.contrib.django.ImageKitStaticStorage",
                "OPTIONS": {"location": "static"},
            },
            …
        }

    ``collectstatic`` hashes and rewrites files locally, with the code of `ManifestStaticFilesStorage`, and then uploads
    the hashed files that are not in the last manifest, 16 at a time. Without a manifest, it searches the media library
    for files that are already there. The manifest is written once all uploads have succeeded. If some fail, the command
    lists them and ends with an error; the next run uploads what is missing. Hashed files are never changed or deleted,
    so pages of the last release and concurrent runs keep working. Deploy the manifest with the code. At run time, a URL
    costs no request.

    - Files are uploaded under their hashed names only. Scripts that build names of static files do not find them, and
      ``--no-post-process`` uploads nothing and logs a warning.
    - ``--clear`` deletes nothing from the service. It ignores the last manifest, so that the run asks the service about
      every file; use it after files were deleted there. ``--dry-run`` sends nothing.
    - An empty CSS or JavaScript file is stored as a newline, because the service refuses empty files. Any other empty
      file is skipped with a warning. It has a URL, so that pages that refer to it work, but the URL leads nowhere.
    - Files have the names that the service gives them: ``v1.2/logo@2x.png`` becomes ``v1_2/logo_2x.….png``.
    - References in CSS that begin with ``STATIC_URL`` become relative, because the files are on another host.
    - With ``DEBUG = True``, URLs begin with ``STATIC_URL`` and are not hashed, as always in Django.

    The attributes of `ManifestStaticFilesStorage`, such as `manifest_strict` or
    `support_js_module_import_aggregation`, can be set in a subclass. Its `file_hash` must depend on the content.

    Args:
        location: Folder in the media library (default ``static``).
        manifest_storage: Storage of the manifest (default: the folder ``STATIC_ROOT``).
        upload_options: Options of `upload_file` for each file, such as `tags`.
        keys: Keys and settings of `ImageKit` that override those of ``IMAGEKIT``.
    Raises:
        ImproperlyConfigured: An option is unknown or not valid, or ``STATIC_ROOT`` is not set.
    """

    def __init__(
        self,
        location: str = "static",
        *,
        manifest_storage: Storage | None = None,
        upload_options: UploadFileRequestOptions | Mapping[str, Any] | None = None,
        **keys: Any,
    ) -> None:
        for name in _NOT_FOR_STATIC_FILES:
            if name in keys:
                raise ImproperlyConfigured(f"ImageKitStaticStorage has no option {name}: only ImageKitStorage has it")
        self._in_debug = StaticFilesStorage()
        self._manifest_storage = manifest_storage or self._in_debug
        self._known: frozenset[str] = frozenset()
        self._is_manifest_cleared = False
        # Set every option that IMAGEKIT may set for uploads of visitors.
        published = ImageKitStorage(
            location=location,
            private=False,
            names="exact",
            max_bytes=None,
            upload_options=upload_options,
            purge=False,
            **keys,
        )
        super().__init__(published, manifest_storage=self._manifest_storage)

    def url(self, name: str | None, force: bool = False) -> str:
        """Return the URL of a file: the hashed one, or with ``DEBUG`` the local one unless `force` is true.

        Raises:
            ValueError: The manifest does not contain the file.
        """
        if settings.DEBUG and not force:
            return unquote(self._in_debug.url(name))
        return super().url(name or "", force)

    def hashed_name(self, name: str, content: File[Any] | None = None, filename: str | None = None) -> str:
        """Return the name with the hash of the content, as the service stores it."""
        return clean_reference(self.clean_name(super().hashed_name(name, content, filename)))

    def url_converter(
        self, name: str, hashed_files: dict[str, Any], template: str | None = None, *args: Any, **kwargs: Any
    ) -> Callable[[Match[str]], str]:
        """Return the function that replaces a reference in the file `name`."""
        convert = super().url_converter(name, hashed_files, "%(url)s", *args, **kwargs)
        template = template or self.default_template

        def convert_for_service(match: Match[str]) -> str:
            url = convert(match)
            if url == match["matched"]:  # not a reference to a static file
                return url
            if url.startswith("/"):  # the host that delivers the file does not know STATIC_URL
                url = make_relative(url.removeprefix(settings.STATIC_URL), self.clean_name(name))
            return template % {**match.groupdict(), "url": clean_reference(url)}

        return convert_for_service

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Hash and rewrite the collected files, upload the new ones, and write the manifest.

        Raises:
            CommandError: Not all files could be uploaded.
        """
        if dry_run:
            return
        before = self.hashed_files
        self._known = self._read_known()
        try:
            yield from super().post_process(paths, **options)
        except BaseException:
            self.hashed_files = before
            raise
        finally:
            self.discard()

    def save_manifest(self) -> None:
        """Upload the collected files that are new, and write the manifest if all uploads succeeded."""
        new = {
            name: source for source, name in self.hashed_files.items() if name not in self._known and self.exists(name)
        }
        try:
            failures = self.publish(new)
        except ImageKitException as exc:
            raise CommandError(f"The media library could not be searched, so nothing was uploaded: {exc}") from exc
        if failures:
            listed = "\n".join(failures)
            raise CommandError(f"{len(failures)} of {len(new)} new static files were not uploaded.\n{listed}")
        super().save_manifest()
        manifest = {**json.loads(self.read_manifest()), _PUBLISHED_TO: self._address}
        self._manifest_storage.delete(self.manifest_name)
        self._manifest_storage.save(self.manifest_name, ContentFile(json.dumps(manifest).encode()))
        self._is_manifest_cleared = False

    @property
    def _address(self) -> str:
        return self.published.url("")

    def _read_known(self) -> frozenset[str]:
        """Return the hashed names that the last run uploaded to the same place."""
        content = None if self._is_manifest_cleared else self.read_manifest()
        manifest = json.loads(content) if content else {}
        return frozenset(manifest["paths"].values() if manifest.get(_PUBLISHED_TO) == self._address else ())

    # The manifest is the only file that `collectstatic --clear` finds.

    def _has_manifest(self) -> bool:
        return not self._is_manifest_cleared and self._manifest_storage.exists(self.manifest_name)

    def exists(self, name: str) -> bool:
        """Return whether this run has collected the file. Sends no request."""
        return not name or super().exists(name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """Return the folders and files that this run has collected, and the manifest."""
        folders, files = super().listdir(path)
        return folders, [*files, self.manifest_name] if not path and self._has_manifest() else files

    def delete(self, name: str) -> None:
        """Delete a collected file. If it is the manifest, ignore it until this run has written a new one."""
        if name == self.manifest_name:
            self._is_manifest_cleared = True
        else:
            super().delete(name)

    def _open(self, name: str, mode: str = "rb") -> File[Any]:
        if super().exists(name):
            return super()._open(name, mode)
        return self.published.open(self.hashed_files.get(name, name), mode)
