from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
import re
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio import models
from imagekitio.local.openapi.descriptions import DESCRIPTIONS
from imagekitio.models import (
    UNSET,
    CopyFileRequestOptions,
    CreateCustomMetadataFieldsRequestOptions,
    CustomMetadataFieldsSchema,
    CustomMetaDataTypeEnum,
    ListAndSearchFileRequestOptions,
    MoveFileRequestOptions,
    PublishOptions,
    UpdateCustomMetadataFieldsRequestOptions,
    UpdateFileRequestOptions,
    UploadFileRequestOptions,
    account,
    custom_metadata,
    files,
    folders,
    uploads,
)
from imagekitio.models.account import named_transformations, saved_extensions, url_endpoints, webhooks
from imagekitio.models.custom_metadata import CustomMetadataFieldsSchemaDict, FieldType
from imagekitio.models.files import FileType, ItemType, SortOrder
from imagekitio.models.options import Options, encode_option
from imagekitio.models.spelling import to_camel_case
from imagekitio.models.uploads import RESPONSE_FIELDS, ResponseField

PUBLIC = {**vars(models), **vars(account)}
OPTION_CLASSES: list[Any] = [
    value for value in PUBLIC.values() if inspect.isclass(value) and issubclass(value, Options)
]
ORIGINS = {cls.__name__ for cls in OPTION_CLASSES if issubclass(cls, account.Origin)}  # they share one keyword class
KEYWORDS = {
    name.removesuffix("Keywords"): value
    for module in (
        *(files, folders, uploads, custom_metadata),
        *(named_transformations, saved_extensions, url_endpoints, webhooks),
    )
    for name, value in vars(module).items()
    if name.endswith("Keywords")
}


def test_options_that_are_not_given_are_not_sent() -> None:
    assert ListAndSearchFileRequestOptions(limit=5).to_json() == {"limit": 5}
    assert UpdateFileRequestOptions().to_json() == {}


def test_options_can_be_given_in_the_published_positions() -> None:
    options = ListAndSearchFileRequestOptions("folder", "ASC_NAME", "/shop")
    assert options.to_json() == {"type": "folder", "sort": "ASC_NAME", "path": "/shop"}
    assert CopyFileRequestOptions("/a.jpg", "/b").destination_path == "/b"


def test_attributes_can_be_set_after_construction() -> None:
    options = UpdateFileRequestOptions()
    options.tags = ["shoe"]
    assert options.to_json() == {"tags": ["shoe"]}


def test_none_is_sent_as_null_if_the_api_accepts_null() -> None:
    options = UpdateFileRequestOptions(tags=None, custom_coordinates=None, description=None)
    assert options.to_json() == {"tags": None, "customCoordinates": None, "description": None}


def test_none_is_omitted_if_the_api_does_not_accept_null() -> None:
    assert UpdateFileRequestOptions(webhook_url=None, custom_metadata=None).to_json() == {}
    assert UploadFileRequestOptions(tags=None, folder=None).to_json() == {}


def test_none_inside_custom_metadata_unsets_a_field() -> None:
    options = UpdateFileRequestOptions(custom_metadata={"price_eur": None, "brandName": "x"})
    assert options.to_json() == {"customMetadata": {"price_eur": None, "brandName": "x"}}


def test_ai_tags_keeps_its_capitals() -> None:
    assert UpdateFileRequestOptions(remove_ai_tags="all").to_json() == {"removeAITags": "all"}
    assert UpdateFileRequestOptions.of({"removeAiTags": ["Car"]}).to_json() == {"removeAITags": ["Car"]}
    assert UploadFileRequestOptions(overwrite_ai_tags=False).to_json() == {"overwriteAITags": False}


def test_extensions_are_spelled_as_in_the_api() -> None:
    options = UpdateFileRequestOptions(
        extensions=[
            {"name": "google-auto-tagging", "min_confidence": 80, "max_tags": 10},
            {"name": "remove-bg", "options": {"add_shadow": True}},
        ]
    )
    assert options.to_json()["extensions"] == [
        {"name": "google-auto-tagging", "minConfidence": 80, "maxTags": 10},
        {"name": "remove-bg", "options": {"add_shadow": True}},
    ]


@pytest.mark.parametrize(
    "publish",
    [
        PublishOptions(is_published=True, include_file_versions=False),
        {"is_published": True, "include_file_versions": False},
        {"isPublished": True, "includeFileVersions": False},
    ],
)
def test_publication_can_be_given_in_three_ways(publish: PublishOptions | dict[str, bool]) -> None:
    body = UpdateFileRequestOptions(publish=publish).to_json()
    assert body == {"publish": {"isPublished": True, "includeFileVersions": False}}


