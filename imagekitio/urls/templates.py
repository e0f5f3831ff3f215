"""URLs that differ only in the path: everything else is prepared once."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from .building import read_expiry
from .quoting import PATH_FILTER
from .signing import NEVER, Signer, split_signature

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from .endpoint import Endpoint

_PATH = "path-of-an-imagekitio-url-template"  # stands for the path


class UrlTemplate:
    """A function that builds the URL of a path, as `ImageKit.url` does. `ImageKit.url_template` creates it.

    Threads may share it. It can be pickled.

    Args:
        build_url: Function that builds a URL from options.
        options: The options of `url`, in snake_case, without `path` and `src`.
        endpoint, private_key, clock: The endpoint, the key and the clock that `build_url` uses.
    Raises:
        TypeError, ValueError: The options are not valid.
    """

    def __init__(
        self,
        build_url: Callable[[dict[str, Any]], str],
        options: dict[str, Any],
        endpoint: Endpoint,
        private_key: str,
        clock: Callable[[], float],
    ) -> None:
        for name in ("path", "src"):
            if name in options:
                raise TypeError(f"a URL template does not accept {name}: pass the path when you call the template")
        options = copy.deepcopy(options)  # the caller may change a list later
        self._arguments = build_url, options, endpoint, private_key, clock
        self._build_url, self._options, self._clock = build_url, options, clock
        build_url({**options, "path": _PATH})  # raises if the options are not valid
        self._before, _, self._after = build_url({**options, "path": _PATH, "signed": False}).partition(_PATH)
        self._start_signature = None
        self._expiry = options.get("expire_seconds"), options.get("expires_at")
        self._has_lifetime = options.get("expire_seconds") is not None
        if options.get("signed"):
            self._query, _, _ = split_signature(self._after.removeprefix("?"))
            # All texts to sign have the same beginning, which is hashed once here.
            self._start_signature = Signer(private_key, self._before.removeprefix(endpoint.prefix)).start
            self._ends = self._write_ends(int(clock()))

    def _write_ends(self, now: int) -> tuple[int, bytes, str]:
        """Return `now`, the end of the text to sign, and the end of the URL without the signature."""
        query, mark = (f"?{self._query}", "&") if self._query else ("", "?")
        expires_at = read_expiry(*self._expiry, now)
        if expires_at is None:
            return now, f"{query}{NEVER}".encode(), f"{query}{mark}ik-s="
        return now, f"{query}{expires_at}".encode(), f"{query}{mark}ik-t={expires_at}&ik-s="

    def __call__(self, path: str | None) -> str:
        """Return the URL of a path; empty for an empty path or None.

        Raises:
            TypeError, ValueError: `path` is not a str, or contains half of a surrogate pair.
        """
        try:
            rest = path.strip("/")  # type: ignore[union-attr]  # other types take the slow path
            encoded = rest.encode()
            is_plain = encoded.translate(PATH_FILTER) == encoded
        except (AttributeError, TypeError, UnicodeEncodeError):
            rest, encoded, is_plain = "", b"", False
        if not is_plain or not rest:
            return self._build_url({**self._options, "path": path})
        if self._start_signature is None:
            return f"{self._before}{rest}{self._after}"
        made_at, signed_end, end = self._ends
        if self._has_lifetime:
            now = int(self._clock())
            if now != made_at:
                # One assignment, so that other threads never see ends of different times.
                _, signed_end, end = self._ends = self._write_ends(now)
        signature = self._start_signature()
        signature.update(encoded + signed_end)
        return f"{self._before}{rest}{end}{signature.hexdigest()}"

    def map(self, paths: Iterable[str | None]) -> Iterator[str]:
        """Build the URLs of many paths lazily.

        Raises:
            TypeError: `paths` is a single path; raised immediately.
        """
        if isinstance(paths, (str, bytes)):
            raise TypeError(f"paths must be a list of paths (got {paths!r}); for one path, call the template with it")
        return map(self, paths)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), self._arguments
