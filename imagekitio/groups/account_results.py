"""The results of account calls in release 5 that differ from ours; see `results`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..models.account.named_transformations import NamedTransformationResult
from ..models.account.saved_extensions import SavedExtensionResult
from ..models.account.usage import UsageAnalyticsResult
from ..models.account.webhooks import WebhookResult
from ..models.result import ALWAYS, ListResult, Model, as_day, as_time, object_of
from .results import Times

if TYPE_CHECKING:
    from datetime import date, datetime


@dataclass(frozen=True, kw_only=True, repr=False)
class UsageAnalytics(UsageAnalyticsResult):
    """The traffic of an account in a period; see `UsageAnalyticsResult`.

    Attributes:
        start_date, end_date: First and last day, in UTC.
        generated_at: Time of the figures, as an aware datetime.
    """

    start_date: date = field(default=ALWAYS, metadata=as_day())  # type: ignore[assignment]
    end_date: date = field(default=ALWAYS, metadata=as_day())  # type: ignore[assignment]
    generated_at: datetime = field(default=ALWAYS, metadata=as_time())  # type: ignore[assignment]


@dataclass(frozen=True, kw_only=True, repr=False)
class Webhook(Times, WebhookResult):  # pyright: ignore[reportIncompatibleVariableOverride]
    """A webhook; see `WebhookResult`.

    Attributes:
        created_at, updated_at: Times of creation and of the last change, as aware datetimes.
    """


@dataclass(frozen=True, kw_only=True, repr=False)
class WebhookList(ListResult[Webhook]):
    """The webhooks of the account."""

    @classmethod
    def _decode_item(cls, data: Any) -> Webhook:
        return Webhook.from_json(data)


@dataclass(frozen=True, kw_only=True, repr=False)
class ExtensionConfig(Model):
    """The configuration of an extension. Its other fields are attributes too, in snake_case.

    Attributes:
        name: Name of the extension.
    """

    name: str = ALWAYS


@dataclass(frozen=True, kw_only=True, repr=False)
class SavedExtension(Times, SavedExtensionResult):  # pyright: ignore[reportIncompatibleVariableOverride]
    """A saved extension; see `SavedExtensionResult`.

    Attributes:
        config: Configuration of the extension.
        created_at, updated_at: Times of creation and of the last change, as aware datetimes.
    """

    config: ExtensionConfig = field(default=ALWAYS, metadata=object_of(ExtensionConfig))  # type: ignore[assignment]


@dataclass(frozen=True, kw_only=True, repr=False)
class SavedExtensionList(ListResult[SavedExtension]):
    """The saved extensions of the account."""

    @classmethod
    def _decode_item(cls, data: Any) -> SavedExtension:
        return SavedExtension.from_json(data)


@dataclass(frozen=True, kw_only=True, repr=False)
class NamedTransformation(NamedTransformationResult):
    """A named transformation; see `NamedTransformationResult`.

    Attributes:
        created_at: Time of creation, as an aware datetime.
    """

    created_at: datetime = field(default=ALWAYS, metadata=as_time())  # type: ignore[assignment]


@dataclass(frozen=True, kw_only=True, repr=False)
class NamedTransformationList(ListResult[NamedTransformation]):
    """The named transformations of the account."""

    @classmethod
    def _decode_item(cls, data: Any) -> NamedTransformation:
        return NamedTransformation.from_json(data)
