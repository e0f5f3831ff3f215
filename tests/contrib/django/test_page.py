"""The project that `docs/guides/django.md` shows: a process of its own, driven by Django's test client."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ..pages import GUIDES, run_project, write_files

if TYPE_CHECKING:
    from pathlib import Path

    from imagekitio.local import LocalImageKit

# What a reader has from `startproject`, beside what the page shows.
SETTINGS = """\
from pathlib import Path
BASE_DIR = Path(__file__).parent
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
ROOT_URLCONF = "urls"
SECRET_KEY = "of the tests"
USE_TZ = True
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [BASE_DIR / "templates"],
              "APP_DIRS": True}]
"""
VISIT = """\
import json
import django
django.setup()
import requests
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.test import Client
from django.test.utils import setup_test_environment
from imagekitio.contrib.django import get_client
from imagekitio.contrib.django.signals import file_deleted
from shop.models import Shoe

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d494844520000000a0000000a08020000000250586a0000001249444154789c63f8cfc0800711"
    "f846acb400b7ca6395f91d9f3c4e0000000049454e44ae426082"
)
setup_test_environment()
call_command("migrate", "--run-syncdb", verbosity=0)
call_command("collectstatic", "--no-input", verbosity=0)
client = Client()
assert client.post("/photo-token/", "{}", content_type="application/json").status_code == 403
client.force_login(User.objects.create_user("anna"))
page = client.get("/shoes/new/").content.decode()
assert "imagekit-upload" in page and "imagekit/upload." not in page, page
asked = {"file_name": "red.png", "size": len(PICTURE), "type": "image/png"}
token = client.post("/photo-token/", json.dumps(asked), content_type="application/json").json()
sent = requests.post(token["url"], data=token["fields"], files={"file": PICTURE}, timeout=60).json()
answer = client.post("/shoes/new/", {"name": "Red shoe", "photo-id": sent["fileId"]}, follow=True)
page = answer.content.decode()
assert answer.status_code == 200 and 'alt="Red shoe"' in page and "tr:w-1600" in page, page
shoe = Shoe.objects.get()
assert (shoe.photo_id, shoe.photo_width, shoe.photo_height) == (sent["fileId"], 10, 10)
shoe.photo.save("other.png", ContentFile(PICTURE))
class Event:
    class data:
        file_id = shoe.photo_id
file_deleted.send(None, event=Event)
assert not Shoe.objects.get().photo
print("visited")
"""


def test_the_project_of_the_page_runs(account: LocalImageKit, tmp_path: Path) -> None:
    write_files(GUIDES / "django.md", tmp_path)
    settings = tmp_path / "settings.py"
    settings.write_text(SETTINGS + settings.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "shop" / "__init__.py").touch()
    environment = {
        **os.environ,
        **account.environment,
        "DJANGO_SETTINGS_MODULE": "settings",
        "IMAGEKIT_WEBHOOK_SECRET": "whsec_of_tests",
    }

    def run(*arguments: str) -> str:
        return run_project(tmp_path, environment, "-W", "error", *arguments)

    assert "no issues" in run("-m", "django", "check")
    assert run("-c", VISIT) == "visited\n"
