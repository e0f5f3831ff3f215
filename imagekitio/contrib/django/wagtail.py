"""Wagtail images whose renditions are URLs: nothing is read, rendered, stored or looked up for them.

Wagtail renders each rendition on the server when a page is first shown: it reads the original from the storage, and
saves the result there and in the database. With custom models derived from the two classes here, ``{% image %}``,
``{% srcset_image %}``, ``{% picture %}`` and `get_rendition` return URLs, which ImageKit renders on request::

    from wagtail.images.models import Image

    from imagekitio.contrib.django.wagtail import AbstractImageKitImage, AbstractImageKitRendition

    class Picture(AbstractImageKitImage):
        admin_form_fields = Image.admin_form_fields

    class PictureRendition(AbstractImageKitRendition):
        image = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="renditions")

        class Meta:
            constraints = [
                models.UniqueConstraint(
                    fields=("image", "filter_spec", "focal_point_key"), name="unique_picture_rendition"
                )
            ]

    # settings.py
    WAGTAILIMAGES_IMAGE_MODEL = "gallery.Picture"

See Wagtail's documentation, "Custom image models".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import willow
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy
from wagtail.images.image_operations import (
    AvifQualityOperation,
    BackgroundColorOperation,
    DoNothingOperation,
    FormatOperation,
    JPEGQualityOperation,
    WebPQualityOperation,
)
from wagtail.images.models import (
    AbstractImage,
    AbstractRendition,
    Filter,
    WagtailImageField,
    WagtailImageFieldFile,
    get_upload_to,
)

from .storages.storage import ImageKitStorage

if TYPE_CHECKING:
    from collections.abc import Mapping

_QUALITIES: Mapping[type[Any], str] = {
    AvifQualityOperation: "avif",
    JPEGQualityOperation: "jpeg",
    WebPQualityOperation: "webp",
}
_FORMATS = ("avif", "gif", "jpeg", "png", "webp")  # the formats of `format-…` that ImageKit delivers


class OrientedImageFieldFile(WagtailImageFieldFile):
    """A picture whose size is the one that a viewer sees, with its EXIF orientation applied."""

    def get_image_dimensions(self) -> tuple[int, int]:
        """Return width and height in pixels, as a browser shows the picture."""
        is_closed = self.closed
        try:
            self.open()
            size: tuple[int, int] = willow.Image.open(self).auto_orient().get_size()
            return size
        finally:
            if is_closed:
                self.close()
            else:
                self.seek(0)


class OrientedImageField(WagtailImageField):
    """Wagtail's image field, but with the size that a viewer sees.

    Wagtail stores the size before the EXIF orientation is applied, and rotates the picture when it renders. To compute
    a crop from the size alone, you need the size after the rotation.
    """

    attr_class = OrientedImageFieldFile


class AbstractImageKitImage(AbstractImage):
    """A custom image model of Wagtail whose renditions are URLs.

    Each is computed from the size and focal point of the picture by Wagtail's own operations, so it has exactly the
    size and crop that Wagtail would produce. Where that is not possible, Wagtail renders and stores it as usual: for
    SVG, for third-party operations (hook ``register_image_operations``), for ``format-ico`` and ``format-heic``, and if
    the storage is not an `ImageKitStorage`.

    Without ``format-…``, ImageKit chooses the format according to the settings of the account. ``jpegquality-…`` and
    similar operations apply to the requested format, or else to that of the original. Instead of settings such as
    ``WAGTAILIMAGES_JPEG_QUALITY``, those of the account apply.

    A picture that was uploaded with another model may have the width and height from before its EXIF orientation.
    Assign its `file` again, ``picture.file = picture.file.name``, and save it.
    """

    file: OrientedImageField = OrientedImageField(
        verbose_name=gettext_lazy("file"),
        upload_to=get_upload_to,
        width_field="width",
        height_field="height",
    )

    class Meta(AbstractImage.Meta):
        abstract = True

    def get_rendition(self, filter: Filter | str) -> AbstractRendition:  # noqa: A002
        """Return a rendition. It is not saved if it is a URL.

        Raises:
            wagtail.images.exceptions.InvalidFilterSpecError: `filter` is not valid.
            ImproperlyConfigured: The model of renditions is not an `AbstractImageKitRendition`.
        """
        requested = Filter(spec=filter) if isinstance(filter, str) else filter
        model = self.get_rendition_model()
        if not issubclass(model, AbstractImageKitRendition):
            raise ImproperlyConfigured(f"{model._meta.label} must be a subclass of AbstractImageKitRendition")
        if not isinstance(requested, Filter) or self.get_transformation(requested) is None:
            return super().get_rendition(filter)
        cleaned = self.clean_filter_for_svg(requested)
        width, height = cleaned.get_transform(self).size
        return model(
            image=self,
            filter_spec=cleaned.spec,
            focal_point_key=cleaned.get_cache_key(self),
            width=width,
            height=height,
        )

    def get_renditions(self, *filters: Filter | str) -> dict[str, AbstractRendition]:
        """Return renditions by filter, in the order of the filters; see `get_rendition`."""
        renditions = map(self.get_rendition, filters)
        return {rendition.filter_spec: rendition for rendition in renditions}

    def get_transformation(self, filter: Filter) -> list[dict[str, Any]] | None:  # noqa: A002
        """Return the ImageKit transformation that is equivalent to a filter; None if there is none.

        Raises:
            wagtail.images.exceptions.InvalidFilterSpecError: The filter is not valid.
        """
        if self.is_svg() or not isinstance(self.file.storage, ImageKitStorage):
            return None
        cleaned = self.clean_filter_for_svg(filter)
        output = self._read_output(cleaned)
        if output is None:
            return None
        *steps, last = self._list_steps(cleaned)
        return [*steps, {**last, **output}]

    def _list_steps(self, filter: Filter) -> list[dict[str, Any]]:  # noqa: A002
        """Return the crop and the resize that a filter amounts to; either or both may be missing."""
        transform = filter.get_transform(self)
        area = transform.get_rect().round()
        width, height = transform.size
        # First, because a crop applies to the picture as it is seen.
        steps: list[dict[str, Any]] = [{"rotation": "auto"}]
        if area != self.get_rect():
            steps[0] |= {"crop_mode": "extract", "x": area.left, "y": area.top}
            steps[0] |= {"width": area.width, "height": area.height}
        if (width, height) != tuple(area.size):
            resize = {"width": width, "height": height, "crop": "force"}
            steps = [*steps, resize] if "crop_mode" in steps[0] else [{**steps[0], **resize}]
        return steps

    def _read_output(self, filter: Filter) -> dict[str, Any] | None:  # noqa: A002
        """Return the format, quality and background that a filter asks for; None if ImageKit cannot do that."""
        step: dict[str, Any] = {}
        extension = str(self.file.name).rpartition(".")[2].lower()
        kind = "jpeg" if extension == "jpg" else extension
        qualities: dict[str, int] = {}
        operation: Any
        for operation in filter.filter_operations:
            if type(operation) in _QUALITIES:
                qualities[_QUALITIES[type(operation)]] = operation.quality
            elif isinstance(operation, FormatOperation) and operation.format in _FORMATS:
                kind = step["format"] = operation.format
                if "lossless" in operation.options:
                    step["lossless"] = True
            elif isinstance(operation, BackgroundColorOperation):
                step["background"] = "{:02X}{:02X}{:02X}".format(*operation.color)
            elif type(operation) is not DoNothingOperation:
                return None
        if kind in qualities:
            step["quality"] = qualities[kind]
        return step


class AbstractImageKitRendition(AbstractRendition):
    """The renditions of an `AbstractImageKitImage`."""

    if TYPE_CHECKING:
        image: Any  # the foreign key of the model made from this

    class Meta(AbstractRendition.Meta):
        abstract = True

    @property
    def url(self) -> str:
        """The URL of the rendition; signed if the storage is private."""
        if self.file:
            stored: str = super().url
            return stored
        name: str = self.image.file.name
        url: str = self.image.file.storage.url(name, transformation=self.image.get_transformation(self.filter))
        return url
