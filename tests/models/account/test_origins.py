"""One option class for each type of origin."""

from __future__ import annotations

import dataclasses
import pickle
from typing import Any, get_args

import pytest

from imagekitio.models import UNSET
from imagekitio.models.account import AzureBlobOrigin, OriginResult, S3CompatibleOrigin, S3Origin, WebProxyOrigin
from imagekitio.models.account.origins import ORIGIN_CLASSES, OriginKeywords, OriginType

COMMON = {"name", "include_canonical_header", "base_url_for_canonical_header"}
# Required and optional members in addition to the common ones; secrets in capitals. ImageKit docs, origins API.
MEMBERS = {
    "S3": ("bucket ACCESS_KEY SECRET_KEY", "prefix use_iam_role"),
    "CLOUDINARY_BACKUP": ("bucket ACCESS_KEY SECRET_KEY", "prefix use_iam_role"),
    "S3_COMPATIBLE": ("endpoint bucket ACCESS_KEY SECRET_KEY", "prefix s3_force_path_style"),
    "GCS": ("bucket client_email PRIVATE_KEY", "prefix"),
    "AZURE_BLOB": ("account_name container SAS_TOKEN", "prefix"),
    "WEB_FOLDER": ("base_url", "forward_host_header_to_origin"),
    "WEB_PROXY": ("", ""),
    "AKENEO_PIM": ("base_url CLIENT_ID CLIENT_SECRET USERNAME PASSWORD", ""),
}


def test_every_type_has_a_class() -> None:
    assert set(get_args(OriginType)) == ORIGIN_CLASSES.keys() == MEMBERS.keys()


@pytest.mark.parametrize("type_", MEMBERS)
def test_a_class_has_the_options_of_its_type(type_: str) -> None:
    required, optional = (part.lower().split() for part in MEMBERS[type_])
    cls = ORIGIN_CLASSES[type_]
    assert {field.name for field in dataclasses.fields(cls)} == {*COMMON, *required, *optional}
    assert cls().list_required() == ("name", *required)


@pytest.mark.parametrize("type_", MEMBERS)
def test_secrets_are_left_out_of_repr(type_: str) -> None:
    cls: Any = ORIGIN_CLASSES[type_]
    names = [field.name for field in dataclasses.fields(cls)]
    shown = repr(cls(**{name: f"<{name}>" for name in names}))
    secrets = {name.lower() for name in " ".join(MEMBERS[type_]).split() if name.isupper()}
    assert {name for name in names if f"<{name}>" not in shown} == secrets
    assert not [name for name in secrets if name in shown]


def test_the_keywords_are_type_and_the_options_of_all_types() -> None:
    declared = {"type": "OriginType"}
    for cls in ORIGIN_CLASSES.values():
        declared |= {field.name: str(field.type).replace(" | Unset", "") for field in dataclasses.fields(cls)}
    keywords: dict[str, Any] = OriginKeywords.__annotations__
    assert {name: annotation.__forward_arg__ for name, annotation in keywords.items()} == declared


def test_unusual_names_are_spelled_as_in_the_api() -> None:
    options: dict[str, Any] = {
        "bucket": "b",
        "access_key": "a",
        "secret_key": "s",
        "include_canonical_header": True,
        "base_url_for_canonical_header": "https://a.example",
    }
    common = {"includeCanonicalHeader": True, "baseUrlForCanonicalHeader": "https://a.example", "bucket": "b"}
    keys = {"accessKey": "a", "secretKey": "s"}
    for cls, given, sent in (
        (S3Origin, {"use_iam_role": False}, {"useIAMRole": False}),
        (S3CompatibleOrigin, {"s3_force_path_style": True}, {"s3ForcePathStyle": True}),
    ):
        assert cls.of({**options, **given}).to_json() == {**common, **keys, **sent}
    assert AzureBlobOrigin(account_name="a", container="c", sas_token="t").to_json() == {
        "accountName": "a",
        "container": "c",
        "sasToken": "t",
    }


