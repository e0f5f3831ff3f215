"""Make the pictures of the contact sheet, and write it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pyvips
import requests

from .contact_sheet import Card, Image, make_contact_sheet
from .transformations import PICTURES, SOURCES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .transformations import Picture
    from .visit import Visit

SUFFIXES = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
LINE_WIDTH = 46  # columns of the code on a card


def make_pictures(visit: Visit) -> None:
    """Replace the output folder with the pictures and the contact sheet."""
    shutil.rmtree(visit.output, ignore_errors=True)
    visit.output.mkdir(parents=True, exist_ok=True)
    for picture in PICTURES:
        try:
            card = visit.call(picture.title, _facts, _responsive if picture.breakpoints else _single, visit, picture)
        except requests.HTTPError as exc:
            if not visit.is_refused(exc):
                raise
            visit.screen.note(f"{picture.title} is skipped. The account says: {exc}")
        else:
            visit.cards.append(card)
    where = "local ImageKit on this machine. The URLs work while it runs." if visit.server else "your account."
    page = make_contact_sheet(visit.cards, f"Uploaded, addressed and fetched with imagekitio, rendered by {where}")
    (visit.output / "contact-sheet.html").write_text(page, "utf-8")


def write_call(function: str, options: Mapping[str, Any]) -> str:
    """Return the call as a person would write it."""
    lines = [f"    {name}={_literal(value, room=LINE_WIDTH - 6 - len(name))},\n" for name, value in options.items()]
    return f"{function}(\n{''.join(lines)})"


def _literal(value: object, *, room: int, indent: int = 4) -> str:
    """Return a literal, with a line for each item if it is wider than `room` columns (a list of one item is kept)."""
    text = repr(value).replace("'", '"')
    if len(text) <= room or not isinstance(value, (list, dict)):
        return text
    if isinstance(value, list) and len(value) == 1:
        return f"[{_literal(value[0], room=room - 2, indent=indent)}]"
    inner, outer = " " * (indent + 4), " " * indent
    further = LINE_WIDTH - indent - 5
    if isinstance(value, dict):
        items = [
            f'"{name}": {_literal(item, room=further - len(name) - 4, indent=indent + 4)}'
            for name, item in value.items()
        ]
    else:
        items = [_literal(item, room=further, indent=indent + 4) for item in value]
    return "".join([text[0], "\n", *(f"{inner}{item},\n" for item in items), outer, text[-1]])


def _single(visit: Visit, picture: Picture) -> Card:
    options = {"path": visit.path(picture.file), **picture.options}
    url = visit.imagekit.url(options)
    before = None
    if picture.before is not None:
        before = _fetch(visit, visit.imagekit.url({**options, **picture.before}), f"{picture.name}-before")
    source = SOURCES[picture.file]
    return Card(
        title=picture.title,
        alt=source.alt,
        code=write_call("imagekit.url", options),
        url=url,
        image=_fetch(visit, url, picture.name),
        source_size=(source.width, source.height),
        before=before,
    )


def _responsive(visit: Visit, picture: Picture) -> Card:
    options: dict[str, Any] = {
        "path": visit.path(picture.file),
        **picture.options,
        "device_breakpoints": picture.breakpoints,
    }
    attributes = visit.imagekit.get_responsive_image_attributes(**options)
    urls = dict(candidate.split(" ")[::-1] for candidate in str(attributes.srcset).split(", "))
    images = {width: _fetch(visit, url, f"{picture.name}-{width}") for width, url in urls.items()}
    source = SOURCES[picture.file]
    return Card(
        title=picture.title,
        alt=source.alt,
        code=write_call("imagekit.get_responsive_image_attributes", options),
        url=str(attributes.srcset),
        image=list(images.values())[-1],
        source_size=(source.width, source.height),
        srcset=", ".join(f"{image.file} {width}" for width, image in images.items()),
    )


def _fetch(visit: Visit, url: str, name: str) -> Image:
    answer = visit.get(url)
    answer.raise_for_status()
    content_type = answer.headers["Content-Type"]
    file = f"{name}.{SUFFIXES[content_type]}"
    (visit.output / file).write_bytes(answer.content)
    opened = pyvips.Image.new_from_buffer(answer.content, "")
    return Image(file, opened.width, opened.height, len(answer.content), content_type)


def _facts(card: Card) -> str:
    image = card.image
    return f"{image.file}, {image.width} × {image.height}"
