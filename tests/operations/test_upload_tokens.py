from __future__ import annotations

import base64
import hmac
import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.models import UploadFileRequestOptions
from imagekitio.operations.core import Multipart
from imagekitio.operations.upload_tokens import UploadToken, make_upload_token, write_jwt
from imagekitio.operations.uploads import upload_file

NOW = 1893452400
PUBLIC_KEY = "public_emulatorKey0000="
PRIVATE_KEY = "private_emulatorKey0000000000000000="


def make(file_name: str = "red.jpg", options: Any = None, expire: Any = 0, **keywords: Any) -> UploadToken:
    return make_upload_token(
        file_name,
        options,
        keywords,
        expire,
        public_key=PUBLIC_KEY,
        private_key=PRIVATE_KEY,
        base_url="https://upload.imagekit.io",
        now=NOW,
    )


def decode(part: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def read_claims(made: UploadToken) -> dict[str, Any]:
    claims: dict[str, Any] = decode(made["token"].split(".")[1])
    return claims


def test_the_token_matches_the_documentation() -> None:
    header = {"alg": "HS256", "typ": "JWT", "kid": PUBLIC_KEY}
    claims = {
        "fileName": "red.jpg",
        "useUniqueFileName": "false",
        "tags": "shoe,red",
        "iat": 1893452400,
        "exp": 1893456000,
    }
    assert write_jwt(header, claims, PRIVATE_KEY) == (
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6InB1YmxpY19lbXVsYXRvcktleTAwMDA9In0."
        "eyJmaWxlTmFtZSI6InJlZC5qcGciLCJ1c2VVbmlxdWVGaWxlTmFtZSI6ImZhbHNlIiwidGFncyI6InNob2UscmVkIiwiaWF0IjoxODkzNDUyNDAw"
        "LCJleHAiOjE4OTM0NTYwMDB9."
        "yFRrYvol7OSWJRR9wg0plZN40wzTgcej-mTbET7i-JQ"
    )
    made = make(expire=timedelta(hours=1), use_unique_file_name=False, tags=["shoe", "red"])
    assert list(read_claims(made).items()) == list(claims.items())
    assert decode(made["token"].split(".")[0]).items() > header.items()


def test_the_result_has_what_the_browser_needs_and_survives_json() -> None:
    made = make(folder="/shop", is_private_file=True, custom_metadata={"price": 5}, description="", checks=None)
    token = made["token"]
    assert made == {
        "url": "https://upload.imagekit.io/api/v2/files/upload",
        "fields": {
            "fileName": "red.jpg",
            "folder": "/shop",
            "isPrivateFile": "true",
            "customMetadata": '{"price":5}',
            "token": token,
        },
        "token": token,
        "expire": NOW + 1800,
    }
    assert json.loads(json.dumps(made)) == made


def test_two_tokens_for_the_same_fields_in_the_same_second_differ() -> None:
    first, second = make(), make()
    assert read_claims(first) == read_claims(second)
    assert first["token"] != second["token"]


TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)


@given(
    file_name=TEXTS.filter(str.strip),
    folder=TEXTS,
    tags=st.lists(TEXTS.filter(lambda tag: "," not in tag), max_size=3),
    description=TEXTS,
    metadata=st.dictionaries(TEXTS, TEXTS | st.integers() | st.booleans(), max_size=3),
    private=st.booleans() | st.none(),
)
def test_the_claims_are_the_fields_and_the_signature_covers_the_claims(
    file_name: str, folder: str, tags: list[str], description: str, metadata: dict[str, Any], private: bool | None
) -> None:
    options = {
        "folder": folder,
        "tags": tags,
        "description": description,
        "custom_metadata": metadata,
        "is_private_file": private,
        "use_unique_file_name": False,
    }
    made = make(file_name, options)
    signed, _, signature = made["token"].rpartition(".")
    digest = hmac.new(PRIVATE_KEY.encode(), signed.encode(), "sha256").digest()
    assert base64.urlsafe_b64decode(signature + "=") == digest
    times = {"iat": NOW, "exp": NOW + 1800}
    fields = {name: text for name, text in made["fields"].items() if name != "token"}
    assert read_claims(made) == {**fields, **times}
    body = upload_file(b"x", file_name, options).request.body
    assert isinstance(body, Multipart)
    unbroken = {name: text.replace("\r\n", "\n").replace("\r", "\n") for name, text in body.fields}
    assert {name: text.replace("\r\n", "\n") for name, text in fields.items()} == unbroken


