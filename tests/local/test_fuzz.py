"""Valid and invalid requests of every kind, generated from `/openapi.json`, which must describe every response.

FUZZ_EXAMPLES sets how many requests each operation gets: ``FUZZ_EXAMPLES=500 pytest tests/local/test_fuzz.py``.
"""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from imagekitio.local.openapi import make_document
from imagekitio.local.web.operations import OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import requests

    from tests.local.conftest import Api

    Json = Any
    Strategy = st.SearchStrategy[Any]

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "6"))

PLACES = {operation.name: (operation.method, operation.path) for operation in reversed(OPERATIONS)}
NAMES = sorted(PLACES)
DOCUMENT = make_document("http://127.0.0.1")
DESCRIBED = {each["operationId"]: each for methods in DOCUMENT["paths"].values() for each in methods.values()}

TEXT = st.text(max_size=12)
SCALAR = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT
WRONG: Strategy = SCALAR | st.lists(SCALAR, max_size=3) | st.dictionaries(TEXT, SCALAR, max_size=2)
ODD_TEXTS = st.sampled_from(
    ["", "/", "..", "../../etc/passwd", "%2e%2e%2f", "a" * 300, "\0", "é/日本", "{}", "null", "-1"]
)

# Placeholders for values that only a running server knows; see `seed`.
KNOWN: Mapping[str, list[str]] = {
    "fileId": ["@file", "@picture"],
    "versionId": ["@version", "@current"],
    "requestId": ["@purge"],
    "jobId": ["@job"],
    "fileIds": ["@file", "@picture"],
    "origins": ["@origin"],
    "sourceFilePath": ["/docs/a.txt", "/p.jpg"],
    "filePath": ["/docs/a.txt", "/p.jpg"],
    "sourceFolderPath": ["/docs", "/docs/deep"],
    "folderPath": ["/docs", "/docs/deep", "/"],
    "destinationPath": ["/docs", "/new/folder", "/"],
    "parentFolderPath": ["/docs", "/"],
    "newFileName": ["b.txt", "p.jpg", "a.txt"],
    "folder": ["/docs", "docs/deep", "/"],
    "path": ["/docs", "docs"],
    "url": ["@url/p.jpg", "@url/tr:w-10/p.jpg", "@url/docs/a.txt", "@url/p.jpg*", "file:///etc/passwd"],
    "searchQuery": ['name = "a.txt"', 'size > 1 AND type = "file"', '"customMetadata.price" > 1', "createdAt <", "("],
    "checks": ['"file.size" < "5mb"', '"request.folder" : "docs/"', '"file.size" <'],
    "tags": ["a", "b,c"],
    "startDate": ["2024-03-05", "2024-02-29"],
    "endDate": ["2024-03-06", "2024-05-31"],
    "pre": ["w-100", "l-text,i-a,l-end"],
    "value": ["w-10", "ik-thumbnail"],
    "transformation": ["w-100,h-50", "tr:w-1", "n-mine", "l-text,i-a,l-end"],
    "name": ["mine", "price", "a.txt"],
    "urlPrefix": ["shop", "shop-2", ""],
    "publicKey": ["public_local"],
    "token": ["@token"],
    "signature": ["@signature"],
    "expire": ["@expire"],
    "responseFields": ["tags,metadata,embeddedMetadata,customMetadata,isPublished", "nothing"],
}


CREDENTIALS = {"publicKey", "signature", "expire", "token"}
PRESETS = ("@field", "@origin", "@endpoint", "@webhook", "@extension", "@transformation")


def values(schema: Mapping[str, Any], name: str = "") -> Strategy:
    """Return a strategy for values that fit `schema`, most of which the server knows under this `name`."""
    if "$ref" in schema:
        return values(DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]], name)
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return st.one_of([values(option, name) for option in schema[several]])
    if "contentSchema" in schema:
        return st.one_of(values(schema["contentSchema"], name).map(json.dumps), _texts(schema, name))
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    kinds = schema.get("type", "string")
    if isinstance(kinds, list):
        return st.one_of([values({**schema, "type": kind}, name) for kind in kinds])
    fitting: Strategy = _TYPES[kinds](schema, name)
    known = st.sampled_from(KNOWN[name]) if kinds == "string" and name in KNOWN else fitting
    return st.one_of(known, known, known, fitting)