@pytest.mark.parametrize(
    "schema",
    [
        CustomMetadataFieldsSchema(type=CustomMetaDataTypeEnum.Number, min_value=0, max_value=10),
        {"type": "Number", "min_value": 0, "max_value": 10},
        {"type": "Number", "minValue": 0, "maxValue": 10},
    ],
)
def test_a_schema_can_be_given_in_three_ways(schema: CustomMetadataFieldsSchema | dict[str, object]) -> None:
    body = CreateCustomMetadataFieldsRequestOptions("price", "Price", schema).to_json()
    assert body == {"name": "price", "label": "Price", "schema": {"type": "Number", "minValue": 0, "maxValue": 10}}


def test_an_empty_description_of_a_field_is_sent() -> None:
    assert UpdateCustomMetadataFieldsRequestOptions(description="").to_json() == {"description": ""}


@pytest.mark.parametrize("given_fields", [["custom_coordinates", "tags"], "customCoordinates, tags"])
def test_response_fields_are_sent_in_camel_case(given_fields: list[str] | str) -> None:
    assert UploadFileRequestOptions(response_fields=given_fields).to_json() == {
        "responseFields": "customCoordinates,tags"
    }


def test_all_eight_response_fields_are_known() -> None:
    sent = UploadFileRequestOptions(response_fields=uploads.RESPONSE_FIELDS).to_json()["responseFields"]
    assert sent == (
        "tags,customCoordinates,isPrivateFile,isPublished,embeddedMetadata,customMetadata,metadata,selectedFieldsSchema"
    )


def test_an_unknown_response_field_is_a_value_error_that_suggests_a_name() -> None:
    with pytest.raises(
        ValueError, match="response_fields must not contain the unknown field 'metadat'; did you mean 'metadata'"
    ):
        UploadFileRequestOptions(response_fields=["metadat"]).to_json()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"limit": 0}, "limit must be from 1 to 1000 (got 0)"),
        ({"limit": 1001}, "limit must be from 1 to 1000 (got 1001)"),
        ({"skip": -1}, "skip must be at least 0 (got -1)"),
        ({"tags": ["a,b"]}, "tags must not have an entry with a comma"),
    ],
)
def test_a_value_that_the_service_would_refuse_is_a_value_error(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message.replace("(", r"\(").replace(")", r"\)")):
        ListAndSearchFileRequestOptions.of(options).to_json()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"limit": 2.5}, "limit must be a whole number"),
        ({"limit": True}, "limit must be a whole number"),
        ({"limit": "many"}, "limit must be a whole number"),
        ({"tags": 7}, "tags must be a list of str"),
        ({"tags": [7]}, "tags must be a list of str"),
    ],
)
def test_a_value_of_the_wrong_type_is_a_type_error(options: dict[str, Any], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        ListAndSearchFileRequestOptions.of(options).to_json()


@pytest.mark.parametrize("tags", ["shoe", b"shoe", 3])
def test_tags_to_set_must_be_a_list(tags: Any) -> None:
    with pytest.raises(TypeError, match="tags must be a list of str"):
        UpdateFileRequestOptions(tags=tags).to_json()


@pytest.mark.parametrize("extensions", [{"name": "remove-bg"}, ["remove-bg"], 3])
def test_extensions_must_be_a_list_of_dicts(extensions: Any) -> None:
    with pytest.raises(TypeError, match="extensions must be a list of dicts"):
        UpdateFileRequestOptions(extensions=extensions).to_json()


def test_a_number_can_be_given_as_text_from_a_query_string() -> None:
    assert ListAndSearchFileRequestOptions.of({"limit": "20"}).to_json() == {"limit": 20}


def test_values_that_only_the_server_can_check_are_passed_through() -> None:
    body = ListAndSearchFileRequestOptions(type="future", sort="ASC_FUTURE", file_type="future").to_json()
    assert body == {"type": "future", "sort": "ASC_FUTURE", "fileType": "future"}


def test_a_misspelled_keyword_is_a_type_error_that_suggests_a_name() -> None:
    misspelt: dict[str, Any] = {"serach_query": "x"}
    with pytest.raises(TypeError, match="'serach_query'; did you mean 'search_query'"):
        ListAndSearchFileRequestOptions(**misspelt)
    with pytest.raises(TypeError, match="'serach_query'; did you mean 'search_query'"):
        ListAndSearchFileRequestOptions.of(None, misspelt)


def test_a_misspelled_key_is_a_value_error_that_suggests_a_name() -> None:
    with pytest.raises(ValueError, match="'fileTyp'; did you mean 'file_type'"):
        ListAndSearchFileRequestOptions.of({"fileTyp": "image"})


def test_a_misspelled_attribute_is_an_attribute_error_that_suggests_a_name() -> None:
    options = UploadFileRequestOptions()
    with pytest.raises(AttributeError, match="'foldr'; did you mean 'folder'"):
        setattr(options, "foldr", "/")  # noqa: B010


def test_an_option_given_in_two_spellings_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="'file_type' is given in two spellings"):
        ListAndSearchFileRequestOptions.of({"fileType": "image", "file_type": "all"})


