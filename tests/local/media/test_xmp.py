"""XMP, well-formed and malformed."""

from __future__ import annotations

import time
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.local.media.xmp import xmp_texts

NAMESPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "dc": "http://purl.org/dc/elements/1.1/",
        "photoshop": "http://ns.adobe.com/photoshop/1.0/",
        "xmp": "http://ns.adobe.com/xap/1.0/",
        "core": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
        "ext": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
        "exif": "http://ns.adobe.com/exif/1.0/",
        "tiff": "http://ns.adobe.com/tiff/1.0/",
    }.items()
)
KEYWORDS = "<dc:subject><rdf:Bag><rdf:li>fashion</rdf:li><rdf:li>studio</rdf:li></rdf:Bag></dc:subject>"
FOUND = {"Keywords": ["fashion", "studio"]}


def make_packet(properties: str, attributes: str = "") -> bytes:
    """Return a packet in the form that Adobe's toolkit writes."""
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        f'<rdf:RDF {NAMESPACES}><rdf:Description rdf:about="" {attributes}>\n{properties}\n</rdf:Description></rdf:RDF>'
        '</x:xmpmeta>\n   \n<?xpacket end="w"?>'
    ).encode()


@pytest.mark.parametrize(
    ("property_", "name"),
    [
        ("dc:creator", "Byline"), ("dc:description", "CaptionAbstract"), ("dc:rights", "CopyrightNotice"),
        ("dc:subject", "Keywords"), ("dc:title", "ObjectName"), ("photoshop:AuthorsPosition", "BylineTitle"),
        ("photoshop:City", "City"), ("photoshop:Credit", "Credit"), ("photoshop:DateCreated", "DateCreated"),
        ("photoshop:Headline", "Headline"), ("photoshop:Source", "Source"), ("photoshop:State", "ProvinceState"),
        ("xmp:Rating", "Rating"), ("core:CountryCode", "CountryCode"), ("core:Location", "Location"),
        ("core:Scene", "Scene"), ("core:SubjectCode", "SubjectCode"), ("ext:PersonInImage", "PersonInImage"),
        ("exif:DateTimeOriginal", "DateTimeOriginal"), ("tiff:Artist", "Artist"), ("tiff:Copyright", "Copyright"),
        ("tiff:ImageDescription", "ImageDescription"),
    ],
)  # fmt: skip
def test_a_property_is_read_from_an_element_or_an_attribute(property_: str, name: str) -> None:
    assert xmp_texts(make_packet(f"<{property_}> x </{property_}>")) == {name: ["x"]}
    assert xmp_texts(make_packet("", f'{property_}="x"')) == {name: ["x"]}


def test_all_items_of_a_container_are_read_in_the_order_of_the_file() -> None:
    assert xmp_texts(make_packet(KEYWORDS)) == FOUND
    authors = "<dc:creator><rdf:Seq><rdf:li>Grace</rdf:li><rdf:li>Ada</rdf:li></rdf:Seq></dc:creator>"
    assert xmp_texts(make_packet(authors)) == {"Byline": ["Grace", "Ada"]}


@pytest.mark.parametrize(
    ("languages", "text"),
    [(["x-default", "de"], "in x-default"), (["de", "x-default", "en"], "in x-default"), (["de", "en"], "in de")],
)
def test_a_text_in_several_languages_is_read_in_the_default_or_else_the_first(languages: list[str], text: str) -> None:
    items = "".join(f'<rdf:li xml:lang="{language}">in {language}</rdf:li>' for language in languages)
    title = f"<dc:title><rdf:Alt>{items}</rdf:Alt></dc:title>"
    assert xmp_texts(make_packet(title)) == {"ObjectName": [text]}


def test_properties_may_be_spread_over_nodes_and_the_envelope_is_optional() -> None:
    node = "<rdf:Description>{}</rdf:Description>"
    bare = f"<rdf:RDF {NAMESPACES}>{node.format(KEYWORDS)}{node.format('<xmp:Rating>5</xmp:Rating>')}</rdf:RDF>"
    assert xmp_texts(bare.encode() + b"\0") == FOUND | {"Rating": ["5"]}


