"""Named transformations: transformations that URLs refer to by a name, ``tr:n-card_small``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypedDict

from ...urls.quoting import quote_component
from ...urls.transformations.steps import write_steps
from ..options import UNSET, Options, Unset, encode_flag, encode_str, option
from ..result import ALWAYS, ListResult, Result

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...urls.transformations.types import Transformation


@dataclass(frozen=True, kw_only=True, repr=False)
class NamedTransformationResult(Result):
    """A named transformation.

    Attributes:
        id: ID of the named transformation.
        name: Name in URLs: ``url(transformation=[{"named": …}])``.
        transformation: The steps as in a URL, without ``tr:``.
        enabled: Whether it can be used; if not, URLs that name it are refused.
        created_at: Timestamp in ISO 8601.
    """

    id: str = ALWAYS
    name: str = ALWAYS
    transformation: str = ALWAYS
    enabled: bool = ALWAYS
    created_at: str = ALWAYS


@dataclass(frozen=True, kw_only=True, repr=False)
class ListNamedTransformationsResult(ListResult[NamedTransformationResult]):
    """The named transformations of the account."""

    @classmethod
    def _decode_item(cls, data: Any) -> NamedTransformationResult:
        return NamedTransformationResult.from_json(data)


def _encode_name(value: object) -> str:
    name = encode_str(value)
    if not re.fullmatch("[A-Za-z0-9_]+", name):  # other characters have a meaning in a URL
        raise ValueError(f"must consist of letters, digits and underscores (got {name!r})")
    return name


class NamedTransformationKeywords(TypedDict, total=False):
    """The options of `create_named_transformation` and `update_named_transformation` as keywords."""

    name: str
    transformation: str | Transformation | Sequence[Transformation]
    enabled: bool | None


@dataclass(repr=False)
class NamedTransformationRequestOptions(Options):
    """Options of `create_named_transformation` and `update_named_transformation`.

    In an update, options that are not set stay unchanged.

    Attributes:
        name: Name in URLs: letters, digits and underscores; required for a new one.
        transformation: Steps as `url` takes them, ``[{"width": 320, "height": 200}]``, or as in a URL, ``w-320,h-200``,
            with or without a leading ``tr:``; required for a new one.
        enabled: Whether it can be used (default True).
    """

    name: str | Unset = field(default=UNSET, metadata=option(encode=_encode_name))
    transformation: str | Transformation | Sequence[Transformation] | Unset = UNSET
    enabled: bool | Unset | None = field(default=UNSET, metadata=option(encode=encode_flag))

    # Encoded here and not by an `encode` of the field: the messages of `write_steps` already name the transformation.
    def to_json(self) -> dict[str, Any]:
        found = super().to_json()
        given = found.get("transformation")
        if given is None:
            return found
        if isinstance(given, str):
            text = given.strip().removeprefix("tr:")
        elif not isinstance(given, (list, tuple, Mapping)):
            wanted = "a list of dicts, one for each step, or text such as 'w-300,h-200'"
            raise TypeError(f"transformation must be {wanted} (got {given!r})")
        else:
            # Encoded as in a path, so that commas and colons in the text of layers do not end it.
            text = write_steps(given, quote=quote_component)
        if not text:
            raise ValueError(f"transformation must not be empty (got {given!r})")
        return {**found, "transformation": text}