def _objects(schema: Mapping[str, Any], name: str) -> Strategy:
    members = {member: values(each, member) for member, each in schema.get("properties", {}).items()}
    if not members:
        return st.dictionaries(st.just("price") | TEXT, SCALAR, max_size=3)
    required = {member: members[member] for member in schema.get("required", ())}
    optional = {member: each for member, each in members.items() if member not in required}
    return st.fixed_dictionaries(required, optional=optional)


def _texts(schema: Mapping[str, Any], name: str) -> Strategy:
    if "pattern" in schema:
        return st.from_regex(re.compile(schema["pattern"].replace("$", r"\Z"), re.ASCII))
    if schema.get("format") == "uri":
        return st.sampled_from(["https://a.example/hooks", "http://127.0.0.1:9/x", "https://[::1]/"])
    return st.text(min_size=schema.get("minLength", 0), max_size=min(schema.get("maxLength", 20), 20))


_TYPES: Mapping[str, Any] = {
    "object": _objects,
    "array": lambda schema, name: st.lists(values(schema["items"], name), max_size=4),
    "string": _texts,
    "integer": lambda schema, name: st.integers(schema.get("minimum", -5), schema.get("maximum", 2000)),
    "number": lambda schema, name: st.floats(-5, 200, allow_nan=False),
    "boolean": lambda schema, name: st.booleans(),
    "null": lambda schema, name: st.none(),
}


def make_requests(name: str) -> Strategy:
    """Return a strategy for the path variables, query, body and form of a request, if the operation has them."""
    operation = DESCRIBED[name]
    parameters = operation.get("parameters", ())
    content = operation.get("requestBody", {}).get("content", {})
    by_place: dict[str, dict[str, Strategy]] = {"path": {}, "query": {}}
    needed = [each["name"] for each in parameters if each["required"]]
    for each in parameters:
        by_place[each["in"]][each["name"]] = values(each["schema"], each["name"])
    if "id" in by_place["path"]:
        by_place["path"]["id"] = st.sampled_from([*(word for word in PRESETS if word[1:] in name), "default"])
    parts: dict[str, Strategy] = {
        place: st.fixed_dictionaries(
            {key: each for key, each in found.items() if key in needed},
            optional={key: each for key, each in found.items() if key not in needed},
        )
        for place, found in by_place.items()
    }
    if "application/json" in content:
        parts["body"] = values(content["application/json"]["schema"])
    if "multipart/form-data" in content:
        schema = content["multipart/form-data"]["schema"]
        members = {**schema["properties"], "file": FILE}
        without = {name: each for name, each in members.items() if name not in CREDENTIALS}
        signed = [*schema["required"], *CREDENTIALS & members.keys()]
        from_server = {**parts, "form": _objects({**schema, "properties": without}, "")}
        from_browser = {**parts, "form": _objects({"properties": members, "required": signed}, ""), "key": st.none()}
        right = st.one_of(*(st.fixed_dictionaries(each) for each in (from_server, from_server, from_browser)))
    else:
        right = st.fixed_dictionaries(parts)
    return st.one_of(right, spoil(right))


@st.composite
def spoil(draw: st.DrawFn, right: Strategy) -> Json:
    """Draw a valid request and make one thing in it invalid."""
    request = draw(right)
    spots = list(_find_spots(request))
    if spots:
        container, key = draw(st.sampled_from(spots))
        container[key] = draw(WRONG | ODD_TEXTS)
        if isinstance(container, dict) and container is not request.get("path") and draw(st.booleans()):
            del container[key]
    return request


def _find_spots(value: Json) -> Iterator[tuple[Json, Json]]:
    """Yield every container and each key in it, except those of the request itself."""
    for container in value.values() if isinstance(value, dict) else value:
        if isinstance(container, (dict, list)):
            keys = container if isinstance(container, dict) else range(len(container))
            yield from ((container, key) for key in keys)
            yield from _find_spots(container)


FILE: Mapping[str, Any] = {
    "enum": ["@jpeg", "@text", "aGVsbG8=", "@url/p.jpg", "http://127.0.0.1:9/x", "file:///etc/passwd"]
}


