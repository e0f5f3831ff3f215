from __future__ import annotations

from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio import AsyncImageKit, FileResult, ImageKit, Markup, UploadFileResult
from imagekitio.models.results import FolderResult

ENDPOINT = "https://ik.imagekit.io/acme"
IK = ImageKit("public_test", "private_test", ENDPOINT)
FILE = FileResult.from_json({"filePath": "/shoe.jpg", "width": 1200, "height": 800, "hasAlpha": False})
UPLOADED = UploadFileResult.from_json({"filePath": "/shoe.jpg", "width": 1200, "height": 800, "orientation": 1})

Attributes = dict[str, "str | None"]


def read(markup: str) -> list[tuple[str, Attributes]]:
    """Return the start tags with their attributes."""
    found: list[tuple[str, Attributes]] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attrs: found.append((tag, dict(attrs)))  # type: ignore[method-assign]
    parser.feed(markup)
    parser.close()
    return found


def img(**options: Any) -> Attributes:
    ((tag, attributes),) = read(IK.img_tag(**{"alt": "", **options}))
    assert tag == "img"
    return attributes


def sources(**options: Any) -> list[Attributes]:
    *found, last = read(IK.picture_tag(**{"path": "/shoe.jpg", "alt": "", **options}))
    assert found[0][0] == "picture"
    assert {tag for tag, _ in found[1:]} <= {"source"}
    assert last[0] == "img"
    return [attributes for _, attributes in found[1:]]


def split_srcset(srcset: str | None) -> list[tuple[str, str]]:
    """Split a srcset into URLs and descriptors as the HTML standard does (4.8.4.2.2)."""
    rest, candidates = srcset or "", []
    while rest := rest.lstrip(" ,"):
        url, _, rest = rest.partition(" ")
        descriptor, _, rest = ("", "", rest) if url.endswith(",") else rest.partition(",")
        candidates.append((url.rstrip(","), descriptor))
    return candidates


# An <img>.


def test_an_img_has_everything_a_browser_needs_in_one_tag() -> None:
    assert IK.img_tag(path="/shoe.jpg", alt='"Red" & fast', width=400) == (
        '<img alt="&quot;Red&quot; &amp; fast" width="400" loading="lazy" '
        'srcset="https://ik.imagekit.io/acme/tr:w-640,c-at_max/shoe.jpg 1x, '
        'https://ik.imagekit.io/acme/tr:w-828,c-at_max/shoe.jpg 2x" '
        'src="https://ik.imagekit.io/acme/tr:w-828,c-at_max/shoe.jpg">'
    )


def test_templates_insert_the_result_unescaped() -> None:
    for markup in (IK.img_tag(path="/a.jpg", alt=""), IK.picture_tag(path="/a.jpg", alt="")):
        assert type(markup) is Markup
        assert markup.__html__() == markup


def test_options_may_be_a_dict_and_keywords_take_precedence() -> None:
    expected = IK.img_tag(path="/a.jpg", alt="", width=400, url_endpoint="https://b.example.com")
    assert (
        IK.img_tag({"path": "/a.jpg", "width": 3, "urlEndpoint": "https://b.example.com"}, alt="", width=400)
        == expected
    )


def test_both_clients_write_the_same() -> None:
    tasks = AsyncImageKit("public_test", "private_test", ENDPOINT)
    assert tasks.img_tag(file=FILE, alt="a", width=400) == IK.img_tag(file=FILE, alt="a", width=400)
    assert tasks.picture_tag(file=FILE, alt="a", width=400) == IK.picture_tag(file=FILE, alt="a", width=400)


def test_candidates_are_those_of_get_responsive_image_attributes() -> None:
    options: Any = {"path": "/a.jpg", "sizes": "(min-width: 800px) 33vw, 100vw", "device_breakpoints": [600, 900]}
    expected = IK.get_responsive_image_attributes(**options)
    found = img(**options)
    assert (found["src"], found["srcset"], found["sizes"]) == (expected.src, expected.srcset, expected.sizes)


