"""``imagekit explain``: explain URLs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import click

from ..base.command import Command
from ..base.session import Session, pass_session
from ..base.tables import Column

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ...urls.explaining import UrlExplanation
    from ...urls.transformations.words import ExplainedItem

_UNCHECKED = "not checked, since there is no private key"


class _Line(NamedTuple):
    """An item of a step, indented if it is inside a layer or a condition."""

    step: str
    depth: int
    item: ExplainedItem


_TABLE = (
    Column("step", lambda line: line.step, align="right"),
    Column("code", lambda line: "  " * line.depth + line.item.code, keep=True),
    Column("value", lambda line: "" if line.item.value == "-" else line.item.value, keep=True),
    Column("meaning", lambda line: "  " * line.depth + line.item.words, wraps=True),
)


@click.command(
    "explain",
    cls=Command,
    examples=[
        ("imagekit explain https://ik.imagekit.io/acme/tr:w-300:rt-90/a.jpg", "explain the steps"),
        ("imagekit explain 'https://ik.imagekit.io/acme/a.jpg?ik-s=…'", "explain why a signature is not valid"),
    ],
)
@click.argument("url")
@pass_session
def command(session: Session, url: str) -> None:
    """Explain a URL: its endpoint, file, steps, query and expiry, and why its signature is valid or not.

    Quote the URL, since & is special in the shell. Nothing is sent, and the explanation contains no signature, so you
    can share it. Without a private key, the signature is not checked.
    """
    has_key = session.account.get("private_key") is not None
    explained = session.make_url_builder(has_key=has_key).explain_url(url)
    output = session.output
    if output.as_json:
        output.print_record(_make_record(explained, has_key=has_key))
        return
    hint = "" if explained.is_under_endpoint else f" (yours is {explained.expected_endpoint})"
    output.print_details({}, [("endpoint", explained.endpoint + hint), ("file", explained.path)])
    output.print_rows(_list_steps(explained.steps), _TABLE)
    output.print_details({}, [*_list_rest(explained, has_key=has_key)])


def _list_steps(steps: Sequence[Sequence[ExplainedItem]]) -> Iterator[_Line]:
    for number, step in enumerate(steps, start=1):
        for position, item in enumerate(step):
            yield _Line("" if position else str(number), 0, item)
            yield from _list_inner(item, 1)


def _list_inner(item: ExplainedItem, depth: int) -> Iterator[_Line]:
    for step in item.steps:
        for inner in step:
            yield _Line("", depth, inner)
            yield from _list_inner(inner, depth + 1)


def _list_rest(explained: UrlExplanation, *, has_key: bool) -> Iterator[tuple[str, str | None]]:
    for name, value, words in explained.parameters:
        yield "query", f"{name}={value}: {words}"
    yield "expiry", explained.expiry
    signature = explained.signature
    if not _is_checked(explained, has_key=has_key):
        yield "signature", _UNCHECKED
        yield "to sign", signature.string_to_sign
        return
    yield "signature", signature.reason
    for cause in signature.causes:
        yield "cause", cause
    if signature.difference is not None:
        yield "signed", signature.signed_string
    yield "to sign", signature.string_to_sign


def _is_checked(explained: UrlExplanation, *, has_key: bool) -> bool:
    """Return whether the signature was checked; some results need no key."""
    return has_key or explained.signature.status in ("unsigned", "other endpoint")


def _make_record(explained: UrlExplanation, *, has_key: bool) -> dict[str, Any]:
    signature, is_checked = explained.signature, _is_checked(explained, has_key=has_key)
    return {
        "endpoint": explained.endpoint,
        "expectedEndpoint": explained.expected_endpoint,
        "path": explained.path,
        "steps": [[*map(_make_item, step)] for step in explained.steps],
        "parameters": [{"name": name, "value": value, "words": words} for name, value, words in explained.parameters],
        "expiresAt": explained.expires_at,
        "expiry": explained.expiry,
        "signature": {
            "status": signature.status if is_checked else "unchecked",
            "reason": signature.reason if is_checked else _UNCHECKED,
            "causes": list(signature.causes),
            "stringToSign": signature.string_to_sign,
            "signedString": signature.signed_string,
        },
    }


def _make_item(item: ExplainedItem) -> dict[str, Any]:
    record: dict[str, Any] = {
        "code": item.code,
        "name": item.name,
        "value": item.value,
        "words": item.words,
        "isKnown": item.is_known,
    }
    return {**record, "steps": [[*map(_make_item, step)] for step in item.steps]} if item.steps else record