def test_options_of_another_operation_are_a_type_error() -> None:
    with pytest.raises(TypeError, match=r"must be CopyFileRequestOptions, a dict or None \(got MoveFileRequestOptions"):
        CopyFileRequestOptions.of(MoveFileRequestOptions("/a", "/b"))


def test_keywords_take_precedence_over_options_and_do_not_change_them() -> None:
    options = ListAndSearchFileRequestOptions(limit=5, path="/a")
    assert ListAndSearchFileRequestOptions.of(options, {"limit": 7}).to_json() == {"path": "/a", "limit": 7}
    assert options.limit == 5


def test_options_of_the_same_class_are_copied() -> None:
    options = UploadFileRequestOptions(folder="/a")
    for copied in (UploadFileRequestOptions.of(options), UploadFileRequestOptions.of(options, {})):
        assert copied == options
        copied.folder = "/b"
    assert options.folder == "/a"


def test_merging_takes_over_the_options_that_the_other_has_set() -> None:
    common = UploadFileRequestOptions.of(None, {"folder": "/a", "tags": ["x"], "description": "common"})
    own = UploadFileRequestOptions(folder="/b", description=None, checks=UNSET)
    merged = common.merge_with(own)
    assert merged == UploadFileRequestOptions(folder="/b", tags=["x"], description=None)
    assert common == UploadFileRequestOptions(folder="/a", tags=["x"], description="common")
    assert own == UploadFileRequestOptions(folder="/b", description=None)


@pytest.mark.parametrize("cls", OPTION_CLASSES)
@given(data=st.data())
def test_merging_options_gives_the_same_as_merging_dicts(cls: Any, data: st.DataObject) -> None:
    names = st.sampled_from([field.name for field in dataclasses.fields(cls)])
    common, own = (data.draw(st.dictionaries(names, st.one_of(st.none(), st.text()))) for _ in range(2))
    for other in (cls(**own), cls.of(own)):
        assert cls.of(common).merge_with(other) == cls(**{**common, **own})


def test_errors_about_an_encoded_option_name_it() -> None:
    assert encode_option("limit", int, "7") == 7
    with pytest.raises(ValueError, match=r"^limit invalid literal for int\(\)"):
        encode_option("limit", int, "many")


def test_repr_shows_only_what_is_given() -> None:
    assert repr(ListAndSearchFileRequestOptions(limit=5)) == "ListAndSearchFileRequestOptions(limit=5)"
    assert repr(UNSET) == "UNSET"
    assert not UNSET


@pytest.mark.parametrize("cls", OPTION_CLASSES)
def test_options_pickle_copy_and_compare(cls: Any) -> None:
    options = cls(**{field.name: "x" for field in dataclasses.fields(cls)})
    for twin in (pickle.loads(pickle.dumps(options)), copy.deepcopy(options), copy.copy(options)):
        assert twin == options
    assert pickle.loads(pickle.dumps(cls())) == cls()
    assert options != cls()


@pytest.mark.parametrize("cls", OPTION_CLASSES)
@given(data=st.data())
def test_a_class_a_dict_and_keywords_give_the_same_options(cls: Any, data: st.DataObject) -> None:
    names = [field.name for field in dataclasses.fields(cls)]
    chosen = data.draw(st.dictionaries(st.sampled_from(names), st.one_of(st.none(), st.text(), st.integers())))
    expected = cls(**chosen)
    assert cls.of(expected) == expected
    assert cls.of(dict(chosen)) == expected
    assert cls.of({to_camel_case(name): value for name, value in chosen.items()}) == expected
    assert cls.of(None, chosen) == expected
    assert cls.of(cls(), chosen) == expected