@pytest.mark.parametrize(
    ("options", "size"),
    [
        ({"path": "/a.jpg"}, (None, None)),
        ({"path": "/a.jpg", "width": 400}, ("400", None)),
        ({"path": "/a.jpg", "height": 300}, (None, "300")),
        ({"path": "/a.jpg", "width": 400, "height": 300}, ("400", "300")),
        ({"path": "/a.jpg", "width": 400.5, "height": 0.2}, ("401", "1")),
        ({"file": FILE}, ("1200", "800")),
        ({"file": UPLOADED}, ("1200", "800")),
        ({"file": FILE, "width": 400}, ("400", "267")),
        ({"file": FILE, "height": 300}, ("450", "300")),
        ({"file": FILE, "width": 400, "height": 400}, ("400", "400")),
        ({"file": FILE, "sizes": "50vw"}, ("1200", "800")),
        ({"file": FILE, "width": 400, "transformation": [{"width": 500, "height": 500}]}, ("400", "400")),
        ({"file": FILE, "transformation": [{"width": 500, "height": 500}]}, ("500", "500")),
        ({"file": FILE, "width": 400, "transformation": [{"named": "card"}]}, ("400", None)),
        ({"path": "/a.jpg", "width": 400, "transformation": [{"width": 500, "height": 250}]}, ("400", "200")),
        ({"path": "/a.jpg", "transformation": {"width": 500, "aspect_ratio": "2-1"}}, ("500", "250")),
    ],
)
def test_width_and_height_are_written_if_they_are_known(options: Any, size: tuple[str | None, str | None]) -> None:
    found = img(**options)
    assert (found.get("width"), found.get("height")) == size


@pytest.mark.parametrize(
    ("options", "widths"),
    [
        ({"width": 400}, ["640", "828"]),
        ({"height": 300}, ["640", "1080"]),
        ({"width": 1000}, ["1080", "1200"]),
        ({"width": 5000}, ["1200"]),
        ({}, ["640", "750", "828", "1080", "1200"]),
        ({"sizes": "50vw"}, ["384", "640", "750", "828", "1080", "1200"]),
        ({"transformation": [{"width": 300}], "sizes": "100vw"}, ["300"]),
        ({"transformation": [{"width": 300}], "width": 100}, ["128", "256"]),
    ],
)
def test_no_candidate_claims_to_be_wider_than_the_picture(options: Any, widths: list[str]) -> None:
    candidates = split_srcset(img(file=FILE, **options)["srcset"])
    assert [url.rpartition("w-")[2].partition(",")[0] for url, _ in candidates] == widths


def test_a_file_of_your_own_needs_a_path_and_a_size() -> None:
    class Photo:
        file_path = "/shoe.jpg"
        width, height = 1200, 800

    assert IK.img_tag(file=Photo(), alt="", width=400) == IK.img_tag(file=FILE, alt="", width=400)


@pytest.mark.parametrize(
    ("options", "written"),
    [
        ({}, {"loading": "lazy"}),
        ({"loading": "eager"}, {"loading": "eager"}),
        ({"fetchpriority": "high"}, {"loading": "eager", "fetchpriority": "high"}),
        ({"fetchpriority": "high", "loading": "lazy"}, {"loading": "lazy", "fetchpriority": "high"}),
        (
            {"fetchpriority": "low", "decoding": "async"},
            {"loading": "lazy", "fetchpriority": "low", "decoding": "async"},
        ),
        ({"class_": "round big"}, {"loading": "lazy", "class": "round big"}),
        ({"class_": ""}, {"loading": "lazy", "class": ""}),
        ({"attributes": {"class": "a", "id": "b"}}, {"loading": "lazy", "class": "a", "id": "b"}),
        ({"attributes": {"ismap": True, "hidden": False, "id": None}}, {"loading": "lazy", "ismap": None}),
        ({"attributes": {"onerror": "a('\"')"}}, {"loading": "lazy", "onerror": "a('\"')"}),
    ],
)
def test_attributes_are_written_as_html_expects(options: Any, written: Attributes) -> None:
    found = img(path="/a.jpg", **options)
    assert {name: value for name, value in found.items() if name not in ("alt", "src", "srcset", "sizes")} == written


