"""The searchable fields: the operators of each, and the SQL of its conditions.

Source: ImageKit docs, "Advanced search queries", table of fields. The SQL uses the alias `a` for the table of assets;
texts are compared by code point (collation BINARY), and times are Unix seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, Protocol

from ...suggestions import did_you_mean
from ..base.names import canonical_path
from .functions import split_once
from .geography import parse_area
from .literals import as_number, boolean, duration_seconds, moment, number, size_bytes
from .syntax import Operator, SearchSyntaxError, Value, expected_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

Parameter = str | int | float | bytes
Positive = Literal["=", ":", "<", "<=", ">", ">=", "HAS", "IN", "EXISTS"]

EQUALS: Final[tuple[Operator, ...]] = ("=", "NOT =")
IN: Final[tuple[Operator, ...]] = ("IN", "NOT IN")
COMPARES: Final[tuple[Operator, ...]] = ("<", "<=", ">", ">=")
EXISTS: Final[tuple[Operator, ...]] = ("EXISTS", "NOT EXISTS")

FORMATS: Final = (
    "jpg", "webp", "png", "gif", "svg", "avif", "pdf", "js", "woff2", "woff", "ttf", "otf",
    "eot", "css", "txt", "mp4", "webm", "mov", "swf", "ts", "m3u8", "ico",
)  # fmt: skip
TYPES: Final = ("file", "file-version", "folder")

# Parameters for JSON booleans, which SQLite reads as the numbers 1 and 0: a BLOB equals only another BLOB.
_BOOLEANS: Final = {True: b"\x01", False: b"\x00"}
_JSON_ITEM: Final = "CASE {0}.type WHEN 'true' THEN x'01' WHEN 'false' THEN x'00' ELSE {0}.value END"
_LAST_CODE_POINT: Final = "\U0010ffff"


class Sql(NamedTuple):
    """A part of SQL and the values of its question marks."""

    text: str
    parameters: tuple[Parameter, ...] = ()


class Field(Protocol):
    """A field with its allowed `operators`; `matches` takes the positive form of one of them."""

    @property
    def operators(self) -> tuple[Operator, ...]: ...
    def matches(self, operator: Positive, values: Sequence[Value]) -> Sql: ...


@dataclass(frozen=True)
class Scalar:
    """A field with one value or none.

    Attributes:
        value: SQL of the value, NULL if there is none.
        literal: Function that reads a literal into a value to compare with.
    """

    value: Sql
    literal: Callable[[Value], Parameter]
    operators: tuple[Operator, ...]

    def matches(self, operator: Positive, values: Sequence[Value]) -> Sql:
        parameters = tuple(self.literal(value) for value in values)
        if operator == "HAS":
            return has_words(self.count_words(values[0]), values[0])
        if operator == ":":
            return starts_with(self.value, values[0].text)
        if operator in ("=", "IN"):
            return is_one_of(self.value, parameters)
        return Sql(f"{self.value.text} {operator} ?", self.value.parameters + parameters)

    def count_words(self, value: Value) -> Sql:
        return Sql(f"ik_words_found({self.value.text}, ?)", (*self.value.parameters, value.text))


@dataclass(frozen=True)
class ListOf:
    """A field with any number of values.

    Attributes:
        items: SQL query with one column, `item`.
        literal: Function that reads a literal into a value to compare with.
    """

    items: Sql
    literal: Callable[[Value], Parameter]
    operators: tuple[Operator, ...]

    def matches(self, operator: Positive, values: Sequence[Value]) -> Sql:
        if operator == "HAS":
            return has_words(self.count_words(values[0]), values[0])
        if operator == "EXISTS":
            return Sql(f"EXISTS ({self.items.text})", self.items.parameters)
        listed = is_one_of(Sql("item"), tuple(self.literal(value) for value in values))
        return Sql(
            f"EXISTS (SELECT 1 FROM ({self.items.text}) WHERE {listed.text})",
            self.items.parameters + listed.parameters,
        )

    def count_words(self, value: Value) -> Sql:
        return Sql(
            f"(SELECT MAX(ik_words_found(item, ?)) FROM ({self.items.text}))",
            (value.text, *self.items.parameters),
        )


@dataclass(frozen=True)
class Identifier:
    """Ids of files, folders and versions."""

    operators: tuple[Operator, ...] = EQUALS + IN

    def matches(self, operator: Positive, values: Sequence[Value]) -> Sql:
        ids = tuple(value.text for value in values)
        by_id, by_version = is_one_of(Sql("a.id"), ids), is_one_of(Sql("a.version_id"), ids)
        return Sql(f"({by_id.text} OR {by_version.text})", by_id.parameters + by_version.parameters)


@dataclass(frozen=True)
class FolderPath:
    """The parent folder of the asset; ``:`` also matches everything in its subfolders."""

    operators: tuple[Operator, ...] = (*EQUALS, *IN, ":")

    def matches(self, operator: Positive, values: Sequence[Value]) -> Sql:
        paths = tuple(canonical_path(value.text) for value in values)
        held = is_one_of(Sql("a.path"), paths)
        if operator != ":":
            return held
        below = starts_with(Sql("a.path"), paths[0].rstrip("/") + "/")
        return Sql(f"({held.text} OR {below.text})", held.parameters + below.parameters)


@dataclass(frozen=True)
class Location:
    """A place, stored as the text ``latitude,longitude``."""

    value: Sql
    operators: tuple[Operator, ...] = ("=",)

    def matches(self, operator: Positive, values: Sequence[Value]) -> Sql:
        area = values[0]
        try:
            parse_area(area.text)
        except ValueError as exc:
            raise SearchSyntaxError(str(exc), area.position) from None
        return Sql(f"ik_is_within({self.value.text}, ?)", (*self.value.parameters, area.text))


@dataclass(frozen=True)
class SingleSelect:
    """A custom metadata field of texts, numbers and booleans; the operator must be valid for the literal."""

    name: str
    operators: tuple[Operator, ...] = (*EQUALS, *IN, ":", *COMPARES)

    def matches(self, operator: Positive, values: Sequence[Value]) -> Sql:
        if operator in COMPARES:
            return Scalar(json_number("custom_metadata", self.name), number, COMPARES).matches(operator, values)
        if operator == ":":
            if not isinstance(json_literal(values[0]), str):
                raise expected_error("a text after :", values[0])
            # Only texts: SQLite sorts the BLOB of a boolean after all texts, so it would match the prefix "".
            return Scalar(json_text("custom_metadata", self.name), _text, (":",)).matches(operator, values)
        return Scalar(json_any("custom_metadata", self.name), json_literal, self.operators).matches(operator, values)


def find_field(name: str, position: int, *, now: datetime, custom_fields: Mapping[str, str]) -> Field:
    """Return the field with this name in a query.

    Args:
        name: Name in the query, case-sensitive.
        position: Position of the name in the query, in characters.
        now: Time that relative times count back from.
        custom_fields: Type of each custom metadata field (``Text``, ``Number``, ...), by name.
    Raises:
        SearchSyntaxError: The field does not exist.
    """
    if found := _FIELDS.get(name):
        return found

    def time(value: Value) -> Parameter:
        return moment(value, now)

    if column := _TIMES.get(name):
        return Scalar(column, time, (*EQUALS, *IN, *COMPARES))
    prefix, _, custom = name.partition(".")
    if prefix != "customMetadata" or custom not in custom_fields:
        known = [*_FIELDS, *_TIMES, *(f"customMetadata.{field}" for field in custom_fields)]
        # Truncated, because finding a similar name takes seconds for thousands of characters.
        raise SearchSyntaxError(f"there is no field {name[:100]!r}{did_you_mean(name[:100], known)}", position)
    match custom_fields[custom]:
        case "Text" | "Textarea":
            return Scalar(json_text("custom_metadata", custom), _text, (*EQUALS, *IN, ":", "HAS"))
        case "Number":
            return Scalar(json_number("custom_metadata", custom), number, (*EQUALS, *IN, *COMPARES))
        case "Date":
            return Scalar(json_moment("custom_metadata", custom), time, (*EQUALS, *IN, *COMPARES))
        case "Boolean":
            return Scalar(json_any("custom_metadata", custom), _json_boolean, ("=",))
        case "SingleSelect":
            return SingleSelect(custom)
        case "MultiSelect":
            return ListOf(json_list("custom_metadata", custom), json_literal, IN)
        case unknown:
            raise ValueError(f"custom metadata field {custom!r} has the unknown type {unknown!r}")


def is_one_of(value: Sql, parameters: tuple[Parameter, ...]) -> Sql:
    """Return SQL that is true if `value` equals one of `parameters`, and false if there are none."""
    marks = ", ".join("?" * len(parameters))
    return Sql(f"{value.text} IN ({marks})", value.parameters + parameters)


def starts_with(value: Sql, prefix: str) -> Sql:
    """Return SQL that is true if `value` starts with `prefix`: a range, which can use an index."""
    low = Sql(f"{value.text} >= ?", (*value.parameters, prefix))
    stem = prefix.rstrip(_LAST_CODE_POINT)
    if not stem:
        return low
    return Sql(
        f"({low.text} AND {value.text} < ?)",
        (*low.parameters, *value.parameters, stem[:-1] + _next(stem[-1])),
    )


def has_words(found: Sql, value: Value) -> Sql:
    """Return SQL that is true if `found` is the number of all words in `value`, which may be 0."""
    return Sql(f"{found.text} = ?", (*found.parameters, len(split_once(value.text))))


def json_literal(value: Value) -> Parameter:
    """Return a literal to compare with `json_any`: a number or a boolean if it has no quotes, otherwise a text."""
    if value.quoted:
        return value.text
    if value.text.lower() in ("true", "false"):
        return _json_boolean(value)
    plain = as_number(value)
    return value.text if plain is None else plain


def json_text(column: str, key: str) -> Sql:
    """Return SQL of the text under `key` in the JSON object of `column`; NULL if there is none."""
    return Sql(f"(SELECT j.value FROM json_each(a.{column}) AS j WHERE j.key = ? AND j.type = 'text')", (key,))


def json_number(column: str, key: str) -> Sql:
    """Return SQL of the number under `key`; NULL if there is none."""
    is_number = "j.type IN ('integer', 'real')"
    return Sql(f"(SELECT j.value FROM json_each(a.{column}) AS j WHERE j.key = ? AND {is_number})", (key,))


def json_any(column: str, key: str) -> Sql:
    """Return SQL of the text, number or boolean (as a BLOB, see `_BOOLEANS`) under `key`."""
    return Sql(f"(SELECT {_JSON_ITEM.format('j')} FROM json_each(a.{column}) AS j WHERE j.key = ?)", (key,))


def json_moment(column: str, key: str) -> Sql:
    """Return SQL of the ISO 8601 date under `key`, as Unix seconds."""
    text = json_text(column, key)
    return Sql(f"ik_moment({text.text})", text.parameters)


def json_list(column: str, key: str) -> Sql:
    """Return a query for the items of the array under `key`; a single value counts as an array of one."""
    array = "CASE j.type WHEN 'array' THEN j.value ELSE json_array(j.value) END"
    return Sql(
        f"SELECT {_JSON_ITEM.format('i')} AS item FROM json_each(a.{column}) AS j, json_each({array}) AS i"
        " WHERE j.key = ? AND i.type <> 'null'",
        (key,),
    )


def _next(character: str) -> str:
    # Texts do not contain the surrogates between U+D7FF and U+E000.
    return "\ue000" if character == "\ud7ff" else chr(ord(character) + 1)


def _text(value: Value) -> str:
    return value.text


def _json_boolean(value: Value) -> bytes:
    return _BOOLEANS[boolean(value)]


def _one_of(words: Iterable[str]) -> Callable[[Value], str]:
    known = tuple(words)

    def read(value: Value) -> str:
        if value.text not in known:
            raise expected_error(f"one of {', '.join(known)}", value)
        return value.text

    return read


def _format(value: Value) -> str:
    read = _one_of((*FORMATS, "jpeg"))(value)
    return "jpg" if read == "jpeg" else read


_TAGS: Final = Sql(
    "SELECT value AS item FROM json_each(a.tags)"
    " UNION ALL SELECT json_extract(value, '$.name') FROM json_each(a.ai_tags)"
)
_TIMES: Final = {
    "createdAt": Sql("a.created_at"),
    "updatedAt": Sql("a.updated_at"),
    "embeddedMetadata.DateTimeOriginal": json_moment("embedded_metadata", "DateTimeOriginal"),
}
_FIELDS: Final[Mapping[str, Field]] = {
    "name": Scalar(Sql("a.name"), _text, (*EQUALS, *IN, ":", "HAS")),
    "tags": ListOf(_TAGS, _text, ("=", *IN, "HAS", *EXISTS)),
    "type": Scalar(Sql("a.kind"), _one_of(TYPES), EQUALS + IN),
    "id": Identifier(),
    "height": Scalar(Sql("a.height"), number, (*EQUALS, *IN, *COMPARES)),
    "width": Scalar(Sql("a.width"), number, (*EQUALS, *IN, *COMPARES)),
    "size": Scalar(Sql("a.size"), size_bytes, (*EQUALS, *IN, *COMPARES)),
    "videoDuration": Scalar(Sql("a.duration"), duration_seconds, (*EQUALS, *IN, *COMPARES)),
    "format": Scalar(Sql("a.format"), _format, ("=", "IN")),
    "private": Scalar(Sql("a.is_private"), boolean, ("=",)),
    "published": Scalar(Sql("a.is_published"), boolean, ("=",)),
    "transparency": Scalar(Sql("a.has_alpha"), boolean, ("=",)),
    "createdBy": Scalar(Sql("a.created_by"), _text, EQUALS + IN),
    "path": FolderPath(),
    "embeddedMetadata.LocationTaken": Location(json_text("embedded_metadata", "LocationTaken")),
    "embeddedMetadata.Keywords": ListOf(json_list("embedded_metadata", "Keywords"), _text, IN + EXISTS),
}
