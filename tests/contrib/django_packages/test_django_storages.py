"""`docs/migration/django-storages.md`: its project moves from a bucket to local ImageKit, and back."""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from ...documents import EXPECTED, ROOT, read_blocks
from ..pages import run_project

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from imagekitio.local import LocalImageKit

PAGE = ROOT / "docs" / "migration" / "django-storages.md"
# What a reader has from `startproject` and `startapp`.
PROJECT = {
    "manage.py": """\
import os
import sys
from django.core.management import execute_from_command_line
os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
execute_from_command_line(sys.argv)
""",
    "urls.py": "urlpatterns = []\n",
    "shop/__init__.py": "",
    "shop/models.py": """\
from django.db import models

class Shoe(models.Model):
    name = models.CharField(max_length=100)
    photo = models.FileField(upload_to="shoes")
    class Meta:
        app_label = "shop"
""",
    "shop/static/shop/base.css": "body { color: black }\n",
}
SETTINGS = """\
from pathlib import Path
BASE_DIR = Path(__file__).parent
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db.sqlite3"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "urls"
SECRET_KEY = "of the tests"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [BASE_DIR / "templates"]}]
"""
ADD_SHOES = """\
from django.core.files.base import ContentFile
from shop.models import Shoe
Shoe(name="Red").photo.save("red.jpg", ContentFile(b"red"))
large = Shoe(name="Large")
large.photo.name = large.photo.storage.save("shoes/red@2x.jpg", ContentFile(b"large red"))
large.save()
"""
ADD_GREEN = """\
from django.core.files.base import ContentFile
from shop.models import Shoe
Shoe(name="Green").photo.save("green.jpg", ContentFile(b"green"))
"""
SHOW = """\
from shop.models import Shoe
for shoe in Shoe.objects.order_by("pk"):
    print(shoe.photo.name, shoe.photo.read().decode(), shoe.photo.url)
"""


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """The address of a local S3."""
    server = ThreadedMotoServer(port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


class Site:
    """The reader's project.

    Args:
        folder: Where its files are.
        environment: Variables of its processes.
    """

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._folder = folder
        self._environment = environment
        # By their first line, such as "settings.py: before".
        self.blocks: dict[str, str] = {}
        for _, code in read_blocks(PAGE, "python"):
            title, _, rest = code.partition("\n")
            self.blocks[title.removeprefix("# ")] = rest
        self.sessions: list[str] = [text for _, text in read_blocks(PAGE, "console")]
        for name, text in PROJECT.items():
            self.write(name, text)
        ((_, template),) = read_blocks(PAGE, "html")
        self.write("templates/shoe.html", template)

    def write(self, name: str, text: str) -> None:
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def configure(self, title: str) -> None:
        """Give the site the settings that the page shows under a title."""
        self.write("settings.py", SETTINGS + self.blocks[f"settings.py: {title}"])

    def manage(self, *arguments: str, code: str = "") -> str:
        return self.run("manage.py", *arguments, code=code)

    def shell(self, code: str) -> str:
        return self.manage("shell", code=code)

    def run(self, *arguments: str, code: str = "") -> str:
        return run_project(self._folder, self._environment, *arguments, code=code)

    def type_session(self, text: str) -> None:
        """Run the lines of a session; each must print what is below it, where … stands for anything."""
        for step in text.split("$ python ")[1:]:
            command, _, expected = step.partition("\n")
            printed = self.run(*command.split())
            assert re.fullmatch(".*".join(map(re.escape, expected.split("…"))), printed, re.DOTALL), printed


@pytest.fixture
def site(server: LocalImageKit, s3: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    for name, value in {
        "AWS_ENDPOINT_URL": s3,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    resource: Any = boto3.resource("s3")
    bucket = resource.create_bucket(Bucket="acme-media")
    bucket.objects.all().delete()
    environment = {**os.environ, **server.environment, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    return Site(tmp_path, environment)


def test_the_project_moves_and_comes_back(site: Site) -> None:
    site.configure("before")
    site.manage("migrate", "--run-syncdb", "--verbosity=0")
    site.manage("collectstatic", "--no-input")
    site.shell(ADD_SHOES)
    assert [line.split()[0] for line in site.shell(SHOW).splitlines()[-2:]] == ["shoes/red.jpg", "shoes/red@2x.jpg"]

    site.configure("while the files are copied")
    site.type_session(site.sessions[0])

    site.configure("after")
    site.type_session(site.sessions[1])
    site.manage("collectstatic", "--no-input")
    red, large = (line.split() for line in site.shell(SHOW).splitlines()[-2:])
    assert (red[:2], large[:2]) == (["shoes/red.jpg", "red"], ["shoes/red_2x.jpg", "large"])
    assert red[-1].endswith("/media/shoes/red.jpg")
    assert large[-1].endswith("/media/shoes/red_2x.jpg")

    site.shell(ADD_GREEN)
    copied = [line for line in site.shell(site.blocks["copy_back.py"]).splitlines() if line.startswith("copied")]
    assert copied == ["copied back: shoes/red_2x.jpg", "copied back: shoes/green.jpg"]
    site.configure("before")
    shown = [line.split() for line in site.shell(SHOW).splitlines()[-3:]]
    assert [line[0] for line in shown] == ["shoes/red.jpg", "shoes/red_2x.jpg", "shoes/green.jpg"]
    assert all("acme-media" in line[-1] for line in shown)


def test_the_bucket_is_an_origin(site: Site) -> None:
    site.configure("S3 as an origin")
    site.manage("migrate", "--run-syncdb", "--verbosity=0")
    site.shell(ADD_SHOES)
    page = site.shell(
        "from django.template.loader import render_to_string\n"
        "from shop.models import Shoe\n"
        "print(render_to_string('shoe.html', {'shoe': Shoe.objects.first()}))\n"
    )
    url = "https://ik.imagekit.io/your_imagekit_id/media-s3/media/shoes/red.jpg"
    assert f'src="{url}?tr=w-' in page


@pytest.mark.parametrize("imported", ["clean_file_name", "ImageKit, S3Origin"])
def test_code_of_the_page_prints_what_it_says(site: Site, imported: str) -> None:
    code = site.blocks[f"from imagekitio import {imported}"]
    site.write("example.py", f"from imagekitio import {imported}\n{code}")
    expected = [line.removeprefix(EXPECTED) for line in code.splitlines() if line.startswith(EXPECTED)]
    assert site.run("example.py").splitlines() == expected
