"""The contact sheet: one HTML page that shows each picture with its Python code and its URL."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Image:
    """A picture in a file next to the page; width and height are in pixels."""

    file: str
    width: int
    height: int
    size_bytes: int
    content_type: str


@dataclass(frozen=True)
class Card:
    """A picture and how it was made.

    Attributes:
        alt: Description of the picture for people who cannot see it.
        code: Python code that built the URL.
        url: URL of the picture; for a responsive one, the whole `srcset`.
        image: The picture; for a responsive one, the widest.
        source_size: Width and height in pixels of the uploaded picture.
        before: The picture without the effect that the card is about, shown next to it.
        srcset: The attribute for the page itself, with files instead of URLs; empty if there is only one file.
    """

    title: str
    alt: str
    code: str
    url: str
    image: Image
    source_size: tuple[int, int]
    before: Image | None = None
    srcset: str = ""


def make_contact_sheet(cards: Sequence[Card], made_by: str) -> str:
    """Return the page.

    Args:
        cards: The pictures, in order.
        made_by: A sentence about their origin, as plain text.
    """
    return _PAGE.format(count=len(cards), made_by=escape(made_by), cards="\n".join(map(_card, cards)), style=_STYLE)


def format_kilobytes(size_bytes: int) -> str:
    """Return a size for people, such as ``12.3 kB``."""
    return f"{size_bytes / 1000:.1f} kB"


def _card(card: Card) -> str:
    image, (width, height) = card.image, card.source_size
    srcset = f' srcset="{escape(card.srcset)}" sizes="360px"' if card.srcset else ""
    figures = [_figure(image, card.alt, srcset)]
    if card.before is not None:
        figures = [_figure(card.before, card.alt, caption="Before"), _figure(image, card.alt, caption="After")]
    return f"""\
  <article>
    <div class="stage">
{"".join(figures)}\
    </div>
    <h2>{escape(card.title)}</h2>
    <p class="facts"><span>{width} × {height} → {image.width} × {image.height} px</span>\
<span>{format_kilobytes(image.size_bytes)}</span><span>{escape(image.content_type.partition("/")[2].upper())}</span></p>
    <pre><code>{_code(card.code)}</code></pre>
    <p class="url"><code>{_url(card.url)}</code></p>
  </article>"""


def _figure(image: Image, alt: str, srcset: str = "", caption: str = "") -> str:
    words = f"<figcaption>{caption}</figcaption>" if caption else ""
    return f"""\
      <figure><a href="{escape(image.file)}"><img src="{escape(image.file)}"{srcset}
        alt="{escape(alt)}" width="{image.width}" height="{image.height}"></a>{words}</figure>
"""


def _code(text: str) -> str:
    """Return code whose long lines wrap below their own indentation, as in an editor."""
    lines = text.splitlines(keepends=True)
    return "".join(
        f'<span style="--indent: {len(line) - len(line.lstrip())}ch">{escape(line)}</span>' for line in lines
    )


def _url(text: str) -> str:
    """Return a URL, or several separated by spaces, with places for line breaks; the text itself stays the same."""
    return " ".join(
        "<wbr>".join(f"<span>{escape(part)}</span>" for part in re.findall(r"[^/?&,:=]*[/?&,:=]+|[^/?&,:=]+$", word))
        for word in text.split(" ")
    )


_STYLE = """\
  :root { color-scheme: light dark; --page: #f6f5f2; --card: #fff; --ink: #1c1b19; --soft: #66625b; --line: #e3e0d9;
    --code: #f6f4ef; --url: #0b5c8a; --check: #ecebe7 }
  @media (prefers-color-scheme: dark) { :root { --page: #16171a; --card: #202226; --ink: #eceae6; --soft: #a5a29b;
    --line: #33363c; --code: #191b1e; --url: #7cc4ee; --check: #2a2d32 } }
  * { box-sizing: border-box }
  body { margin: 0 auto; max-width: 1560px; padding: 2.5rem clamp(1rem, 3vw, 3rem); background: var(--page);
    color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
  h1 { margin: 0; font-size: 2rem; letter-spacing: -.02em }
  header p { margin: .3rem 0 2rem; color: var(--soft) }
  main { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(360px, 100%), 1fr)); gap: 1.4rem }
  article { display: flex; flex-direction: column; background: var(--card); border: 1px solid var(--line);
    border-radius: 14px; overflow: hidden; min-width: 0 }
  .stage { display: flex; align-items: center; justify-content: center; gap: 10px; height: 310px; padding: 16px;
    border-bottom: 1px solid var(--line) }
  figure { margin: 0; min-width: 0 }
  figcaption { margin-top: 4px; color: var(--soft); font-size: .82rem; text-align: center }
  /* Behind transparent pixels: a chequered board. */
  img { display: block; max-width: 100%; max-height: 276px; width: auto; height: auto;
    background: conic-gradient(var(--check) 25%, transparent 0 50%, var(--check) 0 75%, transparent 0) 0 0 / 20px 20px }
  h2 { margin: .9rem 1.1rem 0; font-size: 1.05rem }
  .facts { margin: .35rem 1.1rem .8rem; color: var(--soft); font-size: .82rem; font-variant-numeric: tabular-nums }
  .facts span { display: inline-block }
  .facts span:not(:last-child)::after { content: "·"; margin: 0 .35em }
  pre, .url { margin: 0; padding: .75rem 1.1rem; border-top: 1px solid var(--line); font-size: .74rem }
  pre { flex: 1; background: var(--code); white-space: pre-wrap; overflow-wrap: anywhere }
  pre span { display: block; padding-left: calc(var(--indent) + 2ch); text-indent: calc(-1 * (var(--indent) + 2ch)) }
  code { font-family: ui-monospace, "SF Mono", "Cascadia Mono", Consolas, monospace }
  .url { color: var(--url); user-select: all }
  /* Lines break between the parts of a URL, and within a part only if it is longer than a line. */
  .url span { display: inline-block; max-width: 100%; overflow-wrap: anywhere }
  @media (max-width: 480px) { .stage { height: auto } pre, .url { padding-inline: 1rem } }"""

_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>imagekitio: contact sheet</title>
<style>
{style}
</style>
</head>
<body>
<header>
  <h1>Contact sheet</h1>
  <p>{count} pictures. {made_by}</p>
</header>
<main>
{cards}
</main>
</body>
</html>
"""
