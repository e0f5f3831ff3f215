"""The values and parameters of headers such as Content-Disposition and Content-Type.

Sources: RFC 9110, section 5.6, for quoted strings; RFC 8187 for parameters in another character set; RFC 7578 for
multipart forms. python-multipart's `parse_options_header` drops every parameter with a ``*``, although clients send
them, and splits values after an escaped backslash.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

# Quoted or unquoted text. At each position only one alternative can match, so there is no backtracking.
_TOKEN = re.compile(r'"((?:[^"\\]+|\\.?)*)"?|([^"]+)', re.DOTALL)
_ESCAPE = re.compile(r"\\(.?)", re.DOTALL)
_CHARSETS = ("utf-8", "iso-8859-1")  # the only ones that RFC 8187 and its predecessor RFC 5987 ever required


def read_header(text: str) -> tuple[str, dict[str, str]]:
    """Return the value of a header and its parameters by name; the value and the names are in lower case.

    ``form-data; name="a\\"b"`` has the value ``form-data`` and the parameter ``a"b``. Parameters of RFC 8187 keep the
    ``*`` of their names; see `parameter`. It reads each character once.
    """
    value, *parameters = _split(text)
    pairs = (parameter.partition("=") for parameter in parameters)
    return value.lower(), {name.lower(): given for name, _, given in pairs}


def parameter(parameters: dict[str, str], name: str) -> str | None:
    """Return the parameter `name`, or else the decoded value of ``name*``, if its character set is known."""
    if name in parameters:
        return parameters[name]
    charset, _, language_and_value = parameters.get(f"{name}*", "").partition("'")
    _, mark, encoded = language_and_value.partition("'")
    return unquote(encoded, charset) if mark and charset.lower() in _CHARSETS else None


def _split(text: str) -> list[str]:
    """Split at semicolons outside quotes; resolve quotes and escapes, and drop blanks outside quotes."""
    pieces: list[list[str]] = [[]]
    for quoted, plain in _TOKEN.findall(text):
        if quoted:
            pieces[-1].append(_ESCAPE.sub(r"\1", quoted) if "\\" in quoted else quoted)
        else:
            end, *others = plain.split(";")
            pieces[-1] += end.split()
            pieces += map(str.split, others)
    return ["".join(piece) for piece in pieces]
