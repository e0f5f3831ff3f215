"""The URL endpoint: the base of all URLs of one account."""

from __future__ import annotations

from .quoting import UNRESERVED, check_text, quote_path

_HOST_SAFE = UNRESERVED + b"!$&'()*+,;=:@[]%"  # RFC 3986, section 3.2 "authority"


class Endpoint(tuple[str, str]):
    """A URL endpoint, percent-encoded: a pair of prefix and query. (A `NamedTuple` takes too long to define.)"""

    __slots__ = ()

    @property
    def prefix(self) -> str:
        """The beginning of every URL under the endpoint, with exactly one slash at its end."""
        return self[0]

    @property
    def query(self) -> str:
        """The query that every URL under the endpoint gets; usually empty."""
        return self[1]

    @classmethod
    def read(cls, url_endpoint: str) -> Endpoint:
        """Parse an endpoint as users write it. Surrounding blanks, trailing slashes and a fragment are dropped.

        Text that starts with a domain name, such as ``ik.imagekit.io/id``, is prefixed with ``https://``.

        Raises:
            TypeError: `url_endpoint` is not a str.
            ValueError: `url_endpoint` is not an absolute URL.
        """
        base, _, query = check_text("url_endpoint", url_endpoint).strip().partition("#")[0].partition("?")
        if "://" not in base and _is_domain(base.partition("/")[0]):
            base = f"https://{base}"
        return cls((quote_absolute(base.rstrip("/"), "url_endpoint") + "/", query))

    def remove_prefix(self, url: str) -> str | None:
        """Return what follows the prefix in an encoded URL, or None for a URL that is not under the endpoint."""
        return url[len(self.prefix) :] if url.startswith(self.prefix) else None


def describe_missing(*names: str) -> str:
    """Return a message about missing arguments of the client; it names their environment variables."""
    variables = ", ".join(f"IMAGEKIT_{name.upper()}" for name in names)
    return f"missing: {', '.join(names)}; pass {'it' if len(names) == 1 else 'them'} to the client or set {variables}"


def _is_domain(text: str) -> bool:
    """Return whether text is a domain name, with or without a port; an IP address or a single word is not."""
    name, dot, top = text.partition(":")[0].rpartition(".")
    return bool(name and dot and top.isalpha())


def quote_absolute(url: str, name: str) -> str:
    """Encode an absolute URL without query and fragment; scheme and host become lower-case (RFC 3986, section 6.2.2.1).

    Raises:
        ValueError: The scheme is not http or https, or the host is not valid; the message calls the URL `name`.
    """
    scheme, _, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    if scheme.lower() not in ("http", "https") or not host:
        raise ValueError(f"{name} must start with https:// and a host (got {url!r})")
    try:
        ascii_host = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError as exc:
        raise ValueError(f"{name} must have a valid host name (got {host!r})") from exc
    if ascii_host.encode().translate(None, _HOST_SAFE):
        raise ValueError(f"{name} must have a valid host name (got {host!r})")
    return f"{scheme.lower()}://{ascii_host.lower()}{slash}{quote_path(path)}"