def test_src_is_the_last_attribute_because_browsers_may_load_it_before_reading_the_rest() -> None:
    assert [*img(path="/a.jpg", attributes={"id": "a"}, placeholder="blur")][-3:] == ["sizes", "srcset", "src"]


def test_every_candidate_has_its_own_signature() -> None:
    found = img(
        path="/a.jpg", width=400, signed=True, expire_seconds=60, query_parameters={"v": "1,2"}, placeholder="blur"
    )
    background = str(found["style"]).partition('url("')[2].partition('"')[0]
    urls = [url for url, _ in split_srcset(found["srcset"])]
    for url in (*urls, str(found["src"]), background):
        assert IK.verify_url(url).expires_at
    assert len({url.rpartition("ik-s=")[2] for url in (*urls, background)}) == 3


def test_steps_can_go_into_the_query_and_the_image_can_be_elsewhere() -> None:
    assert (
        img(path="/a.jpg", width=400, transformation_position="query")["src"] == f"{ENDPOINT}/a.jpg?tr=w-828%2Cc-at_max"
    )
    assert img(src="https://b.example.com/a.jpg", width=400)["src"] == "https://b.example.com/a.jpg?tr=w-828%2Cc-at_max"


def test_the_defaults_of_the_client_apply() -> None:
    client = ImageKit(
        "public_test",
        "private_test",
        ENDPOINT,
        options={"transformation": [{"quality": 50}], "signed": True, "expire_seconds": 60},
    )
    markup = unescape(client.picture_tag(path="/a.jpg", alt="", width=400, formats=["webp"], placeholder="blur"))
    assert markup.count("/tr:q-50:w-") == 6  # two candidates in each format, one in src, and the placeholder
    assert markup.count("&ik-s=") == 6
    assert "ik-s=" not in client.img_tag(path="/a.jpg", alt="", signed=False)


@pytest.mark.parametrize("path", ["/a,", "/a,,", "/,", "/a b, c,", "/ä,ö.jpg", "/a?v=1,", "/a\tb\n.jpg"])
@pytest.mark.parametrize("position", ["path", "query"])
def test_commas_and_spaces_in_a_path_do_not_break_the_srcset(path: str, position: Any) -> None:
    found = img(path=path, width=400, transformation_position=position)
    candidates = split_srcset(found["srcset"])
    assert [descriptor for _, descriptor in candidates] == ["1x", "2x"]
    assert candidates[-1][0] == found["src"]


@given(st.text(st.characters(exclude_categories=["Cs"])).filter(lambda path: path.strip("/")), st.booleans())
def test_any_path_gives_a_srcset_and_a_style_with_complete_urls(path: str, signed: bool) -> None:
    found = img(path=path, width=400, signed=signed, placeholder="blur")
    candidates = split_srcset(found["srcset"])
    assert [descriptor for _, descriptor in candidates] == ["1x", "2x"]
    assert candidates[-1][0] == found["src"]
    before, url, after = str(found["style"]).split('"')
    assert (before, after) == ("background:url(", ") center/cover no-repeat")
    assert not set("\\\n\r\f()") & set(url.removeprefix(ENDPOINT)) - set("()")


@given(st.text(), st.dictionaries(st.from_regex("data-[a-z]{1,9}", fullmatch=True), st.text()))
def test_alt_and_attributes_are_read_as_they_were_given(alt: str, attributes: dict[str, str]) -> None:
    found = img(path="/a.jpg", alt=alt, class_=alt, attributes=attributes)
    assert (found["alt"], found["class"]) == (alt, alt)
    assert {name: value for name, value in found.items() if name.startswith("data-")} == attributes


# The placeholder.


