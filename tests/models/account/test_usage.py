from __future__ import annotations

from typing import Any

from imagekitio.local.api.usage import COUNTS, GROUPS
from imagekitio.models.account import (
    AnalyticsEntry,
    AnalyticsGroup,
    CacheAnalytics,
    ExtensionAnalytics,
    UsageAnalyticsResult,
    UsageResult,
    VideoAnalytics,
)
from imagekitio.models.spelling import to_snake_case

# The example of the ImageKit docs, with an entry for each kind of group.
ANALYTICS: dict[str, Any] = {
    "startDate": "2024-03-01",
    "endDate": "2024-03-02",
    "generatedAt": "2024-03-02T09:00:00.000Z",
    "bandwidthBytes": 1000,
    "requestCount": 4,
    "cache": {"hitCount": 3, "missCount": 1, "errorCount": 0},
    "statusCodes": [{"name": "200", "requestCount": 4}],
    "top404Assets": [],
    "extensions": [{"name": "remove-bg", "operationCount": 2}],
    "videoProcessing": [{"codec": "h264", "resolution": "HD", "durationSeconds": 12.5}],
    "browser": {"byBandwidth": [{"name": "Chrome", "bandwidthBytes": 1000, "requestCount": 4}], "byRequests": []},
    "country": {"byRequests": [{"name": "India", "code": "IN", "bandwidthBytes": 1000, "requestCount": 4}]},
}


def test_the_figures_of_usage_are_attributes() -> None:
    raw = {
        "bandwidthBytes": 21991583,
        "mediaLibraryStorageBytes": 1878758,
        "videoProcessingUnitsCount": 0,
        "extensionUnitsCount": 14,
        "originalCacheStorageBytes": 0,
    }
    assert UsageResult.from_json(raw) == UsageResult(
        bandwidth_bytes=21991583,
        media_library_storage_bytes=1878758,
        video_processing_units_count=0,
        extension_units_count=14,
        original_cache_storage_bytes=0,
    )


def test_the_groups_of_analytics_are_objects() -> None:
    found = UsageAnalyticsResult.from_json(ANALYTICS)
    chrome = AnalyticsEntry(name="Chrome", bandwidth_bytes=1000, request_count=4)
    assert found.cache == CacheAnalytics(hit_count=3, miss_count=1, error_count=0)
    assert found.browser == AnalyticsGroup(by_bandwidth=[chrome], by_requests=[])
    assert found.country.by_requests[0].code == "IN"
    assert found.status_codes == [AnalyticsEntry(name="200", request_count=4)]
    assert found.extensions == [ExtensionAnalytics(name="remove-bg", operation_count=2)]
    assert found.video_processing == [VideoAnalytics(codec="h264", resolution="HD", duration_seconds=12.5)]


def test_a_group_that_the_service_leaves_out_is_empty() -> None:
    found = UsageAnalyticsResult.from_json(ANALYTICS)
    assert found.device == AnalyticsGroup()
    assert found.device.by_bandwidth == found.error_reasons == found.top404_assets == found.country.by_bandwidth == []


def test_every_group_that_local_imagekit_sends_has_an_attribute() -> None:
    empty = UsageAnalyticsResult()
    for group in GROUPS:
        assert getattr(empty, to_snake_case(group)) == AnalyticsGroup()
    for group in COUNTS:
        assert getattr(empty, to_snake_case(group)) == []
