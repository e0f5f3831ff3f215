"""Run the gallery on local ImageKit."""

from __future__ import annotations

from ..gallery_common.running import run_gallery
from .app import create_app


def serve(port: int) -> None:
    """Run Flask's development server."""
    create_app().run(port=port)


if __name__ == "__main__":
    run_gallery("Flask", serve)
