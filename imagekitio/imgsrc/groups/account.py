"""`imgsrc.presets`, `imgsrc.settings` and `imgsrc.usage`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...bulk.work import Call as CallStep
from ...groups.call import Call, ModeT
from ...models.options import UNSET
from ..operations import account
from .calls import CallGroup, Twin

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from typing_extensions import Unpack

    from ...bulk.work import Job
    from ...models.options import Unset
    from ...operations.core import Operation
    from ..models.account import (
        DeletePresetResponse,
        ListPresetsResponse,
        Preset,
        SettingsResponse,
        SettingsUpdateResponse,
        UsageResponse,
    )
    from ..models.requests import (
        CreatePresetRequest,
        CreatePresetRequestTypedDict,
        Fit,
        UpdateSettingsRequest,
        UpdateSettingsRequestTypedDict,
    )
    from ..operations.account import PresetId
    from .calls import CallKeywords


def _drop_unset(**given: Any) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value is not UNSET}


@Call
def list_presets(**options: Unpack[CallKeywords]) -> Operation[ListPresetsResponse]:
    """List the presets. Needs the plan Pro.

    Args:
        options: Options of every call; see `CallKeywords`.
    Raises:
        ForbiddenError: The plan does not include presets.
        ImgsrcError: The request failed.
    """
    return account.list_presets()


@Call
def create_preset(
    request: CreatePresetRequest | CreatePresetRequestTypedDict | None = None,
    *,
    name: str | Unset = UNSET,
    params: Mapping[str, Any] | Unset = UNSET,
    description: str | Unset | None = UNSET,
    check_params: bool = True,
    **options: Unpack[CallKeywords],
) -> Operation[Preset]:
    """Create a preset: transformation parameters with a name, for URLs. Needs the plan Pro.

    If the response is lost, the request is not sent again, because the name would be taken.

    Args:
        request: The arguments below as a `CreatePresetRequest` or a dict; keywords take precedence.
        name: Name for URLs: 1 to 50 ASCII letters, digits, ``_`` and ``-``; case matters.
        params: The parameters, such as ``{"w": 300, "fit": "cover"}``; long names (``width``) are translated.
        description: Note about the preset, up to 200 characters.
        check_params: Whether to refuse params that this release does not know; False sends them unchanged.
        options: Options of every call; see `CallKeywords`.
    Raises:
        TypeError, ValueError: An argument is missing or not valid.
        ConflictError: The name is taken.
        ForbiddenError: The plan does not include presets, or no more presets.
        ImgsrcError: The request failed.
    """
    keywords = _drop_unset(name=name, params=params, description=description)
    return account.create_preset(request, keywords, check_params=check_params)


@Call
def get_preset(id: PresetId, **options: Unpack[CallKeywords]) -> Operation[Preset]:
    """Return a preset. Needs the plan Pro.

    Args:
        id: Id of the preset, not its name; or the preset itself.
        options: Options of every call; see `CallKeywords`.
    Raises:
        TypeError, ValueError: `id` is not valid.
        NotFoundError: There is no such preset.
        ImgsrcError: The request failed.
    """
    return account.get_preset(id)


@Call
def update_preset(
    id: PresetId,
    *,
    name: str | Unset | None = None,
    description: str | Unset | None = UNSET,
    params: Mapping[str, Any] | Unset | None = None,
    check_params: bool = True,
    **options: Unpack[CallKeywords],
) -> Operation[Preset]:
    """Change a preset; values that are not given are kept. Needs the plan Pro.

    Args:
        id: Id of the preset, not its name; or the preset itself.
        name: New name. URLs with the old name stop working.
        description: New note; None removes it.
        params: Parameters that replace all earlier ones.
        check_params: Whether to refuse params that this release does not know; False sends them unchanged.
        options: Options of every call; see `CallKeywords`.
    Raises:
        TypeError, ValueError: An argument is not valid.
        ConflictError: The new name is taken.
        NotFoundError: There is no such preset.
        ImgsrcError: The request failed.
    """
    return account.update_preset(id, name, description, params, check_params=check_params)


@Call
def delete_preset(
    name: str | None = None, *, id: PresetId | None = None, **options: Unpack[CallKeywords]
) -> Operation[DeletePresetResponse] | Job[DeletePresetResponse]:
    """Delete a preset. URLs that use it stop working. Needs the plan Pro.

    The service deletes by name. With `id`, as in release 0.1 of the released package, the name is looked up first.

    Args:
        name: Name of the preset.
        id: Id of the preset, or the preset itself, instead of the name.
        options: Options of every call; see `CallKeywords`.
    Raises:
        TypeError: Neither or both of `name` and `id` are given, or one has the wrong type.
        ValueError: `name` or `id` is not valid.
        NotFoundError: There is no such preset. If its `attempts` is above 1, an earlier attempt may have deleted it and
            its response was lost.
        ImgsrcError: The request failed.
    """
    if name is not None and id is None:
        return account.delete_preset(name)
    if id is not None and name is None:
        return _delete_by_id(account.get_preset(id))
    raise TypeError("pass the name of a preset, or its id: delete_preset(name='thumbnail')")


def _delete_by_id(look_up: Operation[Preset]) -> Job[DeletePresetResponse]:
    preset = yield CallStep(look_up)
    result: DeletePresetResponse = yield CallStep(account.delete_preset(preset.name))
    return result


class PresetsGroup(CallGroup[ModeT]):
    """`imgsrc.presets`: presets."""

    list_presets = list_presets
    create_preset = create_preset
    get_preset = get_preset
    update_preset = update_preset
    delete_preset = delete_preset

    list_presets_async: Final = Twin(list_presets)
    create_preset_async: Final = Twin(create_preset)
    get_preset_async: Final = Twin(get_preset)
    update_preset_async: Final = Twin(update_preset)
    delete_preset_async: Final = Twin(delete_preset)


@Call
def get_settings(**options: Unpack[CallKeywords]) -> Operation[SettingsResponse]:
    """Return the settings of the account; `settings.username` is the one in delivery URLs.

    Args:
        options: Options of every call; see `CallKeywords`.
    Raises:
        ImgsrcError: The request failed.
    """
    return account.get_settings()


@Call
def update_settings(
    request: UpdateSettingsRequest | UpdateSettingsRequestTypedDict | None = None,
    *,
    delivery_formats: Sequence[str] | Unset | None = UNSET,
    default_quality: int | Unset | None = UNSET,
    default_fit_mode: Fit | Unset | None = UNSET,
    default_max_width: int | Unset | None = UNSET,
    default_max_height: int | Unset | None = UNSET,
    theme: str | Unset | None = UNSET,
    language: str | Unset | None = UNSET,
    **options: Unpack[CallKeywords],
) -> Operation[SettingsUpdateResponse]:
    """Change settings of the account; values that are not given are kept.

    Args:
        request: The arguments below as an `UpdateSettingsRequest` or a dict; keywords take precedence.
        delivery_formats: Preferred formats, in order, such as ``["avif", "webp"]``.
        default_quality: Quality of lossy formats, 1 to 100.
        default_fit_mode: How a picture fills width × height if the URL does not say.
        default_max_width, default_max_height: Upper bounds in pixels; None removes them.
        theme, language: Theme and language of the web page.
        options: Options of every call; see `CallKeywords`.
    Returns:
        The settings after the change, as `settings`.
    Raises:
        TypeError, ValueError: An argument is not valid.
        ImgsrcError: The request failed.
    """
    keywords = _drop_unset(
        delivery_formats=delivery_formats,
        default_quality=default_quality,
        default_fit_mode=default_fit_mode,
        default_max_width=default_max_width,
        default_max_height=default_max_height,
        theme=theme,
        language=language,
    )
    return account.update_settings(request, keywords)


class SettingsGroup(CallGroup[ModeT]):
    """`imgsrc.settings`: the settings of the account."""

    get_settings = get_settings
    update_settings = update_settings

    get_settings_async: Final = Twin(get_settings)
    update_settings_async: Final = Twin(update_settings)


@Call
def get_usage(**options: Unpack[CallKeywords]) -> Operation[UsageResponse]:
    """Return the plan, its limits, and its usage in the current month.

    Args:
        options: Options of every call; see `CallKeywords`.
    Raises:
        ImgsrcError: The request failed.
    """
    return account.get_usage()


class UsageGroup(CallGroup[ModeT]):
    """`imgsrc.usage`: the plan and its usage."""

    get_usage = get_usage

    get_usage_async: Final = Twin(get_usage)
