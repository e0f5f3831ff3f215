"""Search queries from the options of a command line."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import click

from ...suggestions import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ...models.custom_metadata import CustomMetadataSchema
    from ...search import Query

_CONDITION = re.compile(r"\s*(?P<name>.+?)\s*(?P<operator><=|>=|!=|=|<|>)\s*(?P<value>.*?)\s*", re.DOTALL)
_SIZE = re.compile(
    r"(?P<bytes>[0-9]+) ?b?|(?P<number>[0-9]+(?:\.[0-9]+)?) ?(?P<unit>[kmg]i?b)", re.ASCII | re.IGNORECASE
)
_UNITS = {"kb": 10**3, "mb": 10**6, "gb": 10**9, "kib": 2**10, "mib": 2**20, "gib": 2**30}
_AGO = re.compile(r"[0-9]{1,9}[hdwmy]", re.ASCII)  # of the search language, which counts back from the service's clock
_OPERATOR = re.compile(r"[=:<>]|\b(?:IN|HAS|EXISTS)\b", re.IGNORECASE)
_FLAGS = {"true": True, "yes": True, "false": False, "no": False}


def has_operator(query: str) -> bool:
    """Return whether a query has one of the operators of the search language, without which it has no condition."""
    return _OPERATOR.search(query) is not None


def match_name(text: str) -> Query:
    """Return the condition of ``--name``: words of the name or, with ``*`` at the end, its beginning.

    Raises:
        click.BadParameter: There is a wildcard elsewhere, which the search language does not support.
    """
    from ...search import Q

    prefix = text.removesuffix("*")
    if re.search(r"[*?\[]", prefix):
        raise click.BadParameter(f"only one * at the end is allowed (got {text!r}); for patterns, use imagekit ls")
    return Q.name.startswith(prefix) if prefix != text else Q.name.has(text)


def read_size(text: str) -> int:
    """Return the bytes of a size: ``2mb`` in powers of 1000, as sizes are shown, and ``2MiB`` in powers of 1024.

    The units of the search language are all powers of 1024.

    Raises:
        ValueError: The text is not a size.
    """
    found = _SIZE.fullmatch(text)
    if found is None:
        raise ValueError(f"takes a number of bytes, or a size such as 10kb, 1.5mb or 2MiB (got {text!r})")
    if found["bytes"]:
        return int(found["bytes"])
    return int(Decimal(found["number"]) * _UNITS[found["unit"].lower()])


def read_moment(text: str) -> str | date:
    """Return a moment as `Q.updated_at` takes it.

    Args:
        text: An age, such as ``7d``; a day such as ``2026-12-01``, ``today`` or ``yesterday``, which stands for its
            beginning in UTC, as in the search language; or a moment, in UTC if it names no time zone.
    Raises:
        ValueError: The text is none of these.
    """
    if _AGO.fullmatch(text):
        return text
    try:
        if text in ("today", "yesterday"):
            return datetime.now(timezone.utc).date() - timedelta(days=text == "yesterday")
        if "T" not in text:
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text.removesuffix("Z") + ("+00:00" if text.endswith("Z") else ""))
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=timezone.utc)
    except ValueError:
        raise ValueError(
            f"takes an age (7d; units are h, d, w, m for months and y), a day (2026-12-01, today, yesterday) or a"
            f" moment (2026-12-01T12:00Z) (got {text!r})"
        ) from None


def match_metadata(text: str, schemas: Mapping[str, CustomMetadataSchema]) -> Query:
    """Return the condition of ``--where``, such as ``price>=20``.

    Args:
        text: Name of a custom metadata field, operator and value.
        schemas: Schemas of the account's fields, by name: their types decide how the value is read.
    Raises:
        click.BadParameter: The text is not a condition, there is no such field, or the value does not fit its type.
    """
    from ...search import Q

    found = _CONDITION.fullmatch(text)
    if found is None:
        raise click.BadParameter(f"must be a condition such as 'price>=20' or 'brand=acme' (got {text!r})")
    name, operator = found["name"], found["operator"]
    if name not in schemas:
        raise click.BadParameter(f"there is no custom metadata field {name!r}{did_you_mean(name, schemas)}")
    schema = schemas[name]
    field, value = Q.custom_metadata[name], _read_value(found["value"], name, schema)
    try:
        if schema.type in ("SingleSelect", "MultiSelect") and operator in ("=", "!="):
            return field.contains(value) if operator == "=" else ~field.contains(value)
        if schema.type == "Boolean" and operator == "!=":  # which the service does not support for booleans
            return field == (not value)
        return _compare(field, operator, value)
    except (TypeError, ValueError) as exc:
        raise click.BadParameter(f"{text}: {exc}") from exc


def join_conditions(query: str, conditions: Iterable[Query]) -> str:
    """Join a query and conditions into one query that requires all of them; empty if there are none."""
    texts = [query.strip(), *(str(condition) for condition in conditions)]
    given = [text for text in texts if text]
    return given[0] if len(given) == 1 else " AND ".join(f"({text})" for text in given)


def _compare(field: Any, operator: str, value: Any) -> Query:
    compared: Query
    if operator == "=":
        compared = field == value
    elif operator == "!=":
        compared = field != value
    elif operator == "<":
        compared = field < value
    elif operator == "<=":
        compared = field <= value
    elif operator == ">":
        compared = field > value
    else:
        compared = field >= value
    return compared


def _read_value(text: str, name: str, schema: CustomMetadataSchema) -> Any:
    """Return a value with the type of its field."""
    if schema.type == "Number":
        try:
            return Decimal(text)
        except InvalidOperation:
            raise click.BadParameter(f"{name} must be a number (got {text!r})") from None
    if schema.type == "Boolean":
        if text.lower() not in _FLAGS:
            raise click.BadParameter(f"{name} must be true or false (got {text!r})")
        return _FLAGS[text.lower()]
    if schema.type in ("SingleSelect", "MultiSelect"):
        # Options are texts, numbers or bools; a command line knows only their texts.
        return next((option for option in schema.select_options or () if _to_text(option) == text), text)
    return text


def _to_text(option: object) -> str:
    return str(option).lower() if isinstance(option, bool) else str(option)