@pytest.mark.parametrize("type_", ["S3", "CLOUDINARY_BACKUP"])
def test_a_role_replaces_the_keys_and_these_are_sent_empty(type_: str) -> None:
    cls = ORIGIN_CLASSES[type_]
    expected = {"name": "a", "bucket": "b", "useIAMRole": True, "accessKey": "", "secretKey": ""}
    for spelling in ("use_iam_role", "useIAMRole", "useIamRole"):
        for keys in (dict[str, Any](), {"access_key": "", "secret_key": None}):
            options = cls.of({"name": "a", "bucket": "b", spelling: True, **keys})
            assert options.list_required() == ("name", "bucket")
            assert options.to_json() == expected


@pytest.mark.parametrize("name", ["access_key", "secret_key"])
def test_a_key_together_with_a_role_is_refused_without_being_shown(name: str) -> None:
    options = S3Origin.of({"name": "a", "bucket": "b", "use_iam_role": True, name: "xyzzy"})
    with pytest.raises(ValueError, match=f"^{name} must be left out, because use_iam_role=True replaces the keys$"):
        options.to_json()


@pytest.mark.parametrize(
    ("type_", "options", "error", "message"),
    [
        ("S3", {"prefix": 3}, TypeError, "prefix must be a str .got int."),
        ("S3", {"use_iam_role": "true"}, TypeError, "use_iam_role must be True or False .got 'true'."),
        ("S3", {"include_canonical_header": 1}, TypeError, "include_canonical_header must be True or False .got 1."),
        ("S3", {"base_url_for_canonical_header": "a"}, ValueError, "base_url_for_canonical_header must be a URL that"),
        ("S3_COMPATIBLE", {"endpoint": "s3.example"}, ValueError, "endpoint must be a URL that starts with https://"),
        ("WEB_FOLDER", {"base_url": b"https://a.b"}, TypeError, "base_url must be a str .got bytes."),
        ("AKENEO_PIM", {"base_url": "ftp://a.b"}, ValueError, "base_url must be a URL that starts with https:// or"),
    ],
)
def test_an_invalid_value_is_refused_by_name(type_: str, options: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=f"^{message}"):
        ORIGIN_CLASSES[type_].of(options).to_json()


def test_a_member_of_another_type_is_refused_with_those_of_the_type() -> None:
    with pytest.raises(TypeError, match=r"^WebProxyOrigin has no option 'bucket'; expected one of base_url_.*, name$"):
        WebProxyOrigin(bucket="b")  # type: ignore[call-arg]
    with pytest.raises(ValueError, match=r"^S3Origin has no option 's3ForcePathStyle'"):
        S3Origin.of({"s3ForcePathStyle": True})
    with pytest.raises(AttributeError, match=r"^S3Origin has no option 'acces_key'; did you mean 'access_key'"):
        S3Origin().acces_key = "a"


def test_options_are_keyword_only_because_a_secret_in_the_wrong_position_would_be_shown() -> None:
    by_position: Any = S3Origin
    with pytest.raises(TypeError, match="positional"):
        by_position("a", "b")


def test_options_are_unset_until_they_are_given_and_pickle_with_their_secrets() -> None:
    assert S3Origin().secret_key is UNSET
    assert pickle.loads(pickle.dumps(S3Origin(secret_key="s"))).secret_key == "s"


def test_a_result_has_only_the_fields_of_its_type() -> None:
    raw = {"id": "orig_1", "type": "S3", "name": "a", "bucket": "b", "prefix": "", "useIAMRole": True}
    origin = OriginResult.from_json(
        {**raw, "includeCanonicalHeader": False, "secretKey": "xyzzy", "s3ForcePathStyle": 1}
    )
    assert (origin.use_iam_role, origin.s3_force_path_style, origin.base_url) == (True, 1, None)
    assert "xyzzy" not in repr(origin)