# Where the keywords accept only listed values, the option classes accept any, for code of release 4.x.
WIDER = re.compile(r"\b(ItemType|SortOrder|FileType|ResponseField) \| str\b|\b(\w+Dict) \| Mapping\[str, Any\]")


@pytest.mark.parametrize("name", sorted(KEYWORDS))
def test_the_keywords_of_a_method_are_the_fields_of_its_option_class(name: str) -> None:
    cls = PUBLIC[f"{name}RequestOptions"]
    declared = {
        field.name: WIDER.sub(r"\1\2", str(field.type).replace(" | Unset", "").replace("Unset | ", ""))
        for field in dataclasses.fields(cls)
    }
    keywords = {
        key: getattr(annotation, "__forward_arg__", str(annotation))
        for key, annotation in KEYWORDS[name].__annotations__.items()
    }
    assert list(keywords) == list(declared)
    if name == "Webhook":  # only the option class accepts event types that the service added later
        assert declared["events"] == "Sequence[WebhookEventType | str]"
        declared["events"] = "Sequence[WebhookEventType]"
    assert keywords == declared


def test_the_keys_of_a_schema_are_the_fields_of_its_class_in_both_spellings() -> None:
    names = {field.name for field in dataclasses.fields(CustomMetadataFieldsSchema)}
    assert CustomMetadataFieldsSchemaDict.__annotations__.keys() == {*names, *map(to_camel_case, names)}


def test_the_listed_values_are_those_of_the_api() -> None:
    query = DESCRIPTIONS["list_files"].query
    for name, values in {"type": ItemType, "sort": SortOrder, "fileType": FileType}.items():
        assert sorted(get_args(values)) == sorted(query[name]["enum"])
    assert get_args(FieldType) == tuple(kind.value for kind in CustomMetaDataTypeEnum)
    fields = {word for literal in get_args(ResponseField) for word in get_args(literal)}
    assert fields == {*RESPONSE_FIELDS, *map(to_camel_case, RESPONSE_FIELDS)}


def test_every_option_class_has_keywords() -> None:
    expected = {cls.__name__.removesuffix("RequestOptions") for cls in OPTION_CLASSES}
    assert expected - ORIGINS - {"CustomMetadataFieldsSchema", "PublishOptions", "UrlRewriter"} == set(KEYWORDS)


@pytest.mark.parametrize("options", [UpdateFileRequestOptions, UploadFileRequestOptions])
@pytest.mark.parametrize("area", [(1, 1, 10, 10), [1, 1, 10, 10], "1,1,10,10", "1, 1, 10, 10"])
def test_coordinates_are_four_numbers_or_a_str(options: Any, area: Any) -> None:
    assert options(custom_coordinates=area).to_json() == {"customCoordinates": "1,1,10,10"}


@pytest.mark.parametrize("options", [UpdateFileRequestOptions, UploadFileRequestOptions])
@pytest.mark.parametrize(
    ("area", "error"),
    [
        ((1, 1, 10), ValueError),
        ((1, 1, 10, 10, 10), ValueError),
        ((1, 1, -10, 10), ValueError),
        ((1, 1, 1.5, 10), ValueError),
        ((1, 1, True, 10), ValueError),
        ("1,1,10", ValueError),
        ("1x1x10x10", ValueError),
        ("-1,1,10,10", ValueError),
        ([], ValueError),
        ({1: 1}, TypeError),
        (7, TypeError),
        (b"1,1,10,10", TypeError),
    ],
)
def test_coordinates_in_any_other_form_are_refused(options: Any, area: Any, error: type[Exception]) -> None:
    message = r"^custom_coordinates must be x,y,width,height in whole pixels, such as \(10, 10, 200, 100\) or '10,10"
    with pytest.raises(error, match=message):
        options(custom_coordinates=area).to_json()


@pytest.mark.parametrize("value", [5, ["price"], True, b"{}"])
def test_an_option_that_must_be_an_object_accepts_nothing_else(value: Any) -> None:
    for options in (UpdateFileRequestOptions, UploadFileRequestOptions):
        with pytest.raises(TypeError, match=r"^custom_metadata must be a dict \(got "):
            options(custom_metadata=value).to_json()
    with pytest.raises(TypeError, match=r"^transformation must be a dict \(got "):
        UploadFileRequestOptions(transformation=value).to_json()
    assert UploadFileRequestOptions(custom_metadata='{"price": 1}').to_json() == {"customMetadata": '{"price": 1}'}
