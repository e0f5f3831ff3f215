"""The values of headers such as Content-Disposition and Content-Type, and the parameters behind them.

Sources: RFC 9110, section 5.6, for quoted strings; RFC 8187 for parameters in another character set; RFC 7578 for
multipart forms. python-multipart's `parse_options_header` drops every parameter with a ``*``, though clients write
them, and splits values after an escaped backslash.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

# What is in quotes, or what is not. Wherever one alternative goes on, no other can: nothing backtracks.
_TOKEN = re.compile(r'"((?:[^"\\]+|\\.?)*)"?|([^"]+)', re.DOTALL)
_ESCAPE = re.compile(r"\\(.?)", re.DOTALL)
_CHARSETS = ("utf-8", "iso-8859-1")  # all that RFC 8187 and RFC 5987 before it ever asked for


def read_header(text: str) -> tuple[str, dict[str, str]]:
    """Return the value of a header and its parameters by name, value and names in lower case.

    ``form-data; name="a\\"b"`` has the value ``form-data`` and the parameter ``a"b``. Parameters of RFC 8187 keep the
    ``*`` of their names; see `parameter`. Each character is looked at once.
    """
    value, *parameters = _split(text)
    pairs = (parameter.partition("=") for parameter in parameters)
    return value.lower(), {name.lower(): given for name, _, given in pairs}


def parameter(parameters: dict[str, str], name: str) -> str | None:
    """Return the parameter `name`, or else what ``name*`` says in another character set, if it can be read."""
    if name in parameters:
        return parameters[name]
    charset, _, language_and_value = parameters.get(f"{name}*", "").partition("'")
    _, mark, encoded = language_and_value.partition("'")
    return unquote(encoded, charset) if mark and charset.lower() in _CHARSETS else None


def _split(text: str) -> list[str]:
    """Split at each semicolon outside quotes; quotes and escapes are resolved, blanks outside quotes dropped."""
    pieces: list[list[str]] = [[]]
    for quoted, plain in _TOKEN.findall(text):
        if quoted:
            pieces[-1].append(_ESCAPE.sub(r"\1", quoted) if "\\" in quoted else quoted)
        else:
            end, *others = plain.split(";")
            pieces[-1] += end.split()
            pieces += map(str.split, others)
    return ["".join(piece) for piece in pieces]
