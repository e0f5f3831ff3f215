"""Runs the gallery on local ImageKit."""

from __future__ import annotations

import argparse
import os

from imagekitio.local import LocalImageKit

from .app import create_app


def main() -> None:
    """Run the gallery until Ctrl-C."""
    parser = argparse.ArgumentParser("sample/gallery_flask/run.py", description="A small picture gallery in Flask.")
    parser.add_argument("--port", type=int, default=5000, help="port of the gallery (default 5000)")
    port = parser.parse_args().port
    with LocalImageKit() as server:
        os.environ.update(server.environment)
        print(
            f"The gallery: http://127.0.0.1:{port}/ - its media library: {server.url}/ - Ctrl-C ends both.", flush=True
        )
        create_app().run(port=port)


if __name__ == "__main__":
    main()
