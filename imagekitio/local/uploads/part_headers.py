"""The values of headers such as Content-Disposition and Content-Type, and the parameters behind them.

Sources: RFC 9110, section 5.6, for quoted strings; RFC 8187 for parameters in another character set; RFC 7578 for
multipart forms. python-multipart's `parse_options_header` drops every parameter with a ``*``, though clients write
them, and splits values after an escaped backslash.
"""

from __future__ import annotations

from urllib.parse import unquote

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
    is_quoted = False
    characters = iter(text)
    for character in characters:
        if character == '"':
            is_quoted = not is_quoted
        elif character == "\\" and is_quoted:
            pieces[-1].append(next(characters, ""))
        elif character == ";" and not is_quoted:
            pieces.append([])
        elif is_quoted or not character.isspace():
            pieces[-1].append(character)
    return ["".join(piece) for piece in pieces]