def test_a_placeholder_is_a_tiny_blurred_version_in_the_background() -> None:
    found = img(path="/a.jpg", transformation=[{"width": 900, "height": 600}], placeholder="blur")
    url = f"{ENDPOINT}/tr:w-900,h-600:w-32,c-at_max,bl-2/a.jpg"
    assert found["style"] == f'background:url("{url}") center/cover no-repeat'
    assert "style" not in img(path="/a.jpg")


def test_the_callers_styles_come_last_and_take_precedence() -> None:
    found = img(path="/a.jpg", placeholder="blur", attributes={"STYLE": "background: none"})
    assert str(found["style"]).endswith(") center/cover no-repeat;background: none")
    assert img(path="/a.jpg", attributes={"style": "color: red"})["style"] == "color: red"
    for nothing in (None, False):
        assert str(img(path="/a.jpg", placeholder="blur", attributes={"style": nothing})["style"]).endswith("no-repeat")


def test_a_transparent_picture_gets_no_placeholder() -> None:
    logo = FileResult.from_json({"filePath": "/logo.png", "width": 100, "height": 100, "hasAlpha": True})
    assert "style" not in img(file=logo, placeholder="blur")
    assert img(file=logo, placeholder="blur", attributes={"style": "color: red"})["style"] == "color: red"
    assert "style" not in img(path="/a.jpg", placeholder="blur", transformation=[{"radius": "max"}])
    assert "style" in img(file=FILE, placeholder="blur")


# A <picture>.


def test_a_picture_offers_formats_and_an_img_as_the_fallback() -> None:
    assert IK.picture_tag(path="/shoe.jpg", alt="Shoe", width=600, device_breakpoints=[800]) == (
        "<picture>"
        '<source type="image/avif" srcset="https://ik.imagekit.io/acme/tr:w-800,c-at_max:f-avif/shoe.jpg 1x">'
        '<source type="image/webp" srcset="https://ik.imagekit.io/acme/tr:w-800,c-at_max:f-webp/shoe.jpg 1x">'
        '<img alt="Shoe" width="600" loading="lazy" srcset="https://ik.imagekit.io/acme/tr:w-800,c-at_max/shoe.jpg 1x" '
        'src="https://ik.imagekit.io/acme/tr:w-800,c-at_max/shoe.jpg">'
        "</picture>"
    )


def test_formats_are_offered_in_the_given_order_and_follow_the_callers_steps() -> None:
    found = sources(formats=["webp", "jpg", "png"], width=400, transformation=[{"format": "gif", "quality": 50}])
    assert [source["type"] for source in found] == ["image/webp", "image/jpeg", "image/png"]
    assert ["/tr:f-gif,q-50:w-640,c-at_max:f-" in str(source["srcset"]) for source in found] == [True] * 3
    assert sources(formats=()) == []


def test_sources_with_media_queries_come_first_each_in_all_formats() -> None:
    found = sources(
        file=FILE,
        path=None,
        width=800,
        formats=["avif"],
        sources=[
            {"media": "(max-width: 600px)", "transformation": [{"width": 900, "height": 900}], "sizes": "100vw"},
            {"media": "(orientation: portrait)", "path": "/tall.jpg"},
        ],
    )
    assert [(source.get("media"), source.get("type")) for source in found] == [
        ("(max-width: 600px)", "image/avif"),
        ("(max-width: 600px)", None),
        ("(orientation: portrait)", "image/avif"),
        ("(orientation: portrait)", None),
        (None, "image/avif"),
    ]
    square, _, tall, _, wide = found
    assert (square["width"], square["height"], square["sizes"]) == ("800", "800", "100vw")
    assert "/tr:w-900,h-900:w-640,c-at_max:f-avif/shoe.jpg 640w" in str(square["srcset"])
    assert "/tr:w-1920,c-at_max:f-avif/tall.jpg 2x" in str(tall["srcset"])
    # The size of the other picture is not known, and that of the `<img>` must not be used for it.
    assert (tall["width"], "height" in tall) == ("800", False)
    assert "/tr:w-1200,c-at_max:f-avif/shoe.jpg 2x" in str(wide["srcset"])
    assert {"width", "height", "media"}.isdisjoint(wide)


