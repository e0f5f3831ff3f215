"""``imagekit account``: manage origins, URL endpoints, webhooks, named transformations and saved extensions."""

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
        ("imagekit account origins list", "list where files come from besides the media library"),
        ("imagekit account origins create --body @s3.json", "add a bucket, with its keys in a file"),
        ("imagekit account transformations get card", "show what a named transformation does"),
        ("imagekit account webhooks delete https://shop.example/hooks", "delete a webhook; asks first"),
    ],
)
def command() -> None:
    """Manage origins, URL endpoints, webhooks, named transformations and saved extensions.

    Names work in place of IDs: the prefix of a URL endpoint, the URL of a webhook, and the name of anything else. The
    secret of a webhook is shown when the webhook is created; 'imagekit api get_webhook ID' shows it again.
    """


for _name, _things, _help in (
    ("origins", _ORIGINS, "Manage your own storage that files are delivered from."),
    ("endpoints", _ENDPOINTS, "Manage how URLs begin, and where their files are."),
    ("webhooks", _WEBHOOKS, "Manage your URLs that the service calls after events."),
    ("transformations", _TRANSFORMATIONS, "Manage transformations that URLs use by name."),
    ("extensions", _EXTENSIONS, "Manage extensions that uploads and updates use by ID."),
):
    command.add_command(make_group(f"imagekit account {_name}", _things, _help))
