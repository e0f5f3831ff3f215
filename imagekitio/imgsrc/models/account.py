"""Presets, settings and usage: the results of calls about the account."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from ...models.result import ALWAYS, Items, as_sent, list_of, object_of
from .base import Model, Result

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Self


@dataclass(frozen=True, kw_only=True, repr=False)
class Preset(Result):
    """A set of transformation parameters with a name, which URLs may use.

    Attributes:
        id: Id of the preset, for `get_preset` and `update_preset`.
        name: Name of the preset, for URLs and `delete_preset`.
        description: Note about the preset; None if there is none.
        params: The transformation parameters, by their short names; None means not set.
        created_at, updated_at: Unix times in seconds.
        usage_count: Number of times it was used.
    """

    id: str = ALWAYS
    name: str = ALWAYS
    description: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict, metadata=as_sent())
    created_at: int = ALWAYS
    updated_at: int = ALWAYS
    usage_count: int = ALWAYS

    @property
    def preset(self) -> Self:
        """The result itself."""
        return self


@dataclass(frozen=True, kw_only=True, repr=False)
class ListPresetsResponse(Result, Items[Preset]):
    """The presets of the account: iterate over them, index them, or pass the result to `len()`.

    Attributes:
        presets: The presets.
        total: Their number.
    """

    presets: list[Preset] = field(default_factory=list, metadata=list_of(Preset))
    total: int = ALWAYS

    @property
    def _items(self) -> list[Preset]:
        return self.presets

    @property
    def list_presets_response(self) -> Self:
        """The result itself."""
        return self


@dataclass(frozen=True, kw_only=True, repr=False)
class DeletePresetResponse(Result):
    """The result of deleting a preset.

    Attributes:
        success: Whether it was deleted.
        message: Message from the service.
    """

    success: bool = ALWAYS
    message: str = ALWAYS

    @property
    def delete_preset_response(self) -> Self:
        """The result itself."""
        return self


@dataclass(frozen=True, kw_only=True, repr=False)
class UserSettings(Model):
    """The settings of the account, and the account itself.

    Attributes:
        id: Id of the user.
        username: The name in delivery URLs and in `delete_image_path`.
        email: Address of the user.
        plan: ``free`` or ``pro``.
        delivery_formats: Preferred formats, in order.
        default_quality: Quality of lossy formats, 1 to 100.
        default_fit_mode: How a picture fills width × height if the URL does not say.
        default_max_width, default_max_height: Upper bounds in pixels; None if there are none.
        theme, language: Theme and language of the web page.
        created_at, updated_at: Unix times in seconds.
        total_uploads: Number of uploads.
        storage_used_bytes: Bytes stored.
    """

    id: str = ALWAYS
    username: str = ALWAYS
    email: str | None = None
    plan: str | None = None
    delivery_formats: list[str] = field(default_factory=list, metadata=as_sent())
    default_quality: int = ALWAYS
    default_fit_mode: str = ALWAYS
    default_max_width: int | None = None
    default_max_height: int | None = None
    theme: str = ALWAYS
    language: str = ALWAYS
    created_at: int = ALWAYS
    updated_at: int = ALWAYS
    total_uploads: int = ALWAYS
    storage_used_bytes: int = ALWAYS


@dataclass(frozen=True, kw_only=True, repr=False)
class SettingsResponse(Result):
    """The settings of the account.

    Attributes:
        settings: The settings.
    """

    settings: UserSettings = field(default=ALWAYS, metadata=object_of(UserSettings))

    @property
    def settings_response(self) -> Self:
        """The result itself."""
        return self


@dataclass(frozen=True, kw_only=True, repr=False)
class SettingsUpdateResponse(SettingsResponse):
    """The settings after a change.

    Attributes:
        message: Message from the service.
    """

    message: str = ALWAYS

    @property
    def settings_update_response(self) -> Self:
        """The result itself."""
        return self


@dataclass(frozen=True, kw_only=True, repr=False)
class PlanLimits(Model):
    """The limits of the plan; None means unlimited.

    Attributes:
        max_uploads_per_month: Uploads a month.
        max_storage_bytes: Bytes stored.
        max_bandwidth_per_month: Bytes delivered a month.
        max_api_requests_per_month: Requests a month.
        max_transformations_per_month: Transformations a month.
    """

    max_uploads_per_month: int | None = None
    max_storage_bytes: int | None = None
    max_bandwidth_per_month: int | None = None
    max_api_requests_per_month: int | None = None
    max_transformations_per_month: int | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class CurrentPeriod(Model):
    """The usage in the current month.

    Attributes:
        period: The month, ``YYYY-MM``.
        period_start, period_end: Unix times in seconds at which this month and the next one begin.
        uploads: Number of uploads.
        bandwidth_bytes: Bytes delivered.
        api_requests: Number of requests.
        transformations: Number of transformations.
    """

    period: str = ALWAYS
    period_start: int = ALWAYS
    period_end: int = ALWAYS
    uploads: int = ALWAYS
    bandwidth_bytes: int = ALWAYS
    api_requests: int = ALWAYS
    transformations: int = ALWAYS


@dataclass(frozen=True, kw_only=True, repr=False)
class Credits(Model):
    """The remaining credits, which were bought in addition to the plan.

    Attributes:
        storage_bytes: Bytes.
        api_requests: Number of requests.
        transformations: Number of transformations.
    """

    storage_bytes: int = ALWAYS
    api_requests: int = ALWAYS
    transformations: int = ALWAYS


# Values that the service adds later are passed through, as the str that was sent.
PlanStatus = Literal["active", "cancelling", "expired"]


@dataclass(frozen=True, kw_only=True, repr=False)
class UsageResponse(Result):
    """The plan and its usage.

    Attributes:
        plan, plan_name: The plan, such as ``free`` and ``Free Plan``.
        plan_status: ``active``, ``cancelling`` or ``expired``.
        subscription_ends_at: Unix time in seconds; None if no end is set.
        plan_limits: Limits of the plan.
        total_images: Number of images.
        storage_used_bytes: Bytes stored.
        storage_used_mb, storage_used_gb: The same in MiB and GiB, rounded.
        current_period: Usage in the current month.
        credits: Remaining credits.
    """

    plan: str = ALWAYS
    plan_name: str = ALWAYS
    plan_status: PlanStatus = ALWAYS
    subscription_ends_at: int | None = None
    plan_limits: PlanLimits = field(default=ALWAYS, metadata=object_of(PlanLimits))
    total_images: int = ALWAYS
    storage_used_bytes: int = ALWAYS
    storage_used_mb: float = ALWAYS
    storage_used_gb: float = ALWAYS
    current_period: CurrentPeriod = field(default=ALWAYS, metadata=object_of(CurrentPeriod))
    credits: Credits = field(default=ALWAYS, metadata=object_of(Credits))

    @property
    def usage_response(self) -> Self:
        """The result itself."""
        return self
