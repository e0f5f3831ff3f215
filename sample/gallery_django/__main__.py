"""Run the gallery on local ImageKit."""

from __future__ import annotations

import os
from tempfile import TemporaryDirectory

import django
from django.core.management import call_command

from ..gallery_common.running import run_gallery


def serve(port: int) -> None:
    """Run Django's development server, with a database that is empty at each start."""
    with TemporaryDirectory() as folder:
        os.environ["GALLERY_DATABASE"] = os.path.join(folder, "gallery.sqlite3")
        os.environ["DJANGO_SETTINGS_MODULE"] = "sample.gallery_django.settings"
        django.setup()
        call_command("migrate", verbosity=0)
        # DEBUG is off, so that errors look as they do to visitors; runserver then serves static files only on request.
        call_command("runserver", f"127.0.0.1:{port}", use_reloader=False, insecure_serving=True)


if __name__ == "__main__":
    run_gallery("Django", serve)
