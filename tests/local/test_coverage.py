"""``COVERAGE.md`` matches the code."""

from __future__ import annotations

import ast
import csv
import re
import sys
from fnmatch import fnmatchcase
from pathlib import Path
from types import FunctionType, MethodType, ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from imagekitio import AsyncImageKit, ImageKit
from imagekitio.local import app, coverage, rendering
from imagekitio.local.rendering.language import checking, grammar
from imagekitio.local.rendering.language.errors import TransformationError
from imagekitio.local.rendering.language.steps import parse_steps
from imagekitio.local.uploads import accept

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]


def read_table(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((ROOT / "tests" / "data" / name).read_text("utf-8").splitlines()))


OPERATIONS = {row["operation"]: row for row in read_table("operations.csv")}
# A row may cover several codes; words that end in a hyphen start layers and conditions.
CODES = {
    code
    for row in read_table("transformation_names.csv")
    for code in re.findall(r"[a-z0-9]+(?:-[a-z0-9]+)*(?![-a-z0-9.])", row["code"].replace(" or ", " "))
} - {"raw", "steps", "l-text", "l-image", "l-video", "l-subtitles"}

UPLOAD = """file fileName useUniqueFileName tags folder isPrivateFile isPublished customCoordinates responseFields
    extensions webhookUrl overwriteFile overwriteAITags overwriteTags overwriteCustomMetadata customMetadata
    transformation checks description"""
ORIGIN = """type name bucket accessKey secretKey prefix useIAMRole endpoint s3ForcePathStyle clientEmail privateKey
    accountName container sasToken baseUrl forwardHostHeaderToOrigin clientId clientSecret username password
    includeCanonicalHeader baseUrlForCanonicalHeader"""
SCHEMA = """schema.type schema.selectOptions schema.isValueRequired schema.defaultValue schema.minValue schema.maxValue
    schema.minLength schema.maxLength"""

# The parameters outside the path, as the ImageKit docs list them; an operation that is not listed has none.
PUBLISHED = {
    "list_files": "type sort path searchQuery fileType limit skip tags name includeFolder",
    "update_file_details": """removeAITags extensions webhookUrl tags customCoordinates customMetadata description
        publish.isPublished publish.includeFileVersions""",
    "add_tags": "fileIds tags",
    "remove_tags": "fileIds tags",
    "remove_ai_tags": "fileIds AITags",
    "bulk_file_delete": "fileIds",
    "copy_file": "sourceFilePath destinationPath includeFileVersions",
    "move_file": "sourceFilePath destinationPath",
    "rename_file": "filePath newFileName purgeCache",
    "create_folder": "folderName parentFolderPath",
    "delete_folder": "folderPath",
    "copy_folder": "sourceFolderPath destinationPath includeVersions includeFileVersions",
    "move_folder": "sourceFolderPath destinationPath",
    "rename_folder": "folderPath newFolderName purgeCache",
    "purge_file_cache": "url",
    "get_remote_file_url_metadata": "url",
    "create_custom_metadata_fields": f"name label description {SCHEMA}",
    "get_custom_metadata_fields": "includeDeleted folderPath",
    "update_custom_metadata_fields": f"label description {SCHEMA}",
    "upload_file": UPLOAD,
    "upload_file_client_side": f"{UPLOAD} publicKey token expire signature",
    "upload_file_v2": UPLOAD,
    "upload_file_v2_client_side": f"{UPLOAD} token",
    "get_usage": "startDate endDate",
    "get_usage_analytics": "startDate endDate",
    "create_origin": ORIGIN,
    "update_origin": ORIGIN,
    "create_url_endpoint": "description urlPrefix origins urlRewriter",
    "update_url_endpoint": "description urlPrefix origins urlRewriter",
    "create_webhook": "endpoint events enabled",
    "update_webhook": "endpoint events enabled",
    "create_saved_extension": "name description config",
    "update_saved_extension": "name description config",
    "create_named_transformation": "name transformation enabled",
    "update_named_transformation": "name transformation enabled",
}
# Parameters that the code may ignore, since nothing here could depend on them.
WITHOUT_EFFECT = {("get_custom_metadata_fields", "folderPath")}
HANDLERS: dict[str, Any] = {
    **app.HANDLERS,
    **app.USAGE,
    **dict.fromkeys(app.UPLOADS, accept.accept_upload),
}


def find_texts(handler: object) -> set[str]:
    """Return every str constant that `handler` can reach: in its code, in what it calls and in tables it reads."""
    texts: set[str] = set()
    waiting: list[Any] = [handler]
    seen: set[int] = set()
    while waiting:
        value = waiting.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, str):
            texts.add(value)
        elif isinstance(value, dict):
            waiting += [*value, *value.values()]
        elif isinstance(value, (list, tuple, set, frozenset)):
            waiting += value
        elif isinstance(value, MethodType):
            waiting += [value.__func__, value.__self__]
        elif isinstance(value, FunctionType):
            waiting += find_values(value)
        elif isinstance(value, type) and value.__module__.startswith("imagekitio.local"):
            waiting += vars(value).values()
        elif type(value).__module__.startswith("imagekitio.local") and hasattr(value, "__dict__"):
            waiting += [type(value), *vars(value).values()]
    return texts


