"""What an API shows of results."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, get_type_hints

import pytest
from fastapi import FastAPI
from pydantic import ValidationError

from imagekitio import FileResult, UploadFileResult
from imagekitio.contrib.fastapi import (
    ERROR_RESPONSES,
    ErrorOut,
    FileOut,
    UploadTokenOut,
    upload_token_router,
    webhook_router,
)
from imagekitio.operations.upload_tokens import UploadToken

from .test_upload_tokens import PNG

if TYPE_CHECKING:
    from imagekitio.local import LocalImageKit

IN_UPLOADS = {"thumbnail": "thumbnail_url"}
UNKNOWN_IN_UPLOADS = {"mime", "created_at"}


def test_a_file_shows_fields_of_both_results_and_not_who_uploaded_it() -> None:
    shown = set(FileOut.model_fields)
    assert shown <= {one.name for one in fields(FileResult)}
    assert {IN_UPLOADS.get(name, name) for name in shown - UNKNOWN_IN_UPLOADS} <= {
        one.name for one in fields(UploadFileResult)
    }
    assert not shown & {"tags", "embedded_metadata", "custom_metadata", "version_info"}


def test_a_token_has_the_fields_of_the_clients() -> None:
    assert get_type_hints(UploadTokenOut, include_extras=False).items() >= get_type_hints(UploadToken).items()
    assert UploadTokenOut.model_fields.keys() == UploadToken.__annotations__.keys()


def test_uploads_details_and_listings_become_the_same_file(server: LocalImageKit) -> None:
    with server.client() as imagekit:
        uploaded = imagekit.upload_file(file=b"shoe", file_name="shoe.txt", tags=["uploader_1"], is_private_file=True)
        models = [FileOut.model_validate(uploaded)]
        models.append(FileOut.model_validate(imagekit.get_file_details(uploaded.file_id)))
        models.append(FileOut.model_validate(imagekit.list_files()[0]))
    assert models[1] == models[2]
    assert models[0].file_id == models[1].file_id == uploaded.file_id
    assert models[1].created_at is not None
    assert "uploader_1" not in models[1].model_dump_json()


def test_the_thumbnail_has_one_name_in_an_api(server: LocalImageKit) -> None:
    with server.client() as imagekit:
        uploaded = imagekit.upload_file(file=PNG, file_name="shoe.png")
        details = imagekit.get_file_details(uploaded.file_id)
    model = FileOut.model_validate(uploaded)
    assert (model.thumbnail, FileOut.model_validate(details).thumbnail) == (uploaded.thumbnail_url, details.thumbnail)
    assert model.thumbnail
    assert FileOut.model_validate(model.model_dump()) == model


def test_an_upload_that_is_only_queued_is_not_a_file_yet() -> None:
    with pytest.raises(ValidationError):
        FileOut.model_validate(UploadFileResult(message="queued"))


def test_the_example_is_a_valid_file() -> None:
    [example] = FileOut.model_json_schema()["examples"]
    assert FileOut.model_validate(example).model_dump() == example


def test_every_field_is_described_in_the_documentation_of_an_api() -> None:
    app = FastAPI(responses=ERROR_RESPONSES)
    app.include_router(upload_token_router(lambda: None))

    @app.get("/files")
    async def list_files() -> list[FileOut]:
        return []

    documented = app.openapi()
    schemas: dict[str, Any] = documented["components"]["schemas"]
    assert {"FileOut", "UploadTokenOut", "ErrorOut"} <= schemas.keys()
    for name in ("FileOut", "UploadTokenOut", "ErrorOut"):
        assert schemas[name]["description"]
        assert all(member["description"] for member in schemas[name]["properties"].values()), name
    assert schemas["FileOut"]["required"] == ["file_id", "name", "file_path", "url", "file_type", "size"]
    responses = documented["paths"]["/files"]["get"]["responses"]
    assert responses.keys() == {"200", *map(str, ERROR_RESPONSES)}
    assert responses["413"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/ErrorOut"}


def test_each_response_has_its_own_example() -> None:
    app = FastAPI(responses=ERROR_RESPONSES)
    app.include_router(upload_token_router(lambda: None))
    app.include_router(webhook_router(print))

    @app.get("/files")
    async def list_files() -> list[FileOut]:
        return []

    for path, route in app.openapi()["paths"].items():
        [operation] = route.values()
        examples: dict[str, str] = {}
        for status, response in operation["responses"].items():
            if status not in ("200", "422"):  # 422 is FastAPI's own
                example = response["content"]["application/json"]["example"]
                examples[status] = ErrorOut.model_validate(example).detail
        assert len(examples) == len(set(examples.values())) >= 3, path
    limit = app.openapi()["paths"]["/files"]["get"]["responses"]["503"]
    assert limit["headers"]["Retry-After"]["example"] == "1"


def test_the_body_of_an_error_fits_its_model() -> None:
    assert ErrorOut.model_validate({"detail": "a", "message": "a"}).detail == "a"
