"""The account calls of `AsyncImageKit`; those of `ImageKit` are in `account`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import operations

if TYPE_CHECKING:
    from collections.abc import Coroutine, Mapping
    from datetime import date
    from typing import Any, TypeVar

    from typing_extensions import Unpack

    from ..models.account.named_transformations import (
        ListNamedTransformationsResult,
        NamedTransformationKeywords,
        NamedTransformationRequestOptions,
        NamedTransformationResult,
    )
    from ..models.account.origins import ListOriginsResult, Origin, OriginKeywords, OriginResult
    from ..models.account.saved_extensions import (
        ListSavedExtensionsResult,
        SavedExtensionKeywords,
        SavedExtensionRequestOptions,
        SavedExtensionResult,
    )
    from ..models.account.url_endpoints import (
        ListUrlEndpointsResult,
        UrlEndpointKeywords,
        UrlEndpointRequestOptions,
        UrlEndpointResult,
    )
    from ..models.account.usage import UsageAnalyticsResult, UsageResult
    from ..models.account.webhooks import ListWebhooksResult, WebhookKeywords, WebhookRequestOptions, WebhookResult
    from ..models.result import ResponseMetadataResult
    from ..operations.core import Operation

    T = TypeVar("T")


class AsyncAccountCalls:
    """The account calls: usage, origins, URL endpoints, webhooks, and presets."""

    def _run(self, operation: Operation[T]) -> Coroutine[Any, Any, T]:
        raise NotImplementedError

    # Usage

    async def get_usage(self, start_date: date | str, end_date: date | str) -> UsageResult:
        """Return the usage of the account in a period: bandwidth, storage, and video and extension units.

        The figures may be up to 6 hours old (ImageKit docs, account API).

        Args:
            start_date: First day, in UTC, as a `datetime.date` or as ``YYYY-MM-DD``.
            end_date: Day after the last day, less than 90 days after the first.
        Returns:
            The figures: `bandwidth_bytes`, `media_library_storage_bytes`, `extension_units_count`, …
        Raises:
            TypeError, ValueError: A day is not valid, or the period is empty or too long.
            ImageKitException: The request failed.
        """
        return await self._run(operations.account.usage.get_usage(start_date, end_date))

    async def get_usage_analytics(self, start_date: date | str, end_date: date | str) -> UsageAnalyticsResult:
        """Return the traffic of the account in a period: by file, format, browser, country, status, …

        The figures may be up to 5 minutes old (ImageKit docs, account API).

        Args:
            start_date: First day, in UTC, as a `datetime.date` or as ``YYYY-MM-DD``.
            end_date: Last day, less than 90 days after the first. Unlike in `get_usage`, it is included.
        Returns:
            The figures: `request_count`, `cache`, `top_images`, `status_codes`, …
        Raises:
            TypeError, ValueError: A day is not valid, or the period is too long.
            ImageKitException: The request failed.
        """
        return await self._run(operations.account.usage.get_usage_analytics(start_date, end_date))

    # Origins

    async def create_origin(
        self, options: Origin | Mapping[str, Any] | None = None, **keywords: Unpack[OriginKeywords]
    ) -> OriginResult:
        """Create an origin: your own storage, from which files are delivered without an upload.

        Args:
            options: An `S3Origin`, `CloudinaryBackupOrigin`, `S3CompatibleOrigin`, `GcsOrigin`, `AzureBlobOrigin`,
                `WebFolderOrigin`, `WebProxyOrigin` or `AkeneoPimOrigin`, or a dict with the `type` (``S3``, …), the
                `name`, and the options of the type.
            keywords: The options as keyword arguments, including the `type` unless `options` contains it.
        Returns:
            The new origin, without its secrets. Put its `id` into the `origins` of a URL endpoint.
        Raises:
            TypeError, ValueError: The type is missing or unknown, or an option is missing, not valid, or does not
                belong to the type.
            ImageKitException: The request failed.
        """
        return await self._run(operations.account.origins.create_origin(options, **keywords))

    async def list_origins(self) -> ListOriginsResult:
        """Return the origins of the account.

        Returns:
            The origins without their secrets, as a sequence; also available as `.list`.
        Raises:
            ImageKitException: The request failed.
        """
        return await self._run(operations.account.origins.list_origins())

    async def get_origin(self, origin_id: str) -> OriginResult:
        """Return an origin, without its secrets.

        Args:
            origin_id: ID of the origin.
        Raises:
            NotFoundException: There is no origin with this ID.
            ImageKitException: The request failed for another reason.
        """
        return await self._run(operations.account.origins.get_origin(origin_id))

    async def update_origin(
        self, origin_id: str, options: Origin | Mapping[str, Any] | None = None, **keywords: Unpack[OriginKeywords]
    ) -> OriginResult:
        """Replace an origin completely: omitted options are reset to their defaults, and secrets must be given again.

        Args:
            origin_id: ID of the origin.
            options: An object of the class of its type, or a dict, as for `create_origin`.
            keywords: The options as keyword arguments, including the `type` unless `options` contains it.
        Returns:
            The origin after the change.
        Raises:
            TypeError, ValueError: The type is missing or unknown, or an option is missing, not valid, or does not
                belong to the type.
            NotFoundException: There is no origin with this ID.
            ImageKitException: The request failed for another reason.
        """
        return await self._run(operations.account.origins.update_origin(origin_id, options, **keywords))

    async def delete_origin(self, origin_id: str) -> ResponseMetadataResult:
        """Delete an origin; the files in it stay where they are.

        Args:
            origin_id: ID of the origin.
        Returns:
            A result that contains only `response_metadata`.
        Raises:
            NotFoundException: There is no origin with this ID.
            ConflictException: A URL endpoint uses it.
            ImageKitException: The request failed for another reason.
        """
        return await self._run(operations.account.origins.delete_origin(origin_id))

    # URL endpoints

    async def create_url_endpoint(
        self,
        options: UrlEndpointRequestOptions | Mapping[str, Any] | None = None,
        **keywords: Unpack[UrlEndpointKeywords],
    ) -> UrlEndpointResult:
        """Create a URL endpoint, ``https://ik.imagekit.io/your_imagekit_id/url_prefix``.

        Args:
            options: A `UrlEndpointRequestOptions` or a dict: `description`, `url_prefix`, and optionally `origins`
                (IDs, in the order in which they are searched for files) and `url_rewriter` (a `UrlRewriter` or a dict).
            keywords: The options as keyword arguments.
        Returns:
            The new URL endpoint.
        Raises:
            TypeError, ValueError: An option is missing or not valid.
            BadRequestException: The prefix is taken, or an origin does not exist.
            ImageKitException: The request failed for another reason.
        """
        return await self._run(operations.account.url_endpoints.create_url_endpoint(options, **keywords))

    async def list_url_endpoints(self) -> ListUrlEndpointsResult:
        """Return the URL endpoints of the account, including the default one.

        Returns:
            The URL endpoints, as a sequence; also available as `.list`.
        Raises:
            ImageKitException: The request failed.
        """
        return await self._run(operations.account.url_endpoints.list_url_endpoints())

    async def get_url_endpoint(self, url_endpoint_id: str) -> UrlEndpointResult:
        """Return a URL endpoint.

        Args:
            url_endpoint_id: ID of the URL endpoint; ``default`` for the default one.
        Raises:
            NotFoundException: There is no URL endpoint with this ID.
            ImageKitException: The request failed for another reason.
        """
        return await self._run(operations.account.url_endpoints.get_url_endpoint(url_endpoint_id))

    async def update_url_endpoint(
        self,
        url_endpoint_id: str,
        options: UrlEndpointRequestOptions | Mapping[str, Any] | None = None,
        **keywords: Unpack[UrlEndpointKeywords],
    ) -> UrlEndpointResult:
        """Replace a URL endpoint completely: omitted options are reset to their defaults.

        Args:
            url_endpoint_id: ID of the URL endpoint; ``default`` for the default one.
            options: A `UrlEndpointRequestOptions` or a dict, as for `create_url_endpoint`. The default URL endpoint
                takes no `url_prefix`.
            keywords: The options as keyword arguments.
        Returns:
            The URL endpoint after the change.
        Raises:
            TypeError, ValueError: An option is missing or not valid.
            BadRequestException: The prefix is missing or taken, or an origin does not exist.
            NotFoundException: There is no URL endpoint with this ID.
            ImageKitException: The request failed for another reason.
        """
        return await self._run(
            operations.account.url_endpoints.update_url_endpoint(url_endpoint_id, options, **keywords)
        )

    async def delete_url_endpoint(self, url_endpoint_id: str) -> ResponseMetadataResult:
        """Delete a URL endpoint; its URLs stop working.

        Args:
            url_endpoint_id: ID of the URL endpoint.
        Returns:
            A result that contains only `response_metadata`.
        Raises:
            BadRequestException: It is the default one.
            NotFoundException: There is no URL endpoint with this ID.
            ImageKitException: The request failed for another reason.
        """
        return await self._run(operations.account.url_endpoints.delete_url_endpoint(url_endpoint_id))

    # Webhooks

    async def create_webhook(
        self, options: WebhookRequestOptions | Mapping[str, Any] | None = None, **keywords: Unpack[WebhookKeywords]
    ) -> WebhookResult:
        """Create a webhook: a URL on your server that the service calls when something happens in the account.

        An account may have up to 3 webhooks (ImageKit docs, webhooks API).

        Args:
            options: A `WebhookRequestOptions` or a dict: `endpoint` (the URL), `events` (``file.created``, …), and
                optionally `enabled`.
            keywords: The options as keyword arguments.
        Returns:
            The new webhook, with the `secret` for `verify_webhook`.
        Raises:
            TypeError, ValueError: An option is missing or not valid.
            BadRequestException: Another webhook has this URL, an event type is unknown, or there are too many
                webhooks.
            ImageKitException: The request failed for another reason.
        """
        return await self._run(operations.account.webhooks.create_webhook(options, **keywords))

    async def list_webhooks(self) -> ListWebhooksResult:
        """Return the webhooks of the account.

        Returns:
            The webhooks with their secrets, as a sequence; also available as `.list`.
        Raises:
            ImageKitException: The request failed.
        """
        return await self._run(operations.account.webhooks.list_webhooks())

    async def get_webhook(self, webhook_id: str) -> WebhookResult:
        """Return a webhook, with its secret.

        Args:
            webhook_id: ID of the webhook.
        Raises:
            NotFoundException: There is no webhook with this ID.
            ImageKitException: The request failed for another reason.
        """
        return await self._run(operations.account.webhooks.get_webhook(webhook_id))

    async def update_webhook(
        self,
        webhook_id: str,
        options: WebhookRequestOptions | Mapping[str, Any] | None = None,
        **keywords: Unpack[WebhookKeywords],
    ) -> WebhookResult:
        """Change the URL or the events of a webhook, or switch it on or off. Its secret does not change.

        Args:
            webhook_id: ID of the webhook.
            options: A `WebhookRequestOptions` or a dict: `endpoint`, `events` (which replaces the list), `enabled`.
            keywords: The options as keyword arguments.
        Returns:
            The webhook after the change.
        Raises:
            TypeError, ValueError: An option is not valid.
            BadRequestException: Another webhook has this URL, or an event type is unknown.
            NotFoundException: There is no webhook with this ID.
            ImageKitException: The request failed for another reason.
        """
        return await self._run(operations.account.webhooks.update_webhook(webhook_id, options, **keywords))

    async def delete_webhook(self, webhook_id: str) -> ResponseMetadataResult:
        """Delete a webhook.

        Args:
            webhook_id: ID of the webhook.
        Returns:
            A result that contains only `response_metadata`.
        Raises:
            NotFoundException: There is no webhook with this ID.
            ImageKitException: The request failed for another reason.
        """
        return await self._run(operations.account.webhooks.delete_webhook(webhook_id))

    # Saved extensions

    async def create_saved_extension(
        self,
        options: SavedExtensionRequestOptions | Mapping[str, Any] | None = None,
        **keywords: Unpack[SavedExtensionKeywords],
    ) -> SavedExtensionResult:
        """Save the configuration of an extension, which uploads and updates then refer to by its ID.

        An account may have up to 100 of them (ImageKit docs, saved extensions API).

        Args:
            options: A `SavedExtensionRequestOptions` or a dict: `name`, `description`, and `config`, one extension as
                in the option `extensions` of `upload_file`.
            keywords: The options as keyword arguments.
        Returns:
            The new saved extension. Use it as ``extensions=[{"name": "saved-extension", "id": saved.id}]``.
        Raises:
            TypeError, ValueError: An option is missing or not valid.
            BadRequestException: The configuration is not valid.
            ImageKitException: The request failed for another reason.
        """
        return await self._run(operations.account.saved_extensions.create_saved_extension(options, **keywords))

    async def list_saved_extensions(self) -> ListSavedExtensionsResult:
        """Return the saved extensions of the account.

        Returns:
            The saved extensions, as a sequence; also available as `.list`.
        Raises:
            ImageKitException: The request failed.
        """
        return await self._run(operations.account.saved_extensions.list_saved_extensions())

    async def get_saved_extension(self, saved_extension_id: str) -> SavedExtensionResult:
        """Return a saved extension.

        Args:
            saved_extension_id: ID of the saved extension.
        Raises:
            NotFoundException: There is no saved extension with this ID.
            ImageKitException: The request failed for another reason.
        """
        return await self._run(operations.account.saved_extensions.get_saved_extension(saved_extension_id))

    async def update_saved_extension(
        self,
        saved_extension_id: str,
        options: SavedExtensionRequestOptions | Mapping[str, Any] | None = None,
        **keywords: Unpack[SavedExtensionKeywords],
    ) -> SavedExtensionResult:
        """Change the name, description or configuration of a saved extension.

        Args:
            saved_extension_id: ID of the saved extension.
            options: A `SavedExtensionRequestOptions` or a dict: `name`, `description`, `config`.
            keywords: The options as keyword arguments.
        Returns:
            The saved extension after the change.
        Raises:
            TypeError, ValueError: An option is not valid.
            BadRequestException: The configuration is not valid.
            NotFoundException: There is no saved extension with this ID.
            ImageKitException: The request failed for another reason.
        """
        return await self._run(
            operations.account.saved_extensions.update_saved_extension(saved_extension_id, options, **keywords)
        )

    async def delete_saved_extension(self, saved_extension_id: str) -> ResponseMetadataResult:
        """Delete a saved extension.

        Args:
            saved_extension_id: ID of the saved extension.
        Returns:
            A result that contains only `response_metadata`.
        Raises:
            NotFoundException: There is no saved extension with this ID.
            ImageKitException: The request failed for another reason.
        """
        return await self._run(operations.account.saved_extensions.delete_saved_extension(saved_extension_id))

    # Named transformations

    async def create_named_transformation(
        self,
        options: NamedTransformationRequestOptions | Mapping[str, Any] | None = None,
        **keywords: Unpack[NamedTransformationKeywords],
    ) -> NamedTransformationResult:
        """Give a transformation a name, which URLs then use: ``url(path=…, transformation=[{"named": "card"}])``.

        An account may have up to 250 of them (ImageKit docs, named transformations API).

        Args:
            options: A `NamedTransformationRequestOptions` or a dict: `name`, `transformation` (as `url` takes it, or
                text such as ``w-320,h-200``), and optionally `enabled`.
            keywords: The options as keyword arguments.
        Returns:
            The new named transformation.
        Raises:
            TypeError, ValueError: An option is missing or not valid.
            BadRequestException: The name is taken, or the transformation is not valid.
            ImageKitException: The request failed for another reason.
        """
        return await self._run(
            operations.account.named_transformations.create_named_transformation(options, **keywords)
        )

    async def list_named_transformations(self) -> ListNamedTransformationsResult:
        """Return the named transformations of the account.

        Returns:
            The named transformations, as a sequence; also available as `.list`.
        Raises:
            ImageKitException: The request failed.
        """
        return await self._run(operations.account.named_transformations.list_named_transformations())

    async def get_named_transformation(self, named_transformation_id: str) -> NamedTransformationResult:
        """Return a named transformation.

        Args:
            named_transformation_id: ID of the named transformation (not its name).
        Raises:
            NotFoundException: There is no named transformation with this ID.
            ImageKitException: The request failed for another reason.
        """
        return await self._run(
            operations.account.named_transformations.get_named_transformation(named_transformation_id)
        )

    async def update_named_transformation(
        self,
        named_transformation_id: str,
        options: NamedTransformationRequestOptions | Mapping[str, Any] | None = None,
        **keywords: Unpack[NamedTransformationKeywords],
    ) -> NamedTransformationResult:
        """Change a named transformation, or switch it on or off.

        Args:
            named_transformation_id: ID of the named transformation (not its name).
            options: A `NamedTransformationRequestOptions` or a dict: `name`, `transformation`, `enabled`.
            keywords: The options as keyword arguments.
        Returns:
            The named transformation after the change.
        Raises:
            TypeError, ValueError: An option is not valid.
            BadRequestException: The name is taken, or the transformation is not valid.
            NotFoundException: There is no named transformation with this ID.
            ConflictException: An upload setting uses it, so it cannot be renamed or switched off.
            ImageKitException: The request failed for another reason.
        """
        return await self._run(
            operations.account.named_transformations.update_named_transformation(
                named_transformation_id, options, **keywords
            )
        )

    async def delete_named_transformation(self, named_transformation_id: str) -> ResponseMetadataResult:
        """Delete a named transformation; URLs that use it stop working.

        Args:
            named_transformation_id: ID of the named transformation (not its name).
        Returns:
            A result that contains only `response_metadata`.
        Raises:
            NotFoundException: There is no named transformation with this ID.
            ConflictException: An upload setting uses it.
            ImageKitException: The request failed for another reason.
        """
        return await self._run(
            operations.account.named_transformations.delete_named_transformation(named_transformation_id)
        )
