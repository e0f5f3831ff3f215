"""Write tags. Attribute values are escaped here, so templates must not escape the result again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING

from ..urls.quoting import check_text
from ..urls.transformations.values import write_scalar

if TYPE_CHECKING:
    from collections.abc import Collection

# Source: HTML standard, section 13.1.2.3, "Attributes"; parsers report `<` as an error too.
_ATTRIBUTE_NAME = re.compile(r"""[^\s"'<>/=\x00-\x1f\x7f-\x9f]+""")


class Markup(str):
    """HTML, as a str that templates insert without escaping it.

    Jinja2, Django and Mako look for the method `__html__` before they escape a value. The result of `+`, `%`, `format`
    or slicing is a plain str, which they escape.
    """

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


def write_tag(name: str, attributes: Mapping[str, object]) -> str:
    """Return a start tag. None and False leave an attribute out, True writes its name without a value.

    Raises:
        TypeError, ValueError: A value is not text, a number or a bool.
    """
    written = [name]
    for attribute, value in attributes.items():
        if value is True:
            written.append(attribute)
        elif value is not None and value is not False:
            written.append(f'{attribute}="{escape(write_scalar(attribute, value))}"')
    return f"<{' '.join(written)}>"


def check_attributes(attributes: object, *, reserved: Collection[str]) -> dict[str, object]:
    """Return the attributes that the caller adds to a tag.

    Args:
        attributes: The caller's dict, or None.
        reserved: Names, in lower case, that the tag already has.
    Raises:
        TypeError: `attributes` is not a dict, or a name is not a str.
        ValueError: A name is not valid in HTML, is reserved, or occurs twice; names are case-insensitive.
    """
    if attributes is None:
        return {}
    if not isinstance(attributes, Mapping):
        raise TypeError(f"attributes must be a dict such as {{'id': 'hero'}} (got {type(attributes).__name__})")
    seen = set[str]()
    for name in attributes:
        if not _ATTRIBUTE_NAME.fullmatch(check_text("a name in attributes", name)):
            raise ValueError(f"attributes must have names that HTML allows, such as 'data-id' (got {name!r})")
        lower = name.lower()
        if lower in reserved:
            raise ValueError(f"attributes must not contain {name!r}: pass it as a separate argument")
        if lower in seen:
            raise ValueError(f"attributes must not contain {name!r} twice, in upper and lower case")
        seen.add(lower)
    return dict(attributes)
