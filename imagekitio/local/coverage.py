"""What local ImageKit implements, what differs and what is not there: the tables behind ``COVERAGE.md``.

``python -m imagekitio.local.coverage > COVERAGE.md`` writes the document. Operations come from their table,
parameters from the OpenAPI description, transformations from the renderer. How something differs is said here.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

REGENERATE = "python -m imagekitio.local.coverage > COVERAGE.md"

_CREDENTIALS = frozenset({"publicKey", "signature", "expire", "token"})  # of uploads from browsers
_NESTED = ("schema", "publish")  # parameters whose members are listed

# What makes the token of uploads from browsers; for all other operations, the client has a method of the same name.
TOKENS: Mapping[str, str] = {
    "upload_file_client_side": "get_authentication_parameters",
    "upload_file_v2_client_side": "get_upload_token",
}

# What differs about operations.
DIFFERENCES: Mapping[str, str] = {
    "get_file_metadata": "of videos MP4 and MOV; `pHash` is a perceptual hash of our own, comparable with its like; "
    "a picture that is damaged, has more than 100 megapixels or a side above 65,535 pixels has no `pHash`, and only "
    "what its header tells",
    "get_remote_file_url_metadata": "as `get_file_metadata`",
    "purge_file_cache": "checked and counted against the quota; there is no cache that would have to be emptied",
    "get_usage": "figures of this moment; storage of today whatever the days; no video units, no cache of originals",
    "get_usage_analytics": "browsers, devices and countries are not told apart; no extensions, no videos",
    "create_origin": "kept and checked; no files are fetched from origins",
    "update_origin": "as `create_origin`",
}

# What differs about parameters, by patterns of operation and parameter.
PARAMETER_DIFFERENCES: Mapping[str, str] = {
    "list_files.sort": "`RELEVANCE` counts the words that `HAS` finds; original creation dates are those of the upload",
    "list_files.searchQuery": "`videoDuration` matches videos in MP4 and MOV; others are not measured",
    "upload_*.checks": "`mediaMetadata` is known of videos in MP4 and MOV; others are not measured",
    "upload_*.file": "a URL elsewhere is fetched only with the setting `allow_remote` or `allow_loopback`",
    "upload_*.transformation": "pictures only: what needs a video encoder is accepted and ends in `encoding_failed`",
    "upload_*.responseFields": "`selectedFieldsSchema` is never there: it needs path policies; of IPTC and XMP, "
    "`embeddedMetadata` has the frequent fields",
    "upload_*.isPublished": "allowed in every account, as in enterprise plans",
    "update_file_details.publish.*": "allowed in every account, as in enterprise plans",
    "*.extensions": "what AI services would find is made up of the file's name and bytes, the same every time",
    "get_custom_metadata_fields.folderPath": "accepted; there are no path policies, so every folder has all fields",
    "*_url_endpoint.urlRewriter": "kept and checked; URLs of other services are not rewritten",
}

_VIDEO = "no effect on pictures; any transformation of a video needs a video encoder: 501"

# Transformation codes that the renderer does not look at.
UNREAD_CODES: Mapping[str, str] = {
    **dict.fromkeys(("ac", "vc", "sr", "so", "eo", "du"), _VIDEO),
    **dict.fromkeys(("lso", "leo", "ldu"), "of layers on videos; " + _VIDEO),
    **dict.fromkeys(("fol", "fsh"), "the style of subtitles, which need a video encoder: 501"),
    "c2pa": "content credentials are not written",
}

# How codes differ that the renderer knows.
CODE_DIFFERENCES: Mapping[str, str] = {
    "bg": "all but `genfill`, which needs an AI service: 501",
    "f": "all but `mp4` and `webm`, which need a video encoder: 501; `avif` of an animation is its first frame, with a "
    "warning",
    "ff": "font files, Roboto and the fonts of this machine; a warning header names characters that none of them has",
    "fo": "`auto` by what stands out in the picture; `face` and names of objects need an object detector: 501",
    "pg": "pages and frames; layers of PSD files: 501",
}


@dataclass(frozen=True)
class Client:
    """A client that nobody here wrote. `tests/clients/` holds the figures against what it does.

    Attributes:
        calls: How many calls it has; those in `left_out` are among them.
        left_out: Calls that do not work, with the reason.
    """

    package: str
    registry: str
    version: str
    calls: int
    how: str
    left_out: Mapping[str, str] = field(default_factory=dict)


CLIENTS: Mapping[str, Client] = {
    client.package: client
    for client in (
        Client(
            package="imagekitio",
            registry="PyPI",
            version="5.11.0",
            calls=64,
            how="blocking and asynchronous, every answer validated against the client's own models",
            left_out={"dummy.create": "no call of the service: it stands in the package to export types"},
        ),
        Client(
            package="@imagekit/nodejs",
            registry="npm",
            version="7.11.0",
            calls=58,
            how="in Node.js",
        ),
        Client(
            package="@imagekit/javascript",
            registry="npm",
            version="5.5.1",
            calls=4,
            how="in Chromium, from a page with a token endpoint",
        ),
    )
}


def document() -> str:
    """The text of ``COVERAGE.md``."""
    sections = (_INTRODUCTION, _operations(), _events(), _transformations(), _clients(), _img_src())
    return "\n".join(sections)


_INTRODUCTION = f"""# What local ImageKit covers

