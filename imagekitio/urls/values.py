"""Writes the items of a transformation step: `width` with the value 300 becomes ``w-300``."""

from __future__ import annotations

from collections.abc import Mapping

from .transformation_names import CODES, FLAGS, FLAGS_WITH_OPTIONAL_VALUE, PATHS


def write_item(name: str, value: object) -> str:
    """Return one item of a step, or an empty string if the value means that there is none.

    Raises:
        TypeError, ValueError: The value has a type that cannot be written, or is not a finite number.
    """
    if name == "raw":
        if value is not None and not isinstance(value, str):
            raise TypeError(f"raw must be text such as 'w-300,h-200' (got {type(value).__name__})")
        return (value or "").strip()
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
    """Return a value as it stands in a URL: True as ``true``, -40 as ``N40``, a list joined with ``_``."""
    if isinstance(value, str):
        return str.__str__(value)  # str() would return the name of a text enum's member
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(int(value)) if value >= 0 else f"N{-int(value)}"
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            raise ValueError(f"{name} must be a finite number (got {value})")
        return str(value) if value >= 0 else f"N{-value}"
    if isinstance(value, (list, tuple)):
        return "_".join([write_value(name, member) for member in value])
    if isinstance(value, (Mapping, bytes, bytearray, set, frozenset)):
        raise TypeError(f"{name} must be text, a number, a boolean or a list of them (got {type(value).__name__})")
    return str(value)
