"""``imagekit account``: origins, URL endpoints, webhooks, named transformations and saved extensions."""

from __future__ import annotations

import click

from ..base.command import Group
from ..calls.things import Things, make_columns, make_group, name_calls

_ORIGINS = Things("origin", name_calls("origin"), make_columns("id", "type", "name", "bucket", "base_url"))
_ENDPOINTS = Things(
    "URL endpoint", name_calls("url_endpoint"), make_columns("id", "url_prefix", "description", "origins")
)
_WEBHOOKS = Things("webhook", name_calls("webhook"), make_columns("id", "endpoint", "enabled", "events"))
_TRANSFORMATIONS = Things(
    "named transformation",
    name_calls("named_transformation"),
    make_columns("id", "name", "enabled", "transformation"),
)
_EXTENSIONS = Things(
    "saved extension", name_calls("saved_extension"), make_columns("id", "name", "description", "config.name")
)


@click.group(
    "account",
    cls=Group,
    examples=[
        ("imagekit account origins list", "where files come from besides the media library"),
        ("imagekit account origins create --body @s3.json", "add a bucket, with its keys in a file"),
        ("imagekit account transformations create --name card --transformation w-320,h-200", "name a transformation"),
        ("imagekit account webhooks delete https://shop.example/hooks", "delete, after a question"),
    ],
)
def command() -> None:
    """Manage origins, URL endpoints, webhooks, named transformations and saved extensions.

    An ID may be given as the name of what has it: of a URL endpoint, that is the prefix; of a webhook, the URL.
    """


for _name, _things, _help in (
    ("origins", _ORIGINS, "Storage of yours from which files are delivered without an upload."),
    ("endpoints", _ENDPOINTS, "URL endpoints: how the URLs of the account begin, and where their files are."),
    ("webhooks", _WEBHOOKS, "URLs of yours that the service calls when something happens in the account."),
    ("transformations", _TRANSFORMATIONS, "Named transformations, which URLs use by their name."),
    ("extensions", _EXTENSIONS, "Saved extensions, which uploads and updates use by their ID."),
):
    command.add_command(make_group(f"imagekit account {_name}", _things, _help))
