"""``imagekit fields``: manage custom metadata fields."""

from __future__ import annotations

import click

from ..base.command import Group
from ..calls.things import Things, make_columns, make_commands

_FIELDS = Things(
    "field",
    {
        "list": "get_custom_metadata_fields",
        "create": "create_custom_metadata_fields",
        "update": "update_custom_metadata_fields",
        "delete": "delete_custom_metadata_field",
    },
    make_columns("id", "name", "label", "schema.type", "description"),
)


@click.group(
    "fields",
    cls=Group,
    examples=[
        ("imagekit fields list", "list all fields"),
        ("imagekit fields create --name price --label Price --schema-type Number", "create a field"),
        ("imagekit fields update price --label 'Price in €'", "change the label of a field"),
        ("imagekit fields delete price", "delete a field; asks first"),
    ],
)
def command() -> None:
    """List and change the custom metadata fields of the account.

    FIELD_ID is the ID of a field, or its name.
    """


for _command in make_commands("imagekit fields", _FIELDS):
    command.add_command(_command)
