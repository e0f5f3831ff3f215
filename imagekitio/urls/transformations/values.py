"""Write the items of a transformation step: `width` with the value 300 becomes ``w-300``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .names import CODES, FLAGS, FLAGS_WITH_OPTIONAL_VALUE, PATHS


def write_item(name: str, value: object) -> str:
    """Return one item of a step, or an empty string if the value leaves it out.

    Raises:
        TypeError, ValueError: The value has a type that cannot be written, or is not a finite number.
    """
    if name == "raw":
        if value is not None and not isinstance(value, str):
            raise TypeError(f"raw must be text such as 'w-300,h-200' (got {type(value).__name__})")
        return value if value and not value.isspace() else ""  # unchanged, including blanks
    code = CODES.get(name, name)
    if value is None:
        return ""  # unset; release 4.x wrote `w-None`, which the service refuses
    if value == "-":
        return code
    if name in FLAGS:
        return code if value is True or value == "true" else ""
    if name in FLAGS_WITH_OPTIONAL_VALUE:
        if value is False:
            return ""
        if value is True or (isinstance(value, str) and value.strip() in ("", "true")):
            return code
    if name in PATHS:
        if not isinstance(value, str):
            raise TypeError(f"{name} must be a path inside the media library (got {type(value).__name__})")
        value = value.strip("/").replace("/", "@@")
    if name == "trim" and value == "":
        value = True
    text = write_value(name, value)
    return f"{code}-{text}" if text else ""


def write_value(name: str, value: object) -> str:
    """Return a value as it is written in a step: True as ``true``, -40 as ``N40``, a list joined with ``_``."""
    if isinstance(value, (list, tuple)):
        return "_".join([write_value(name, member) for member in value])
    text = write_scalar(name, value)
    return f"N{text[1:]}" if text.startswith("-") and not isinstance(value, str) else text


def write_scalar(name: str, value: object) -> str:
    """Return text, a boolean or a number as it is written in a URL.

    Numbers have one form everywhere: ``400`` for 400.0, at most six decimals, no zeros at the end, no exponent. Any
    other value, such as a `uuid.UUID`, is converted with `str`.

    Raises:
        TypeError: `value` is a collection or bytes; the message calls it `name`.
        ValueError: `value` is a number that is not finite.
    """
    if isinstance(value, str):
        return str.__str__(value)  # str() would return the name of a text enum's member
    if isinstance(value, bool):
        return "true" if value else "false"
    given: Any = value
    if hasattr(given, "__index__"):  # int and NumPy's whole numbers
        return str(int(given))
    if isinstance(value, (Mapping, bytes, bytearray, set, frozenset, list, tuple)):
        raise TypeError(f"{name} must be text, a number, a boolean or a list of them (got {type(value).__name__})")
    if hasattr(given, "__float__"):  # float, Decimal, Fraction and NumPy's numbers
        number = float(given)
        if number - number != 0:  # infinite, or not a number
            raise ValueError(f"{name} must be a finite number (got {value})")
        text = f"{number:.6f}".rstrip("0").rstrip(".")
        return "0" if text == "-0" else text
    return str(value)
