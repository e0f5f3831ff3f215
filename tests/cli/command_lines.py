"""Reads command lines of a shell, to check that the examples in help and documentation are valid."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def read_command_lines(example: str) -> Iterator[list[str]]:
    """Yield the arguments of each `imagekit` in a command line of a shell, whatever else it contains."""
    example = example.replace("\\\n", " ")
    for inner in re.findall(r"\$\(imagekit ([^)]*)\)", example):
        yield shlex.split(inner)
    lexer = shlex.shlex(re.sub(r"\$\([^)]*\)", "", example), posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    words: list[str] = []
    for token in [*lexer, "|"]:
        if re.fullmatch(r"[|&;]+", token):
            if "imagekit" in words:
                placeholder = ["/a.jpg"] if "xargs" in words else []
                yield [*words[words.index("imagekit") + 1 :], *placeholder]
            words = []
        elif words and re.fullmatch(r"[<>]+", words[-1]):
            words.pop()  # what is redirected, and to where
        else:
            words.append(token)
