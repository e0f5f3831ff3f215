"""Presets, settings and usage. Source: img-src API, "Presets", "Settings" and "Usage"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...models.options import UNSET, Unset, encode_object, encode_option
from ...operations.core import Operation, Request
from ...operations.encoding import build_json_request, quote_segment
from .. import parameters
from ..models.account import (
    DeletePresetResponse,
    ListPresetsResponse,
    Preset,
    SettingsResponse,
    SettingsUpdateResponse,
    UsageResponse,
)
from ..models.requests import CreatePresetRequest, UpdateSettingsRequest, encode_description
from .responses import parse_as

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..models.requests import CreatePresetRequestTypedDict, UpdateSettingsRequestTypedDict

PRESETS_PATH = "/api/v1/settings/presets"
SETTINGS_PATH = "/api/v1/settings"

# The id of a preset, or the preset as returned by a call.
PresetId = str | Preset

_parse_presets = parse_as(ListPresetsResponse, 403)
_parse_new_preset = parse_as(Preset, 400, 403, 409)
_parse_preset = parse_as(Preset, 403, 404)
_parse_changed_preset = parse_as(Preset, 400, 403, 404, 409)
_parse_deletion = parse_as(DeletePresetResponse, 403, 404)
_parse_settings = parse_as(SettingsResponse)
_parse_changed_settings = parse_as(SettingsUpdateResponse, 400, 404)
_parse_usage = parse_as(UsageResponse)


def list_presets() -> Operation[ListPresetsResponse]:
    """List the presets."""
    return Operation(Request("GET", PRESETS_PATH), _parse_presets)


def create_preset(
    request: CreatePresetRequest | CreatePresetRequestTypedDict | None = None,
    keywords: Mapping[str, Any] | None = None,
    *,
    check_params: bool = True,
) -> Operation[Preset]:
    """Create a preset; options in `keywords` take precedence over those in `request`.

    It is not repeated if its outcome is unknown, because a second attempt would find the name taken.
    """
    options = CreatePresetRequest.of(request, keywords)
    for name, wanted in (("name", "a str such as 'thumbnail'"), ("params", "a dict such as {'w': 300}")):
        if getattr(options, name) in (UNSET, None):
            raise TypeError(f"{name} is missing: pass {wanted}")
    body = options.to_json()
    body |= {"name": parameters.check_preset_name(options.name), "params": _read_params(options.params, check_params)}
    return Operation(build_json_request("POST", PRESETS_PATH, body, idempotent=False), _parse_new_preset)


def get_preset(id: PresetId) -> Operation[Preset]:
    """Return a preset."""
    return Operation(Request("GET", _preset_path(id)), _parse_preset)


def update_preset(
    id: PresetId,
    name: str | Unset | None = None,
    description: str | Unset | None = UNSET,
    params: Mapping[str, Any] | Unset | None = None,
    *,
    check_params: bool = True,
) -> Operation[Preset]:
    """Change a preset."""
    body: dict[str, Any] = {}
    if name is not None and not isinstance(name, Unset):
        body["name"] = parameters.check_preset_name(name)
    if not isinstance(description, Unset):
        text = description
        body["description"] = None if text is None else encode_option("description", encode_description, text)
    if params is not None and not isinstance(params, Unset):
        body["params"] = _read_params(params, check_params)
    return Operation(build_json_request("PUT", _preset_path(id), body, idempotent=True), _parse_changed_preset)


def delete_preset(name: str) -> Operation[DeletePresetResponse]:
    """Delete a preset by its name."""
    path = f"{PRESETS_PATH}/{quote_segment(parameters.check_preset_name(name), 'name')}"
    return Operation(Request("DELETE", path), _parse_deletion)


def get_settings() -> Operation[SettingsResponse]:
    """Return the settings of the account."""
    return Operation(Request("GET", SETTINGS_PATH), _parse_settings)


def update_settings(
    request: UpdateSettingsRequest | UpdateSettingsRequestTypedDict | None = None,
    keywords: Mapping[str, Any] | None = None,
) -> Operation[SettingsUpdateResponse]:
    """Change the settings of the account; options in `keywords` take precedence over those in `request`."""
    body = UpdateSettingsRequest.of(request, keywords).to_json()
    return Operation(build_json_request("PUT", SETTINGS_PATH, body, idempotent=True), _parse_changed_settings)


def get_usage() -> Operation[UsageResponse]:
    """Return the plan and its usage."""
    return Operation(Request("GET", "/api/v1/usage"), _parse_usage)


def read_preset_id(preset: object) -> str:
    """Return the id of a preset.

    Raises:
        TypeError: `preset` is neither a str nor a preset.
    """
    if isinstance(preset, Preset):
        return preset.id
    if not isinstance(preset, str):
        raise TypeError(f"id must be a str, or a Preset (got {type(preset).__name__})")
    return preset


def _preset_path(preset: object) -> str:
    return f"{PRESETS_PATH}/{quote_segment(read_preset_id(preset), 'id')}"


def _read_params(params: Any, check_params: object) -> Mapping[str, Any]:
    if not isinstance(check_params, bool):
        raise TypeError(f"check_params must be True or False (got {check_params!r})")
    members = encode_option("params", encode_object, params)
    return parameters.encode_preset_params(members) if check_params else members
