"""The settings that the README shows: files go to local ImageKit, and its template shows them."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from ..pages import README, run_project, write_files

if TYPE_CHECKING:
    from pathlib import Path

    from imagekitio.local import LocalImageKit

VISIT = """\
import sys
import django
django.setup()
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import FileField
from django.db.models.fields.files import FieldFile
from django.template import engines

class Shoe:
    name = "Red shoe"
    photo = FieldFile(None, FileField(), default_storage.save("shoe.jpg", ContentFile(b"...")))

print(engines["django"].from_string(sys.argv[1]).render({"shoe": Shoe}))
"""


def test_a_file_is_stored_and_shown(server: LocalImageKit, tmp_path: Path) -> None:
    write_files(README, tmp_path)
    (tmp_path / "urls.py").write_text("urlpatterns = []", encoding="utf-8")
    found = re.search(r"`(\{% load imagekit %\}.*?)`", README.read_text(encoding="utf-8"))
    assert found
    variables = {**os.environ, **server.environment, "DJANGO_SETTINGS_MODULE": "settings", "PYTHONPATH": str(tmp_path)}
    printed = run_project(tmp_path, variables, "-c", VISIT, found[1])
    assert 'alt="Red shoe"' in printed
    assert "/media/shoe" in printed
