"""Parts of a file: version, AI tags, embedded metadata, and the metadata that the API computes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .result import ALWAYS, Model, Result, object_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typing_extensions import Self


@dataclass(frozen=True, kw_only=True, repr=False)
class VersionInfo(Model):
    """A version of a file.

    Attributes:
        id: ID of the version. The service may assign it to another version later: read it just before you use it.
        name: Name such as ``Version 1``.
    """

    id: str = ALWAYS
    name: str = ALWAYS


@dataclass(frozen=True, kw_only=True, repr=False)
class AITags(Model):
    """A tag that an extension added.

    Attributes:
        name: The tag.
        confidence: Confidence of the extension, from 0 to 100.
        source: The extension: ``google-auto-tagging``, ``aws-auto-tagging``, or one that the API adds later.
    """

    name: str = ALWAYS
    confidence: float = ALWAYS
    source: str = ALWAYS


@dataclass(frozen=True, kw_only=True, repr=False)
class EmbeddedMetadata(Model, Mapping[str, Any]):
    """The EXIF, IPTC and XMP data of a file, flattened.

    Dates are ISO 8601 str. Only common fields are declared; all others are attributes too. It is also a read-only
    mapping with the names of the service, such as ``embedded_metadata["ImageWidth"]``, as in release 4.2, and falsy if
    the response has no such data.
    """

    image_width: int | None = None
    image_height: int | None = None
    date_created: str | None = None
    date_time_created: str | None = None
    date_time_original: str | None = None
    x_resolution: float | None = None
    y_resolution: float | None = None
    resolution_unit: str | None = None
    color_space: str | None = None
    exif_version: str | None = None
    image_description: str | None = None
    artist: str | None = None
    copyright: str | None = None
    object_name: str | None = None
    keywords: list[str] | None = None
    byline: str | None = None
    byline_title: str | None = None
    caption_abstract: str | None = None
    copyright_notice: str | None = None
    province_state: str | None = None
    location: str | None = None
    country_code: str | None = None
    scene: list[str] | None = None
    subject_code: list[str] | None = None
    person_in_image: list[str] | None = None
    rating: float | None = None
    location_taken: str | None = None

    @classmethod
    def empty(cls) -> Self:
        """Return the data of a file that has none. Lists contain many such files, and `__init__` would be slow."""
        return cls.from_json({})

    def __getitem__(self, name: str) -> Any:
        return self._names[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    @property
    def _names(self) -> Mapping[str, Any]:
        return self._raw or {}


class ExtensionStatus(dict[str, str]):
    """The status of each extension by its name; as attributes too, as in release 5: ``.google_auto_tagging``."""

    @property
    def ai_auto_description(self) -> str | None:
        """The status of ``ai-auto-description``; None if that extension was not requested, as for the others."""
        return self.get("ai-auto-description")

    @property
    def ai_tasks(self) -> str | None:
        """The status of ``ai-tasks``."""
        return self.get("ai-tasks")

    @property
    def aws_auto_tagging(self) -> str | None:
        """The status of ``aws-auto-tagging``."""
        return self.get("aws-auto-tagging")

    @property
    def google_auto_tagging(self) -> str | None:
        """The status of ``google-auto-tagging``."""
        return self.get("google-auto-tagging")

    @property
    def remove_bg(self) -> str | None:
        """The status of ``remove-bg``."""
        return self.get("remove-bg")


def read_extension_status(data: Any) -> Any:
    """Return the status of extensions; a value that is not an object stays as it was sent."""
    return ExtensionStatus(data) if type(data) is dict else data


@dataclass(frozen=True, kw_only=True, repr=False)
class ExifImage(Model):
    """The EXIF group ``image``: the image and the camera. Dates have the format of EXIF: ``2008:05:30 15:56:01``."""

    artist: str | None = None
    copyright: str | None = None
    image_description: str | None = None
    make: str | None = None
    model: str | None = None
    modify_date: str | None = None
    software: str | None = None
    exif_offset: int | None = None
    gps_info: int | None = None
    orientation: int | None = None
    resolution_unit: int | None = None
    y_cb_cr_positioning: int | None = None
    x_resolution: float | None = None
    y_resolution: float | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class ExifThumbnail(Model):
    """The EXIF group ``thumbnail``: the preview image inside the file."""

    compression: int | None = None
    resolution_unit: int | None = None
    thumbnail_length: int | None = None
    thumbnail_offset: int | None = None
    x_resolution: float | None = None
    y_resolution: float | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class ExifExposure(Model):
    """The EXIF group ``exif``: when and how the picture was taken."""

    create_date: str | None = None
    date_time_original: str | None = None
    exif_version: str | None = None
    flashpix_version: str | None = None
    lens_model: str | None = None
    scene_type: str | None = None
    sub_sec_time: str | None = None
    sub_sec_time_original: str | None = None
    sub_sec_time_digitized: str | None = None
    user_comment: str | None = None
    color_space: int | None = None
    custom_rendered: int | None = None
    exif_image_height: int | None = None
    exif_image_width: int | None = None
    exposure_mode: int | None = None
    exposure_program: int | None = None
    flash: int | None = None
    focal_length_in35mm_format: int | None = None
    focal_plane_resolution_unit: int | None = None
    interop_offset: int | None = None
    iso: int | None = None
    light_source: int | None = None
    metering_mode: int | None = None
    scene_capture_type: int | None = None
    sensing_method: int | None = None
    white_balance: int | None = None
    aperture_value: float | None = None
    brightness_value: float | None = None
    exposure_compensation: float | None = None
    exposure_time: float | None = None
    f_number: float | None = None
    focal_length: float | None = None
    focal_plane_x_resolution: float | None = None
    focal_plane_y_resolution: float | None = None
    max_aperture_value: float | None = None
    shutter_speed_value: float | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class ExifGPS(Model):
    """The EXIF group ``gps``: where the picture was taken."""

    gps_version_id: list[int] | None = None
    gps_latitude: list[float] | None = None
    gps_latitude_ref: str | None = None
    gps_longitude: list[float] | None = None
    gps_longitude_ref: str | None = None
    gps_altitude: float | None = None
    gps_altitude_ref: int | None = None
    gps_time_stamp: list[float] | None = None
    gps_date_stamp: str | None = None
    gps_img_direction: float | None = None
    gps_img_direction_ref: str | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class ExifInteroperability(Model):
    """The EXIF group ``interoperability``."""

    interop_index: str | None = None
    interop_version: str | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class MetadataExif(Model):
    """The EXIF data of a file, by group. Tags that are not declared are attributes too."""

    image: ExifImage | None = field(default=None, metadata=object_of(ExifImage))
    thumbnail: ExifThumbnail | None = field(default=None, metadata=object_of(ExifThumbnail))
    exif: ExifExposure | None = field(default=None, metadata=object_of(ExifExposure))
    gps: ExifGPS | None = field(default=None, metadata=object_of(ExifGPS))
    interoperability: ExifInteroperability | None = field(default=None, metadata=object_of(ExifInteroperability))
    makernote: dict[str, Any] | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class Metadata(Model):
    """Metadata that the API computes from the content of an image or a video.

    Attributes:
        height, width: Size in pixels.
        size: Size in bytes.
        format: File format, such as ``jpg``.
        has_color_profile, has_transparency: Whether the image has a colour profile, or transparent pixels.
        quality: Compression quality, from 0 to 100; 0 if unknown.
        density: Resolution in dots per inch.
        p_hash: Perceptual hash, 16 hexadecimal digits; compare two of them with `ImageKit.phash_distance`.
        bit_rate: Bit rate in bits per second; videos only.
        duration: Duration in seconds; videos only.
        audio_codec, video_codec: Names of the codecs; videos only.
        exif: EXIF data, by group.
    """

    height: int | None = None
    width: int | None = None
    size: int | None = None
    format: str | None = None
    has_color_profile: bool | None = None
    quality: int | None = None
    density: int | None = None
    has_transparency: bool | None = None
    p_hash: str | None = None
    bit_rate: float | None = None
    duration: float | None = None
    audio_codec: str | None = None
    video_codec: str | None = None
    exif: MetadataExif | None = field(default=None, metadata=object_of(MetadataExif))


@dataclass(frozen=True, kw_only=True, repr=False)
class GetMetadataResult(Metadata, Result):
    """The metadata of a file, or of the image or video behind a URL."""