This page is made from the code and checked by a test; `{REGENERATE}` writes it anew.
✓ is implemented as the ImageKit docs say, ≈ differs as said beside it, ✗ is not there and the row says why.
What cannot be done offline is refused with an error that names it: 501 in delivery. Videos are stored and delivered as
they are; those in MP4 and MOV are measured, others have no width, height, duration, bit rate and codecs.

Pictures are read in JPEG (UltraHDR too), PNG, WebP, GIF, AVIF, TIFF and SVG, with the extra `formats` also in HEIC,
BMP, ICO, PSD and JPEG 2000. Transforming one that cannot be read, because it is of another format, damaged or cut
short, is refused with 415 and the name of the format; `orig-true` and no transformation deliver any file as it is. A
rendition that takes longer than the setting `render_timeout_seconds` (10) is refused with 400 and `ELIMIT`.
"""


def _operations() -> str:
    lines: list[str] = []
    for name, (method, path) in _all_operations().items():
        note = DIFFERENCES.get(name, "")
        mark = "≈" if note else "✓"
        cells = (f"`{name}`", f"{method} `{path}`", _method_cell(name), _parameter_cell(name), note)
        lines.append(f"| {mark} | {' | '.join(cells)} |")
    notes = [f"- `{pattern}`: {note}." for pattern, note in PARAMETER_DIFFERENCES.items()]
    head = ("", "Operation", "HTTP", "Method of the client", "Parameters", "Differs")
    return "\n".join(
        (
            f"## Operations\n\n{_count(lines)} Parameters in the path are left out.\n",
            *_table(head, lines),
            "\nParameters that differ:\n",
            *notes,
            "",
        )
    )


def _method_cell(operation: str) -> str:
    return f"`{TOKENS[operation]}` makes the token" if operation in TOKENS else f"`{operation}`"


def _parameter_cell(operation: str) -> str:
    names = parameters(operation)
    like = "upload_file" if operation.startswith("upload_") and operation != "upload_file" else None
    if like:
        names = tuple(name for name in names if name not in parameters(like))
    marked = [f"`{name}`{' ≈' if _differs(f'{operation}.{name}') else ''}" for name in names]
    return ", ".join([f"as `{like}`", *marked] if like else marked) or "none"


def _differs(parameter: str) -> bool:
    return any(fnmatchcase(parameter, pattern) for pattern in PARAMETER_DIFFERENCES)


def parameters(operation: str) -> tuple[str, ...]:
    """The parameters of an operation outside of the path; members of `schema` and `publish` count one by one."""
    from .openapi import DESCRIPTIONS
    from .web.operations import CLIENT_SIDE

    described = DESCRIPTIONS[operation.removesuffix(CLIENT_SIDE)]
    names = [*described.query, *_members(described.body or {}), *_members(described.form or {})]
    left_out = () if operation.endswith(CLIENT_SIDE) or not described.form else _CREDENTIALS
    return tuple(name for name in dict.fromkeys(names) if name not in left_out)


def _members(schema: Mapping[str, Any]) -> Iterator[str]:
    """The members of an object that a JSON Schema knows, in all its alternatives."""
    from .openapi.schemas import COMPONENTS

    if "$ref" in schema:
        schema = COMPONENTS[schema["$ref"].rpartition("/")[2]]
    for word in ("anyOf", "oneOf", "allOf"):
        for alternative in schema.get(word, ()):
            yield from _members(alternative)
    for name, member in schema.get("properties", {}).items():
        inner = _members(member) if name in _NESTED else ()
        yield from [f"{name}.{each}" for each in inner] or [name]


def _events() -> str:
    from .events.subscriptions import EVENT_TYPES

    lines = []
    for type_ in EVENT_TYPES:
        is_of_video = type_.startswith("video.")
        note = "no video is ever encoded here" if is_of_video else ""
        lines.append(f"| {'✗' if is_of_video else '✓'} | `{type_}` | {note} |")
    return "\n".join(
        (
            f"## Webhooks\n\n{_count(lines)} Signed in both schemes of the service, and sent again when refused.\n",
            *_table(("", "Event", "Differs"), lines),
            "",
        )
    )


def _transformations() -> str:
    from ..urls.transformations.names import CODES, KEYWORDS, NAMELESS_CODES
    from .rendering.language.grammar import LAYER_CODES

    names: dict[str, list[str]] = {code: [] for code in (*NAMELESS_CODES, *LAYER_CODES)}
    for name, code in CODES.items():
        names.setdefault(code, []).append(name)
    lines = []
    for code in sorted(names):
        mark, note = describe_code(code, names[code])
        known_as = ", ".join(f"`{name}`" for name in names[code])
        lines.append(f"| {mark} | `{code}` | {known_as} | {note} |")
    keywords = " and ".join(f"`{name}`" for name in sorted(KEYWORDS))
    return "\n".join(
        (
            f"## Transformations\n\n{_count(lines)} Beside them: chains, arithmetic, `if-…`, named ones; layers",
            f"`l-image` and `l-text`, nested; {keywords} in the dicts of the SDK. `l-video` and `l-subtitles` need a",
            "video encoder: 501.\n",
            *_table(("", "Code", "Names in the SDK", "Differs"), lines),
            "",
        )
    )


def describe_code(code: str, names: Iterable[str]) -> tuple[str, str]:
    """Return the mark of a transformation and how local ImageKit differs; empty if it does not."""
    from .rendering.language.checking import UNSUPPORTED

    if code in UNSUPPORTED:
        return "✗", f"needs {UNSUPPORTED[code]}: 501"
    if code in UNREAD_CODES:
        return "✗", UNREAD_CODES[code]
    if code.startswith("oi") or any(name.startswith("overlay_") for name in names):
        return "✓", "drawn as the layer that it means"
    note = CODE_DIFFERENCES.get(code, "")
    return ("≈" if note else "✓"), note


def _clients() -> str:
    lines = []
    for client in CLIENTS.values():
        works = f"{client.calls - len(client.left_out)} of {client.calls}"
        left_out = "; ".join(f"`{name}`: {reason}" for name, reason in client.left_out.items())
        lines.append(
            f"| `{client.package}` {client.version} | {client.registry} | {client.how} | {works} | {left_out} |"
        )
    return "\n".join(
        (
            "## Clients that others wrote\n\nEach makes every call it has against local ImageKit in `tests/clients/`,"
            " unmodified.\n",
            *_table(("Client", "From", "How", "Calls that work", "Others"), lines),
            "",
        )
    )


def _img_src() -> str:
    from ..imgsrc.parameters import PARAMETERS
    from .imgsrc.coverage import OPERATION_DIFFERENCES, PARAMETER_DIFFERENCES
    from .imgsrc.operations import OPERATIONS

    operations, parameters = [], []
    for operation in OPERATIONS:
        note = OPERATION_DIFFERENCES.get(operation.name, "")
        place = f"{operation.method} `{operation.path}`"
        operations.append(f"| {'≈' if note else '✓'} | `{operation.name}` | {place} | {note} |")
    for parameter in PARAMETERS:
        note = PARAMETER_DIFFERENCES.get(parameter.name, "")
        parameters.append(f"| {'≈' if note else '✓'} | `{parameter.name}` | `{parameter.long_name}` | {note} |")
    return "\n".join(
        (
            "## Local img-src\n\n`python -m imagekitio.local --img-src` and `LocalImgsrc` serve img-src.io, the second "
            f"service. Its operations: {_count(operations)}\n",
            *_table(("", "Operation", "HTTP", "Differs"), operations),
            f"\nParameters of delivery URLs, beside `p:NAME` for presets: {_count(parameters)}\n",
            *_table(("", "Parameter", "Long name", "Differs"), parameters),
            "\nPictures are delivered in WebP, AVIF, JPEG and PNG; a URL that ends in `.jxl` is refused with 501: the",
            "libvips that pip installs writes no JPEG XL. A rendition counts as one transformation a month. What a",
            "quota that is used up answers is not published; here it is 429 without `Retry-After`.",
            "",
        )
    )


def _all_operations() -> dict[str, tuple[str, str]]:
    """Method and path of every operation, by name; uploads from browsers stand beside those from servers."""
    from .web.operations import CLIENT_SIDE, OPERATIONS

    operations: dict[str, tuple[str, str]] = {}
    for operation in OPERATIONS:
        place = (operation.method, operation.path)
        operations.setdefault(operation.name, place)
        if operation.is_for_browsers:
            operations[operation.name + CLIENT_SIDE] = place
    return operations


def _table(head: Iterable[str], lines: Iterable[str]) -> Iterator[str]:
    cells = list(head)
    yield f"| {' | '.join(cells)} |"
    yield f"|{'---|' * len(cells)}"
    yield from lines


def _count(lines: Iterable[str]) -> str:
    marks = [line[2] for line in lines]
    counts = {mark: marks.count(mark) for mark in "✓≈✗"}
    return f"{counts['✓']} ✓, {counts['≈']} ≈, {counts['✗']} ✗."


if __name__ == "__main__":
    sys.stdout.buffer.write(document().encode())
