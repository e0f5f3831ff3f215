"""Saved extensions and named transformations over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from imagekitio.local.api.presets.named_transformations import MAX_NAMED, NAMED_TRANSFORMATIONS
from imagekitio.local.api.presets.saved_extensions import MAX_SAVED, SAVED_EXTENSIONS
from imagekitio.local.base.errors import ApiError
from imagekitio.local.library.presets import saved_extension_config
from imagekitio.local.web.calls import Call

if TYPE_CHECKING:
    import requests

    from imagekitio.local.library.store import Store
    from tests.local.conftest import Api

EXTENSIONS = "/v1/saved-extensions"
NAMED = "/v1/named-transformations"

TAGGING = {"name": "aws-auto-tagging", "minConfidence": 80, "maxTags": 5}
SAVED = {"name": "Shoe tags", "description": "Tags shoes", "config": TAGGING}
CARD = {"name": "card_small", "transformation": "w-320,h-200,fo-auto"}


def read_error(response: requests.Response) -> tuple[int, str]:
    return response.status_code, response.json()["message"]


def test_an_extension_is_saved_changed_and_deleted(api: Api) -> None:
    api.server.clock.freeze(1_700_000_000)
    response = api("POST", EXTENSIONS, json=SAVED)
    created = response.json()
    assert response.status_code == 201
    dates = {"createdAt": "2023-11-14T22:13:20.000Z", "updatedAt": "2023-11-14T22:13:20.000Z"}
    assert created == {"id": created["id"], **SAVED, **dates}
    api.server.clock.advance(2.5)
    path = f"{EXTENSIONS}/{created['id']}"
    changed = api("PATCH", path, json={"config": {"name": "remove-bg"}})
    expected = {**created, "config": {"name": "remove-bg"}, "updatedAt": "2023-11-14T22:13:22.500Z"}
    assert (changed.status_code, changed.json()) == (200, expected)
    assert api("GET", path).json() == expected
    assert api("GET", EXTENSIONS).json() == [expected]
    assert api("DELETE", path).status_code == 204
    assert read_error(api("GET", path)) == (404, "The requested saved extension does not exist.")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": ""}, "name is required and must be a string"),
        ({"description": None}, "description is required and must be a string"),
        ({"config": []}, "config is required and must be an object"),
        ({"config": {}}, "Invalid extension configuration."),
        ({"config": {"name": "saved-extension", "id": "ext_1"}}, "Invalid extension configuration."),
        ({"config": {**TAGGING, "minConfidence": 101}}, "Invalid extension configuration."),
    ],
)
def test_an_invalid_saved_extension_is_refused(api: Api, change: dict[str, Any], message: str) -> None:
    assert read_error(api("POST", EXTENSIONS, json={**SAVED, **change})) == (400, message)
    path = f"{EXTENSIONS}/{api('POST', EXTENSIONS, json=SAVED).json()['id']}"
    refused = api("PATCH", path, json=change)
    assert read_error(refused) == (400, message)
    assert message != "Invalid extension configuration." or refused.json()["errors"]["config"]


def test_a_malformed_saved_extension_id_differs_from_a_missing_one(api: Api) -> None:
    for method in ("GET", "PATCH", "DELETE"):
        assert read_error(api(method, f"{EXTENSIONS}/5f21")) == (400, "Invalid saved extension ID.")
        missing = api(method, f"{EXTENSIONS}/ext_65e6c5a9b7d1f2034a5b6c7d")
        assert read_error(missing) == (404, "The requested saved extension does not exist.")


def test_the_configuration_of_a_saved_extension_is_found_by_its_id(store: Store) -> None:
    created = SAVED_EXTENSIONS.create(store, Call(body=SAVED)).body
    with store.read() as connection:
        assert saved_extension_config(connection, created["id"]) == TAGGING
        assert saved_extension_config(connection, "ext_other") is None


@pytest.mark.slow
def test_the_number_of_presets_is_limited(store: Store) -> None:
    for number in range(MAX_SAVED):
        SAVED_EXTENSIONS.create(store, Call(body={**SAVED, "name": f"n{number}"}))
    with pytest.raises(ApiError, match="A maximum of 100 saved extensions can be created"):
        SAVED_EXTENSIONS.create(store, Call(body=SAVED))
    for number in range(MAX_NAMED):
        NAMED_TRANSFORMATIONS.create(store, Call(body={**CARD, "name": f"n{number}"}))
    with pytest.raises(ApiError, match="A maximum of 250 named transformations can be created"):
        NAMED_TRANSFORMATIONS.create(store, Call(body=CARD))
    assert len(store.account().transformations) == MAX_NAMED


def test_a_named_transformation_is_created_changed_and_deleted(api: Api) -> None:
    api.server.clock.freeze(1_700_000_000)
    response = api("POST", NAMED, json=CARD)
    created = response.json()
    assert response.status_code == 201
    assert created == {"id": created["id"], **CARD, "enabled": True, "createdAt": "2023-11-14T22:13:20.000Z"}
    path = f"{NAMED}/{created['id']}"
    changed = api("PATCH", path, json={"name": "Card_2"})
    assert (changed.status_code, changed.json()) == (200, {**created, "name": "Card_2"})
    assert api("GET", NAMED).json() == [changed.json()] == [api("GET", path).json()]
    assert api("DELETE", path).status_code == 204
    assert read_error(api("GET", path)) == (404, "Named transformation not found.")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": "card-small"}, "name must consist of letters, digits and underscores (got 'card-small')"),
        ({"name": "card\n"}, "name must consist of letters, digits and underscores (got 'card\n')"),
        ({"name": 5}, "name is required and must be a string"),
        ({"transformation": ""}, "transformation is required and must be a string"),
        ({"transformation": "tr:"}, "transformation is required and must be a string"),
        ({"enabled": "yes"}, "enabled must be a boolean"),
        (
            {"name": "ik_ml_thumbnail"},
            "A named transformation with the name 'ik_ml_thumbnail' already exists.",
        ),
    ],
)
def test_an_invalid_named_transformation_is_refused(api: Api, change: dict[str, Any], message: str) -> None:
    assert read_error(api("POST", NAMED, json={**CARD, **change})) == (400, message)
    path = f"{NAMED}/{api('POST', NAMED, json=CARD).json()['id']}"
    assert read_error(api("PATCH", path, json=change)) == (400, message)


def test_a_definition_may_be_written_as_it_is_in_a_url(api: Api) -> None:
    created = api("POST", NAMED, json={**CARD, "transformation": "tr:w-20"})
    assert (created.status_code, created.json()["transformation"]) == (201, "w-20")
    path = f"{NAMED}/{created.json()['id']}"
    assert api("PATCH", path, json={"transformation": "tr:w-30:rt-90"}).json()["transformation"] == "w-30:rt-90"


@pytest.mark.parametrize("steps", ["nonsense-5", "w-abc", "n-other", "l-image,i-a.jpg"])
def test_steps_that_delivery_would_refuse_are_refused(api: Api, steps: str) -> None:
    status, message = read_error(api("POST", NAMED, json={**CARD, "transformation": steps}))
    assert status == 400
    assert message.startswith("transformation is invalid: ")


def test_steps_that_only_local_imagekit_cannot_render_may_be_named(api: Api) -> None:
    assert api("POST", NAMED, json={**CARD, "transformation": "e-bgremove"}).status_code == 201


def test_names_are_unique_and_case_sensitive(api: Api) -> None:
    assert api("POST", NAMED, json=CARD).status_code == 201
    assert read_error(api("POST", NAMED, json=CARD)) == (
        400,
        "A named transformation with the name 'card_small' already exists.",
    )
    other = api("POST", NAMED, json={**CARD, "name": "CARD_small"}).json()
    path = f"{NAMED}/{other['id']}"
    assert api("PATCH", path, json={"name": "CARD_small", "enabled": False}).status_code == 200
    assert api("PATCH", path, json={"name": "card_small"}).status_code == 400


def test_the_store_knows_the_enabled_named_transformations_and_notices_changes(store: Store) -> None:
    assert store.account().transformations == {}
    first = NAMED_TRANSFORMATIONS.create(store, Call(body=CARD)).body
    assert store.account().transformations == {"card_small": "w-320,h-200,fo-auto"}
    assert store.account().transformations is store.account().transformations
    NAMED_TRANSFORMATIONS.update(store, Call({"id": first["id"]}, body={"enabled": False}))
    assert store.account().transformations == {}
    NAMED_TRANSFORMATIONS.update(store, Call({"id": first["id"]}, body={"enabled": True, "transformation": "w-5"}))
    assert store.account().transformations == {"card_small": "w-5"}
    store.reset()
    assert store.account().transformations == {}


def test_a_named_transformation_works_in_delivery_until_it_is_disabled(api: Api, jpeg: bytes) -> None:
    import pyvips

    api.upload("a.jpg", jpeg)
    preset = api("POST", NAMED, json={"name": "tiny", "transformation": "w-16,h-8,c-force"}).json()
    url = f"{api.server.url_endpoint}/tr:n-tiny/a.jpg"
    delivered = api("GET", url, auth=None)
    assert delivered.status_code == 200
    picture: Any = pyvips.Image.new_from_buffer(delivered.content, "")
    assert (picture.width, picture.height) == (16, 8)
    api("PATCH", f"{NAMED}/{preset['id']}", json={"enabled": False})
    assert api("GET", url, auth=None).status_code == 400
