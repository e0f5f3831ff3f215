"""`Imgsrc`, the blocking client of img-src.io, with twins of its calls for event loops."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, overload

from .facade import Client
from .groups.account import PresetsGroup, SettingsGroup, UsageGroup
from .groups.images import ImagesGroup

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Executor
    from pathlib import Path
    from types import TracebackType

    from typing_extensions import Never, Self, Unpack

    from ..bulk.work import Done
    from ..disk import Writable
    from ..groups.modes import Sync
    from .models.base import Visibility
    from .models.images import UploadResponse
    from .transfers import DownloadItem, DownloadKeywords, DownloadSource, UploadItem


class Imgsrc(Client):
    """Upload, list and deliver images with img-src.io, or with local img-src.

    ::

        with Imgsrc(bearer_auth="imgsrc_…", username="ada") as imgsrc:
            image = imgsrc.images.upload_image(file=Path("oslo.png"), target_path="trips/oslo.png")
            print(imgsrc.url(path=image.paths[0], width=400, format="webp"))

    One client serves a whole application: threads may share it, it can be pickled (without its connections), and it
    keeps working after `fork`. The first request opens the connections; `close`, or leaving the ``with`` block, closes
    them. Each call has a twin with the suffix ``_async``, which is awaited.

    Arguments that are not valid raise a TypeError or ValueError before anything is sent; for an unknown argument, the
    message suggests the nearest name. When a request fails, the call raises an `ImgsrcError`;
    `imagekitio.imgsrc.errors` lists its subclasses.

    Args:
        bearer_auth: The API key, or a function that returns it and is called for each attempt; by default, the
            environment variable ``IMGSRC_API_KEY``, which is read by each call.
        server_idx: Index of the server: 0, because there is only one.
        server_url: Base URL of the API; by default ``IMGSRC_SERVER_URL``, or else that of img-src.io.
        url_params: Dict of values for the names in braces in `server_url`.
        client: A `requests.Session` or `httpx.Client` to use instead of the client's own. It is not closed.
        async_client: An `aiohttp.ClientSession` or `httpx.AsyncClient` for the twins. It is not closed.
        retry_config: A `RetryConfig`, a `Retry`, or the number of attempts; None for a single one. By default, requests
            that can safely be repeated get 3 attempts.
        timeout_ms: Milliseconds to wait for a connection, and for a response; by default 5 s to connect and 60 s for
            the response.
        debug_logger: Object whose method `debug` is called for every request and response: method, URL, headers (the
            key is shown as ``[secure]``) and body. Even without it, attempts are logged to the logger ``imagekitio``.
        username: Owner of the images, for delivery URLs; by default ``IMGSRC_USERNAME``.
        delivery_url: Beginning of delivery URLs; by default ``IMGSRC_DELIVERY_URL``, or else that of img-src.io.

    Raises:
        TypeError, ValueError: An argument is not valid. A missing key is reported by the first call.
    """

    @cached_property
    def images(self) -> ImagesGroup[Sync]:
        """Images: `images.upload_image`, `images.list_images`, …"""
        return ImagesGroup(self._calls, self._twins)

    @cached_property
    def presets(self) -> PresetsGroup[Sync]:
        """Presets: `presets.create_preset`, …"""
        return PresetsGroup(self._calls, self._twins)

    @cached_property
    def settings(self) -> SettingsGroup[Sync]:
        """The settings of the account."""
        return SettingsGroup(self._calls, self._twins)

    @cached_property
    def usage(self) -> UsageGroup[Sync]:
        """The plan and its usage."""
        return UsageGroup(self._calls, self._twins)

    def upload_many(
        self,
        items: Iterable[UploadItem],
        *,
        target_path: str | None = None,
        visibility: Visibility | None = None,
        at_once: int = 8,
        executor: Executor | None = None,
        stop_on_error: bool = False,
        on_progress: Callable[[int, int | None], object] | None = None,
        start_transfer: Callable[[UploadItem], Callable[[int, int], object] | None] | None = None,
        **unknown: Never,
    ) -> Iterator[Done[UploadItem, UploadResponse]]:
        """Upload many images, several at once, and yield each outcome as soon as it is known.

        Nothing starts until you iterate. A failed upload is an outcome too and does not stop the others. Leaving the
        loop cancels what has not started and waits for the rest.

        ::

            for done in imgsrc.upload_many(Path("oslo").glob("*.jpg"), target_path="trips/oslo"):
                print(done.item, done.result.url if done.result else done.error)

        Args:
            items: Iterable of paths, ``(file, target_path)`` tuples, or dicts of the arguments of `upload_image`.
            target_path: Folder for items without their own target path.
            visibility: ``public`` or ``private``, for items without their own visibility.
            at_once: Maximum number of concurrent uploads.
            executor: A `concurrent.futures.Executor` to use instead of the client's own threads. An executor of
                processes pickles the client and the items, which must then be paths or bytes.
            stop_on_error: Whether to start no more uploads after the first failure; those in progress are still
                yielded.
            on_progress: Function to call after each image with the number of images done and the total, which is None
                if `items` has no length.
            start_transfer: Function to call with an item when its upload starts. It returns an `on_progress` for this
                upload, or None.
        Returns:
            An iterator over the outcomes. Each has the `item` as it was given, and a `result` or an `error`; `unwrap()`
            returns the one or raises the other. An item with the target path of an earlier one is an error, unless both
            are the same local path or the same bytes.
        Raises:
            TypeError, ValueError: An argument is not valid.
        """
        from ..bulk.workers import Workers
        from .sending.keywords import UPLOAD_KEYWORDS, check_keywords
        from .transfers import upload_many

        check_keywords("upload_many()", unknown, (*UPLOAD_KEYWORDS, "executor"))
        workers = Workers(at_once, stop_on_error, on_progress, executor)
        work = upload_many(items, {"target_path": target_path, "visibility": visibility}, start_transfer)
        return workers.run(self._connections.open_blocking(), work)

    @overload
    def download(
        self,
        source: DownloadSource,
        to: str | os.PathLike[str],
        *,
        on_progress: Callable[[int, int | None], object] | None = None,
        **keywords: Unpack[DownloadKeywords],
    ) -> Path: ...
    @overload
    def download(
        self,
        source: DownloadSource,
        to: Writable,
        *,
        on_progress: Callable[[int, int | None], object] | None = None,
        **keywords: Unpack[DownloadKeywords],
    ) -> None: ...
    def download(
        self,
        source: DownloadSource,
        to: str | os.PathLike[str] | Writable,
        *,
        on_progress: Callable[[int, int | None], object] | None = None,
        **keywords: Unpack[DownloadKeywords],
    ) -> Path | None:
        """Download an image, or a transformation of it, to disk or into a file object.

        The content is streamed, and an interrupted attempt is resumed where it stopped. For a private image, a signed
        URL is created first. The key is never sent to the delivery host.

        Args:
            source: An image as returned by a call, its path in the account, or a URL. For a path, the API is asked
                about the image only if the public URL is refused.
            to: Path to write to, or an existing folder, where the image keeps its name. Or a binary file object open
                for writing, which is not closed. If the download fails, an existing file is left unchanged.
            on_progress: Function to call with the number of bytes written and the total, which is None if the service
                does not send it.
            keywords: Options of `url`: `width`, `format`, `preset`, …. Signed URLs accept only width, height, fit,
                quality and format.
        Returns:
            The path of the file; None if `to` is a file object.
        Raises:
            TypeError, ValueError: The URL cannot be built, neither `source` nor `to` has a file name, or `to` is a file
                object that does not accept bytes.
            OSError: The file cannot be written.
            NotFoundError: There is no such image.
            ImgsrcError: The download failed for another reason.
        """
        from ..bulk.workers import carry_out
        from .transfers import download

        return carry_out(
            self._connections.open_blocking(), download(self._configuration, source, to, keywords, on_progress)
        )

    def download_many(
        self,
        items: Iterable[DownloadItem],
        folder: str | os.PathLike[str],
        *,
        skip_existing: bool = False,
        at_once: int = 8,
        executor: Executor | None = None,
        stop_on_error: bool = False,
        on_progress: Callable[[int, int | None], object] | None = None,
        **keywords: Unpack[DownloadKeywords],
    ) -> Iterator[Done[DownloadItem, Path]]:
        """Download many images into a folder, several at once, and yield each outcome as soon as it is known.

        Nothing starts until you iterate. A failed download is an outcome too and does not stop the others. See
        `download` for how one image is stored.

        Args:
            items: Iterable of sources as for `download`, or of pairs of a source and a name below `folder`. Without a
                name, images keep their first path, and URLs only their file name.
            folder: Folder on this machine.
            skip_existing: Whether to skip files that already exist, which resumes an interrupted run.
            at_once: Maximum number of concurrent downloads.
            executor: A `concurrent.futures.Executor` to use instead of the client's own threads; see `upload_many`.
            stop_on_error: Whether to start no more downloads after the first failure; those in progress are still
                yielded.
            on_progress: Function to call after each image with the number of images done and the total, which is None
                if `items` has no length.
            keywords: Options of `url`, for all items.
        Returns:
            An iterator over the outcomes. Each has the `item` as it was given, and a `result`, the path of the file, or
            an `error`; `unwrap()` returns the one or raises the other. A name that points outside `folder` is an error.
        Raises:
            TypeError, ValueError: An argument is not valid.
        """
        from ..bulk.workers import Workers
        from .transfers import download_many

        workers = Workers(at_once, stop_on_error, on_progress, executor)
        work = download_many(self._configuration, items, folder, keywords, skip_existing=skip_existing)
        return workers.run(self._connections.open_blocking(), work)

    def close(self) -> None:
        """Close the connections; the next request opens new ones. `aclose` closes those of the twins."""
        self._connections.close()

    async def aclose(self) -> None:
        """Close all connections, including those of the twins in the running loop."""
        self.close()
        await self._connections.aclose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()