def find_values(function: FunctionType) -> Iterator[Any]:
    """Yield the constants of a function and the globals that it names."""
    codes = [function.__code__]
    while codes:
        code = codes.pop()
        for constant in code.co_consts:
            if isinstance(constant, type(code)):
                codes.append(constant)
            else:
                yield constant
        modules = [sys.modules[function.__module__]]
        for name in code.co_names:
            for module in modules[:]:
                value = vars(module).get(name)
                if isinstance(value, ModuleType) and value.__name__.startswith("imagekitio.local"):
                    modules.append(value)
                yield value
    for cell in function.__closure__ or ():
        yield cell.cell_contents


def test_the_document_is_up_to_date() -> None:
    written = (ROOT / "COVERAGE.md").read_text("utf-8")
    assert written == coverage.make_document(), f"COVERAGE.md is not what the code does: run {coverage.REGENERATE}"


def test_every_published_operation_is_implemented() -> None:
    document = coverage.make_document()
    for name, row in OPERATIONS.items():
        assert name.removesuffix("_client_side") in HANDLERS
        place = f"`{name}` | {row['http_method']} `{row['path']}` |"
        assert f"| ✓ | {place}" in document or f"| ≈ | {place}" in document


@pytest.mark.parametrize("client", [ImageKit, AsyncImageKit])
def test_both_clients_have_a_method_for_every_operation(client: type) -> None:
    rows = dict(re.findall(r"^\| . \| `(\w+)` \| [A-Z]+ `[^`]+` \| (.*?) \|", coverage.make_document(), re.MULTILINE))
    assert rows.keys() == OPERATIONS.keys()
    for operation, cell in rows.items():
        (name,) = re.findall(r"^`(\w+)`", cell)
        assert callable(getattr(client, name))
        assert (name == operation) != operation.endswith("_client_side")


@pytest.mark.parametrize("operation", OPERATIONS)
def test_exactly_the_published_parameters_are_described(operation: str) -> None:
    assert set(coverage.parameters(operation)) == set(PUBLISHED.get(operation, "").split())


@pytest.mark.parametrize("operation", PUBLISHED)
def test_the_code_of_an_operation_reads_each_of_its_parameters(operation: str) -> None:
    texts = find_texts(HANDLERS[operation.removesuffix("_client_side")])
    names = {name for name in coverage.parameters(operation) if (operation, name) not in WITHOUT_EFFECT}
    assert {part for name in names for part in name.split(".")} - texts == set()


def test_code_that_ignores_parameters_is_detected() -> None:
    assert "fileIds" not in find_texts(HANDLERS["list_files"])


@pytest.mark.parametrize("pattern", coverage.PARAMETER_DIFFERENCES)
def test_every_remark_about_parameters_matches_a_parameter(pattern: str) -> None:
    assert [name for name in OPERATIONS for one in coverage.parameters(name) if fnmatchcase(f"{name}.{one}", pattern)]


def test_every_remark_about_operations_and_codes_matches_one() -> None:
    assert coverage.DIFFERENCES.keys() <= OPERATIONS.keys()
    assert coverage.UNREAD_CODES.keys() | coverage.CODE_DIFFERENCES.keys() <= grammar.KNOWN_CODES


def test_every_transformation_of_every_generation_has_a_row() -> None:
    document = coverage.make_document()
    assert [code for code in CODES if f" | `{code}` | " not in document] == []


def test_the_renderer_reads_every_code_except_those_documented_as_ignored() -> None:
    read: set[object] = {"n"}  # replaced by its definition during parsing
    for module in Path(rendering.__file__).parent.rglob("*.py"):
        if module.stem != "grammar":
            read |= {node.value for node in ast.walk(ast.parse(module.read_text())) if isinstance(node, ast.Constant)}
    assert grammar.KNOWN_CODES - read == coverage.UNREAD_CODES.keys()


@pytest.mark.parametrize(
    "text",
    [
        *checking.UNSUPPORTED,
        *("bg-genfill", "f-mp4", "f-webm", "fo-car", "l-image,i-a.psd,pg-name-sky,l-end"),
        *("l-video,i-a.mp4,l-end", "l-subtitles,i-a.srt,fol-2_FF0000,fsh-FF0000_2,l-end"),
    ],
)
def test_codes_documented_as_refused_are_refused_with_their_name(text: str) -> None:
    with pytest.raises(TransformationError) as refused:
        checking.check(parse_steps(text))
    assert refused.value.status == 501
    assert str(refused.value).startswith("EUNSUPPORTED - ")


@pytest.mark.parametrize("code", [code for code in coverage.UNREAD_CODES if code not in ("fol", "fsh")])
def test_codes_without_an_effect_are_accepted(code: str) -> None:
    step = f"l-text,i-a,{code}-1,l-end" if code.startswith("l") else f"{code}-1"
    checking.check(parse_steps(step))
