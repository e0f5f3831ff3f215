"""Show transformations with the pictures that local ImageKit renders from them during the build.

The directive ``rendered`` shows one transformation: its steps, its URL and the picture::

    ```{rendered} coffee.jpg
    :alt: A cup of coffee, cut to a square

    {"width": 300, "height": 200, "focus": "left"}
    ```

Its argument is a file in ``sample/pictures``, and its content a step or a list of steps as Python. The option ``alt``
describes the picture for screen readers; ``original`` shows the untransformed file next to it.

The directive ``gallery`` shows several transformations side by side, each with the codes in its URL and the size of the
picture::

    ```{gallery} coffee.jpg
    {"width": 230, "blur": 5}  # A cup of coffee, slightly out of focus
    {"width": 230, "grayscale": True}  # The cup in shades of grey
    ```

The comment after each is its alternative text. The option ``columns`` sets the number of columns, 3 by default;
``weigh`` adds the format of each file and its size in bytes.

So readers see the actual results. The build fails if ``strict_transformations`` refuses a step, or if the
server cannot render it.
"""

from __future__ import annotations

import ast
import hashlib
import html
import logging
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import pyvips
import requests
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from imagekitio.local import LocalImageKit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sphinx.application import Sphinx

    from imagekitio import ImageKit

PICTURES = Path(__file__).parents[2] / "sample" / "pictures"
FOLDER = "_rendered"
READERS_ENDPOINT = "https://ik.imagekit.io/your_imagekit_id"
# As browsers send it, so that transparent pictures are delivered as WebP.
ACCEPT = "image/webp,*/*"

# The line that ends an item of a gallery: the rest of its code, and the alternative text.
_LAST_LINE = re.compile(r"(?P<code>.*?)  # (?P<alt>.+)")
# The pieces of a URL, between which browsers may break it; short pieces stay whole.
_PIECES = re.compile(r"[^/,:?&]*[/,:?&]*")
_LONGEST_WHOLE_PIECE = 34  # characters, which fit below a picture of a gallery


class Saved(NamedTuple):
    """A rendered picture: its name in the source folder, its size in pixels, its format and its size in bytes."""

    name: str
    width: int
    height: int
    suffix: str
    size: int


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.add_directive("rendered", Rendered)
    app.add_directive("gallery", Gallery)
    app.connect("builder-inited", start)
    app.connect("build-finished", stop)
    return {"parallel_read_safe": False, "parallel_write_safe": True}


def start(app: Sphinx) -> None:
    """Start local ImageKit, and upload the pictures."""
    for name in ("pyvips", "uvicorn"):  # Sphinx shows what is logged, and these loggers report every step
        logging.getLogger(name).setLevel(logging.WARNING)
    server = LocalImageKit()
    server.start()
    client = server.client(strict_transformations=True)
    for picture in sorted(PICTURES.glob("*.jpg")):
        client.upload_file(file=picture, file_name=picture.name, use_unique_file_name=False)
    Renderer.server, Renderer.client = server, client
    (app.srcdir / FOLDER).mkdir(exist_ok=True)


def stop(_app: Sphinx, _error: Exception | None) -> None:
    """Stop local ImageKit."""
    Renderer.client.close()
    Renderer.server.stop()


class Renderer(SphinxDirective):
    """Base of both directives, with the server and methods that read steps and save pictures."""

    server: ClassVar[LocalImageKit]
    client: ClassVar[ImageKit]

    required_arguments = 1
    has_content = True

    def _read_steps(self, code: str) -> list[Any]:
        try:
            value = ast.literal_eval(code)
        except (SyntaxError, ValueError) as error:
            raise self.error(f"the steps must be a Python literal: {error}") from error
        return value if isinstance(value, list) else [value]

    def _build_url(self, steps: list[Any], **options: Any) -> str:
        try:
            return self.client.url({"path": f"/{self.arguments[0]}", "transformation": steps, **options})
        except ValueError as error:
            raise self.error(str(error)) from error

    def _save(self, url: str) -> Saved:
        """Fetch a picture, and write it into the source folder."""
        answer = requests.get(url, headers={"Accept": ACCEPT}, timeout=60)
        if answer.status_code != 200:
            raise self.error(f"{url} was answered with {answer.status_code}: {answer.text}")
        suffix = answer.headers["Content-Type"].partition(";")[0].removeprefix("image/")
        name = f"{hashlib.sha256(answer.content).hexdigest()[:16]}.{suffix}"
        (Path(self.env.srcdir) / FOLDER / name).write_bytes(answer.content)
        picture = pyvips.Image.new_from_buffer(answer.content, "")
        return Saved(f"/{FOLDER}/{name}", picture.width, picture.height, suffix, len(answer.content))

    @staticmethod
    def _show(saved: Saved, alt: str, *classes: str) -> nodes.image:
        # The size keeps the page from jumping while pictures load.
        size = {"width": f"{saved.width}px", "height": f"{saved.height}px"}
        return nodes.image("", uri=saved.name, alt=alt, classes=[*classes], loading="lazy", **size)


