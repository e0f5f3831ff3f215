"""Check the names and values of transformations against those that the service documents, for strict clients.

Mistakes for which ImageKit would return an error, or that it would ignore, become a ValueError that says what is valid.
Ranges of numbers, and text with its own syntax, such as colours and gradients, are left to the service.
"""

from __future__ import annotations

import re

from ...suggestions import did_you_mean, find_nearest
from .allowed import ALLOWED, ALLOWED_IN_OVERLAYS, OPERATORS, VARIABLES, Allowed
from .names import KEYWORDS, KNOWN_NAMES

_NUMBER = re.compile(r"(?P<sign>[N-])?(\d+(\.\d*)?|\.\d+)", re.ASCII)
_OTHERS = {
    "numbers": ("a number",),
    "expressions": ("a number", "an expression such as 'iw_div_2'"),
    "any": ("text", "a number"),
}


def check_item(name: str, value: object) -> None:
    """Check one item of a step.

    Raises:
        ValueError: No release knows the name, or the service does not accept the value.
    """
    if name not in KNOWN_NAMES:
        raise ValueError(f"unknown transformation {name!r}{did_you_mean(name, KNOWN_NAMES)}")
    if name not in KEYWORDS:
        _check_value(name, value, ALLOWED[name])


def check_overlay_value(name: str, value: object) -> None:
    """Check a value of an overlay; `name` is a key of `ALLOWED_IN_OVERLAYS`.

    Raises:
        ValueError: The service does not accept the value.
    """
    _check_value(f"{name} of an overlay", value, ALLOWED_IN_OVERLAYS[name])


def _check_value(name: str, value: object, allowed: Allowed) -> None:
    if value is None or value == "":
        return
    members = value if isinstance(value, (list, tuple)) and allowed.is_joined else [value]
    for member in members:
        if not _is_allowed(member, allowed):
            raise ValueError(f"{name} must be {_describe(allowed)} (got {value!r}){_suggest(value, allowed)}")


def _is_allowed(value: object, allowed: Allowed) -> bool:
    if isinstance(value, bool):
        return allowed.is_switch
    if isinstance(value, (list, tuple)):
        return False
    if not isinstance(value, str):
        return allowed.others != "none"
    text = str.__str__(value)  # str() would return the name of a text enum's member
    if allowed.others == "any" or _is_word(text, allowed):
        return True
    return allowed.is_joined and all(_is_word(part, allowed) for part in text.split("_"))


def _is_word(text: str, allowed: Allowed) -> bool:
    if text in allowed.listed:
        return True
    if allowed.others == "expressions":
        return _is_expression(text)
    return allowed.others == "numbers" and _NUMBER.fullmatch(text) is not None


def _is_expression(text: str) -> bool:
    """Return whether text is a number, or arithmetic such as ``iw_div_2_add_10``, in which numbers have no sign."""
    if _NUMBER.fullmatch(text):
        return True
    words = text.split("_")
    return len(words) % 2 == 1 and OPERATORS.issuperset(words[1::2]) and all(map(_is_operand, words[::2]))


def _is_operand(word: str) -> bool:
    number = _NUMBER.fullmatch(word)
    return word in VARIABLES or (number is not None and not number["sign"])


def _describe(allowed: Allowed) -> str:
    choices = ["True", "False"] if allowed.is_switch else []
    if allowed.others != "any":  # otherwise the list is long, and every str is accepted
        choices += [repr(word) for word in allowed.listed if not (allowed.is_switch and word in ("true", "false"))]
    if allowed.others != "none":
        choices += _OTHERS[allowed.others]
    *others, last = choices
    described = f"{', '.join(others)} or {last}" if others else last
    return f"{described}, or several of them joined with _" if allowed.is_joined else described


def _suggest(value: object, allowed: Allowed) -> str:
    nearest = find_nearest(value, allowed.listed) if isinstance(value, str) else None
    return "" if nearest is None else f"; did you mean {nearest!r}?"
