"""URLs and pictures in Django templates: `imagekitio.contrib.pictures`, extended to files of models.

The storage of such a file must be an `ImageKitStorage`; its account and its signing options are used. The size comes
from `width_field` and `height_field`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models.fields.files import FieldFile
from django.utils.functional import Promise

from ..pictures import Picture, Pictures
from .configuration import get_client
from .storages.storage import ImageKitStorage


@dataclass(frozen=True)
class _Record:
    """A file of a model, in the form that `img_tag` accepts."""

    file_path: str
    width: int | None
    height: int | None


class DjangoPictures(Pictures):
    """Template functions that accept files of models and lazy translations."""

    def find(self, source: object, options: dict[str, Any]) -> Picture | None:
        """Return the picture with the options of the tag; None if there is no picture.

        Raises:
            TypeError: `source` is not a picture, or it is a file in another type of storage.
        """
        if not source or not isinstance(source, FieldFile):
            return super().find(source, options)
        storage = source.storage
        if not isinstance(storage, ImageKitStorage):
            raise TypeError(f"{source.field} must use an ImageKitStorage (got {type(storage).__name__})")
        signed: dict[str, Any] = {**storage.get_url_options(source.name, **options)}
        path = signed.pop("path")
        # Not `source.width`, which may ask the service.
        names = (getattr(source.field, f"{side}_field", None) for side in ("width", "height"))
        width, height = (getattr(source.instance, name) if name else None for name in names)
        return Picture(storage.client, signed, {"path": path}, _Record(path, width, height))

    def resolve(self, text: Any) -> Any:
        """Return the text of a lazy translation, such as ``_("Red shoe")`` in a template; other values unchanged."""
        return str(text) if isinstance(text, Promise) else text


pictures: DjangoPictures = DjangoPictures(get_client)
