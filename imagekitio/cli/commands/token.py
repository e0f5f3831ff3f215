"""``imagekit token``: create tokens for uploads from browsers."""

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
    return {
        name: read_json_or_text(text, (bool, str, list, dict)) for name, text in pairs.items()
    }  # no option is a number


@click.command(
    "token",
    cls=Command,
    examples=[
        ("imagekit token --json", "create a token for any upload, as your server would send it to a browser"),
        ("imagekit token --v2 me.jpg -o folder=/users/42 -o useUniqueFileName=false", "create a token for one file"),
        ('imagekit token --v2 me.jpg -o \'checks="file.size" < "5mb"\'', "limit the size of the file"),
    ],
)
@click.option("--v2", "file_name", metavar="FILE_NAME", help="Create a version 2 token, for a file with this name.")
@click.option(
    "-o",
    "--option",
    "options",
    multiple=True,
    metavar="NAME=VALUE",
    callback=_read_options,
    help="Option of the upload that the version 2 token fixes; repeatable.",
)
@expires_option("When the token expires: within less than an hour, such as 10m; 30m by default.")
@pass_session
def command(session: Session, file_name: str | None, options: dict[str, Any], expires: Expiry | None) -> None:
    """Create a token with which a browser can upload one file, without your private key.

    A version 1 token signs itself and its expiry; whoever has it chooses the name, the folder and all options. A
    version 2 token also fixes the name of the file and the options, so that the browser can only choose the content.
    Each works only once. Nothing is sent.
    """
    if file_name is None:
        if options:
            raise click.UsageError("--option needs --v2 FILE_NAME: a version 1 token fixes no options")
        _print_v1(session, expires)
    else:
        _print_v2(session, file_name, options, expires)


def _print_v1(session: Session, expires: Expiry | None) -> None:
    client = session.client
    with warnings.catch_warnings():
        # The library only warns about an expiry that the service refuses; here, such a token is an error.
        warnings.simplefilter("error", UserWarning)
        try:
            made = client.get_authentication_parameters(expire=expires)
        except UserWarning as exc:
            raise Failure(f"--expires: {exc}", USAGE) from exc
    public_key = {"publicKey": client.public_key} if client.public_key else {}
    if not public_key:
        session.output.warn("the upload needs the public key too, which is not set: set IMAGEKIT_PUBLIC_KEY")
    session.output.print_details({**made, **public_key})
    session.output.note(
        "Post these fields with 'file' and 'fileName' to /api/v1/files/upload. The signature covers token and expire."
    )


def _print_v2(session: Session, file_name: str, options: Mapping[str, Any], expires: Expiry | None) -> None:
    try:
        made = session.client.get_upload_token(file_name, options, expire=expires)
    except (TypeError, ValueError) as exc:
        names = {**{to_snake_case(name): name for name in options}, "file_name": "--v2", "expire": "--expires"}
        raise click.UsageError(word_error(str(exc), names)) from exc
    session.output.print_details({"url": made["url"], "expire": made["expire"], "fields": made["fields"]})
    session.output.note("Post 'fields' and 'file' to 'url'; the token signs the other fields and the expiry.")
