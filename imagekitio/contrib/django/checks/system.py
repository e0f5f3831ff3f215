"""System checks for mistakes in settings, models and URLs that visitors would otherwise run into.

========================  ==============================================================================
``imagekitio.E001``       keys or the URL endpoint are missing
``imagekitio.E002``       public and private key are swapped
``imagekitio.E003``       a setting is unknown or not valid
``imagekitio.E004``       `max_length` of a field leaves no room for the suffix of a name that is taken
``imagekitio.E005``       an `UploadTokenView` has no rules
``imagekitio.E006``       an `UploadTokenView` has no public key
``imagekitio.E007``       a `WebhookView` has no secret
``imagekitio.W001``       a view issues tokens that are not bound to a file
``imagekitio.W002``       signed URLs stay valid much longer than `expire_seconds`
``imagekitio.W003``       a call may take longer than the web server lets a worker run (``check --deploy``)
``imagekitio.W004``       the cache of a `WebhookView` is not shared by all processes (``check --deploy``)
========================  ==============================================================================

With ``DEBUG``, E001, E006 and E007 are warnings.
"""

from __future__ import annotations

import importlib.util
import math
import os
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.apps import apps
from django.conf import settings
from django.core.checks import Error, register
from django.core.checks import Warning as CheckWarning
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import storages
from django.db.models import FileField
from django.utils import timezone
from django.utils.module_loading import import_string

from ....policies import Retry, Timeout
from ....settings import check_retry, check_timeout, translate_settings
from ....webhooks.verifying import VARIABLE as WEBHOOK_SECRET
from ..configuration import get_client
from ..storages.storage import ImageKitStorage
from ..views import UploadTokenView, WebhookView
from .urlconf import list_views

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.apps import AppConfig
    from django.core.checks import CheckMessage

    from ....client import ImageKit
    from .urlconf import FoundView

_KEYS = ("public_key", "private_key", "url_endpoint")
_REQUIRED_KEYS = ("private_key", "url_endpoint")  # only upload tokens need the public key
_ROOM = 40  # characters for names that people give their files
_GUNICORN_SECONDS = 30.0  # Source: gunicorn's documentation, "timeout"
_GUNICORN_TIMEOUT = re.compile(r"(?:^|\s)(?:--timeout|-t)[\s=]*(\d+)")
_UNSHARED_CACHES = {
    "django.core.cache.backends.dummy.DummyCache",
    "django.core.cache.backends.locmem.LocMemCache",
}


@dataclass(frozen=True)
class _Account:
    """An ImageKit configuration of the project.

    Attributes:
        given: Keys and settings.
        alias: Alias of the storage they belong to; None for the setting ``IMAGEKIT``.
    """

    given: Mapping[str, Any]
    alias: str | None = None

    def __str__(self) -> str:
        return "IMAGEKIT" if self.alias is None else f"STORAGES[{self.alias!r}]"

    def make_client(self) -> ImageKit:
        storage = self.find_storage()
        return get_client() if storage is None else storage.client

    def find_storage(self) -> ImageKitStorage | None:
        return None if self.alias is None else cast("ImageKitStorage", storages[self.alias])

    def get_key(self, name: str) -> str:
        """Return a key, from the environment if it is not given; an empty string if it is missing."""
        return str(self.given.get(name) or os.environ.get(f"IMAGEKIT_{name.upper()}") or "")


def register_checks() -> None:
    """Register the checks. `AppConfig.ready` calls this."""
    for check in (check_accounts, check_max_lengths, check_views):
        register(check, "imagekitio")
    for check in (check_worker_timeout, check_webhook_caches):
        register(check, "imagekitio", deploy=True)


