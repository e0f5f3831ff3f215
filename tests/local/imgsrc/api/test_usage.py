"""Usage over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.local.imgsrc.conftest import run

if TYPE_CHECKING:
    from pathlib import Path

    from tests.local.imgsrc.conftest import Api


def test_usage_has_the_limits_of_the_plan_and_the_usage_of_the_month(api: Api) -> None:
    size = api.upload()["size"]
    api("GET", "/api/v1/images", key=None)  # refused, so it is not counted
    assert api.json("GET", "/api/v1/usage") == {
        "plan": "pro",
        "plan_name": "Pro Plan",
        "plan_status": "active",
        "subscription_ends_at": None,
        "plan_limits": {
            "max_uploads_per_month": None,
            "max_storage_bytes": 50 * 1024**3,
            "max_bandwidth_per_month": None,
            "max_api_requests_per_month": None,
            "max_transformations_per_month": 10_000,
        },
        "total_images": 1,
        "storage_used_bytes": size,
        "storage_used_mb": 0.0,
        "storage_used_gb": 0.0,
        "current_period": {
            "period": "2025-01",
            "period_start": 1735689600,
            "period_end": 1738368000,
            "uploads": 1,
            "bandwidth_bytes": 0,
            "api_requests": 1,
            "transformations": 0,
        },
        "credits": {"storage_bytes": 0, "api_requests": 0, "transformations": 0},
    }


def test_usage_restarts_every_month(api: Api) -> None:
    api.upload()
    api.settings.clock.freeze(1738368000)
    usage = api.json("GET", "/api/v1/usage")
    assert (usage["current_period"]["period"], usage["current_period"]["uploads"]) == ("2025-02", 0)
    assert usage["total_images"] == 1


def test_sizes_are_given_in_units_of_1024(api: Api) -> None:
    with api.store.write() as transaction:
        transaction.connection.execute(
            "INSERT INTO images VALUES (1, 'i', 'h', 'n', 104857600, 'png', 'image/png', 1, 1, 0, 'public', 'n')"
        )
    usage = api.json("GET", "/api/v1/usage")
    assert (usage["storage_used_mb"], usage["storage_used_gb"]) == (100, 0.1)


def test_the_free_plan_has_other_limits(tmp_path: Path) -> None:
    with run(tmp_path, plan="free", max_api_requests_per_month=7) as api:
        usage = api.json("GET", "/api/v1/usage")
        assert (usage["plan"], usage["plan_name"]) == ("free", "Free Plan")
        assert usage["plan_limits"] == {
            "max_uploads_per_month": 100,
            "max_storage_bytes": 10 * 1024**3,
            "max_bandwidth_per_month": None,
            "max_api_requests_per_month": 7,
            "max_transformations_per_month": 1_000,
        }
