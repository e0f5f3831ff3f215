"""The directive ``rendered``: steps of a transformation, the URL that they make, and the picture from local ImageKit.

::

    ```{rendered} coffee.jpg
    {"width": 300, "height": 200, "focus": "left"}
    ```

Its argument is a file of ``sample/pictures``, its content a step or a list of steps as Python. The option ``alt``
describes the picture for screen readers; ``original`` shows the untransformed file next to it. The page shows the
Python, the URL and the picture, which is rendered during the build, so readers see what the code really gives. The
build fails if ``strict_transformations`` refuses a step or the server cannot render it.
"""

from __future__ import annotations

import ast
import hashlib
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import requests
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from imagekitio.local import LocalImageKit

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.application import Sphinx

    from imagekitio import ImageKit

PICTURES = Path(__file__).parents[2] / "sample" / "pictures"
FOLDER = "_rendered"
READERS_ENDPOINT = "https://ik.imagekit.io/your_imagekit_id"


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension, and start the server with the pictures of the sample."""
    app.add_directive("rendered", Rendered)
    app.connect("builder-inited", start)
    app.connect("build-finished", stop)
    return {"parallel_read_safe": False, "parallel_write_safe": True}


def start(app: Sphinx) -> None:
    """Start local ImageKit, and upload the pictures."""
    for name in ("pyvips", "uvicorn"):  # Sphinx shows what loggers say, and these report every step
        logging.getLogger(name).setLevel(logging.WARNING)
    server = LocalImageKit()
    server.start()
    client = server.client(strict_transformations=True)
    for picture in sorted(PICTURES.glob("*.jpg")):
        client.upload_file(file=picture, file_name=picture.name, use_unique_file_name=False)
    Rendered.server, Rendered.client = server, client
    (app.srcdir / FOLDER).mkdir(exist_ok=True)


def stop(_app: Sphinx, _error: Exception | None) -> None:
    """Stop local ImageKit."""
    Rendered.client.close()
    Rendered.server.stop()


class Rendered(SphinxDirective):
    """A transformation and its result."""

    server: ClassVar[LocalImageKit]
    client: ClassVar[ImageKit]

    required_arguments = 1
    has_content = True
    option_spec: ClassVar[dict[str, Callable[[str], Any]] | None] = {
        "alt": directives.unchanged,
        "original": directives.flag,
    }

    def run(self) -> list[nodes.Node]:
        """Return Python, URL and picture, side by side where the page is wide enough."""
        file = self.arguments[0]
        code = "\n".join(self.content)
        try:
            value = ast.literal_eval(code)
        except (SyntaxError, ValueError) as error:
            raise self.error(f"the steps must be a Python literal: {error}") from error
        steps = value if isinstance(value, list) else [value]
        options: dict[str, Any] = {"path": f"/{file}", "transformation": steps}
        try:
            url = self.client.url(options)
        except ValueError as error:
            raise self.error(str(error)) from error

        python = nodes.literal_block(code, code, language="python")
        shown = nodes.literal_block("", self.client.url({**options, "url_endpoint": READERS_ENDPOINT}), language="text")
        shown["classes"].append("rendered-url")
        box = nodes.container("", classes=["rendered"])
        box += nodes.container("", python, shown, classes=["rendered-code"])
        box += self._figures(file, url, steps)
        self.set_source_info(box)
        return [box]

    def _figures(self, file: str, url: str, steps: list[Any]) -> nodes.container:
        figures = nodes.container("", classes=["rendered-pictures"])
        if "original" in self.options:
            original = self._save(self.client.url(path=f"/{file}", transformation=[{"width": 400, "crop": "at_max"}]))
            figures += nodes.image("", uri=original, alt=f"{file} before the transformation", classes=["original"])
        alt = self.options.get("alt") or f"{file} with {steps}"
        figures += nodes.image("", uri=self._save(url), alt=alt)
        return figures

    def _save(self, url: str) -> str:
        """Fetch a picture, and return its name in the source folder."""
        answer = requests.get(url, timeout=60)
        if answer.status_code != 200:
            raise self.error(f"{url} gives {answer.status_code}: {answer.text}")
        suffix = answer.headers["Content-Type"].partition(";")[0].removeprefix("image/")
        name = f"{hashlib.sha256(answer.content).hexdigest()[:16]}.{suffix}"
        (Path(self.env.srcdir) / FOLDER / name).write_bytes(answer.content)
        return f"/{FOLDER}/{name}"
