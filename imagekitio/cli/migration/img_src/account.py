"""The account of img-src to copy: its images, presets and settings, read through its API."""

from __future__ import annotations

import hashlib
import io
import os
import re
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from ....imgsrc import Imgsrc
from ....imgsrc.errors import (
    ForbiddenError,
    ImgsrcError,
    InternalServerError,
    NoResponseError,
    RateLimitedError,
    ResponseValidationError,
    UnauthorizedError,
)
from ...base.failures import NETWORK, REFUSED, USAGE, Failure
from ..entries import Loss
from ..named_transformations import Recipe
from .images import PREFIX, list_images, make_entries
from .presets import convert_preset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ....imgsrc.models import ImageListItem, ImageListResponse, UserSettings
    from ..entries import Entry
    from ..lists import Convert

_KEY_VARIABLE = "IMGSRC_API_KEY"
_PAGE = 100  # images: the most that the API lists at once
_LINK_SECONDS = 300  # for reading a private image, which begins at once
_DEFAULT_QUALITY = 80  # of both services
_NO_ANSWER = (NoResponseError, ResponseValidationError, InternalServerError, RateLimitedError)


class ImgSrcAccount:
    """An account of img-src, or a folder of it. Close it only at the end: contents are read until then.

    Args:
        source: ``img-src:``, or ``img-src:trips/2024`` for a folder.
    Raises:
        Failure: The key is missing, or a setting is not valid; exit code 2.
    """

    def __init__(self, source: str) -> None:
        self._folder = source.removeprefix(PREFIX).strip("/")
        if not os.environ.get(_KEY_VARIABLE):
            raise Failure(f"the key of the img-src account is missing: set {_KEY_VARIABLE}", USAGE)
        try:
            self._client = Imgsrc()
        except (TypeError, ValueError) as exc:
            raise Failure(f"img-src: {exc}", USAGE) from exc

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def list_entries(self, convert: Convert) -> list[Entry]:
        """Return the images as entries; see `make_entries`.

        Raises:
            Failure: They cannot be listed, or there are none in the folder.
        """
        with _word_errors():
            images = list_images(self._list_pages, self._folder)
            entries = list(make_entries(images, self._folder, self._open_image, convert))
        if self._folder and not entries:
            raise Failure(f"img-src has no images below {self._folder!r}", USAGE)
        return entries

    def list_recipes(self, warn: Callable[[str], None]) -> list[Recipe]:
        """Return the presets as recipes of named transformations; none, with a warning, if the plan has no presets.

        Raises:
            Failure: They cannot be listed.
        """
        try:
            with _word_errors(passing=ForbiddenError):
                presets = self._client.presets.list_presets().presets
        except ForbiddenError as exc:
            warn(f"presets are left out, because img-src does not show them: {exc}")
            return []
        recipes: list[Recipe] = []
        for preset in presets:
            converted = convert_preset(preset.params, self._settings.default_fit_mode)
            differences = [*converted.differences]
            if preset.description:
                differences.append(Loss("description", preset.description, "named transformations have none"))
            recipes.append(Recipe(preset.name, converted.steps, differences))
        return recipes

    def describe_settings(self) -> str:
        """Describe the account's settings that change what URLs deliver; return an empty text if there are none.

        Raises:
            Failure: They cannot be read.
        """
        settings = self._settings
        sides = (("width", settings.default_max_width), ("height", settings.default_max_height))
        texts = [f"a {name} of at most {side} pixels" for name, side in sides if side is not None]
        if settings.default_quality != _DEFAULT_QUALITY:
            texts.insert(0, f"a quality of {settings.default_quality}")
        return ", ".join(texts)

    @cached_property
    def _settings(self) -> UserSettings:
        with _word_errors():
            return self._client.settings.get_settings().settings

    def _list_pages(self, folder: str) -> Iterator[ImageListResponse]:
        page: ImageListResponse | None = self._client.images.list_images(limit=_PAGE, path=folder or None)
        while page is not None:
            yield page
            page = page.next()

    def _open_image(self, image: ImageListItem, path: str) -> io.BytesIO:
        """Return the content of an image as it was uploaded, at most 5 MB.

        A delivery URL may return another picture: one in the format of the path's extension, or one that the account's
        settings make smaller. The id shows this, since it is the beginning of the content's SHA-256.

        Raises:
            Failure: It cannot be read, or is not the original.
        """
        sizes: list[int] = []
        with _word_errors():
            for url in self._find_urls(image, path):
                content = io.BytesIO()
                self._client.download(url, content)
                if _is_original(image, content.getvalue()):
                    content.seek(0)
                    return content
                sizes.append(content.tell())
        raise Failure(
            f"img-src delivers another picture ({sizes[-1]} bytes) instead of the original ({image.size} bytes): clear"
            " the default quality and size in the settings of the img-src account, and run the same command again"
        )

    def _find_urls(self, image: ImageListItem, path: str) -> Iterator[str]:
        if image.visibility != "public":
            yield self._client.images.create_signed_url(id=image.id, expires_in_seconds=_LINK_SECONDS).signed_url
            return
        yield self._client.url(path=path, username=self._settings.username)
        yield self._client.images.get_image(id=image.id).urls.original


def _is_original(image: ImageListItem, content: bytes) -> bool:
    if len(content) != image.size:
        return False
    is_digest = re.fullmatch("[0-9a-f]{16}", image.id)
    return not is_digest or hashlib.sha256(content).hexdigest().startswith(image.id)


@contextmanager
def _word_errors(passing: type[ImgsrcError] | tuple[()] = ()) -> Iterator[None]:
    """Turn errors of img-src into failures that say which service failed, and what to do.

    Args:
        passing: Errors to leave as they are.
    """
    try:
        yield
    except passing:
        raise
    except ImgsrcError as exc:
        advice = f" (check {_KEY_VARIABLE})" if isinstance(exc, (UnauthorizedError, ForbiddenError)) else ""
        raise Failure(f"img-src: {exc}{advice}", NETWORK if isinstance(exc, _NO_ANSWER) else REFUSED) from exc
