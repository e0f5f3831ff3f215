"""The upload parameter `checks`: an expression that must be true for an upload to be accepted.

It has the grammar of the search language, but other fields. If a field has no value, conditions are false, except
``NOT =`` and ``NOT IN``. Source: ImageKit docs, "Upload API checks".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from ..base.dates import parse_moment
from ..base.errors import ApiError
from ..search.fields import COMPARES, EQUALS, IN
from ..search.literals import as_number, boolean, moment, number, size_bytes
from ..search.parser import parse
from ..search.syntax import Condition, Expression, Operator, SearchSyntaxError, expected_error

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from ..extensions.requests import Schemas
    from ..media.probe import Probe
    from ..search.syntax import Value
    from .parameters import UploadParameters

    Literal = Callable[[Value], Any]
    Known = Mapping[str, object]  # the data of an upload by field name; None equals absent

FAILED = "Your request failed 'checks' validation."


@dataclass(frozen=True)
class _Field:
    """The rules of a field. `stored` converts the value of the upload for comparison with literals."""

    literal: Literal
    operators: tuple[Operator, ...]
    stored: Callable[[Any], Any] = lambda value: value
    is_folder: bool = False


def parse_checks(text: str, *, custom_fields: Mapping[str, str], now: datetime) -> Checks:
    """Parse an expression.

    Args:
        custom_fields: Type of each custom metadata field (``Text``, ``Number``, ...), by name.
        now: An aware datetime, which relative times such as ``7d`` count back from.
    Raises:
        ApiError: 400 if it does not follow the syntax; the message has the position of the error.
    """
    try:
        tree = parse(text)
        return Checks(None if tree is None else _compile(tree, custom_fields, now))
    except SearchSyntaxError as exc:
        raise ApiError(400, f"Your request contains invalid syntax for the checks parameter. {exc}") from exc


@dataclass(frozen=True)
class Checks:
    """A parsed expression; a blank one is always true."""

    _holds: Callable[[Known], bool] | None

    def enforce(self, known: Known) -> None:
        """Raise a 400 for an upload for which the expression is false."""
        if self._holds is not None and not self._holds(known):
            raise ApiError(400, FAILED)


def facts(parameters: UploadParameters, found: Probe, size: int, schemas: Schemas) -> dict[str, object]:
    """Return the data that `checks` can test, by field name: the parameters of the request and the data of the file.

    Args:
        schemas: The schemas of the custom metadata fields, by name, whose defaults apply if the request has no value.
        found: Data of the content, after any pre-transformation of an image.
        size: Size of the content in bytes.
    """
    return {
        "request.fileName": parameters.requested_name,
        "request.folder": parameters.requested_folder,
        "request.customCoordinates": parameters.custom_coordinates,
        "request.webhookUrl": parameters.webhook_url,
        "request.useUniqueFileName": parameters.use_unique_file_name,
        "request.isPrivateFile": parameters.is_private,
        "request.isPublished": parameters.is_published,
        "request.overwriteFile": parameters.overwrite_file,
        "request.overwriteAITags": parameters.overwrite_ai_tags,
        "request.overwriteTags": parameters.overwrite_tags,
        "request.overwriteCustomMetadata": parameters.overwrite_custom_metadata,
        "request.tags": parameters.tags,
        "file.size": size,
        "file.mime": found.type.mime,
        "mediaMetadata.width": found.width,
        "mediaMetadata.height": found.height,
        "mediaMetadata.duration": found.duration,
        "mediaMetadata.bitRate": found.bit_rate,
        "mediaMetadata.videoCodec": found.video_codec,
        "mediaMetadata.audioCodec": found.audio_codec,
        **{_CUSTOM + name: schema.get("defaultValue") for name, schema in schemas.items()},
        **{_CUSTOM + name: value for name, value in (parameters.custom_metadata or {}).items()},
    }


def _compile(tree: Expression, custom_fields: Mapping[str, str], now: datetime) -> Callable[[Known], bool]:
    if not isinstance(tree, Condition):
        members = [_compile(member, custom_fields, now) for member in tree.members]
        combine = all if tree.connective == "AND" else any
        return lambda known: combine(member(known) for member in members)
    field = _field(tree, custom_fields, now)
    operator = cast("Operator", tree.operator.removeprefix("NOT "))
    if tree.operator not in field.operators:
        message = f"{tree.field} does not take {tree.operator}; it takes {', '.join(field.operators)}"
        raise SearchSyntaxError(message, tree.operator_position)
    wanted = [field.literal(value) for value in tree.values]
    if operator == ":" and not isinstance(wanted[0], str):
        raise expected_error("a text after :", tree.values[0])
    is_negated = operator != tree.operator

    def holds(known: Known) -> bool:
        value = known.get(tree.field)
        value = None if value is None else field.stored(value)
        is_true = value is not None and _matches(operator, field, value, wanted)
        return is_true is not is_negated

    return holds


def _matches(operator: Operator, field: _Field, value: Any, wanted: list[Any]) -> bool:
    if operator in ("=", "IN"):
        values: list[Any] = [*value] if isinstance(value, (list, tuple)) else [value]
        return any(_is_same(one, other) for one in values for other in wanted)
    if operator == ":":
        if field.is_folder:
            return f"{value}/".startswith(f"{wanted[0]}/") or not wanted[0]
        return isinstance(value, str) and value.startswith(wanted[0])
    # Custom metadata has not been validated yet, and a SingleSelect field may contain texts and numbers.
    if not (_is_number(value) and _is_number(wanted[0])):
        return False
    comparison: bool = {
        "<": value < wanted[0],
        "<=": value <= wanted[0],
        ">": value > wanted[0],
        ">=": value >= wanted[0],
    }[operator]
    return comparison


def _is_same(one: object, other: object) -> bool:
    # True equals 1 in Python, but not in JSON.
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _field(condition: Condition, custom_fields: Mapping[str, str], now: datetime) -> _Field:
    name = condition.field
    found = _FIELDS.get(name)
    if found is None and name.startswith(_CUSTOM):
        found = _custom_field(custom_fields.get(name.removeprefix(_CUSTOM)), now)
    if found is None:
        raise SearchSyntaxError(f"there is no field {name[:100]!r}", condition.field_position)
    return found


def _custom_field(kind: str | None, now: datetime) -> _Field | None:
    match kind:
        case "Text" | "Textarea":
            return _Field(_text, (*EQUALS, *IN, ":"))
        case "Number":
            return _Field(number, (*EQUALS, *IN, *COMPARES))
        case "Date":
            return _Field(lambda value: moment(value, now), (*EQUALS, *IN, *COMPARES), _moment)
        case "Boolean":
            return _Field(boolean, EQUALS)
        case "SingleSelect":
            return _Field(_any, (*EQUALS, *IN, *COMPARES, ":"))
        case "MultiSelect":
            return _Field(_any, IN)
        case _:
            return None


def _text(value: Value) -> str:
    return value.text


def _any(value: Value) -> object:
    """Return a number or a boolean if it has no quotes, otherwise a text."""
    if not value.quoted and value.text.lower() in ("true", "false"):
        return boolean(value)
    plain = as_number(value)
    return value.text if plain is None else plain


def _moment(stored: object) -> object:
    return parse_moment(stored) if isinstance(stored, str) else None


def _folder(path: str) -> str:
    # The examples have folders without the leading slash (api.md, point 66).
    return path.strip("/")


_CUSTOM = "request.customMetadata."
_TEXT = _Field(_text, (*EQUALS, ":", *IN))
_FLAG = _Field(boolean, EQUALS)
_MEASURE = _Field(number, ("=", *COMPARES))
_FIELDS: Mapping[str, _Field] = {
    "request.fileName": _TEXT,
    "request.folder": _Field(lambda value: _folder(value.text), _TEXT.operators, _folder, is_folder=True),
    "request.customCoordinates": _TEXT,
    "request.webhookUrl": _TEXT,
    "request.useUniqueFileName": _FLAG,
    "request.isPrivateFile": _FLAG,
    "request.isPublished": _FLAG,
    "request.overwriteFile": _FLAG,
    "request.overwriteAITags": _FLAG,
    "request.overwriteTags": _FLAG,
    "request.overwriteCustomMetadata": _FLAG,
    "request.tags": _Field(_text, IN),
    "file.size": _Field(size_bytes, ("=", *COMPARES)),
    "file.mime": _TEXT,
    "mediaMetadata.width": _MEASURE,
    "mediaMetadata.height": _MEASURE,
    "mediaMetadata.duration": _MEASURE,
    "mediaMetadata.bitRate": _MEASURE,
    "mediaMetadata.videoCodec": _TEXT,
    "mediaMetadata.audioCodec": _TEXT,
}