def seed(api: Api, jpeg: bytes) -> dict[str, Any]:
    """Create one of everything and return the values for the placeholders of `KNOWN`."""
    api.server.reset()
    api.upload("a.txt", b"one", folder="/docs")
    file = api.upload("a.txt", b"two", folder="/docs")
    picture = api.upload("p.jpg", jpeg)
    api.create_folder("/docs/deep")
    versions = api("GET", f"/v1/files/{file['fileId']}/versions").json()

    signed = api.server.client().get_authentication_parameters()

    def create(path: str, body: Json, member: str = "id") -> str:
        response = api("POST", path, json=body)
        assert response.ok, response.text
        return str(response.json()[member])

    return {
        "@file": file["fileId"],
        "@picture": picture["fileId"],
        "@version": versions[1]["versionInfo"]["id"],
        "@current": versions[0]["versionInfo"]["id"],
        "@purge": create("/v1/files/purge", {"url": f"{api.server.url_endpoint}/p.jpg"}, "requestId"),
        "@job": create("/v1/bulkJobs/copyFolder", {"sourceFolderPath": "/docs", "destinationPath": "/b"}, "jobId"),
        "@field": create("/v1/customMetadataFields", {"name": "price", "label": "P", "schema": {"type": "Number"}}),
        "@origin": create("/v1/accounts/origins", {"type": "WEB_PROXY", "name": "P"}),
        "@endpoint": create("/v1/accounts/url-endpoints", {"description": "S", "urlPrefix": "shop"}),
        "@webhook": create("/v1/accounts/webhooks", {"endpoint": "http://127.0.0.1:9/", "events": ["folder.deleted"]}),
        "@extension": create(
            "/v1/saved-extensions", {"name": "n", "description": "d", "config": {"name": "ai-auto-description"}}
        ),
        "@transformation": create("/v1/named-transformations", {"name": "mine", "transformation": "w-5"}),
        "@url": api.server.url_endpoint,
        "@token": signed["token"],
        "@expire": str(signed["expire"]),
        "@signature": signed["signature"],
        "@jpeg": jpeg,
        "@text": b"hello",
    }


def fill(value: Json, known: Mapping[str, Any]) -> Json:
    """Return `value` with the placeholders replaced by the values in `known`."""
    if isinstance(value, dict):
        return {name: fill(each, known) for name, each in value.items()}
    if isinstance(value, list):
        return [fill(each, known) for each in value]
    if isinstance(value, str) and value.startswith("@"):
        word, slash, rest = value.partition("/")
        return f"{known.get(word, word)}/{rest}" if slash else known.get(word, word)
    return value


def as_text(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def send_request(api: Api, name: str, request: Mapping[str, Any]) -> requests.Response:
    from urllib.parse import quote

    method, path = PLACES[name]
    for variable, value in request["path"].items():
        # A slash, an empty segment or a dot segment that clients resolve would call another operation.
        text = as_text(value).replace("/", "-")
        path = path.replace(f"{{{variable}}}", quote("-" if text in ("", ".", "..") else text, safe=""))
    options: dict[str, Any] = {"params": {key: as_text(value) for key, value in request["query"].items()}}
    if "form" in request:
        form = dict(request["form"])
        part = form.pop("file", None)
        files: dict[str, tuple[str | None, str | bytes]] = {key: (None, as_text(value)) for key, value in form.items()}
        if part is not None:
            files["file"] = ("f", part) if isinstance(part, bytes) else (None, as_text(part))
        options["files"] = files or {"nothing": (None, "")}
        options |= {"auth": None} if "key" in request else {}
    elif "body" in request:
        options["data"] = json.dumps(request["body"])
    return api(method, path, **options)


def check_response(name: str, response: requests.Response) -> None:
    """Check that the document describes the response."""
    asked = f"{name}: {response.status_code} {response.text[:500]}"
    assert response.status_code < 500, asked
    described = DESCRIBED[name]["responses"].get(str(response.status_code))
    assert described is not None, f"not documented: {asked}"
    if "content" not in described:
        assert response.content == b"", asked
        return
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    schema = {**described["content"]["application/json"]["schema"], "components": DOCUMENT["components"]}
    errors = [
        f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema).iter_errors(response.json())
    ]
    assert not errors, f"{errors[0]}\n{asked}"


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_any_request_gets_a_documented_response(api: Api, jpeg: bytes, name: str) -> None:
    known = seed(api, jpeg)

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(request=make_requests(name))
    def ask(request: Mapping[str, Any]) -> None:
        response = send_request(api, name, fill(request, known))
        check_response(name, response)
        if response.ok and PLACES[name][0] != "GET":
            known.update(seed(api, jpeg))  # so that changes do not affect the next request

    ask()
