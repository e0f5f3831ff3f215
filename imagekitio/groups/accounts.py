"""`imagekit.accounts`: usage, analytics, origins, URL endpoints and webhooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..models.account.origins import ListOriginsResult, OriginResult
from ..models.account.url_endpoints import ListUrlEndpointsResult, UrlEndpointResult
from ..operations.account import origins, url_endpoints, usage, webhooks
from .account_results import UsageAnalytics, Webhook, WebhookList
from .call import Call, Group, ModeT, RawT
from .results import read_as, read_list, read_nothing

if TYPE_CHECKING:
    from datetime import date

    from typing_extensions import Unpack

    from ..models.account.origins import OriginKeywords
    from ..models.account.url_endpoints import UrlEndpointKeywords
    from ..models.account.usage import UsageResult
    from ..models.account.webhooks import WebhookKeywords
    from ..operations.core import Operation


@Call
def get_usage(*, start_date: date | str, end_date: date | str) -> Operation[UsageResult]:
    """Return the usage of the account in a period; see `ImageKit.get_usage`."""
    return usage.get_usage(start_date, end_date)


class UsageGroup(Group[ModeT, RawT]):
    """`imagekit.accounts.usage`: only `get`."""

    get = get_usage

    @property
    def with_raw_response(self) -> UsageGroup[RawT, RawT]:
        """The same calls, but returning the raw response instead of the result."""
        return UsageGroup(self._raw, self._raw)


@Call
def get_usage_analytics(*, start_date: date | str, end_date: date | str) -> Operation[UsageAnalytics]:
    """Return the traffic of the account in a period; see `ImageKit.get_usage_analytics`."""
    return read_as(usage.get_usage_analytics(start_date, end_date), UsageAnalytics.from_answer)


class UsageAnalyticsGroup(Group[ModeT, RawT]):
    """`imagekit.accounts.usage_analytics`: only `get`."""

    get = get_usage_analytics

    @property
    def with_raw_response(self) -> UsageAnalyticsGroup[RawT, RawT]:
        """The same calls, but returning the raw response instead of the result."""
        return UsageAnalyticsGroup(self._raw, self._raw)


@Call
def create_origin(**options: Unpack[OriginKeywords]) -> Operation[OriginResult]:
    """Create an origin; see `ImageKit.create_origin`."""
    return origins.create_origin(**options)


@Call
def list_origins() -> Operation[list[OriginResult]]:
    """List the origins; see `ImageKit.list_origins`."""
    return read_list(origins.list_origins(), ListOriginsResult)


@Call
def get_origin(id: str) -> Operation[OriginResult]:
    """Return an origin; see `ImageKit.get_origin`."""
    return origins.get_origin(id)


@Call
def update_origin(id: str, **options: Unpack[OriginKeywords]) -> Operation[OriginResult]:
    """Change an origin; see `ImageKit.update_origin`."""
    return origins.update_origin(id, **options)


@Call
def delete_origin(id: str) -> Operation[None]:
    """Delete an origin; see `ImageKit.delete_origin`."""
    return read_nothing(origins.delete_origin(id))


class OriginsGroup(Group[ModeT, RawT]):
    """`imagekit.accounts.origins`: origins."""

    create = create_origin
    list = list_origins
    get = get_origin
    update = update_origin
    delete = delete_origin

    @property
    def with_raw_response(self) -> OriginsGroup[RawT, RawT]:
        """The same calls, but returning the raw response instead of the result."""
        return OriginsGroup(self._raw, self._raw)


@Call
def create_url_endpoint(**options: Unpack[UrlEndpointKeywords]) -> Operation[UrlEndpointResult]:
    """Create a URL endpoint; see `ImageKit.create_url_endpoint`."""
    return url_endpoints.create_url_endpoint(**options)


@Call
def list_url_endpoints() -> Operation[list[UrlEndpointResult]]:
    """List the URL endpoints; see `ImageKit.list_url_endpoints`."""
    return read_list(url_endpoints.list_url_endpoints(), ListUrlEndpointsResult)


@Call
def get_url_endpoint(id: str) -> Operation[UrlEndpointResult]:
    """Return a URL endpoint; see `ImageKit.get_url_endpoint`."""
    return url_endpoints.get_url_endpoint(id)


@Call
def update_url_endpoint(id: str, **options: Unpack[UrlEndpointKeywords]) -> Operation[UrlEndpointResult]:
    """Change a URL endpoint; see `ImageKit.update_url_endpoint`."""
    return url_endpoints.update_url_endpoint(id, **options)


@Call
def delete_url_endpoint(id: str) -> Operation[None]:
    """Delete a URL endpoint; see `ImageKit.delete_url_endpoint`."""
    return read_nothing(url_endpoints.delete_url_endpoint(id))


class UrlEndpointsGroup(Group[ModeT, RawT]):
    """`imagekit.accounts.url_endpoints`: URL endpoints."""

    create = create_url_endpoint
    list = list_url_endpoints
    get = get_url_endpoint
    update = update_url_endpoint
    delete = delete_url_endpoint

    @property
    def with_raw_response(self) -> UrlEndpointsGroup[RawT, RawT]:
        """The same calls, but returning the raw response instead of the result."""
        return UrlEndpointsGroup(self._raw, self._raw)


@Call
def create_webhook(**options: Unpack[WebhookKeywords]) -> Operation[Webhook]:
    """Create a webhook; see `ImageKit.create_webhook`."""
    return read_as(webhooks.create_webhook(**options), Webhook.from_answer)


@Call
def list_webhooks() -> Operation[list[Webhook]]:
    """List the webhooks; see `ImageKit.list_webhooks`."""
    return read_list(webhooks.list_webhooks(), WebhookList)


@Call
def get_webhook(id: str) -> Operation[Webhook]:
    """Return a webhook; see `ImageKit.get_webhook`."""
    return read_as(webhooks.get_webhook(id), Webhook.from_answer)


@Call
def update_webhook(id: str, **options: Unpack[WebhookKeywords]) -> Operation[Webhook]:
    """Change a webhook; see `ImageKit.update_webhook`."""
    return read_as(webhooks.update_webhook(id, **options), Webhook.from_answer)


@Call
def delete_webhook(id: str) -> Operation[None]:
    """Delete a webhook; see `ImageKit.delete_webhook`."""
    return read_nothing(webhooks.delete_webhook(id))


class WebhookConfigurationGroup(Group[ModeT, RawT]):
    """`imagekit.accounts.webhooks`: webhooks."""

    create = create_webhook
    list = list_webhooks
    get = get_webhook
    update = update_webhook
    delete = delete_webhook

    @property
    def with_raw_response(self) -> WebhookConfigurationGroup[RawT, RawT]:
        """The same calls, but returning the raw response instead of the result."""
        return WebhookConfigurationGroup(self._raw, self._raw)


class AccountsGroup(Group[ModeT, RawT]):
    """`imagekit.accounts`: usage and configuration of the account."""

    @property
    def usage(self) -> UsageGroup[ModeT, RawT]:
        """Usage of the account."""
        return UsageGroup(self._mode, self._raw)

    @property
    def usage_analytics(self) -> UsageAnalyticsGroup[ModeT, RawT]:
        """Traffic of the account."""
        return UsageAnalyticsGroup(self._mode, self._raw)

    @property
    def origins(self) -> OriginsGroup[ModeT, RawT]:
        """Origins."""
        return OriginsGroup(self._mode, self._raw)

    @property
    def url_endpoints(self) -> UrlEndpointsGroup[ModeT, RawT]:
        """URL endpoints."""
        return UrlEndpointsGroup(self._mode, self._raw)

    @property
    def webhooks(self) -> WebhookConfigurationGroup[ModeT, RawT]:
        """Configuration of webhooks."""
        return WebhookConfigurationGroup(self._mode, self._raw)

    @property
    def with_raw_response(self) -> AccountsGroup[RawT, RawT]:
        """The same calls, but returning the raw response instead of the result."""
        return AccountsGroup(self._raw, self._raw)
