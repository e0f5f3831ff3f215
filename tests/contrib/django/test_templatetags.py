"""The template tags, and their counterparts in Jinja2."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.storage import FileSystemStorage
from django.db import models
from django.template import Context, Engine, Template, TemplateSyntaxError, engines
from django.test.utils import isolate_apps
from django.utils.functional import lazy

from imagekitio import FileResult
from imagekitio.contrib.django import ImageKitStorage
from imagekitio.contrib.django.configuration import get_client

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_django import Settings

    from imagekitio.local import LocalImageKit

    MakePoster = Callable[..., Any]

JINJA2 = {
    "BACKEND": "django.template.backends.jinja2.Jinja2",
    "OPTIONS": {"extensions": ["imagekitio.contrib.django.jinja2.ImageKitExtension"]},
}


@pytest.fixture(autouse=True)
def _endpoint(account: LocalImageKit, settings: Settings) -> Iterator[None]:
    settings.IMAGEKIT = {**settings.IMAGEKIT, "url_endpoint": "https://ik.imagekit.io/acme"}
    yield
    assert account.requests == []  # no tag ever asks the service


@pytest.fixture
def make_poster() -> MakePoster:
    """Return a function that makes a row whose file is on a storage."""

    def make_poster(storage: Any = None, **values: Any) -> Any:
        with isolate_apps("tests.contrib.django.shop"):

            class Poster(models.Model):
                photo = models.ImageField(
                    storage=storage or ImageKitStorage(location="media"), width_field="width", height_field="height"
                )
                scan = models.FileField(storage=storage or ImageKitStorage(location="media"))
                width: Any = models.IntegerField(null=True)
                height: Any = models.IntegerField(null=True)

                class Meta:
                    app_label = "shop"

        return Poster(**values)

    return make_poster


def render(source: str, **values: Any) -> str:
    return Template("{% load imagekit %}" + source).render(Context(values))


def render_jinja2(source: str, **values: Any) -> str:
    text: str = engines["jinja2"].from_string(source).render(values)
    return text


# imagekit_url


def test_a_url_has_the_transformations_that_the_tag_names() -> None:
    assert (
        render("{% imagekit_url '/a.jpg' width=200 h=100 quality=q crop='at_max' %}", q=80)
        == "https://ik.imagekit.io/acme/tr:w-200,h-100,q-80,c-at_max/a.jpg"
    )


@pytest.mark.parametrize(
    ("thumb", "path"),
    [
        ("w-200,h-100:rt-90", "tr:w-200,h-100:rt-90:bl-5/a.jpg"),
        ({"width": 200}, "tr:w-200:bl-5/a.jpg"),
        ([{"width": 200}, {"rotation": 90}], "tr:w-200:rt-90:bl-5/a.jpg"),
        (None, "tr:bl-5/a.jpg"),
    ],
)
def test_a_transformation_of_the_context_comes_before_that_of_the_tag(thumb: Any, path: str) -> None:
    rendered = render("{% imagekit_url '/a.jpg' transformation=thumb blur=5 %}", thumb=thumb)
    assert rendered == f"https://ik.imagekit.io/acme/{path}"


def test_a_file_of_a_model_has_the_url_of_its_storage(make_poster: MakePoster) -> None:
    poster = make_poster(scan="v1/äpfel 1.jpg")
    assert render("{% imagekit_url poster.scan %}", poster=poster) == poster.scan.url
    assert render("{% imagekit_url poster.scan width=9 %}", poster=poster) == poster.scan.storage.url(
        "v1/äpfel 1.jpg", transformation=[{"width": 9}]
    )


def test_a_private_file_is_signed_according_to_its_storage(make_poster: MakePoster) -> None:
    storage = ImageKitStorage(location="private", private=True, clock=lambda: 1_700_000_000.0)
    poster = make_poster(storage, scan="a.jpg", photo="b.jpg", width=400, height=300)
    url = render("{% autoescape off %}{% imagekit_url poster.scan width=9 %}{% endautoescape %}", poster=poster)
    assert url == storage.url("a.jpg", transformation=[{"width": 9}])
    assert get_client().verify_url(url, now=1_700_000_000).expires_at == 1_700_006_400
    img = render("{% imagekit_img poster.photo alt='' width=100 %}", poster=poster)
    assert img.count("ik-t=1700006400") == img.count("ik-s=") == 3


def test_a_tag_may_choose_another_expiry(make_poster: MakePoster) -> None:
    poster = make_poster(ImageKitStorage(private=True, clock=lambda: 1_700_000_000.0), scan="a.jpg")
    assert "ik-t=1700000060" in render("{% imagekit_url poster.scan expire_seconds=60 %}", poster=poster)


@pytest.mark.parametrize("tag", ["imagekit_url photo", "imagekit_img photo alt='a'", "imagekit_picture photo alt='a'"])
def test_no_picture_is_an_empty_text(make_poster: MakePoster, tag: str) -> None:
    for photo in (None, "", make_poster().photo, make_poster().scan):
        assert render("{% " + tag + " %}", photo=photo) == ""
    assert render("{% " + tag + " %}") == ""


def test_urls_and_results_are_pictures_too() -> None:
    url = "https://ik.imagekit.io/acme/a.jpg?v=1"
    assert render("{% autoescape off %}{% imagekit_url url width=9 %}{% endautoescape %}", url=url) == get_client().url(
        src=url, transformation=[{"width": 9}]
    )
    file = FileResult.from_json({"fileId": "1", "filePath": "/b.jpg", "width": 400, "height": 300})
    assert render("{% imagekit_url file %}", file=file) == "https://ik.imagekit.io/acme/b.jpg"
    assert 'width="400" height="300"' in render("{% imagekit_img file alt='' %}", file=file)


# Escaping


def test_urls_are_escaped_where_the_template_escapes() -> None:
    source = "{% imagekit_url '/a.jpg?a=1&b=2' %}"
    assert render(source) == "https://ik.imagekit.io/acme/a.jpg?a=1&amp;b=2"
    assert render("{% imagekit_url '/a.jpg?a=1&b=2' as url %}[{{ url }}]") == f"[{render(source)}]"
    off = render("{% autoescape off %}" + source + "{% endautoescape %}")
    assert off == "https://ik.imagekit.io/acme/a.jpg?a=1&b=2"


def test_tags_are_escaped_once_everywhere() -> None:
    source = "{% imagekit_img '/a.jpg?a=1&b=2' alt=alt"
    written = render(source + " %}", alt='"<b>"')
    assert 'alt="&quot;&lt;b&gt;&quot;"' in written
    assert "a.jpg?a=1&amp;b=2" in written
    assert render(source + " as img %}{{ img }}", alt='"<b>"') == written
    assert render("{% autoescape off %}" + source + " %}{% endautoescape %}", alt='"<b>"') == written


# imagekit_img and imagekit_picture


def test_an_img_is_that_of_the_client(make_poster: MakePoster) -> None:
    poster = make_poster(photo="a.jpg", width=3000, height=2000)
    file = FileResult.from_json({"fileId": "1", "filePath": "/media/a.jpg", "width": 3000, "height": 2000})
    source = "{% imagekit_img poster.photo width='400' sizes='50vw' alt='A' loading='eager' class='big' quality=80 %}"
    assert render(source, poster=poster) == get_client().img_tag(
        file=file,
        width=400,
        sizes="50vw",
        alt="A",
        loading="eager",
        transformation=[{"quality": 80}],
        attributes={"class": "big"},
    )
    assert 'width="400" height="267"' in render(source, poster=poster)


def test_a_row_without_sizes_costs_no_request(make_poster: MakePoster) -> None:
    poster = make_poster(scan="a.jpg")
    img = render("{% imagekit_img poster.scan alt='' %}", poster=poster)
    assert "width=" not in img.partition("srcset")[0]


def test_both_sides_crop_the_picture_to_that_shape_sharp_on_2x_screens() -> None:
    img = render("{% imagekit_img '/a.jpg' width=400 height=300 focus='face' alt='' %}")
    assert 'width="400" height="300"' in img
    assert "tr:w-800,h-600,fo-face:w-800,c-at_max/a.jpg 2x" in img


def test_a_ratio_crops_the_picture_and_gives_its_height() -> None:
    img = render("{% imagekit_img '/a.jpg' width=400 aspect_ratio='4-3' alt='' %}")
    assert 'width="400" height="300"' in img
    assert "tr:w-800,ar-4-3:w-800" in img


def test_one_side_alone_crops_nothing() -> None:
    assert "/tr:w-640,c-at_max/a.jpg 1x" in render("{% imagekit_img '/a.jpg' width=400 alt='' %}")


def test_attributes_of_html_are_written() -> None:
    img = render(
        "{% imagekit_img '/a.jpg' alt='' id='hero' data_id=7 aria_hidden='true' attributes=more %}",
        more={"itemprop": "image"},
    )
    for attribute in ('id="hero"', 'data-id="7"', 'aria-hidden="true"', 'itemprop="image"'):
        assert f" {attribute} " in img


def test_translations_are_texts() -> None:
    translate: Any = lazy(lambda: "Roter Schuh", str)
    img = render("{% imagekit_img '/a.jpg' alt=alt title=_('Red shoe') %}", alt=translate())
    assert 'alt="Roter Schuh"' in img
    assert 'title="Red shoe"' in img


def test_a_picture_offers_formats_and_sources() -> None:
    written = render(
        "{% imagekit_picture '/a.jpg' alt='A' width=400 formats='avif, webp' sources=sources %}",
        sources=[{"media": "(max-width: 600px)", "path": "/b.jpg"}],
    )
    assert written == get_client().picture_tag(
        path="/a.jpg",
        alt="A",
        width=400,
        formats=["avif", "webp"],
        sources=[{"media": "(max-width: 600px)", "path": "/b.jpg"}],
    )


# Mistakes


@pytest.mark.parametrize(
    ("tag", "problem"),
    [
        ("imagekit_url '/a.jpg' widht=200", "imagekit_url: unknown option 'widht'; did you mean 'width'"),
        ("imagekit_url '/a.jpg' sizes='50vw'", "unknown option 'sizes'"),
        ("imagekit_url '/a.jpg' transformation=7", "transformation must be a list"),
        ("imagekit_img '/a.jpg' alt='' quailty=80", "imagekit_img: unknown option 'quailty'; did you mean 'quality'"),
        ("imagekit_img '/a.jpg' alt='' clas='a'", "did you mean 'class'"),
        ("imagekit_img '/a.jpg' alt='' path='/b.jpg'", "unknown option 'path'"),
        ("imagekit_img '/a.jpg' alt='' width='wide'", "width must be a number of pixels"),
        ("imagekit_img '/a.jpg' alt=7", "alt must be text"),
        ("imagekit_img '/a.jpg'", "did not receive value.* 'alt'"),
        ("imagekit_picture '/a.jpg' alt='' lodaing='lazy'", "did you mean 'loading'"),
        ("imagekit_url 7", "must be a path, a URL or an ImageKit file"),
    ],
)
def test_a_mistake_in_a_template_is_a_syntax_error_that_names_the_right_word(tag: str, problem: str) -> None:
    with pytest.raises(TemplateSyntaxError, match=problem):
        render("{% " + tag + " %}")


def test_a_wrong_value_is_refused() -> None:
    with pytest.raises(ValueError, match="'lazy' or 'eager'"):
        render("{% imagekit_img '/a.jpg' alt='' loading='lzy' %}")


def test_a_file_on_another_storage_is_refused(make_poster: MakePoster) -> None:
    poster = make_poster(FileSystemStorage(), scan="a.pdf")
    with pytest.raises(TemplateSyntaxError, match=r"must use an ImageKitStorage .*FileSystemStorage"):
        render("{% imagekit_url poster.scan %}", poster=poster)


def test_the_library_may_have_another_name_alongside_django_imagekit() -> None:
    engine = Engine(libraries={"imagekitio": "imagekitio.contrib.django.templatetags.imagekit"})
    template = engine.from_string("{% load imagekitio %}{% imagekit_url '/a.jpg' %}")
    assert template.render(Context()) == "https://ik.imagekit.io/acme/a.jpg"


# Jinja2


def test_jinja2_has_the_same_as_functions_and_filters(settings: Settings, make_poster: MakePoster) -> None:
    settings.TEMPLATES = [JINJA2]
    poster = make_poster(photo="a.jpg", width=3000, height=2000)
    url = "https://ik.imagekit.io/acme/tr:w-9/media/a.jpg"
    assert render_jinja2("{{ imagekit_url(poster.photo, width=9) }}", poster=poster) == url
    assert render_jinja2("{{ poster.photo|imagekit_url(width=9) }}", poster=poster) == url
    img = render_jinja2("{{ poster.photo|imagekit_img(width=400, alt='<A>', class='b') }}", poster=poster)
    assert img.startswith('<img alt="&lt;A&gt;" class="b" width="400" height="267"')
    assert render_jinja2("{{ imagekit_picture('/a.jpg', alt='') }}").startswith("<picture><source ")
    assert render_jinja2("{{ imagekit_url(poster.scan) }}{{ none|imagekit_img(alt='') }}", poster=poster) == ""


def test_jinja2_escapes_urls(settings: Settings) -> None:
    settings.TEMPLATES = [JINJA2]
    assert render_jinja2("{{ '/a.jpg?a=1&b=2'|imagekit_url }}") == "https://ik.imagekit.io/acme/a.jpg?a=1&amp;b=2"


def test_jinja2_names_the_right_word_too(settings: Settings) -> None:
    settings.TEMPLATES = [JINJA2]
    with pytest.raises(TypeError, match="did you mean 'width'"):
        render_jinja2("{{ imagekit_url('/a.jpg', widht=9) }}")
