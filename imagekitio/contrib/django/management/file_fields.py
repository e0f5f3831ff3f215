"""File fields, the files that their rows refer to, and storages, for the commands of ``manage.py``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps
from django.conf import settings
from django.core.files.storage import storages
from django.core.management import CommandError
from django.db import DatabaseError, connections, router
from django.db.models import FileField, QuerySet

from ....exceptions import ImageKitException
from ....search import Q
from ....suggestions import did_you_mean
from ..storages.storage import ImageKitStorage

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from django.core.files.storage import Storage
    from django.db.models import Model

    from ....models.files import FileResult


def find_storage(name: str) -> Storage:
    """Return the storage with this alias in ``STORAGES``, or that of the field ``app.Model.field``.

    Raises:
        CommandError: There is no such storage.
    """
    if name in settings.STORAGES:
        return storages[name]
    return find_file_field(name, (*settings.STORAGES,)).storage


def find_imagekit_storage(name: str) -> ImageKitStorage:
    """Return a storage as `find_storage` does, which must be an `ImageKitStorage`.

    Raises:
        CommandError: There is no such storage, or it is of another type.
    """
    storage = find_storage(name)
    if not isinstance(storage, ImageKitStorage):
        raise CommandError(f"{name!r} must be an ImageKitStorage (got {type(storage).__name__})")
    return storage


def find_file_field(name: str, others: Collection[str] = ()) -> FileField:
    """Return the file field ``app.Model.field``.

    Args:
        others: Other names that would be valid, for the error message.
    Raises:
        CommandError: There is no such field.
    """
    fields = {describe_field(field): field for field in list_file_fields()}
    if name not in fields:
        what = "neither a storage nor" if others else "not"
        raise CommandError(f"{name!r} is {what} a file field{did_you_mean(name, (*others, *fields))}")
    return fields[name]


def list_file_fields() -> list[FileField]:
    """Return each `FileField` of each model once: an inherited one belongs to the model that has its column."""
    models = apps.get_models(include_auto_created=True)
    return [
        field
        for model in models
        if not model._meta.proxy
        for field in model._meta.get_fields(include_parents=False)
        if isinstance(field, FileField)
    ]


def describe_field(field: FileField) -> str:
    """Return ``app.Model.field``."""
    return f"{field.model._meta.label}.{field.name}"


def list_querysets(model: type[Model]) -> list[QuerySet[Model]]:
    """Return all rows of a model in each database that has its table, including those that a manager would hide."""
    aliases = [alias for alias in connections if router.allow_migrate_model(alias, model)]
    if len(aliases) > 1:
        # Without a router, every database is allowed to have every table.
        aliases = [alias for alias in aliases if _has_table(alias, model)]
    return [QuerySet(model, using=alias) for alias in aliases]


def read_names(field: FileField) -> Iterator[str]:
    """Yield the names of the files that rows refer to; a name that several rows share is repeated.

    Raises:
        CommandError: The rows cannot be read, so it is not known which files are needed.
    """
    tables = list_querysets(field.model)
    if not tables:
        raise CommandError(
            f"No database has a table for {describe_field(field)}. Is it the right one, and has it been migrated?"
        )
    try:
        for rows in tables:
            for name in rows.values_list(field.name, flat=True).iterator():
                if name:
                    yield name
    except DatabaseError as exc:
        raise CommandError(f"The rows of {describe_field(field)} cannot be read: {exc}") from exc


def list_files_below(storage: ImageKitStorage) -> Iterator[FileResult]:
    """Yield all files below the location of a storage, in folders at any depth.

    Raises:
        CommandError: The media library cannot be listed: a key is wrong, or the service is down.
    """
    try:
        if storage.location:
            yield from storage.client.iter_files(search_query=Q.path.is_under(storage.get_path("")))
        else:
            yield from storage.client.iter_files(type="file")
    except ImageKitException as exc:
        raise CommandError(f"The media library cannot be listed: {exc}") from exc


def _has_table(alias: str, model: type[Model]) -> bool:
    introspection = connections[alias].introspection
    return introspection.identifier_converter(model._meta.db_table) in introspection.table_names(include_views=True)
