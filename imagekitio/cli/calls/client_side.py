"""Uploads from browsers: the browser carries them out, so the command prints what it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...models.uploads import UploadFileRequestOptions
from ...operations.uploads import encode_fields
from ...settings import UPLOAD_BASE_URL
from ..base.failures import USAGE, Failure
from .answers import print_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...client import ImageKit
    from ..base.session import Session
    from .table import Call

CLIENT_SIDE_TEXT = (
    "Print the form with which a browser uploads a file without your private key: post its fields, and the file as"
    " 'file', to its URL within half an hour. The token works once."
)


def print_form(session: Session, call: Call, file_name: str, options: Mapping[str, Any]) -> None:
    """Print the URL to which a browser posts an upload, and the fields of its form.

    Args:
        session: The run of the command.
        call: The upload, of either version of the API.
        file_name: Name of the file.
        options: Options of `upload_file`.
    Raises:
        Failure: The account has no public key; exit code 2.
        TypeError, ValueError: An option is not valid.
    """
    client = session.client
    if not client.public_key:
        raise Failure(
            "the token needs the public key, which is missing: set IMAGEKIT_PUBLIC_KEY, or give a profile", USAGE
        )
    if call.method_name == "upload_file_v2":
        token = client.get_upload_token(file_name, options)
        print_value(session.output, {"url": token["url"], "fields": token["fields"]})
        return
    base_url = session.account.get("upload_base_url") or UPLOAD_BASE_URL
    print_value(
        session.output,
        {"url": f"{base_url.rstrip('/')}{call.path}", "fields": _make_fields(client, file_name, options)},
    )


def _make_fields(client: ImageKit, file_name: str, options: Mapping[str, Any]) -> dict[str, str]:
    fields = encode_fields(file_name, UploadFileRequestOptions.of(options))
    token = client.get_authentication_parameters()
    signed = {"publicKey": client.public_key, **{name: str(value) for name, value in token.items()}}
    return {name: text for name, text in fields.items() if text} | signed
