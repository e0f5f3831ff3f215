"""The features that local ImageKit has, lacks or implements differently: the tables behind ``COVERAGE.md``.

``python -m imagekitio.local.coverage > COVERAGE.md`` writes the document. Operations come from their table,
parameters from the OpenAPI description, transformations from the renderer. This module describes the differences.
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

# The methods that make the token of uploads from browsers. All other operations are methods of the same name.
TOKENS: Mapping[str, str] = {
    "upload_file_client_side": "get_authentication_parameters",
    "upload_file_v2_client_side": "get_upload_token",
}

# How operations differ from the service.
DIFFERENCES: Mapping[str, str] = {
    "get_file_metadata": "videos only in MP4 and MOV; `pHash` is our own perceptual hash, comparable only with other "
    "hashes from local ImageKit; a picture that is damaged, has more than 100 megapixels or a side above 65,535 pixels "
    "has no `pHash` and only the data in its header",
    "get_remote_file_url_metadata": "as `get_file_metadata`",
    "purge_file_cache": "checked and counted against the quota; there is no cache to purge",
    "get_usage": "current figures; the storage is always today's; no video units, no cache of originals",
    "get_usage_analytics": "browsers, devices and countries are not distinguished; no extensions, no videos",
    "create_origin": "checked and stored; no files are fetched from origins",
    "update_origin": "as `create_origin`",
}

# How parameters differ from the service, by patterns of operation and parameter.
PARAMETER_DIFFERENCES: Mapping[str, str] = {
    "list_files.sort": "`RELEVANCE` counts the words that `HAS` finds; the original creation date is the upload date",
    "list_files.searchQuery": "`videoDuration` matches only videos in MP4 and MOV",
    "upload_*.checks": "`mediaMetadata` of videos is known only for MP4 and MOV",
    "upload_*.file": "a URL on another server is fetched only with the setting `allow_remote` or `allow_loopback`",
    "upload_*.transformation": "pictures only: steps that need a video encoder are accepted and end in "
    "`encoding_failed`",
    "upload_*.responseFields": "`selectedFieldsSchema` is never returned, as it needs path policies; "
    "`embeddedMetadata` has only the common fields of IPTC and XMP",
    "upload_*.isPublished": "allowed in every account, as in enterprise plans",
    "update_file_details.publish.*": "allowed in every account, as in enterprise plans",
    "*.extensions": "the results of AI services are derived from the file's name and bytes, and are always the same",
    "get_custom_metadata_fields.folderPath": "accepted; there are no path policies, so every folder has all fields",
    "*_url_endpoint.urlRewriter": "checked and stored; URLs of other services are not rewritten",
}

_VIDEO = "no effect on pictures; transforming a video needs a video encoder: 501"

# Transformation codes that the renderer ignores.
UNREAD_CODES: Mapping[str, str] = {
    **dict.fromkeys(("ac", "vc", "sr", "so", "eo", "du"), _VIDEO),
    **dict.fromkeys(("lso", "leo", "ldu"), "for layers on videos; " + _VIDEO),
    **dict.fromkeys(("fol", "fsh"), "for subtitles, which need a video encoder: 501"),
    "c2pa": "content credentials are not written",
}

# How the codes that the renderer knows differ from the service.
CODE_DIFFERENCES: Mapping[str, str] = {
    "bg": "all except `genfill`, which needs an AI service: 501",
    "f": "all except `mp4` and `webm`, which need a video encoder: 501; `avif` of an animation has only the first "
    "frame, with a warning",
    "ff": "font files, Roboto and the fonts installed here; a warning header names characters that no font has",
    "fo": "`auto` finds the most salient part of the picture; `face` and names of objects need an object detector: 501",
    "pg": "pages and frames; layers of PSD files: 501",
}


@dataclass(frozen=True)
class Client:
    """A client written by others. `tests/clients/` checks the figures against its behaviour.

    Attributes:
        calls: Number of calls that it has, including those in `left_out`.
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
            how="blocking and asynchronous, every response validated against the client's own models",
            left_out={"dummy.create": "not a call of the service: it exists only to export types"},
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


