"""Runs the gallery on local ImageKit."""

from __future__ import annotations

import os
from tempfile import TemporaryDirectory

import django
from django.core.management import call_command

from ..gallery_common.running import run_gallery


def serve(port: int) -> None:
    """Run the server for development that Django brings, with a database that is empty each time."""
    with TemporaryDirectory() as folder:
        os.environ["GALLERY_DATABASE"] = os.path.join(folder, "gallery.sqlite3")
        os.environ["DJANGO_SETTINGS_MODULE"] = "sample.gallery_django.settings"
        django.setup()
        call_command("migrate", verbosity=0)
        # DEBUG is off, so that errors look as they do for visitors; runserver then serves static files only if told so.
        call_command("runserver", f"127.0.0.1:{port}", use_reloader=False, insecure_serving=True)


if __name__ == "__main__":
    run_gallery("Django", serve)
