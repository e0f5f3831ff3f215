"""URLs of the published releases for the same options, from `url_vectors.json`, which was made by running them.

Generations 3 and 4 must match to the byte after the encoding rule: characters that a URL may not contain are
percent-encoded, and the encoded URL is signed. The same applies to generation 2, without the version that it adds to
every URL. Generation 5 builds its URLs differently; ours must mean the same.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, unquote_plus

import pytest

from imagekitio.groups.helper import Helper
from imagekitio.urls.builder import UrlBuilder
from imagekitio.urls.endpoint import Endpoint
from imagekitio.urls.transformations.steps import write_steps
from imagekitio.urls.verifying import verify_url

VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "data" / "url_vectors.json").read_text(encoding="utf-8")
)
DEMO = "https://ik.example.com/demo"
KEY = "private_key_test"

# Where we deliberately differ: our URL, and why.
DIFFERENT: dict[str, tuple[str | type[Exception], str]] = {
    "o11-neither": (ValueError, "a call without path and src is a mistake; an empty path is not"),
    "o16-attachment-true-g2": (
        f"{DEMO}/a.jpg?ik-attachment=true",
        "generations 3 and 4 write true, as the service does",
    ),
    "o17-attachment-false": (f"{DEMO}/a.jpg?ik-attachment=false", "the service expects false, not Python's False"),
    "o18-path-with-query-g2": (f"{DEMO}/tr:h-300/a.jpg?x=1&y=&z=1&z=2", "blank and repeated parameters survive"),
    "o18-path-with-query-g4": (f"{DEMO}/tr:h-300/a.jpg?x=1&y=&z=1&z=2", "blank and repeated parameters survive"),
    "o23-hash-in-path": (f"{DEMO}/a%23b.jpg?v=1", "a fragment never reaches the server; the name contains a #"),
    "o24-values-g2": (
        f"{DEMO}/tr:q-0,f-false,pr-true,dpr-1,bl-1.5,t/a.jpg",
        "None is unset; a whole number has no decimal point",
    ),
    "o24-values-g4": (
        f"{DEMO}/tr:q-0,f-false,pr-true,dpr-1,bl-1.5,t/a.jpg",
        "None is unset; a whole number has no decimal point",
    ),
    "o27-shadow-gradient-g3": (
        f"{DEMO}/tr:e-shadow-bl-15_st-40_x-10_y-N5,e-gradient-from-red_to-white/a.jpg",
        "one table has the names of every generation; generation 3 wrote these unchanged",
    ),
    "o30-raw-generation-2": (f"{DEMO}/tr:w-1,h-2/a.jpg", "raw has been a keyword since generation 3"),
    "o33-empty-steps-g2": (f"{DEMO}/tr:w-1/a.jpg", "an empty step means nothing to the service"),
    "o33-empty-steps-g4": (f"{DEMO}/tr:w-1/a.jpg", "an empty step means nothing to the service"),
    "o35-not-a-list-g2": (f"{DEMO}/tr:w-1/a.jpg", "one dict is one step; nothing is silently dropped"),
    "o35-not-a-list-g4": (f"{DEMO}/tr:w-1/a.jpg", "one dict is one step; nothing is silently dropped"),
    "o36-list-value": (f"{DEMO}/tr:sr-240_360/a.jpg", "the repr of a Python list means nothing to the service"),
    "o37-negative": (f"{DEMO}/tr:rt-N90/a.jpg", "N90 is the documented form of -90"),
    "o42-overlay-image-g4": (
        f"{DEMO}/tr:w-300,oi-folder@@logo.png,ofo-bottom_left,ow-50/medium_cafe.jpg",
        "one table has the names of every generation; generation 4 wrote these unchanged",
    ),
    "o54-expiry-without-signed": (ValueError, "a URL that should expire would never expire"),
    "o55-expiry-zero": (ValueError, "a mistake must never give a URL that never expires"),
    "o56-expiry-negative": (ValueError, "a mistake must never give an expired URL"),
    "o57-expiry-float": (
        f"{DEMO}/a.jpg?ik-t=1700000001&ik-s=2967b840f6b37f98a489155c78769e99bf1c509c",
        "a fraction in ik-t can never be verified; whole seconds, as in generation 5 (n77)",
    ),
    "o66-signed-src-other-host": (ValueError, "only URLs under the endpoint can be verified"),
    "o91-default-image-none": (f"{DEMO}/a.jpg", "None is unset for this name too"),
    "o92-query-parameters-none": (f"{DEMO}/a.jpg", "None is unset"),
    # Generation 5
    "n08-absolute-query-merge": (
        "https://my.example.com/a%20b.jpg?x=1&y=&z=1&z=2&w=a+b&v=1&tr=h-300%2Cw-400#f",
        "blank and repeated parameters and the fragment of src survive",
    ),
    "n09-query-parameters": (
        f"{DEMO}/a.jpg?v=1&b=true&s=a+b%26c%2F%C3%A9&e=&tr=h-300%2Cw-400",
        "a value that contains & stays one value; None is unset",
    ),
    "n13-percent-again": (f"{DEMO}/a%20b.jpg", "existing %XX sequences are kept"),
    "n14-question-mark": (f"{DEMO}/a.jpg?x=1&tr=h-300%2Cw-400", "a query in path has always been one"),
    "n18-values": (
        f"{DEMO}/a.jpg?tr=q-0%2Cf-false%2Cpr-true%2Cdpr-1%2Cbl-1.5%2Clo-false",
        "False is written, as in generations 2 to 4, and trim needs it",
    ),
    "n21-dash": (f"{DEMO}/a.jpg?tr=h%2Ce-sharpen%2Ce-grayscale", "- gives the bare code of every name"),
    "n25-raw": (TypeError, "a raw step that is not a str is a mistake and is not ignored"),
    "n28-negative": (f"{DEMO}/a.jpg?tr=rt-N90", "N90 is the documented form of -90"),
    "n29-any-position-word": (ValueError, "there are only two positions"),
    "n31-no-endpoint": (ValueError, "a URL needs a host"),
    "n45-text-empty": (ValueError, "a layer without content is a mistake and is not ignored"),
    "n61-solid-no-color": (ValueError, "a layer without content is a mistake and is not ignored"),
    "n62-no-type": (ValueError, "a layer without a type is a mistake and is not ignored"),
    "n55-zero-position": (f"{DEMO}/tr:l-image,i-logo.png,lx-0,ly-10,l-end/base-image.jpg", "0 is a position"),
    "n63-unknown-type": (ValueError, "a lone l-end means nothing to the service"),
    "n75-expiry-zero": (ValueError, "a mistake must never give a URL that never expires"),
    "n76-expiry-negative": (ValueError, "a mistake must never give a URL that never expires"),
    "n78-expiry-below-one": (ValueError, "a mistake must never give a URL that never expires"),
    "n84-signed-absolute-other": (ValueError, "only URLs under the endpoint can be verified"),
    "n85-signed-absolute-no-endpoint": (ValueError, "a URL needs a host"),
}


def build(vector: dict[str, Any]) -> str:
    client, options = vector["client"], vector["options"]
    builder = UrlBuilder(
        client["private_key"],
        client.get("url_endpoint", DEMO),
        client.get("transformation_position", "path"),
        clock=lambda: vector["now"],
    )
    return Helper(builder).build_url(**options) if vector["call"] == "build_url" else builder.url(options)


def encode(url: str) -> str:
    """Apply the encoding rule with the quoter of the standard library."""
    path, mark, query = url.partition("?")
    return quote(path, safe="/:@!$&'()*+,;=-._~%") + mark + quote(query, safe="/:@!$&'()*+,;=-._~%?")


def sign_again(url: str, endpoint: str) -> str:
    """Replace the signature of `url` with that of its encoded form."""
    unsigned, mark, _ = url.rpartition("ik-s=")
    if not mark:
        return url
    text, _, expiry = unsigned.rstrip("?&").partition("ik-t=")
    rest = text.rstrip("?&").removeprefix(endpoint.rstrip("/") + "/")
    message = f"{rest}{expiry or 9999999999}"
    return unsigned + mark + hmac.new(KEY.encode(), message.encode(), hashlib.sha1).hexdigest()


def select_vectors(call: str, *generations: str) -> list[Any]:
    return [
        pytest.param(vector, id=vector["id"])
        for vector in VECTORS
        if vector["call"] == call and vector["generation"] in generations
    ]


def check_difference(vector: dict[str, Any]) -> bool:
    if vector["id"] not in DIFFERENT:
        return False
    instead, _ = DIFFERENT[vector["id"]]
    if isinstance(instead, str):
        assert build(vector) == instead
    else:
        with pytest.raises(instead):
            build(vector)
    return True


@pytest.mark.parametrize("vector", select_vectors("url", "3", "4"))
def test_generations_3_and_4_match_to_the_byte_after_the_encoding_rule(vector: dict[str, Any]) -> None:
    if check_difference(vector):
        return
    if "expected_error" in vector:
        assert vector["expected_error"] == "ValueError"
        with pytest.raises(ValueError, match="transformation_position"):
            build(vector)
        return
    endpoint = vector["options"].get("url_endpoint") or vector["options"].get("urlEndpoint") or DEMO
    assert build(vector) == sign_again(encode(vector["expected"]), endpoint.rstrip("/"))


@pytest.mark.parametrize("vector", select_vectors("url", "2"))
def test_generation_2_matches_except_for_the_version_it_adds(vector: dict[str, Any]) -> None:
    if check_difference(vector):
        return
    expected = vector["expected"].replace("ik-sdk-version=python-2.2.8", "").replace("?&", "?").replace("&&", "&")
    assert build(vector) == sign_again(encode(expected.rstrip("?&")), DEMO)


def read_meaning(url: str) -> dict[str, Any]:
    """Decode a URL, as the service does, into what it requests."""
    location, _, query = url.partition("?")
    scheme, _, rest = location.partition("://")
    segments = rest.split("/")
    steps = next((unquote(segment[3:]) for segment in segments if segment.startswith("tr:")), "")
    parameters = []
    for item in query.split("&") if query else ():
        name, _, value = item.partition("=")
        if name == "tr":
            steps = unquote_plus(value)
        elif name != "ik-s":
            parameters.append((unquote_plus(name), unquote_plus(value)))
    return {
        "location": (scheme, [unquote(segment) for segment in segments if not segment.startswith("tr:")]),
        "steps": [[read_token(token) for token in step.split(",") if token] for step in steps.split(":") if step],
        "parameters": sorted(parameters),
        "signed": "ik-s=" in query,
    }


def read_token(token: str) -> object:
    code, dash, value = token.partition("-")
    if code == "ie":
        return code, base64.b64decode(unquote(value)).decode()
    if code == "i":
        return code, unquote(value)
    try:
        return code, float(value)
    except ValueError:
        return code, dash, value


@pytest.mark.parametrize("vector", select_vectors("build_url", "5"))
def test_generation_5_means_the_same(vector: dict[str, Any]) -> None:
    if check_difference(vector):
        return
    if "expected_error" in vector:
        assert vector["expected_error"] == "TypeError"
        with pytest.raises(TypeError, match="expire_seconds"):
            build(vector)
        return
    url = build(vector)
    assert read_meaning(url) == read_meaning(vector["expected"])
    if "ik-s=" in url:
        endpoint = Endpoint.read(vector["options"]["url_endpoint"])
        assert verify_url(url, endpoint=endpoint, private_keys=[KEY], now=vector["now"])


@pytest.mark.parametrize("vector", select_vectors("build_transformation_string", "5"))
def test_the_steps_alone_are_written_as_in_generation_5(vector: dict[str, Any]) -> None:
    assert write_steps(vector["options"]["transformation"], quote=str) == vector["expected"]


def test_every_difference_names_a_vector_and_a_reason() -> None:
    assert set(DIFFERENT) <= {vector["id"] for vector in VECTORS}
    assert all(reason for _, reason in DIFFERENT.values())