@pytest.mark.parametrize(
    ("whole", "source", "size"),
    [
        ({}, {}, (None, None)),
        ({"width": 800}, {}, ("800", None)),
        ({"width": 800, "height": 300}, {}, ("800", None)),
        ({"width": 800, "height": 300}, {"height": 200}, (None, "200")),
        ({"width": 800, "height": 300}, {"width": 100}, ("100", None)),
        ({"width": 800, "height": 300}, {"width": 100, "height": 50}, ("100", "50")),
        ({"height": 300}, {}, (None, None)),
        ({"file": FILE}, {}, ("1200", "800")),
        ({"file": FILE}, {"path": "/b.jpg"}, ("1200", None)),
        ({"file": FILE}, {"src": "https://b.example.com/a.jpg"}, ("1200", None)),
        ({"file": FILE, "width": 400}, {"transformation": [{"named": "card"}]}, ("400", None)),
        ({"file": FILE}, {"transformation": [{"width": 300, "height": 400}]}, ("300", "400")),
        ({"file": FILE, "height": 100}, {"height": 200}, ("300", "200")),
        ({"path": "/b.jpg", "height": 100}, {"file": FILE}, ("1200", "800")),
    ],
)
def test_a_source_has_its_own_size_and_never_the_height_of_the_img(
    whole: Any, source: Any, size: tuple[str | None, str | None]
) -> None:
    path = None if "file" in whole else "/a.jpg"
    (found,) = sources(**{"path": path, "formats": (), **whole}, sources=[{"media": "print", **source}])
    assert (found.get("width"), found.get("height")) == size


def test_a_source_can_replace_any_option_of_url_and_keeps_the_others() -> None:
    (found,) = sources(
        path="/a.jpg",
        width=400,
        signed=True,
        query_parameters={"v": "1"},
        formats=(),
        sources=[{"media": "print", "signed": False, "transformationPosition": "query"}],
    )
    assert split_srcset(found["srcset"])[0][0] == f"{ENDPOINT}/a.jpg?v=1&tr=w-640%2Cc-at_max"


def test_a_source_has_a_candidate_even_if_no_breakpoint_fits() -> None:
    (found,) = sources(
        path="/a,", sizes="150vw", device_breakpoints=[1000], formats=(), sources=[{"media": "print"}], width=400
    )
    assert found["srcset"] == f"{ENDPOINT}/a%2C"


def test_a_media_query_is_escaped() -> None:
    (found,) = sources(formats=(), sources=[{"media": '(width > 3px) and "<'}])
    assert found["media"] == '(width > 3px) and "<'


