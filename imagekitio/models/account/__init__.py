"""Options and results of the account: usage, origins, URL endpoints, webhooks, and presets for files and URLs.

`models` does not export these names, so that calls about files do not have to load them.
"""

from .named_transformations import (
    ListNamedTransformationsResult,
    NamedTransformationRequestOptions,
    NamedTransformationResult,
)
from .origins import (
    AkeneoPimOrigin,
    AzureBlobOrigin,
    CloudinaryBackupOrigin,
    GcsOrigin,
    ListOriginsResult,
    Origin,
    OriginResult,
    S3CompatibleOrigin,
    S3Origin,
    WebFolderOrigin,
    WebProxyOrigin,
)
from .saved_extensions import ListSavedExtensionsResult, SavedExtensionRequestOptions, SavedExtensionResult
from .url_endpoints import (
    ListUrlEndpointsResult,
    UrlEndpointRequestOptions,
    UrlEndpointResult,
    UrlRewriter,
    UrlRewriterResult,
)
from .usage import (
    AnalyticsEntry,
    AnalyticsGroup,
    CacheAnalytics,
    ExtensionAnalytics,
    UsageAnalyticsResult,
    UsageResult,
    VideoAnalytics,
)
from .webhooks import ListWebhooksResult, WebhookRequestOptions, WebhookResult

__all__ = [
    "AkeneoPimOrigin",
    "AnalyticsEntry",
    "AnalyticsGroup",
    "AzureBlobOrigin",
    "CacheAnalytics",
    "CloudinaryBackupOrigin",
    "ExtensionAnalytics",
    "GcsOrigin",
    "ListNamedTransformationsResult",
    "ListOriginsResult",
    "ListSavedExtensionsResult",
    "ListUrlEndpointsResult",
    "ListWebhooksResult",
    "NamedTransformationRequestOptions",
    "NamedTransformationResult",
    "Origin",
    "OriginResult",
    "S3CompatibleOrigin",
    "S3Origin",
    "SavedExtensionRequestOptions",
    "SavedExtensionResult",
    "UrlEndpointRequestOptions",
    "UrlEndpointResult",
    "UrlRewriter",
    "UrlRewriterResult",
    "UsageAnalyticsResult",
    "UsageResult",
    "VideoAnalytics",
    "WebFolderOrigin",
    "WebProxyOrigin",
    "WebhookRequestOptions",
    "WebhookResult",
]
