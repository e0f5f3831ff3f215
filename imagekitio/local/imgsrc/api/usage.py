"""The handler for usage (img-src API, "Usage")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...base.settings import MEGABYTE
from ...web.calls import Answer
from .. import usage

if TYPE_CHECKING:
    from ...web.calls import Call
    from ..limits.meter import Meter
    from ..store import ImgsrcStore


def get_usage(store: ImgsrcStore, call: Call, meter: Meter) -> Answer:
    """Return the usage so far; this call is not counted yet."""
    meter.flush()
    settings = store.settings
    now = settings.clock.time()
    period = usage.find_period(now)
    limits = settings.limits
    with store.read() as connection:
        (images,) = connection.execute("SELECT count(*) FROM images").fetchone()
        size = usage.measure_storage(connection)
        used = {name: usage.read_usage(connection, now, name) for name in usage.NAMES}
    return Answer(
        200,
        {
            "plan": settings.plan,
            "plan_name": f"{settings.plan.capitalize()} Plan",
            "plan_status": "active",
            "subscription_ends_at": None,
            "plan_limits": {
                "max_uploads_per_month": limits.max_uploads_per_month,
                "max_storage_bytes": limits.max_storage_bytes,
                "max_bandwidth_per_month": limits.max_bandwidth_per_month,
                "max_api_requests_per_month": limits.max_api_requests_per_month,
                "max_transformations_per_month": limits.max_transformations_per_month,
            },
            "total_images": images,
            "storage_used_bytes": size,
            "storage_used_mb": round(size / MEGABYTE, 2),
            "storage_used_gb": round(size / (1024 * MEGABYTE), 2),
            "current_period": {
                "period": period.name,
                "period_start": period.start,
                "period_end": period.end,
                **used,
            },
            # Nothing can be bought here.
            "credits": {"storage_bytes": 0, "api_requests": 0, "transformations": 0},
        },
    )