@pytest.mark.parametrize("text", ["a\nb", "a\rb", "a\r\nb"])
def test_a_line_break_is_signed_as_browsers_send_it(text: str) -> None:
    made = make(description=text, transformation=f'{{"pre":{text[1:-1]}"w-1"}}')
    assert made["fields"]["description"] == read_claims(made)["description"] == "a\r\nb"
    assert made["fields"]["transformation"] == '{"pre":\r\n"w-1"}'
    assert make(description="\n\n\r")["fields"]["description"] == "\r\n\r\n\r\n"


@pytest.mark.parametrize(
    "options",
    [
        {"tags": "a,b", "use_unique_file_name": False},
        {"tags": "a,b", "useUniqueFileName": "false"},
        UploadFileRequestOptions(tags=["a", "b"], use_unique_file_name=False),
    ],
)
def test_options_can_be_given_in_three_ways(options: Any) -> None:
    expected = read_claims(make(tags=["a", "b"], use_unique_file_name=False))
    assert read_claims(make(options=options)) == expected
    assert read_claims(make(options=options, tags="c"))["tags"] == "c"


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"file_name": None}, TypeError, "file_name is missing"),
        ({"file_name": b"a"}, TypeError, "file_name must be a str"),
        ({"file_name": " "}, ValueError, "file_name must not be empty"),
        ({"file_name": "\udcff"}, ValueError, "file_name must not contain a lone surrogate"),
        ({"foldr": "/"}, TypeError, r"no option 'foldr'; did you mean 'folder'\?"),
        ({"options": {"foldr": "/"}}, ValueError, r"no option 'foldr'; did you mean 'folder'\?"),
        ({"token": "x"}, TypeError, "no option 'token'"),
        ({"folder": 5.5}, TypeError, "folder must be a str"),
        ({"is_private_file": "no"}, TypeError, "is_private_file must be True or False"),
        ({"expire": "soon"}, TypeError, "expire must be a Unix time"),
        ({"expire": 1800}, ValueError, r"for a span, pass timedelta\(seconds=1800\)"),
        ({"expire": NOW}, ValueError, r"expire must be from 1 to 3600 s ahead, .*\(got 0 s\)"),
        ({"expire": NOW - 5}, ValueError, r"expire must be from 1 to 3600 s ahead, .*\(got -5 s\)"),
        ({"expire": NOW + 3601}, ValueError, r"expire must be from 1 to 3600 s ahead, .*\(got 3601 s\)"),
        ({"expire": timedelta(days=1)}, ValueError, r"\(got 86400 s\)"),
        ({"expire": datetime(2030, 1, 1)}, ValueError, "expire must have a time zone"),
    ],
)
def test_options_that_the_service_would_refuse_are_refused(
    arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        make(**arguments)


@pytest.mark.parametrize(
    "expire", [NOW + 60, timedelta(minutes=1), datetime.fromtimestamp(NOW + 60, timezone.utc), float(NOW + 60)]
)
def test_the_expiry_can_be_a_unix_time_a_timedelta_or_a_datetime(expire: Any) -> None:
    made = make(expire=expire)
    assert made["expire"] == read_claims(made)["exp"] == NOW + 60
    assert read_claims(make(expire=None))["exp"] == NOW + 1800
    assert read_claims(make(expire=NOW + 3600))["exp"] == NOW + 3600


def test_a_token_needs_a_public_key() -> None:
    with pytest.raises(ValueError, match=r"missing: public_key, which the token names; .* IMAGEKIT_PUBLIC_KEY"):
        make_upload_token("a.jpg", None, {}, 0, public_key="", private_key=PRIVATE_KEY, base_url="", now=NOW)
