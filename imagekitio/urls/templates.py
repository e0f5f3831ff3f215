"""URLs that differ in nothing but the path: everything else is worked out once.

`UrlTemplate` is a part of `UrlBuilder` with a module of its own, and looks into it.
"""

from __future__ import annotations

import copy

from .building import UrlBuilder, read_endpoint, seconds_until_expiry, without_signature
from .quoting import PATH_SAFE
from .signing import NEVER, Signer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

_PATH = "path-of-an-imagekitio-url-template"  # stands where the path will be


class UrlTemplate:
    """Builds the URL of a path, as `ImageKit.url` does with the options given once; `ImageKit.url_template` makes it.

    Threads may share it; it pickles.

    Args:
        builder: Builds what is not as usual.
        options: The options of `url`, in snake_case, but for `path` and `src`.

    Raises:
        TypeError, ValueError: What `url` raises for these options, now and not at the first path.
    """

    def __init__(self, builder: UrlBuilder, options: dict[str, Any]) -> None:
        for name in ("path", "src"):
            if name in options:
                raise TypeError(f"a URL template takes every option of url() but {name}, which comes later")
        self._builder = builder
        self._options = copy.deepcopy(options)  # a caller who changes a list later means other URLs
        self._prepare()

    def _prepare(self) -> None:
        builder, options = self._builder, self._options
        builder.url({**options, "path": _PATH})  # raises for what is wrong with the options
        endpoint = options.get("url_endpoint")
        prefix = builder._prefix if endpoint is None else read_endpoint(endpoint)[0]
        unsigned = builder.url({**options, "path": _PATH, "signed": False})
        self._before, _, self._after = unsigned.partition(_PATH)
        self._sign, self._lifetime = None, None
        if options.get("signed"):
            self._query = without_signature(self._after.removeprefix("?"))
            # Every text to sign begins in the same way: that part is hashed here.
            self._sign = Signer(builder._private_key, self._before.removeprefix(prefix)).sign
            self._clock = builder._clock
            if options.get("expire_seconds") is not None:
                self._lifetime = seconds_until_expiry(options["expire_seconds"])
            self._ends = self._ends_at(int(self._clock()))

    def _ends_at(self, now: int) -> tuple[int, str, str]:
        """Return `now`, the end of the text to sign, and the end of the URL up to the signature."""
        signed, mark = (f"?{self._query}", "&") if self._query else ("", "?")
        if self._lifetime is None:
            return now, f"{signed}{NEVER}", f"{signed}{mark}ik-s="
        expires_at = now + self._lifetime
        return now, f"{signed}{expires_at}", f"{signed}{mark}ik-t={expires_at}&ik-s="

    def __call__(self, path: str) -> str:
        """Return the URL of a path; empty for an empty one.

        Raises:
            TypeError: `path` is no text.
            ValueError: `path` holds half a surrogate pair.
        """
        try:
            rest = path.strip("/")
            unusual = rest.encode().translate(None, PATH_SAFE)
        except (AttributeError, TypeError, UnicodeEncodeError):
            rest, unusual = "", b""
        if unusual or not rest:  # something to encode, a query to merge, or a mistake
            return self._builder.url(self._options, path=path)
        if self._sign is None:
            return f"{self._before}{rest}{self._after}"
        made_at, signed_end, end = self._ends
        if self._lifetime is not None:
            now = int(self._clock())
            if now != made_at:
                _, signed_end, end = self._ends = self._ends_at(now)  # one assignment, so that threads see it whole
        return f"{self._before}{rest}{end}{self._sign(rest + signed_end)}"

    def map(self, paths: Iterable[str]) -> Iterator[str]:
        """Build the URLs of many paths, each when it is asked for."""
        return map(self, paths)

    def __getstate__(self) -> dict[str, Any]:
        return {"_builder": self._builder, "_options": self._options}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._prepare()
