"""`AsyncImgsrc`, the client of img-src.io for event loops."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, overload

from .facade import Client
from .groups.account import PresetsGroup, SettingsGroup, UsageGroup
from .groups.images import ImagesGroup

if TYPE_CHECKING:
    import os
    from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable
    from pathlib import Path
    from types import TracebackType

    from typing_extensions import Never, Self, Unpack

    from ..bulk.work import Done
    from ..disk import Writable
    from ..groups.modes import Async
    from .models.base import Visibility
    from .models.images import UploadResponse
    from .transfers import DownloadItem, DownloadKeywords, DownloadSource, UploadItem


class AsyncImgsrc(Client):
    """The same as `Imgsrc`, for event loops: all calls are awaited.

    ::

        async with AsyncImgsrc(bearer_auth="imgsrc_…") as imgsrc:
            async for image in imgsrc.images.iter_images(path="trips"):
                print(image.paths)

    Tasks may share a client. Files are read in threads, so the event loop is not blocked. A cancelled call closes its
    connection and its file before the CancelledError is raised; the service may or may not have carried it out.

    The arguments are those of `Imgsrc`, except `client`, which is not accepted. Needs the extra ``async``, unless
    `async_client` is an httpx client.
    """

    _is_async: ClassVar[bool] = True

    @cached_property
    def images(self) -> ImagesGroup[Async]:
        """Images: `images.upload_image`, `images.list_images`, …"""
        return ImagesGroup(self._twins, self._twins)

    @cached_property
    def presets(self) -> PresetsGroup[Async]:
        """Presets: `presets.create_preset`, …"""
        return PresetsGroup(self._twins, self._twins)

    @cached_property
    def settings(self) -> SettingsGroup[Async]:
        """The settings of the account."""
        return SettingsGroup(self._twins, self._twins)

    @cached_property
    def usage(self) -> UsageGroup[Async]:
        """The plan and its usage."""
        return UsageGroup(self._twins, self._twins)

    def upload_many(
        self,
        items: Iterable[UploadItem] | AsyncIterable[UploadItem],
        *,
        target_path: str | None = None,
        visibility: Visibility | None = None,
        at_once: int = 8,
        stop_on_error: bool = False,
        on_progress: Callable[[int, int | None], object] | None = None,
        start_transfer: Callable[[UploadItem], Callable[[int, int], object] | None] | None = None,
        **unknown: Never,
    ) -> AsyncIterator[Done[UploadItem, UploadResponse]]:
        """Upload many images, several at once, and yield each outcome as soon as it is known.

        The arguments are those of `Imgsrc.upload_many`, except `executor`; `items` may be an asynchronous iterable.
        Leaving the loop cancels running uploads; use ``contextlib.aclosing`` to leave it early.
        """
        from ..bulk.tasks import Tasks
        from .sending.keywords import UPLOAD_KEYWORDS, check_keywords
        from .transfers import upload_many

        check_keywords("upload_many()", unknown, UPLOAD_KEYWORDS)
        tasks = Tasks(at_once, stop_on_error, on_progress)
        work = upload_many(items, {"target_path": target_path, "visibility": visibility}, start_transfer)
        return tasks.run(self._connections.open_tasks(), work)

    @overload
    async def download(
        self,
        source: DownloadSource,
        to: str | os.PathLike[str],
        *,
        on_progress: Callable[[int, int | None], object] | None = None,
        **keywords: Unpack[DownloadKeywords],
    ) -> Path: ...
    @overload
    async def download(
        self,
        source: DownloadSource,
        to: Writable,
        *,
        on_progress: Callable[[int, int | None], object] | None = None,
        **keywords: Unpack[DownloadKeywords],
    ) -> None: ...
    async def download(
        self,
        source: DownloadSource,
        to: str | os.PathLike[str] | Writable,
        *,
        on_progress: Callable[[int, int | None], object] | None = None,
        **keywords: Unpack[DownloadKeywords],
    ) -> Path | None:
        """Download an image, or a transformation of it, to disk or into a file object; see `Imgsrc.download`."""
        from ..bulk.tasks import carry_out
        from .transfers import download

        return await carry_out(
            self._connections.open_tasks(), download(self._configuration, source, to, keywords, on_progress)
        )

    def download_many(
        self,
        items: Iterable[DownloadItem] | AsyncIterable[DownloadItem],
        folder: str | os.PathLike[str],
        *,
        skip_existing: bool = False,
        at_once: int = 8,
        stop_on_error: bool = False,
        on_progress: Callable[[int, int | None], object] | None = None,
        **keywords: Unpack[DownloadKeywords],
    ) -> AsyncIterator[Done[DownloadItem, Path]]:
        """Download many images into a folder, several at once, and yield each outcome as soon as it is known.

        The arguments are those of `Imgsrc.download_many`, except `executor`; `items` may be an asynchronous iterable.
        """
        from ..bulk.tasks import Tasks
        from .transfers import download_many

        tasks = Tasks(at_once, stop_on_error, on_progress)
        work = download_many(self._configuration, items, folder, keywords, skip_existing=skip_existing)
        return tasks.run(self._connections.open_tasks(), work)

    async def close(self) -> None:
        """Close the connections of the running loop once its requests have ended; the next request opens new ones."""
        await self._connections.aclose()

    async def aclose(self) -> None:
        """Do the same as `close`, under the name that asynchronous generators use."""
        await self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()
