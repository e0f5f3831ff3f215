"""Wagtail on the storage: uploads in its admin, and renditions that are URLs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import requests
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template
from django.urls import reverse
from wagtail import hooks
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.image_operations import FilterOperation
from wagtail.images.models import Filter, Rendition
from wagtail.models import Collection

from imagekitio.contrib.django.testing import override_storages

from .gallery.models import Picture, PictureRendition
from .pictures import QUARTER_TURN, draw, read

if TYPE_CHECKING:
    from django.test import Client

    from imagekitio import ImageKit
    from imagekitio.local import LocalImageKit

pytestmark = pytest.mark.django_db
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20"/></svg>'


class ShadeOperation(FilterOperation):
    """An operation that a project has added to Wagtail."""

    def construct(self) -> None:
        pass

    def run(self, willow: Any, image: Picture, env: dict[str, Any]) -> Any:
        return willow


@pytest.fixture(autouse=True)
def _root() -> None:
    Collection.add_root(name="Root")


def make(content: bytes | None = None, name: str = "photo.png", **fields: Any) -> Picture:
    picture = Picture.objects.create(title="Red and blue", file=ContentFile(content or draw(400, 300), name), **fields)
    found: Picture = Picture.objects.get(pk=picture.pk)
    return found


def fetch(url: str) -> Any:
    answer = requests.get(url, timeout=30)
    assert answer.status_code == 200, answer.text
    return read(answer.content)


def test_a_picture_is_uploaded_in_the_admin_and_shown_there(client: Client, threads: ImageKit) -> None:
    client.force_login(User.objects.create_superuser("editor", password="secret"))
    upload = SimpleUploadedFile("my photo.png", draw(400, 300), "image/png")
    answer = client.post(reverse("wagtailimages:add"), {"title": "Red and blue", "file": upload})
    assert answer.status_code == 302, answer.content
    picture = Picture.objects.get()
    assert picture.file.name == "original_images/my_photo.png"
    assert (picture.width, picture.height, picture.file_size) == (400, 300, len(draw(400, 300)))
    assert [file.file_path for file in threads.iter_files()] == ["/media/original_images/my_photo.png"]

    shown = client.get(reverse("wagtailimages:index")).content.decode()
    (url,) = re.findall(r'<img [^>]*src="([^"]+my_photo[^"]+)"', shown)
    assert max(fetch(url.replace("&amp;", "&")).size) == 165


@pytest.mark.parametrize(
    ("spec", "size"),
    [
        ("original", (400, 300)),
        ("width-200", (200, 150)),
        ("width-900", (400, 300)),
        ("height-100", (133, 100)),
        ("max-100x100", (100, 75)),
        ("min-100x100", (133, 100)),
        ("scale-50", (200, 150)),
        ("scale-150", (600, 450)),
        ("fill-100x100", (100, 100)),
        ("fill-100x100-c100", (100, 100)),
        ("fill-900x300", (400, 134)),
        ("width-200|format-jpeg|jpegquality-40|bgcolor-fff", (200, 150)),
        ("fill-100x100|format-webp-lossless", (100, 100)),
        ("width-200|preserve-svg", (200, 150)),
    ],
)
def test_a_rendition_is_a_url_with_the_size_and_the_crop_that_wagtail_makes(
    account: LocalImageKit, spec: str, size: tuple[int, int], django_assert_num_queries: Any
) -> None:
    picture = make(focal_point_x=60, focal_point_y=150, focal_point_width=60, focal_point_height=60)
    before = len(account.requests)
    with django_assert_num_queries(0):
        rendition = picture.get_rendition(spec)
        url = rendition.url
    assert len(account.requests) == before
    assert (rendition.width, rendition.height) == size
    assert not PictureRendition.objects.exists()

    ours = fetch(url)
    theirs: Any = read(Filter(spec=rendition.filter_spec).run(picture, ContentFile(b"").file).f.getvalue())
    assert ours.size == theirs.size == size
    for x in range(size[0] // 20, size[0], size[0] // 10):
        place = (x, size[1] // 2)
        pairs = zip(ours.getpixel(place), theirs.getpixel(place), strict=True)
        # The edge between the colours may lie in another pixel of a JPEG.
        assert all(abs(one - other) < 40 for one, other in pairs), place


@pytest.mark.parametrize("spec", ["fill-100x100", "width-150", "original"])
def test_a_photo_that_exif_turns_is_cropped_as_it_is_seen(spec: str) -> None:
    picture = make(draw(400, 300, "JPEG", orientation=QUARTER_TURN), "photo.jpg")
    assert (picture.width, picture.height) == (300, 400)
    rendition = picture.get_rendition(spec)
    seen = fetch(rendition.url)
    assert seen.size == (rendition.width, rendition.height)
    middle = seen.width // 2
    assert seen.getpixel((middle, 5))[0] > 200  # red on top: the left half of the pixels as they lie
    assert seen.getpixel((middle, seen.height - 5))[2] > 200


def test_quality_and_format_are_those_of_the_filter() -> None:
    jpeg = make(draw(400, 300, "JPEG"), "photo.jpg")
    assert "q-40" in jpeg.get_rendition("width-200|jpegquality-40|webpquality-50").url
    url = jpeg.get_rendition("width-200|format-webp|jpegquality-40|webpquality-50").url
    assert "f-webp" in url
    assert "q-50" in url
    assert "q-" not in jpeg.get_rendition("width-200|webpquality-50").url.partition("photo.jpg")[2]
    assert requests.get(url, timeout=30).headers["Content-Type"] == "image/webp"


def test_templates_show_pictures_without_a_request_or_a_query(
    account: LocalImageKit, django_assert_num_queries: Any
) -> None:
    picture = make()
    template = Template(
        "{% load wagtailimages_tags %}{% image picture fill-100x100 %}"
        '{% srcset_image picture width-{100,200} sizes="100vw" %}'
        "{% picture picture format-{webp,jpeg} width-100 %}"
    )
    before = len(account.requests)
    with django_assert_num_queries(0):
        html = template.render(Context({"picture": picture}))
    assert len(account.requests) == before
    assert html.count('alt="Red and blue"') == 3
    assert re.search(r'<img [^>]*height="100" src="[^"]+" width="100"', html)
    assert " 100w, " in html
    assert '<source srcset="' in html
    urls = [url for text in re.findall(r'(?:src|srcset)="([^"]+)"', html) for url in re.findall(r"http\S+", text)]
    assert len(urls) >= 6
    for url in urls:
        fetch(url.replace("&amp;", "&").rstrip(","))


def test_a_private_storage_signs_the_urls() -> None:
    private = {**settings.STORAGES["default"]["OPTIONS"], "private": True}
    with override_storages({"default": {**settings.STORAGES["default"], "OPTIONS": private}}):
        url = make().get_rendition("width-200").url
    assert "ik-s=" in url
    assert fetch(url).size == (200, 150)


# Wagtail leaves the file that it rendered into to the garbage collection.
@pytest.mark.filterwarnings("ignore:Exception ignored in.*SpooledTemporaryFile:pytest.PytestUnraisableExceptionWarning")
def test_a_rendition_without_a_url_is_rendered_and_stored_by_wagtail(threads: ImageKit) -> None:
    svg = make(SVG, "drawing.svg").get_rendition("width-20")
    assert svg.pk is not None
    assert requests.get(svg.url, timeout=30).status_code == 200
    with hooks.register_temporarily("register_image_operations", lambda: [("shade", ShadeOperation)]):
        renditions = make().get_renditions("width-20|shade", "width-30")
        assert renditions["width-20|shade"].url.endswith(".png")
    assert renditions["width-20|shade"].pk is not None
    assert renditions["width-30"].pk is None
    assert make().get_transformation(Filter("width-20|format-ico")) is None
    names = {file.file_path for file in threads.iter_files(search_query='path : "/media/images"')}
    assert {name.rpartition(".")[2] for name in names} == {"svg", "png"}


def test_a_filter_that_is_not_valid_is_an_error_as_in_wagtail() -> None:
    picture = make()
    for wrong in ("fill-100", "enlarge-100", 7):
        with pytest.raises(InvalidFilterSpecError):
            picture.get_rendition(wrong)


def test_a_rendition_model_of_another_kind_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Picture, "get_rendition_model", classmethod(lambda cls: Rendition))
    with pytest.raises(ImproperlyConfigured, match=r"wagtailimages\.Rendition must be a subclass of"):
        make().get_rendition("width-200")


def test_the_size_of_a_picture_that_another_model_stored_is_read_when_its_file_is_assigned() -> None:
    picture = make(draw(400, 300, "JPEG", orientation=QUARTER_TURN), "photo.jpg")
    Picture.objects.filter(pk=picture.pk).update(width=400, height=300)
    picture = Picture.objects.get(pk=picture.pk)
    picture.file = picture.file.name
    picture.save()
    picture.refresh_from_db()
    assert (picture.width, picture.height) == (300, 400)