def make_document() -> str:
    """Return the text of ``COVERAGE.md``."""
    sections = (_INTRODUCTION, _operations(), _events(), _transformations(), _clients(), _img_src())
    return "\n".join(sections)


_INTRODUCTION = f"""# What local ImageKit covers

This page is generated from the code and checked by a test. Update it with
`{REGENERATE}`.

✓ means implemented as documented by ImageKit, ≈ implemented with the difference given, ✗ missing for the reason given.
Features that cannot work offline are refused with an error that names them: 501 in delivery. Videos are stored and
delivered unchanged. Those in MP4 and MOV have a width, height, duration, bit rate and codecs; others do not.

Pictures can be JPEG (including UltraHDR), PNG, WebP, GIF, AVIF, TIFF and SVG, and with the extra `formats` also HEIC,
BMP, ICO, PSD and JPEG 2000. Transforming a picture that has another format, is damaged or is truncated is refused with
415 and the name of the format; with `orig-true` or without a transformation, any file is delivered unchanged. A
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
            f"## Operations\n\n{_count(lines)} Parameters in the path are not listed.\n",
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
    """Return the parameters of an operation outside the path; each member of `schema` and `publish` counts as one."""
    from .openapi import DESCRIPTIONS
    from .web.operations import CLIENT_SIDE

    described = DESCRIPTIONS[operation.removesuffix(CLIENT_SIDE)]
    names = [*described.query, *_members(described.body or {}), *_members(described.form or {})]
    left_out = () if operation.endswith(CLIENT_SIDE) or not described.form else _CREDENTIALS
    return tuple(name for name in dict.fromkeys(names) if name not in left_out)


def _members(schema: Mapping[str, Any]) -> Iterator[str]:
    """Return the members of an object in a JSON Schema, in all its alternatives."""
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
        note = "videos are never encoded here" if is_of_video else ""
        lines.append(f"| {'✗' if is_of_video else '✓'} | `{type_}` | {note} |")
    return "\n".join(
        (
            f"## Webhooks\n\n{_count(lines)} Signed in both schemes of the service, and sent again if refused.\n",
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
            f"## Transformations\n\n{_count(lines)} In addition: chains, arithmetic, `if-…` and named",
            f"transformations; the layers `l-image` and `l-text`, nested too; {keywords} in the dicts of the SDK.",
            "`l-video` and `l-subtitles` need a video encoder: 501.\n",
            *_table(("", "Code", "Names in the SDK", "Differs"), lines),
            "",
        )
    )


def describe_code(code: str, names: Iterable[str]) -> tuple[str, str]:
    """Return the mark of a transformation and the note about it."""
    from .rendering.language.checking import UNSUPPORTED

    if code in UNSUPPORTED:
        return "✗", f"needs {UNSUPPORTED[code]}: 501"
    if code in UNREAD_CODES:
        return "✗", UNREAD_CODES[code]
    if code.startswith("oi") or any(name.startswith("overlay_") for name in names):
        return "✓", "drawn as the equivalent layer"
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
            "## Clients written by others\n\nIn `tests/clients/`, each client makes all its calls against local "
            "ImageKit, unmodified.\n",
            *_table(("Client", "From", "How", "Calls that work", "Calls that do not"), lines),
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
            f"\nParameters of delivery URLs, in addition to `p:NAME` for presets: {_count(parameters)}\n",
            *_table(("", "Parameter", "Long name", "Differs"), parameters),
            "\nPictures are delivered as WebP, AVIF, JPEG and PNG. A URL that ends in `.jxl` is refused with 501: the",
            "libvips that pip installs cannot write JPEG XL. A rendition counts as one transformation a month. The",
            "service does not document its response to a used-up quota; here it is 429 without `Retry-After`.",
            "",
        )
    )


def _all_operations() -> dict[str, tuple[str, str]]:
    """Return the method and path of each operation, by name; uploads from browsers have their own entries."""
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
    sys.stdout.buffer.write(make_document().encode())