class Rendered(Renderer):
    """A transformation and its result."""

    option_spec: ClassVar[dict[str, Callable[[str], Any]] | None] = {
        "alt": directives.unchanged_required,
        "original": directives.flag,
    }

    def run(self) -> list[nodes.Node]:
        """Return the Python code, the URL and the picture, side by side if the page is wide enough."""
        code = "\n".join(self.content)
        steps = self._read_steps(code)
        python = nodes.literal_block(code, code, language="python")
        shown = _show_url(self._build_url(steps, url_endpoint=READERS_ENDPOINT))
        box = nodes.container("", classes=["rendered"])
        box += nodes.container("", python, shown, classes=["rendered-code"])
        box += self._figures(steps)
        self.set_source_info(box)
        return [box]

    def _figures(self, steps: list[Any]) -> nodes.container:
        file = self.arguments[0]
        figures = nodes.container("", classes=["rendered-pictures"])
        if "original" in self.options:
            original = self._save(self._build_url([{"width": 400, "crop": "at_max"}]))
            figures += self._show(original, f"{file} before the transformation", "original")
        alt = self.options.get("alt") or f"{file} with {steps}"
        figures += self._show(self._save(self._build_url(steps)), alt)
        return figures


class Gallery(Renderer):
    """Several transformations and their results."""

    option_spec: ClassVar[dict[str, Callable[[str], Any]] | None] = {
        "columns": directives.positive_int,
        "weigh": directives.flag,
    }

    def run(self) -> list[nodes.Node]:
        """Return a grid of pictures, each above its steps."""
        grid = nodes.container("", classes=["gallery", f"gallery-{self.options.get('columns', 3)}"])
        for code, alt in self._read_items():
            steps = self._read_steps(code)
            saved = self._save(self._build_url(steps))
            python = nodes.literal_block(code, code, language="python")
            url = self._build_url(steps, url_endpoint=READERS_ENDPOINT)
            codes = url.removeprefix(f"{READERS_ENDPOINT}/").partition("/")[0]
            facts = f"{saved.width} × {saved.height}"
            if "weigh" in self.options:
                facts += f", {saved.suffix.upper()}, {saved.size / 1000:.1f} kB"
            line = f'<p class="gallery-codes"><code>{_write_pieces(codes)}</code> <span>{facts}</span></p>'
            picture = nodes.container("", self._show(saved, alt), classes=["gallery-picture"])
            grid += nodes.container("", picture, python, nodes.raw("", line, format="html"), classes=["gallery-item"])
        self.set_source_info(grid)
        return [grid]

    def _read_items(self) -> Iterator[tuple[str, str]]:
        lines: list[str] = []
        for line in self.content:
            if last := _LAST_LINE.fullmatch(line):
                yield "\n".join([*lines, last["code"]]), last["alt"]
                lines = []
            elif line.strip():
                lines.append(line)
        if lines:
            raise self.error("each transformation must end with two spaces, # and its alternative text")


def _show_url(url: str) -> nodes.raw:
    """Return a box with a URL, written like Sphinx's blocks of code so that it also gets a copy button."""
    block = f'<div class="highlight"><pre>{_write_pieces(url)}</pre></div>'
    return nodes.raw("", f'<div class="highlight-text notranslate rendered-url">{block}</div>', format="html")


def _write_pieces(url: str) -> str:
    """Return a URL as HTML that browsers break only after a slash, a comma, a colon, a question mark or ``&``.

    An element ``wbr`` is not copied with the text.
    """
    pieces = [piece for piece in _PIECES.findall(url) if piece]
    return "<wbr>".join(
        f"<span>{html.escape(piece)}</span>" if len(piece) <= _LONGEST_WHOLE_PIECE else html.escape(piece)
        for piece in pieces
    )
