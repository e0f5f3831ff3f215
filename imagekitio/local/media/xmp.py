"""XMP: metadata as RDF in XML.

Sources: XMP specification (ISO 16684-1) for the RDF; IPTC Photo Metadata Standard for the XMP property and the IPTC-IIM
dataset of each field. Names are those of api.md, section 10.6: a property that is also in IIM has its IIM name, so
``dc:subject`` is Keywords.
"""

from __future__ import annotations

from typing import NoReturn
from xml.parsers import expat

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns# "  # expat puts a blank between namespace and name
_NODE = [f"{_RDF}RDF", f"{_RDF}Description"]  # the elements that contain properties
_ITEM, _ALTERNATIVES = f"{_RDF}li", f"{_RDF}Alt"
_LANGUAGE = "http://www.w3.org/XML/1998/namespace lang"

# By namespace: dc, photoshop, xmp, Iptc4xmpCore, Iptc4xmpExt, exif, tiff.
_NAMES = {
    f"{namespace} {name}": field
    for namespace, fields in {
        "http://purl.org/dc/elements/1.1/": {
            "creator": "Byline",
            "description": "CaptionAbstract",
            "rights": "CopyrightNotice",
            "subject": "Keywords",
            "title": "ObjectName",
        },
        "http://ns.adobe.com/photoshop/1.0/": {
            "AuthorsPosition": "BylineTitle",
            "City": "City",
            "Credit": "Credit",
            "DateCreated": "DateCreated",
            "Headline": "Headline",
            "Source": "Source",
            "State": "ProvinceState",
        },
        "http://ns.adobe.com/xap/1.0/": {"Rating": "Rating"},
        "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/": {
            "CountryCode": "CountryCode",
            "Location": "Location",
            "Scene": "Scene",
            "SubjectCode": "SubjectCode",
        },
        "http://iptc.org/std/Iptc4xmpExt/2008-02-29/": {"PersonInImage": "PersonInImage"},
        "http://ns.adobe.com/exif/1.0/": {"DateTimeOriginal": "DateTimeOriginal"},
        "http://ns.adobe.com/tiff/1.0/": {
            "Artist": "Artist",
            "Copyright": "Copyright",
            "ImageDescription": "ImageDescription",
        },
    }.items()
    for name, field in fields.items()
}


def xmp_texts(packet: bytes) -> dict[str, list[str]]:
    """Return the texts of each field in the order of the file; for several languages, the default one.

    It never raises an error. A packet that is not well-formed XML in UTF-8, as JPEG, PNG and WebP require, has no
    texts. The same applies to a packet with a document type, which XMP does not need: without it there are no entities
    to expand, so work and memory are linear in the length of the packet.
    """
    reader = _Reader()
    parser = expat.ParserCreate("utf-8", " ")  # regardless of the encoding that the packet declares
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = reader.start
    parser.CharacterDataHandler = reader.text
    parser.EndElementHandler = reader.end
    try:
        parser.Parse(packet.rstrip(b"\0"), True)
    except expat.ExpatError:
        return {}
    return reader.found


def _refuse(*_: object) -> NoReturn:
    raise expat.ExpatError("a document type")  # stops the parser before it reads entities


class _Reader:
    """A collector of properties: attributes of a node, elements with text, or elements with a container of items."""

    def __init__(self) -> None:
        self.found: dict[str, list[str]] = {}
        self._path: list[str] = []  # the open elements
        self._text: list[str] = []  # since the last tag
        self._is_default = False  # whether the last opened element is in the default language

    def start(self, element: str, attributes: dict[str, str]) -> None:
        self._path.append(element)
        self._text.clear()
        self._is_default = attributes.get(_LANGUAGE) == "x-default"
        if self._path[-2:] == _NODE:
            for name, value in attributes.items():
                self._keep(name, value)

    def text(self, text: str) -> None:
        self._text.append(text)

    def end(self, element: str) -> None:
        path, text = self._path, "".join(self._text)
        if path[-3:-1] == _NODE:
            self._keep(element, text)
        elif path[-5:-3] == _NODE and element == _ITEM:
            self._keep(path[-3], text, is_alternative=path[-2] == _ALTERNATIVES)
        path.pop()
        self._text.clear()

    def _keep(self, name: str, text: str, *, is_alternative: bool = False) -> None:
        field, text = _NAMES.get(name), text.strip()
        if not field or not text:
            return
        texts = self.found.setdefault(field, [])
        if not is_alternative or not texts:
            texts.append(text)
        elif self._is_default:
            texts[:] = [text]
