"""``imagekit token``: tokens for uploads from browsers."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import click

from ...models.spelling import to_snake_case
from ..base.arguments import read_json_or_text, read_pairs
from ..base.command import Command
from ..base.failures import USAGE, Failure
from ..base.session import Session, pass_session
from ..base.wording import word_error
from ..urls.expiries import expires_option

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..urls.expiries import Expiry


def _read_options(_context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]) -> dict[str, Any]:
    pairs = read_pairs(values, "NAME=VALUE, such as folder=/users/42")
    return {name: read_json_or_text(text, (bool, str, list, dict)) for name, text in pairs.items()}  # none is a number


@click.command(
    "token",
    cls=Command,
    examples=[
        ("imagekit token --json", "a token for any upload, as an endpoint of yours would answer"),
        ("imagekit token --v2 me.jpg -o folder=/users/42 -o useUniqueFileName=false", "a token for one file"),
        ('imagekit token --v2 me.jpg -o \'checks="file.size" < "5mb"\'', "... that may have 5 MB at most"),
    ],
)
@click.option("--v2", "file_name", metavar="FILE_NAME", help="Make a token of version 2, for a file of this name.")
@click.option(
    "-o",
    "--option",
    "options",
    multiple=True,
    metavar="NAME=VALUE",
    callback=_read_options,
    help="Option of the upload that the token of version 2 fixes; may be repeated.",
)
@expires_option("When the token expires: less than an hour ahead, such as 10m; 30m by default.")
@pass_session
def command(session: Session, file_name: str | None, options: dict[str, Any], expires: Expiry | None) -> None:
    """Make a token with which a browser may upload one file, without your private key.

    A token of version 1 signs itself and its expiry: whoever has it chooses the name, the folder and all options. One
    of version 2 also fixes the name of the file and the options, so that the browser can change nothing but the
    content. Either works once. Nothing is sent.
    """
    if file_name is None:
        if options:
            raise click.UsageError("--option needs --v2 FILE_NAME: a token of version 1 fixes no options")
        _print_v1(session, expires)
    else:
        _print_v2(session, file_name, options, expires)


def _print_v1(session: Session, expires: Expiry | None) -> None:
    client = session.client
    with warnings.catch_warnings():
        # The library warns of an expiry that the service refuses; a token that does not work helps nobody here.
        warnings.simplefilter("error", UserWarning)
        try:
            made = client.get_authentication_parameters(expire=expires)
        except UserWarning as exc:
            raise Failure(f"--expires: {exc}", USAGE) from exc
    public_key = {"publicKey": client.public_key} if client.public_key else {}
    if not public_key:
        session.output.warn("the upload needs the public key too, and there is none: set IMAGEKIT_PUBLIC_KEY")
    session.output.print_details({**made, **public_key})
    session.output.note(
        "Post these fields with 'file' and 'fileName' to /api/v1/files/upload. The signature proves token and expire."
    )


def _print_v2(session: Session, file_name: str, options: Mapping[str, Any], expires: Expiry | None) -> None:
    try:
        made = session.client.get_upload_token(file_name, options, expire=expires)
    except (TypeError, ValueError) as exc:
        names = {**{to_snake_case(name): name for name in options}, "file_name": "--v2", "expire": "--expires"}
        raise click.UsageError(word_error(str(exc), names)) from exc
    session.output.print_details({"url": made["url"], "expire": made["expire"], "fields": made["fields"]})
    session.output.note("Post 'fields' and 'file' to 'url'; the token signs the other fields and the expiry.")
