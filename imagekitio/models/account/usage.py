"""Usage of the account, and analytics of its traffic."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..result import ALWAYS, Model, Result, list_of, object_of


@dataclass(frozen=True, kw_only=True, repr=False)
class UsageResult(Result):
    """The usage of an account in a period; up to 6 hours old.

    Attributes:
        bandwidth_bytes: Bytes delivered.
        media_library_storage_bytes: Bytes stored in the media library.
        video_processing_units_count: Number of video processing units used.
        extension_units_count: Number of extension units used.
        original_cache_storage_bytes: Bytes stored in the cache of originals.
    """

    bandwidth_bytes: int = ALWAYS
    media_library_storage_bytes: int = ALWAYS
    video_processing_units_count: int = ALWAYS
    extension_units_count: int = ALWAYS
    original_cache_storage_bytes: int = ALWAYS


@dataclass(frozen=True, kw_only=True, repr=False)
class AnalyticsEntry(Model):
    """The traffic of one browser, device, file, …

    Attributes:
        name: Name of the browser, device, file, …
        request_count: Number of requests.
        bandwidth_bytes: Bytes delivered; None where only requests are counted.
        code: Code of the country; only in `country`.
    """

    name: str = ALWAYS
    request_count: int = ALWAYS
    bandwidth_bytes: int | None = None
    code: str | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class AnalyticsGroup(Model):
    """The entries of a group, in two orders.

    Attributes:
        by_bandwidth: Entries with the highest bandwidth, in descending order.
        by_requests: Entries with the most requests, in descending order.
    """

    by_bandwidth: list[AnalyticsEntry] = field(default_factory=list, metadata=list_of(AnalyticsEntry))
    by_requests: list[AnalyticsEntry] = field(default_factory=list, metadata=list_of(AnalyticsEntry))


@dataclass(frozen=True, kw_only=True, repr=False)
class CacheAnalytics(Model):
    """How many requests the cache answered.

    Attributes:
        hit_count, miss_count, error_count: Numbers of requests that the cache answered, that it did not answer, and
            that failed.
    """

    hit_count: int = ALWAYS
    miss_count: int = ALWAYS
    error_count: int = ALWAYS


@dataclass(frozen=True, kw_only=True, repr=False)
class ExtensionAnalytics(Model):
    """The use of one extension.

    Attributes:
        name: Name of the extension.
        operation_count: Number of runs (not billable units).
    """

    name: str = ALWAYS
    operation_count: int = ALWAYS


@dataclass(frozen=True, kw_only=True, repr=False)
class VideoAnalytics(Model):
    """The videos that were encoded with one codec and resolution.

    Attributes:
        codec: Name of the codec.
        resolution: ``SD``, ``HD`` or ``4K``.
        duration_seconds: Duration of the videos in seconds.
    """

    codec: str = ALWAYS
    resolution: str = ALWAYS
    duration_seconds: float = ALWAYS


@dataclass(frozen=True, kw_only=True, repr=False)
class UsageAnalyticsResult(Result):
    """The traffic of an account in a period; up to 5 minutes old. Groups without traffic are empty.

    Attributes:
        start_date, end_date: First and last day, ``YYYY-MM-DD`` in UTC.
        generated_at: Timestamp of the figures in ISO 8601.
        bandwidth_bytes: Bytes delivered.
        request_count: Number of requests.
        cache: How many of them the cache answered.
        browser, country, device, format: Traffic by browser, country, device and MIME type.
        top_images, top_videos, top_other_assets: Traffic by file.
        top_image_transforms, top_video_transforms: Traffic by transformation, such as ``tr:w-400,h-400``.
        top_referrers, top_user_agents: Traffic by page and by program that requested files.
        url_endpoints: Traffic by URL endpoint.
        status_codes, error_reasons, top404_assets: Requests by HTTP status, by reason of an error, and by file that
            does not exist.
        extensions: Use of extensions.
        video_processing: Videos that were encoded.
    """

    start_date: str = ALWAYS
    end_date: str = ALWAYS
    generated_at: str = ALWAYS
    bandwidth_bytes: int = ALWAYS
    request_count: int = ALWAYS
    cache: CacheAnalytics = field(default_factory=CacheAnalytics, metadata=object_of(CacheAnalytics))
    browser: AnalyticsGroup = field(default_factory=AnalyticsGroup, metadata=object_of(AnalyticsGroup))
    country: AnalyticsGroup = field(default_factory=AnalyticsGroup, metadata=object_of(AnalyticsGroup))
    device: AnalyticsGroup = field(default_factory=AnalyticsGroup, metadata=object_of(AnalyticsGroup))
    format: AnalyticsGroup = field(default_factory=AnalyticsGroup, metadata=object_of(AnalyticsGroup))
    top_images: AnalyticsGroup = field(default_factory=AnalyticsGroup, metadata=object_of(AnalyticsGroup))
    top_image_transforms: AnalyticsGroup = field(default_factory=AnalyticsGroup, metadata=object_of(AnalyticsGroup))
    top_videos: AnalyticsGroup = field(default_factory=AnalyticsGroup, metadata=object_of(AnalyticsGroup))
    top_video_transforms: AnalyticsGroup = field(default_factory=AnalyticsGroup, metadata=object_of(AnalyticsGroup))
    top_other_assets: AnalyticsGroup = field(default_factory=AnalyticsGroup, metadata=object_of(AnalyticsGroup))
    top_referrers: AnalyticsGroup = field(default_factory=AnalyticsGroup, metadata=object_of(AnalyticsGroup))
    top_user_agents: AnalyticsGroup = field(default_factory=AnalyticsGroup, metadata=object_of(AnalyticsGroup))
    url_endpoints: AnalyticsGroup = field(default_factory=AnalyticsGroup, metadata=object_of(AnalyticsGroup))
    status_codes: list[AnalyticsEntry] = field(default_factory=list, metadata=list_of(AnalyticsEntry))
    error_reasons: list[AnalyticsEntry] = field(default_factory=list, metadata=list_of(AnalyticsEntry))
    top404_assets: list[AnalyticsEntry] = field(default_factory=list, metadata=list_of(AnalyticsEntry))
    extensions: list[ExtensionAnalytics] = field(default_factory=list, metadata=list_of(ExtensionAnalytics))
    video_processing: list[VideoAnalytics] = field(default_factory=list, metadata=list_of(VideoAnalytics))
