"""Rewords the library's messages about wrong arguments, which name types of Python, for the command line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...models.spelling import to_camel_case

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# What a message got: the type of a value, or the value.
_GOT = {
    "False": "false",
    "None": "null",
    "NoneType": "null",
    "True": "true",
    "bool": "true or false",
    "bytes": "bytes",
    "dict": "an object",
    "float": "a number",
    "int": "a whole number",
    "list": "a list",
    "str": "text",
}
# Longer phrases come first.
_WORDINGS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"(?<=is missing): pass .*"), ""),
    (re.compile(r", or None for no expiry"), ""),
    (re.compile(r"^[A-Z]\w+: (?='\w+' is given in two spellings)"), ""),
    (re.compile(r"\boptions must be [A-Z]\w+, a dict or None\b"), "must be an object"),
    (re.compile(r"\ba str, a bool or an int\b"), "text, a whole number, true or false"),
    (re.compile(r"\ba query built with imagekitio\.search\.Q, or a str\b"), "a query"),
    (re.compile(r"\ba str, or a file as listed or uploaded\b"), "text"),
    (re.compile(r"\ba list of IDs or files\b"), "a list of ids"),
    (re.compile(r"\ba list of str\b"), "a list of texts"),
    (re.compile(r"\ba list of dicts\b"), "a list of objects"),
    (re.compile(r"\((\d+), (\d+), (\d+), (\d+)\) or '[\d,]+'"), r"\1,\2,\3,\4"),
    (re.compile(r"\ba dict such as \{'(\w+)': (\w+)\}"), r'an object such as {"\1": \2}'),
    (re.compile(r"\{'name': '([\w-]+)'\}"), r'{"name": "\1"}'),
    (re.compile(r"\ba dict\b"), "an object"),
    (re.compile(r"\ba str\b"), "text"),
    (re.compile(r"\ban int\b"), "a whole number"),
    (re.compile(r"\bTrue or False\b"), "true or false"),
    (re.compile(rf"(?<=\(got )(?:{'|'.join(_GOT)})(?=\))"), lambda match: _GOT[match[0]]),
)
_UNKNOWN_OPTION = re.compile(
    r"(?:(?P<owner>[a-z]\w*) )?(?P<options>[A-Z]\w+) has no option (?P<name>.+?)"
    r"(?P<known>; (?:expected one of|did you mean) .*)"
)
_SUGGESTED = re.compile(r"(?<=; expected one of ).*|(?<=; did you mean ')\w+")


def word_error(message: str, names: Mapping[str, str] | None = None) -> str:
    """Return the message of a TypeError or a ValueError of the library, worded for a command line.

    Args:
        message: The message.
        names: Names of the parameters on this command line, by their names in Python: ``--folder`` for an option,
            ``folderName`` for a member of a JSON object. Without them, names stay unchanged.
    """
    text = message if names is None else _rename(message, names)
    for pattern, replacement in _WORDINGS:
        text = pattern.sub(replacement, text)
    return text


def _rename(message: str, names: Mapping[str, str]) -> str:
    if unknown := _UNKNOWN_OPTION.fullmatch(message):
        owner, name, known = unknown["owner"], unknown["name"], unknown["known"]
        typed = names.get(name.strip("'"), "")
        is_option = typed.startswith("--")
        whose = f"{names.get(owner, owner)} has no option" if owner else "there is no option"
        suffix = " for this type" if unknown["options"].endswith("Origin") else ""  # there is a class for each type
        return f"{whose} {typed if is_option else name}{suffix}{_rename_suggested(known, names if is_option else {})}"
    text = _rename_suggested(message, {})
    for name, shown in names.items():
        # A single word may be prose, unless it is the subject of the message.
        place = r"(?<![\w'\"-])" if "_" in name else r"^(?:every entry of )?"
        text = re.sub(rf"{place}{re.escape(name)}\b", shown.replace("\\", r"\\"), text)
    return text


def _rename_suggested(text: str, names: Mapping[str, str]) -> str:
    def rename(match: re.Match[str]) -> str:
        return re.sub(r"\w+", lambda name: names.get(name[0], to_camel_case(name[0])), match[0])

    return _SUGGESTED.sub(rename, text)