def check_accounts(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Check the setting ``IMAGEKIT`` and the options of storages (E001, E002, E003, W002)."""
    found: list[CheckMessage] = []
    for account in _list_accounts():
        found += [*_check_account(account)] or [*_check_expiry(account)]
    return found


def check_max_lengths(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Check that file names fit into model fields (E004)."""
    found: list[CheckMessage] = []
    for app in apps.get_app_configs() if app_configs is None else app_configs:
        for model in app.get_models():
            for field in model._meta.get_fields(include_parents=False):
                if isinstance(field, FileField):
                    found += _check_max_length(field)
    return found


def check_views(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Check the views in the URLconf (E005, E006, E007, W001)."""
    return [message for view in list_views() for message in _check_view(view)]


def check_worker_timeout(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Check that calls end before the web server kills the worker (W003).

    The limit is ``IMAGEKIT["worker_timeout_seconds"]``, where None means no limit. Without that key, it is the limit in
    the environment variable ``GUNICORN_CMD_ARGS``, or gunicorn's default of 30 seconds if gunicorn is installed.
    """
    limit = _find_worker_timeout()
    if not limit:
        return []
    if isinstance(limit, bool) or not isinstance(limit, (int, float)):
        return [
            Error(
                f"IMAGEKIT is not valid: worker_timeout_seconds must be a number of seconds, or None (got {limit!r})",
                hint="Set it to the time after which the web server kills a worker that does not respond.",
                id="imagekitio.E003",
            )
        ]
    found: list[CheckMessage] = []
    for account in _list_accounts():
        seconds = _find_longest_call(account.given)
        if seconds is not None and seconds > limit:
            found.append(
                CheckWarning(
                    f"{account}: a call that gets no response takes up to {seconds:.0f} seconds with its"
                    f" retries, but the web server kills a worker after {limit:.0f}.",
                    hint=f'Set "retry": Retry(total_seconds={limit * 5 // 6:.0f}) in IMAGEKIT. If the limit is'
                    ' different, set "worker_timeout_seconds" instead; None means no limit.',
                    id="imagekitio.W003",
                )
            )
    return found


def check_webhook_caches(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Check that all processes know which webhooks have been handled (W004)."""
    return [
        CheckWarning(
            f"{view} remembers the events it has handled in the cache {alias!r}, which other processes do not see.",
            hint="Set cache_alias to a cache that all processes share, such as Redis, Memcached or the database.",
            id="imagekitio.W004",
        )
        for view in list_views()
        if issubclass(view.view_class, WebhookView)
        and settings.CACHES.get(alias := view.get_option("cache_alias"), {}).get("BACKEND") in _UNSHARED_CACHES
    ]


def _list_aliases() -> dict[str, Mapping[str, Any]]:
    """Return the options of each `ImageKitStorage` in ``STORAGES``, by alias."""
    found: dict[str, Mapping[str, Any]] = {}
    for alias, storage in settings.STORAGES.items():
        try:
            backend = import_string(storage["BACKEND"])
        except ImportError:  # Django reports it
            continue
        if isinstance(backend, type) and issubclass(backend, ImageKitStorage):
            found[alias] = storage.get("OPTIONS", {})
    return found


def _list_accounts() -> list[_Account]:
    given, aliases = _read_imagekit(), _list_aliases()
    found = [_Account(given)] if given or not aliases else []
    return found + [_Account({**given, **options}, alias) for alias, options in aliases.items()]


def _read_imagekit() -> Mapping[str, Any]:
    setting = getattr(settings, "IMAGEKIT", None)
    return setting if isinstance(setting, Mapping) else {}


def _find_worker_timeout() -> Any:
    """Return the web server's limit in seconds, as configured; None or 0 if there is none."""
    setting = _read_imagekit()
    if "worker_timeout_seconds" in setting:
        return setting["worker_timeout_seconds"]
    if found := _GUNICORN_TIMEOUT.search(os.environ.get("GUNICORN_CMD_ARGS", "")):
        return float(found[1])
    return _GUNICORN_SECONDS if importlib.util.find_spec("gunicorn") else None


def _find_longest_call(given: Mapping[str, Any]) -> float | None:
    """Return the seconds after which a call that gets no response fails; None if the settings are not valid.

    Sending a large file may take longer, and so may a wait that the service asks for.
    """
    try:
        found = translate_settings({name: given[name] for name in ("timeout", "retry", "max_retries") if name in given})
        timeout = check_timeout("timeout", found["timeout"]) if "timeout" in found else Timeout()
        retry = check_retry("retry", found["retry"]) if "retry" in found else Retry()
    except (TypeError, ValueError):
        return None
    waits = sum(retry.backoff_seconds(attempt, 1) for attempt in range(1, retry.attempts))
    return min(retry.attempts * sum(timeout) + waits, retry.total_seconds or math.inf)


def _check_account(account: _Account) -> Iterator[CheckMessage]:
    keys = {name: account.get_key(name) for name in _KEYS}
    for name, other in (("private_key", "public"), ("public_key", "private")):
        if keys[name].strip("'\" ").startswith(f"{other}_"):
            yield Error(
                f"{account}: {name} is the {other} key.",
                hint="Swap them: the private key begins with 'private_', and must never reach a browser.",
                id="imagekitio.E002",
            )
            return
    missing = [name for name in _REQUIRED_KEYS if not keys[name]]
    if missing:
        variables = " and ".join(f"IMAGEKIT_{name.upper()}" for name in missing)
        yield _report_missing(
            "E001",
            f"{account} has no {' and no '.join(missing)}.",
            f"Add them to IMAGEKIT, or set the environment variables {variables}.",
        )
        return
    try:
        account.make_client().url(path="/a.jpg")  # reads the URL endpoint
    except (ImproperlyConfigured, TypeError, ValueError) as error:
        yield Error(
            f"{account} is not valid: {error}",
            hint="Valid keys are the arguments of imagekitio.ImageKit and imagekitio.contrib.django.ImageKitStorage.",
            id="imagekitio.E003",
        )


def _report_missing(number: str, message: str, hint: str) -> CheckMessage:
    """Return a message about a missing value: a warning with ``DEBUG``, so that you can start a project without keys.

    Commands such as `migrate` then work before you have an account, and `imagekit_local` needs none.
    """
    return (CheckWarning if settings.DEBUG else Error)(message, hint=hint, id=f"imagekitio.{number}")


def _check_expiry(account: _Account) -> Iterator[CheckMessage]:
    storage = account.find_storage()
    if storage is None:
        return
    lifetime, window = storage.options.expire_seconds, storage.options.expire_window
    if storage.options.private and lifetime and window and window > lifetime:
        yield CheckWarning(
            f"{account}: signed URLs work for up to {lifetime + window:.0f} seconds although expire_seconds is"
            f" {lifetime:.0f}, because their expiry is rounded up to a multiple of {window:.0f}.",
            hint="Set expire_window to at most expire_seconds, or to None.",
            id="imagekitio.W002",
        )


def _check_max_length(field: FileField) -> Iterator[CheckMessage]:
    try:
        storage = field.storage
        if not isinstance(storage, ImageKitStorage) or field.max_length is None:
            return
        gets_suffix = storage.options.names == "unique"
    except ImproperlyConfigured:  # check_accounts reports it
        return
    # Where the folder depends on the row, at least the name itself must fit.
    folder = "" if callable(field.upload_to) else timezone.now().strftime(str(field.upload_to))
    name = posixpath.join(folder, "a.jpeg")
    if gets_suffix:
        root, extension = posixpath.splitext(name)
        name = storage.get_alternative_name(root, extension)
    if len(name) > field.max_length:
        yield Error(
            f"max_length={field.max_length} is too short for a name such as {name!r}.",
            hint=f"Set max_length to {len(name) + _ROOM} or more.",
            obj=field,
            id="imagekitio.E004",
        )


def _check_view(view: FoundView) -> Iterator[CheckMessage]:
    if view.mentions("get_authentication_parameters"):
        yield CheckWarning(
            f"{view} issues tokens of upload API v1, whose holder can overwrite any file of the account.",
            hint="Use UploadTokenView, or ImageKit.get_upload_token, whose token is bound to one file and its folder.",
            id="imagekitio.W001",
        )
    if issubclass(view.view_class, UploadTokenView):
        yield from _check_token_view(view, view.view_class)
    if (
        issubclass(view.view_class, WebhookView)
        and view.view_class.get_client is WebhookView.get_client
        and not (view.get_option("secret") or _read_imagekit().get("webhook_secret") or os.environ.get(WEBHOOK_SECRET))
    ):
        yield _report_missing(
            "E007",
            f"{view} has no secret, so it cannot verify who sent a webhook.",
            f"Add webhook_secret to IMAGEKIT, or set the environment variable {WEBHOOK_SECRET}.",
        )


def _check_token_view(view: FoundView, view_class: type[UploadTokenView]) -> Iterator[CheckMessage]:
    if view_class.get_upload_rules is UploadTokenView.get_upload_rules:
        yield Error(
            f"{view} has no rules.",
            hint="Subclass UploadTokenView and override get_upload_rules(request).",
            id="imagekitio.E005",
        )
    has_default_client = view_class.get_client is UploadTokenView.get_client
    if has_default_client and not _Account(_read_imagekit()).get_key("public_key"):
        yield _report_missing(
            "E006",
            f"{view} needs the public key of the account.",
            "Add public_key to IMAGEKIT, or set the environment variable IMAGEKIT_PUBLIC_KEY.",
        )
