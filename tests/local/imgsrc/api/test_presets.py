"""Presets over HTTP."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from imagekitio.local.imgsrc import presets
from tests.local.imgsrc.conftest import NOW, run

if TYPE_CHECKING:
    from pathlib import Path

    from tests.local.imgsrc.conftest import Api

PRESETS = "/api/v1/settings/presets"


def create(api: Api, name: str = "thumb", **body: Any) -> Any:
    return api.json("POST", PRESETS, 201, json={"name": name, "params": {"w": 200}, **body})


def test_a_preset_is_created_found_and_listed(api: Api) -> None:
    params = {"w": 200, "fit": "cover", "q": None, "rotate": "auto", "grayscale": True, "format": "webp", "zoom": [1]}
    preset = create(api, params=params, description="Für Listen")
    assert preset == {
        "id": str(uuid.UUID(preset["id"])),
        "name": "thumb",
        "description": "Für Listen",
        "params": params,
        "created_at": NOW,
        "updated_at": NOW,
        "usage_count": 0,
    }
    assert api.json("GET", f"{PRESETS}/{preset['id']}") == preset
    other = create(api, "Thumb")  # names are case-sensitive
    assert other["description"] is None
    assert api.json("GET", PRESETS) == {"presets": [preset, other], "total": 2}


def test_an_update_changes_only_the_members_it_names(api: Api) -> None:
    preset = create(api, description="old", params={"w": 1, "h": 2})
    api.settings.clock.advance(90)
    link = f"{PRESETS}/{preset['id']}"
    assert api.json("PUT", link, json={}) == {**preset, "updated_at": NOW + 90}
    changed = api.json("PUT", link, json={"name": "hero", "description": None, "params": {"h": 5}, "id": "x"})
    assert changed == {**preset, "name": "hero", "description": None, "params": {"h": 5}, "updated_at": NOW + 90}
    assert api.json("PUT", link, json={"name": "hero"})["name"] == "hero"  # keeping its own name is allowed
    assert api.json("GET", PRESETS)["presets"] == [changed]


def test_uses_are_counted_and_survive_an_update(api: Api) -> None:
    preset = create(api)
    with api.store.write() as transaction:
        presets.count_use(transaction, "thumb")
        presets.count_use(transaction, "missing")
    assert api.json("PUT", f"{PRESETS}/{preset['id']}", json={"name": "b"})["usage_count"] == 1


def test_a_preset_can_only_be_deleted_by_name(api: Api) -> None:
    preset = create(api)
    assert api.error("DELETE", f"{PRESETS}/{preset['id']}", 404) == "Preset not found"
    assert api.json("DELETE", f"{PRESETS}/thumb") == {"success": True, "message": "Preset deleted successfully"}
    api.error("DELETE", f"{PRESETS}/thumb", 404)
    api.error("GET", f"{PRESETS}/{preset['id']}", 404)
    api.error("PUT", f"{PRESETS}/{preset['id']}", 404, json={})


def test_names_are_unique(api: Api) -> None:
    create(api)
    other = create(api, "other")
    body = {"name": "thumb", "params": {}}
    assert api.json("POST", PRESETS, 409, json=body)["error"]["code"] == "CONFLICT"
    assert "thumb already" in api.error("PUT", f"{PRESETS}/{other['id']}", 409, json={"name": "thumb"})


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"params": {}}, "name of a preset"),
        ({"name": "my preset", "params": {}}, "name of a preset"),
        ({"name": "x" * 51, "params": {}}, "name of a preset"),
        ({"name": 1, "params": {}}, "name of a preset"),
        ({"name": "a"}, "params must be an object"),
        ({"name": "a", "params": None}, "params must be an object"),
        ({"name": "a", "params": {"w": 10001}}, "w must be a whole number from 1 to 10000"),
        ({"name": "a", "params": {"w": {}}}, "w must be a whole number"),
        ({"name": "a", "params": {"format": "jxl"}}, "format must be"),
        ({"name": "a", "params": {}, "description": "x" * 201}, "description must be text of 0 to 200 characters"),
        ({"name": "a", "params": {}, "description": 3}, "description must be text"),
    ],
)
def test_a_preset_with_invalid_values_is_refused(api: Api, body: object, message: str) -> None:
    assert message in api.error("POST", PRESETS, 400, json=body)
    assert api.json("GET", PRESETS)["total"] == 0


def test_an_update_is_checked_like_a_new_preset(api: Api) -> None:
    link = f"{PRESETS}/{create(api)['id']}"
    for body in ({"name": ""}, {"name": None}, {"params": None}, {"params": {"q": 0}}, {"description": 1}):
        api.error("PUT", link, 400, json=body)
    api.error("PUT", f"{PRESETS}/{uuid.uuid4()}", 400, json={"name": ""})


def test_the_number_of_presets_is_limited(tmp_path: Path) -> None:
    with run(tmp_path, max_presets=1) as api:
        create(api)
        assert "limited to 1 presets" in api.error("POST", PRESETS, 403, json={"name": "b", "params": {}})
        assert "limited to 1 presets" in api.error("POST", PRESETS, 403, json={})
