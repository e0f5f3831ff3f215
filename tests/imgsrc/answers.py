"""Answers of img-src.io as literals, for tests."""

from __future__ import annotations

import json
from typing import Any

from imagekitio.models.response_metadata import Headers
from imagekitio.operations.core import Response

ID = "3f0c7a91d2b45e68"
LINKS = {"self": f"/api/v1/images/{ID}", "delete": f"/api/v1/images/{ID}"}
FORMATS = {name: f"https://img-src.io/i/ada/trips/oslo.{name}" for name in ("webp", "avif", "jpeg", "png", "jxl")}
UPLOAD = {
    "id": ID,
    "hash": ID * 4,
    "url": "https://img-src.io/i/ada/trips/oslo.png",
    "paths": ["trips/oslo.png"],
    "is_new": True,
    "size": 48213,
    "format": "png",
    "dimensions": {"width": 1200, "height": 800},
    "available_formats": FORMATS,
    "uploaded_at": "2026-02-07T09:30:00Z",
    "visibility": "public",
    "_links": LINKS,
}
ITEM = {
    "id": ID,
    "original_filename": "oslo.png",
    "sanitized_filename": "oslo.png",
    "size": 48213,
    "uploaded_at": "2026-02-07T09:30:00Z",
    "url": f"/api/v1/images/{ID}",
    "cdn_url": "https://img-src.io/i/ada/trips/oslo.png",
    "paths": ["trips/oslo.png"],
    "visibility": "public",
}
PRIVATE_ITEM = {
    **ITEM,
    "visibility": "private",
    "active_signed_url": {
        "signed_url": "https://img-src.io/i/ada/trips/oslo.png?exp=1&sig=a",
        "expires_at": 1767225600,
    },
}
LISTING = {
    "images": [ITEM],
    "folders": [{"name": "2025", "image_count": 12}],
    "total": 1,
    "limit": 50,
    "offset": 0,
    "has_more": False,
    "path_filter": "trips",
}
SEARCH = {"results": [ITEM], "total": 1, "query": "oslo"}
METADATA = {
    "id": ID,
    "metadata": {
        "hash": ID * 4,
        "original_filename": "oslo.png",
        "size": 48213,
        "uploaded_at": "2026-02-07T09:30:00Z",
        "mime_type": "image/png",
        "width": 1200,
        "height": 800,
        "dominant_color": "aabbcc",
    },
    "urls": {"original": "https://img-src.io/i/ada/trips/oslo.png", **FORMATS},
    "visibility": "public",
    "_links": LINKS,
}
DELETION = {"success": True, "message": "Image deleted", "deleted_at": "2026-02-07T09:30:00Z"}
PATH_DELETION = {**DELETION, "remaining_paths": [], "image_deleted": True}
SIGNED = {
    "signed_url": "https://img-src.io/i/ada/trips/oslo.png?exp=1767225600&sig=ab",
    "expires_at": 1767225600,
    "expires_in_seconds": 3600,
}
VISIBILITY = {"id": ID, "visibility": "private", "message": "Visibility updated to private"}
PRESET = {
    "id": "preset_abc123",
    "name": "thumbnail",
    "description": None,
    "params": {"w": 300, "fit": "cover", "q": None},
    "created_at": 1735689600,
    "updated_at": 1735689600,
    "usage_count": 0,
}
PRESETS = {"presets": [PRESET], "total": 1}
PRESET_DELETION = {"success": True, "message": "Preset deleted"}
SETTINGS = {
    "settings": {
        "id": "user_abc123",
        "username": "ada",
        "plan": "pro",
        "delivery_formats": ["webp", "avif", "jpeg"],
        "default_quality": 80,
        "default_fit_mode": "contain",
        "theme": "light",
        "language": "en",
        "created_at": 1735689600,
        "updated_at": 1735689600,
        "total_uploads": 3,
        "storage_used_bytes": 1234,
    }
}
SETTINGS_UPDATE = {**SETTINGS, "message": "Settings updated successfully"}
USAGE = {
    "plan": "free",
    "plan_name": "Free Plan",
    "plan_status": "active",
    "subscription_ends_at": None,
    "plan_limits": {
        "max_uploads_per_month": 100,
        "max_storage_bytes": 10 << 30,
        "max_bandwidth_per_month": None,
        "max_api_requests_per_month": None,
        "max_transformations_per_month": 1000,
    },
    "total_images": 3,
    "storage_used_bytes": 100 << 20,
    "storage_used_mb": 100,
    "storage_used_gb": 0.1,
    "current_period": {
        "period": "2025-01",
        "period_start": 1735689600,
        "period_end": 1738368000,
        "uploads": 3,
        "bandwidth_bytes": 5,
        "api_requests": 7,
        "transformations": 9,
    },
    "credits": {"storage_bytes": 0, "api_requests": 0, "transformations": 0},
}


def error_body(status: int, code: str, message: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "status": status, "path": f"/api/v1/images/{ID}"}}


def respond(body: object, status: int = 200, **headers: str) -> Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status, Headers({"Content-Type": "application/json", **given}), content)
