"""The planner of responses to delivery URLs of img-src: signature, image and parameters.

Source: img-src API, "Image transformations", "Presets" and "Signed URLs".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from ....imgsrc.parameters import read_preset_params, read_query
from ...base.errors import ApiError
from ...delivery.plan import Plan, content_headers, make_etag
from ...rendering.formats import CONTENT_TYPES
from .. import account, library, presets, signatures
from ..limits.quotas import check_monthly, require_pro
from .counting import count_presets, count_transformation, is_counted
from .steps import make_transformation
from .target import find_requested_format, parse_target

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

    from ....imgsrc.parameters import Value
    from ...rendering import Transformation
    from ...storage.transactions import DataTransaction
    from ..rows import ImageRow
    from ..settings import ImgsrcSettings
    from .target import DeliveryTarget

MAX_AGE_SECONDS = 2_592_000  # 30 days; img-src API, "Image transformations"

_REFUSALS = {
    "unsigned": "This image is private: its URL must be signed",
    "bad": "The signature of this URL is not valid",
    "expired": "This signed URL has expired",
}


class ImageStore(Protocol):
    """The part of the store that delivery uses."""

    def read(self) -> AbstractContextManager[sqlite3.Connection]: ...

    def write(self) -> AbstractContextManager[DataTransaction]: ...

    def content(self, content_hash: str) -> Path: ...


class Delivery(NamedTuple):
    """A plan, and the counts that it causes.

    Attributes:
        presets: Names of the presets that were applied.
        is_new: Whether it is a transformation that was not yet counted this month.
    """

    plan: Plan
    presets: tuple[str, ...]
    is_new: bool


class Planner:
    """Makes plans for requests of the images in `store`."""

    def __init__(self, store: ImageStore, settings: ImgsrcSettings) -> None:
        self._store, self._settings = store, settings

    def plan(self, raw_target: str) -> Delivery:
        """Return the plan for a request.

        A signature is checked even if the image is public. If several things are wrong, a missing image (404) is
        reported first, then missing access (403), invalid parameters (400) and a used-up quota (429).

        Args:
            raw_target: Path and query of the request, percent-encoded.
        Raises:
            ApiError: 400, 403, 404 or 429, see above; 501 for a format that cannot be written here.
        """
        target = parse_target(raw_target, self._settings.username)
        now = self._settings.clock.time()
        with self._store.read() as connection:
            image = library.find_image(connection, target.path)
            if image is None:
                raise ApiError(404, "Image not found")
            is_shared = self._check_access(connection, image, target, now)
            names, values = self._read_parameters(connection, target.query)
            is_exact = library.has_path(connection, target.path)
            output_format = find_requested_format(target.path, image, is_exact=is_exact)
            transformation = _transformation(image, output_format, values, account.read_defaults(connection))
            etag = self._etag(image, transformation)
            is_new = transformation is not None and not is_counted(connection, etag, now)
            if is_new:
                check_monthly(connection, self._settings, now, "transformations")
        max_age_seconds = MAX_AGE_SECONDS if is_shared else None
        plan = Plan(
            path=target.path,
            content=self._store.content(image.content_hash),
            mime=image.mime,
            transformation=transformation,
            etag=etag,
            headers=content_headers(etag, image.mime, transformation, max_age_seconds=max_age_seconds),
        )
        return Delivery(plan, names, is_new)

    def count(self, delivery: Delivery) -> None:
        """Count a delivery that is about to be sent.

        Raises:
            ApiError: 429 if other requests have used up the month's transformations since the plan was made.
        """
        if delivery.is_new or delivery.presets:
            with self._store.write() as transaction:
                if delivery.is_new:
                    count_transformation(transaction, delivery.plan.etag, self._settings)
                count_presets(transaction, delivery.presets)

    def _check_access(
        self, connection: sqlite3.Connection, image: ImageRow, target: DeliveryTarget, now: float
    ) -> bool:
        """Refuse a request that may not see the image; return whether everyone may see the response."""
        secret = account.read_signing_secret(connection, image.id)
        verdict = signatures.check(target.path, target.query, secret, now)
        is_public = image.visibility == "public"
        if verdict != "good" and not (verdict == "unsigned" and is_public):
            raise ApiError(403, _REFUSALS[verdict])
        return is_public and verdict == "unsigned"

    def _read_parameters(self, connection: sqlite3.Connection, query: str) -> tuple[tuple[str, ...], dict[str, Value]]:
        """Return the presets in a query, and all parameters, in which the query's own override those of presets.

        If several presets set a parameter, the last one counts.
        """
        try:
            names, own = read_query(query)
        except ValueError as exc:
            raise ApiError(400, str(exc)) from None
        if names:
            require_pro(self._settings, "Presets")
        values: dict[str, Value] = {}
        for name in names:
            params = presets.find_params(connection, name)
            if params is None:
                raise ApiError(400, f"There is no preset named {name}")
            values |= read_preset_params(params)
        return names, {**values, **own}

    def _etag(self, image: ImageRow, transformation: Transformation | None) -> str:
        parts: list[object] = [image.content_hash, image.mime]
        if transformation is not None:
            parts += [transformation.normalised, self._settings.jpeg_background]
        return make_etag(parts)


def _transformation(
    image: ImageRow, output_format: str | None, values: Mapping[str, Value], defaults: account.Defaults
) -> Transformation | None:
    """Return the transformation to apply to an image, or None to deliver the uploaded bytes.

    Args:
        image: The image.
        output_format: Format of the URL's extension; None means that of the preset, or else that of the image.
        values: Parameters by short name, and ``format`` if a preset has one.
        defaults: The account's defaults.
    Raises:
        ApiError: 501 for JPEG XL.
    """
    parameters = {name: value for name, value in values.items() if name != "format"}
    wanted = output_format or str(values.get("format", image.format))
    if wanted == image.format and not parameters:
        return None
    if wanted == "jxl":
        raise ApiError(501, "JPEG XL (jxl) needs an encoder that local img-src does not have")
    if wanted == "svg":
        wanted = "png"  # an SVG would be passed through unchanged
    return make_transformation(parameters, defaults, wanted if wanted in CONTENT_TYPES else "orig")
