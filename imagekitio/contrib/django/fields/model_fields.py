"""`ImageKitImageField`: a picture of a model, whose id and size come from the upload response."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, overload

from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models import signals
from django.db.models.fields.files import FieldFile, ImageFieldFile, ImageFileDescriptor

from ....models.files import FileResult
from ....models.uploads import UploadFileResult
from ....urls.responsive import get_responsive_image_attributes
from ...browser_uploads import UploadRules
from ..storages.files import KnownDetails, read_details
from ..storages.storage import ImageKitStorage
from .companions import check_companions, list_companions, save_omitted_fields
from .form_fields import ImageKitImageFormField, ImageKitUploadField, find_conflict, make_file_data
from .widgets import ImageKitUploadInput

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django import forms
    from django.http import HttpRequest
    from typing_extensions import Self

    from ....urls.responsive import ResponsiveImageAttributes


class ImageKitFieldFile(ImageFieldFile):
    """The file of an `ImageKitImageField`."""

    field: ImageKitImageField  # pyright: ignore[reportIncompatibleVariableOverride]
    storage: ImageKitStorage  # pyright: ignore[reportIncompatibleVariableOverride]
    known: KnownDetails | None = None
    _committed: bool  # Django's: False from the assignment of a file until its upload

    @property
    def file_id(self) -> str | None:
        """Id of the file; None if it is not known."""
        return self.find_known().file_id

    @property
    def width(self) -> int | None:  # type: ignore[override]
        """Width in pixels. Costs one request unless the model has a `width_field`.

        Before the file is saved, Pillow measures it; without Pillow, `width` and `height` are None until then.
        """
        return self._find_details().width

    @property
    def height(self) -> int | None:  # type: ignore[override]
        """Height in pixels. Costs one request unless the model has a `height_field`."""
        return self._find_details().height

    @property
    def size(self) -> int:
        """Size in bytes. Costs one request unless the file has just been saved."""
        size = self.find_known().size if self and self._committed else None
        return super().size if size is None else size

    def image(
        self,
        *,
        width: float | None = None,
        sizes: str | None = None,
        device_breakpoints: Sequence[float] | None = None,
        image_breakpoints: Sequence[float] | None = None,
        **options: Any,
    ) -> ResponsiveImageAttributes:
        """Return `src`, `srcset`, `sizes` and `width` for an ``<img>``. Sends nothing.

        ::

            shoe.photo.image(width=400, transformation=[{"height": 300, "width": 400}]).srcset

        If the model has a `width_field`, no candidate is wider than the picture. The template tag ``imagekit_img``
        writes the whole tag.

        Args:
            width: Width at which the picture is shown, in CSS pixels.
            sizes: Width at which the picture is shown, as the `sizes` attribute of HTML.
            device_breakpoints: Screen widths that get a candidate, in pixels.
            image_breakpoints: Widths of smaller images that get a candidate, in pixels.
            options: Options of `ImageKitStorage.url`: `transformation`, `signed`, …
        Raises:
            TypeError, ValueError: There is no file, or an option is not valid.
        """
        self._check_file()
        return get_responsive_image_attributes(
            lambda given: self.storage.url(given.pop("path"), **given),
            {**options, "path": self.name},
            width=width,
            sizes=sizes,
            device_breakpoints=device_breakpoints,
            image_breakpoints=image_breakpoints,
            max_width=self.find_known().width,
        )

    def save(self, name: str, content: Any, save: bool = True) -> None:
        """Upload a file, and set the model fields for its id and size.

        Args:
            name: Name of the file, without `upload_to`.
            content: A `File`.
            save: Whether to save the instance as well.
        Raises:
            See `ImageKitStorage.save`.
        """
        self.field.check_storage()
        generated = self.field.generate_filename(self.instance, name)
        result = self.storage.save_file(generated, content, max_length=self.field.max_length)
        self.name, self.known, self._committed = self.storage.get_name(result.file_path), read_details(result), True
        self.field.store_saved(self.instance, self)
        if save:
            self.instance.save()

    save.alters_data = True  # type: ignore[attr-defined]

    def delete(self, save: bool = True) -> None:
        """Delete the file. Costs one request if its id is known, otherwise two."""
        file_id = self.file_id if self and self._committed else None
        if file_id is None:
            super().delete(save)
            return
        self.close()
        with suppress(AttributeError):  # if it was never opened
            del self.file
        self.storage.delete_file(file_id, self.name)
        self.name = None
        setattr(self.instance, self.field.attname, None)
        if save:
            self.instance.save()

    delete.alters_data = True  # type: ignore[attr-defined]

    def find_known(self) -> KnownDetails:
        """Return the details known without a request, from this file or from the fields of its model."""
        if self.known is not None:
            return self.known
        if self and not self._committed:
            return self.find_new()
        # Only if the instance still has this file: one that was replaced must not be deleted by the id of the new one.
        current = self.instance.__dict__.get(self.field.attname)
        if (current.name if isinstance(current, FieldFile) else current) != self.name:
            return KnownDetails()
        names = (self.field.id_field, self.field.width_field, self.field.height_field)
        return KnownDetails(*((getattr(self.instance, name) or None) if name else None for name in names))

    def find_new(self) -> KnownDetails:
        """Return the details of a file that is not saved yet: its size in pixels, if Pillow is installed."""
        if self and not self._committed:
            with suppress(ImportError):
                return KnownDetails(width=super().width, height=super().height)
        return KnownDetails()

    def copy_to(self, instance: models.Model, field: ImageKitImageField) -> ImageKitFieldFile:
        """Return this file for another instance; a file that is not saved yet is returned unchanged."""
        if not self._committed:
            return self
        copy = field.attr_class(instance, field, self.name)
        known = self.find_known()
        copy.known = known if any(known) else None
        return copy

    def _find_details(self) -> KnownDetails:
        self._check_file()
        known = self.find_known()
        if not self._committed or (known.width and known.height):
            return known
        if self.known is None or not self.known.file_id:
            path = self.storage.get_path(self.name or "")
            client = self.storage.client
            file = client.get_file_details(known.file_id) if known.file_id else client.get_file_by_path(path)
            self.known = read_details(file)
        return self.known

    def _check_file(self) -> None:
        if not self:
            raise ValueError(f"The {self.field.name!r} attribute has no file associated with it.")

    def __getstate__(self) -> dict[str, Any]:
        return {**super().__getstate__(), "known": self.known}


class ImageKitFileDescriptor(ImageFileDescriptor):
    """The attribute of a model for an `ImageKitImageField`."""

    field: ImageKitImageField  # pyright: ignore[reportIncompatibleVariableOverride]

    def __set__(self, instance: models.Model, value: Any) -> None:
        field = self.field
        before = instance.__dict__.get(field.attname)
        if isinstance(before, ImageKitFieldFile):
            before.known = before.find_known()  # so that it is later deleted by its own id
        if isinstance(value, (Mapping, FileResult, UploadFileResult)):
            value = field.make_file(instance, value)
        elif isinstance(value, ImageKitFieldFile) and value.instance is not instance:
            value = value.copy_to(instance, field)
        assigned: Any = value
        super().__set__(instance, assigned)


class ImageKitImageField(models.ImageField):
    """An `ImageField` that stores pictures in the media library; its storage must be an `ImageKitStorage`.

    ::

        class Shoe(models.Model):
            photo = ImageKitImageField(
                upload_to="shoes", id_field="photo_id", width_field="photo_width", height_field="photo_height"
            )
            photo_id = models.CharField(max_length=40, blank=True, editable=False)
            photo_width = models.PositiveIntegerField(null=True, editable=False)
            photo_height = models.PositiveIntegerField(null=True, editable=False)

    Id and size come from the upload response, so pictures are not downloaded to measure them, and Pillow is not needed.
    With the id, deleting a file costs one request instead of two. Declare the three fields after the picture, because
    Django saves fields in order of declaration. They are saved with the picture even if `update_fields` names only the
    picture, but ``QuerySet.update`` and ``bulk_update`` save only the fields you name, so name all four.

    Assign a file as usual, or assign one that has already been uploaded, as an `UploadFileResult`, a `FileResult`, or
    the `FileData` of an `ImageKitUploadField`. It is then not uploaded again.

    With `token_url` and `rules`, forms and the admin upload from the browser; see `ImageKitUploadField`. Derive such
    forms from `UploadFormMixin`, and a `ModelAdmin` from `ImageKitAdminMixin`.

    Args:
        verbose_name, name, width_field, height_field: As for `ImageField`.
        id_field: Name of a text field of the model for the id of the file.
        token_url: Path or name of the URL of an `UploadTokenView` with the same rules.
        rules: An `UploadRules`, or a function of the request that returns one. The folder must be below the location of
            the storage; `upload_to` is then ignored.
        kwargs: Arguments of `FileField`.
    Raises:
        TypeError: Only one of `token_url` and `rules` is given.
    """

    attr_class: type[ImageKitFieldFile] = ImageKitFieldFile  # pyright: ignore[reportIncompatibleVariableOverride]
    descriptor_class: type[ImageKitFileDescriptor] = ImageKitFileDescriptor  # pyright: ignore[reportIncompatibleVariableOverride]
    id_field: str | None
    width_field: str | None
    height_field: str | None
    token_url: str | None
    rules: UploadRules | Callable[[HttpRequest], UploadRules] | None

    if TYPE_CHECKING:

        @overload
        def __get__(self, instance: None, owner: Any) -> ImageKitFileDescriptor: ...
        @overload
        def __get__(self, instance: models.Model, owner: Any) -> ImageKitFieldFile: ...
        @overload
        def __get__(self, instance: Any, owner: Any) -> Self: ...
        def __get__(self, instance: Any, owner: Any) -> Any:
            """Return the file of an instance. The descriptor does this; the overloads only declare its types."""

    def __init__(
        self,
        verbose_name: Any = None,
        name: str | None = None,
        width_field: str | None = None,
        height_field: str | None = None,
        id_field: str | None = None,
        *,
        token_url: str | None = None,
        rules: UploadRules | Callable[[HttpRequest], UploadRules] | None = None,
        **kwargs: Any,
    ) -> None:
        if (token_url is None) != (rules is None):
            raise TypeError("token_url and rules belong together: pass both, or neither")
        self.id_field = id_field
        self.token_url = token_url
        self.rules = rules
        super().__init__(verbose_name, name, width_field, height_field, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.id_field:
            kwargs["id_field"] = self.id_field
        return name, path.replace(__name__, "imagekitio.contrib.django"), args, kwargs

    def contribute_to_class(self, cls: type[models.Model], name: str, *args: Any, **kwargs: Any) -> None:
        super().contribute_to_class(cls, name, *args, **kwargs)
        if list_companions(self) and not cls._meta.abstract:
            signals.class_prepared.connect(self._connect_signals)

    def _connect_signals(self, sender: type[models.Model], **_: Any) -> None:
        """Connect the model, its proxies and its children: a signal is sent only for the class of the instance."""
        if issubclass(sender, self.model):
            signals.post_init.connect(self.update_dimension_fields, sender=sender)
            signals.post_save.connect(self._save_companions, sender=sender)

    def _save_companions(self, instance: models.Model, raw: bool, using: str, update_fields: Any, **_: Any) -> None:
        """Save id and size too if the picture is in `update_fields`, as it is with ``update_or_create``.

        With the id of the old picture, the row would later delete the wrong file.
        """
        if update_fields and self.name in update_fields and not raw:
            save_omitted_fields(list_companions(self).values(), instance, using, update_fields)

    def update_dimension_fields(self, instance: models.Model, force: bool = False, *args: Any, **kwargs: Any) -> None:
        """Fill the id and size fields from the known details of the file. Django calls this when a file is assigned."""
        if self.attname not in instance.__dict__:
            return
        if isinstance(instance.__dict__[self.attname], str) and not force:
            return  # loaded from the database, with its id and size
        file: ImageKitFieldFile = getattr(instance, self.attname)
        known = file.known or file.find_new()
        if not any(known) and not force:
            return
        file_id, width, height, _ = known
        if self.id_field:
            empty = None if instance._meta.get_field(self.id_field).null else ""
            setattr(instance, self.id_field, file_id or empty)
        for field_name, pixels in ((self.width_field, width), (self.height_field, height)):
            if field_name:
                setattr(instance, field_name, pixels)

    def store_saved(self, instance: models.Model, saved: ImageKitFieldFile) -> None:
        """Set a file that has just been saved on the instance, with its id and size."""
        # A new object, because `saved` still holds the uploaded content.
        file = self.attr_class(instance, self, saved.name)
        file.known = saved.known
        vars(instance)[self.attname] = file
        self.update_dimension_fields(instance, force=True)

    def make_file(
        self, instance: models.Model, given: Mapping[str, Any] | FileResult | UploadFileResult
    ) -> ImageKitFieldFile:
        """Return a file that has already been uploaded as the file of an instance.

        Raises:
            ValueError: The id or the path is missing, or the file is not below the location of the storage.
        """
        self.check_storage()
        data = given if isinstance(given, Mapping) else make_file_data(given)
        try:
            file_id, path = data["file_id"], data["file_path"]
        except KeyError as exc:
            raise ValueError(f"{self.name} needs file_id and file_path, as in FileData (got {dict(data)!r})") from exc
        file = self.attr_class(instance, self, self.storage.get_name(path))  # type: ignore[attr-defined]
        file.known = KnownDetails(file_id, data.get("width"), data.get("height"), data.get("size"))
        return file

    def check_storage(self) -> None:
        """Check the type of the storage.

        Raises:
            ImproperlyConfigured: The storage is not an `ImageKitStorage`.
        """
        if not isinstance(self.storage, ImageKitStorage):
            kind: type = self.storage.__class__  # not type(), because `default_storage` is a proxy
            raise ImproperlyConfigured(f"The storage of {self} must be an ImageKitStorage (got {kind.__name__}).")

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        # Without the check of ImageField, which requires Pillow.
        return [
            *super(models.ImageField, self).check(**kwargs),
            *self._check_storage(),
            *check_companions(self, list_companions(self)),
        ]

    def _check_storage(self) -> list[checks.CheckMessage]:
        try:
            self.check_storage()
        except ImproperlyConfigured as error:
            hint = "Pass storage=…, or set STORAGES['default']."
            return [checks.Error(str(error), hint=hint, obj=self, id="imagekitio.E101")]
        if isinstance(self.rules, UploadRules) and (problem := find_conflict(self.rules, self.storage)):
            return [checks.Error(problem, obj=self, id="imagekitio.E102")]
        return []

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        """Return a field that uploads from the browser if the model field has rules, else a plain file input."""
        if self.token_url is None:
            defaults: dict[str, Any] = {"form_class": ImageKitImageFormField}
        else:
            defaults = {
                "form_class": ImageKitUploadField,
                "images_only": True,
                "rules": self.rules,
                "token_url": self.token_url,
            }
            widget = kwargs.get("widget")
            kind = widget if isinstance(widget, type) else type(widget)
            if not issubclass(kind, ImageKitUploadInput):
                kwargs.pop("widget", None)  # the admin passes its own for every file field
        if "form_class" not in kwargs:
            defaults["storage"] = self.storage
            kwargs = {**defaults, **kwargs}
        return super().formfield(**kwargs)