def test_a_text_is_read_whole_whatever_its_parts() -> None:
    city = "<photoshop:City>W&#252;rz<!-- no -->burg &amp; <![CDATA[<Umland>]]></photoshop:City>"
    assert xmp_texts(make_packet(city)) == {"City": ["Würzburg & <Umland>"]}


@pytest.mark.parametrize(
    "properties",
    [
        "",
        "<photoshop:City> </photoshop:City>",
        "<photoshop:Urgency>1</photoshop:Urgency>",
        "<City>x</City>",
        '<City xmlns="http://example.com/">x</City>',
        "<photoshop:City><photoshop:City>x</photoshop:City></photoshop:City>",
        "<dc:subject><rdf:Bag><rdf:li><rdf:Bag><rdf:li>x</rdf:li></rdf:Bag></rdf:li></rdf:Bag></dc:subject>",
    ],
)
def test_unknown_blank_and_misplaced_properties_are_left_out(properties: str) -> None:
    assert xmp_texts(make_packet(properties)) == {}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no XML",
        make_packet(KEYWORDS)[:-60],
        make_packet(KEYWORDS.replace("studio", "&studio;")),
        make_packet(KEYWORDS).replace(b"studio", b"\xff\xfe"),
        make_packet(KEYWORDS).decode().encode("utf-16"),
        b"<?xml version='1.0' encoding='UTF-7'?>" + make_packet(KEYWORDS).replace(b"<", b"+ADw-"),
    ],
    ids=["nothing", "text", "cut", "entity", "no UTF-8", "UTF-16", "UTF-7"],
)
def test_malformed_xmp_has_no_texts(data: bytes) -> None:
    assert xmp_texts(data) == {}


def test_entities_are_not_expanded() -> None:
    references = [f"&e{n};" for n in range(11)]
    entities = "".join(f"<!ENTITY e{n} '{reference * 10}'>" for n, reference in enumerate(references, 1))
    bomb = f"<!DOCTYPE x [<!ENTITY e0 'boom'>{entities}]>".encode()
    document = make_packet(KEYWORDS.replace("studio", "&e11;"))
    start = time.perf_counter()
    assert xmp_texts(bomb + document) == {}
    assert xmp_texts(b"<!DOCTYPE x SYSTEM 'file:///etc/passwd'>" + make_packet(KEYWORDS)) == {}
    assert time.perf_counter() - start < 1


@pytest.mark.parametrize(
    "properties",
    ["<a>" * 150_000 + "</a>" * 150_000, "<a/>" * 250_000, "<a " + " ".join(f"b{n}=''" for n in range(80_000)) + "/>"],
    ids=["deep", "broad", "attributes"],
)
def test_a_packet_of_a_megabyte_is_read_quickly_whatever_its_structure(properties: str) -> None:
    start = time.perf_counter()
    assert xmp_texts(make_packet(KEYWORDS + properties)) == FOUND
    assert time.perf_counter() - start < 5  # a fraction of a second; quadratic work would take minutes


@given(
    st.binary()
    | st.lists(
        st.sampled_from(
            [
                "<rdf:li>",
                "</rdf:li>",
                "<rdf:Bag>",
                "</rdf:Bag>",
                "<dc:subject>",
                "</dc:subject>",
                "<xmp:Rating/>",
                "&#1;",
            ]
        )
        | st.text()
    ).map(lambda pieces: make_packet("".join(pieces)))
)
def test_any_bytes_are_read_without_an_error(data: bytes) -> None:
    assert all(all(texts) for texts in xmp_texts(data).values())


@given(st.lists(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20), min_size=1))
def test_keywords_survive_a_round_trip(keywords: list[str]) -> None:
    items = "".join(f"<rdf:li>{escape(keyword)}</rdf:li>" for keyword in keywords)
    assert xmp_texts(make_packet(f"<dc:subject><rdf:Bag>{items}</rdf:Bag></dc:subject>")) == {"Keywords": keywords}