# Refused options.


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"alt": None}, TypeError, "alt must be text, or '' for a purely decorative picture .got NoneType."),
        ({"alt": b"a"}, TypeError, "alt must be text.* .got bytes."),
        ({"path": ""}, ValueError, "a responsive image needs a path or src"),
        ({"path": None}, ValueError, "a responsive image needs a path or src"),
        ({"path": 3}, TypeError, "path must be text"),
        ({"options": "/a.jpg"}, TypeError, "must be a dict or keywords, such as url.path='/a.jpg'."),
        ({"file": FILE}, ValueError, "file, path and src conflict: pass only one of them"),
        (
            {"file": "/a.jpg", "path": None},
            TypeError,
            "file must be a FileResult or an UploadFileResult; a path goes into",
        ),
        (
            {"file": UploadFileResult.from_json({"filePath": "/a", "width": "12", "height": 8}), "path": None},
            TypeError,
            "file.width must be",
        ),
        ({"file": FolderResult.from_json({"folderPath": "/a"}), "path": None}, ValueError, "which has a file_path"),
        ({"width": "400"}, TypeError, "width must be a number of pixels such as 400 .got '400'."),
        ({"height": "auto"}, TypeError, "height must be a number of pixels such as 400 .got 'auto'."),
        ({"height": True}, TypeError, "height must be a number of pixels"),
        ({"height": 0}, ValueError, "height must be above 0 .got 0."),
        ({"height": float("inf")}, ValueError, "height must be above 0 .got inf."),
        ({"sizes": 100}, TypeError, "sizes must be text"),
        ({"loading": "laxy"}, ValueError, "loading must be 'lazy' or 'eager' .got 'laxy'."),
        ({"loading": True}, ValueError, "loading must be 'lazy' or 'eager' .got True."),
        ({"fetchpriority": "highest"}, ValueError, "fetchpriority must be 'high' or 'low' or 'auto'"),
        ({"decoding": "a"}, ValueError, "decoding must be 'async' or 'sync' or 'auto'"),
        ({"placeholder": True}, ValueError, "placeholder must be 'blur' .got True."),
        ({"class_": ["a"]}, TypeError, "class_ must be text .got list."),
        ({"class_": "a", "attributes": {"class": "b"}}, ValueError, "must not contain 'class'"),
        ({"attributes": {"Width": "3"}}, ValueError, "must not contain 'Width': pass it as a separate argument"),
        ({"attributes": {"style": True}, "placeholder": "blur"}, TypeError, "style must be text .got bool."),
        ({"attributes": {"data-x": ["a"]}}, TypeError, "data-x must be text"),
        ({"id": "a"}, TypeError, "unknown option 'id'.*an HTML attribute goes into attributes={'id': …}"),
        ({"hieght": 3}, TypeError, "unknown option 'hieght'; did you mean 'height'"),
        ({"crop": "at_max"}, TypeError, "unknown option 'crop' of url.*transformation=.{'crop': 'at_max'}."),
        ({"transformation": "w-300"}, TypeError, "transformation must be a list of dicts"),
        ({"expire_seconds": 60}, ValueError, "expire_seconds needs signed=True"),
    ],
)
def test_invalid_options_are_refused_with_a_hint(options: dict[str, Any], error: type[Exception], message: str) -> None:
    given_ = {"path": "/a.jpg", "alt": "", **options}
    for write in (IK.img_tag, IK.picture_tag):
        with pytest.raises(error, match=message):
            write(**given_)


def test_a_missing_alt_is_refused_by_its_name() -> None:
    for write in (IK.img_tag, IK.picture_tag):
        with pytest.raises(TypeError, match="missing 1 required keyword-only argument: 'alt'"):
            write(path="/a.jpg")  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"formats": "avif"}, TypeError, "formats must be a list such as .'avif', 'webp'. .got 'avif'."),
        ({"formats": None}, TypeError, "formats must be a list"),
        ({"formats": ["wepb"]}, ValueError, "unknown format 'wepb'; did you mean 'webp'"),
        ({"formats": [None]}, TypeError, "a name in formats must be text .got NoneType."),
        ({"sources": {"media": "print"}}, TypeError, "sources must be a list of dicts, each with a media query"),
        ({"sources": "print"}, TypeError, "sources must be a list of dicts"),
        ({"sources": ["print"]}, TypeError, "every entry of sources must be a dict such as"),
        ({"sources": [{"path": "/b.jpg"}]}, ValueError, "every entry of sources needs a media query"),
        ({"sources": [{"media": ""}]}, ValueError, "every entry of sources needs a media query"),
        ({"sources": [{"media": 600}]}, TypeError, "media must be text .got int."),
        ({"sources": [{"media": "print", "alt": ""}]}, TypeError, "unknown option 'alt'"),
        ({"sources": [{"media": "print", "loading": "lazy"}]}, TypeError, "unknown option 'loading'"),
        ({"sources": [{"media": "print", "path": ""}]}, ValueError, "a responsive image needs a path or src"),
        ({"sources": [{"media": "print", "width": 0}]}, ValueError, "width must be above 0"),
    ],
)
def test_invalid_options_of_a_picture_are_refused(options: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        IK.picture_tag(**{"path": "/a.jpg", "alt": "", **options})
