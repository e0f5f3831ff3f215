"""The model fields for the id and size of a picture: checks, and saving them with the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core import checks
from django.core.exceptions import FieldDoesNotExist
from django.db import models

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


def list_companions(picture: models.Field[Any, Any]) -> dict[str, str]:
    """Return the names of the id and size fields, by the arguments of the picture field that name them."""
    names = ((argument, getattr(picture, argument)) for argument in ("id_field", "width_field", "height_field"))
    return {argument: name for argument, name in names if name}


def check_companions(picture: models.Field[Any, Any], companions: Mapping[str, str]) -> list[checks.CheckMessage]:
    """Check that the fields exist and are declared after the picture (E103, E104, W104).

    Args:
        picture: The field of the picture.
        companions: Names of the id and size fields, by the arguments that name them.
    """
    order = [field.name for field in picture.model._meta.concrete_fields]
    found: list[checks.CheckMessage] = []
    for argument, name in companions.items():
        try:
            picture.model._meta.get_field(name)
        except FieldDoesNotExist:
            message = f"{argument} names the field {name!r}, which does not exist."
            found.append(checks.Error(message, obj=picture, id="imagekitio.E103"))
            continue
        if order.index(name) < order.index(picture.name):
            message = f"{argument} names the field {name!r}, which is declared before {picture.name!r}."
            hint = f"Declare it after {picture.name!r}, because Django saves fields in order of declaration."
            # The size is known before the upload if Pillow is installed. The id never is.
            kind, number = (checks.Error, "E104") if argument == "id_field" else (checks.Warning, "W104")
            found.append(kind(message, hint=hint, obj=picture, id=f"imagekitio.{number}"))
    return found


def save_omitted_fields(
    names: Collection[str],
    instance: models.Model,
    using: str,
    update_fields: Collection[str],
) -> None:
    """Save the fields of an instance that a save with `update_fields` omitted, except deferred ones.

    Args:
        names: Names of the fields.
        instance: The instance.
        using: Alias of the database.
        update_fields: Names of the fields that have already been saved.
    """
    values = {name: vars(instance)[name] for name in {*names} - {*update_fields} if name in vars(instance)}
    if values:
        models.QuerySet(type(instance), using=using).filter(pk=instance.pk).update(**values)
