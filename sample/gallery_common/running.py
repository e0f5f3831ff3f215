"""Run a gallery on local ImageKit."""

from __future__ import annotations

import os
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

from imagekitio.local import LocalImageKit

from .options import read_options

if TYPE_CHECKING:
    from collections.abc import Callable


def run_gallery(framework: str, serve: Callable[[int], None]) -> None:
    """Run a gallery until Ctrl-C.

    Args:
        framework: Name of the framework.
        serve: Function that runs the server of the framework on a port of 127.0.0.1, with the keys in the environment.
    """
    options = read_options(framework)
    with ExitStack() as stack:
        print(f"The gallery: http://127.0.0.1:{options.port}/ - press Ctrl-C to stop it.", flush=True)
        if not options.account:
            server = stack.enter_context(LocalImageKit())
            os.environ.update(server.environment)
            print(f"Its media library, on local ImageKit: {server.url}/", flush=True)
        stack.enter_context(suppress(KeyboardInterrupt))
        serve(options.port)
