from __future__ import annotations

from typing import Any

import pytest

from imagekitio.models.account import SavedExtensionRequestOptions, SavedExtensionResult


def test_the_configuration_is_spelled_as_in_the_api() -> None:
    config = {"name": "aws-auto-tagging", "min_confidence": 80, "max_tags": 5}
    sent = SavedExtensionRequestOptions("Shoe tags", "Tags shoes", config).to_json()
    assert sent["config"] == {"name": "aws-auto-tagging", "minConfidence": 80, "maxTags": 5}
    assert config["min_confidence"] == 80
    config = {"name": "remove-bg", "options": {"add_shadow": True}}
    assert SavedExtensionRequestOptions(config=config).to_json() == {"config": config}


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"config": [{"name": "remove-bg"}]}, TypeError, "config must be a dict .got list."),
        ({"config": "remove-bg"}, TypeError, "config must be a dict .got str."),
        ({"config": {}}, ValueError, "config must have the name of an extension, such as {'name': 'remove-bg'}"),
        ({"config": {"minConfidence": 3}}, ValueError, "config must have the name of an extension"),
        ({"config": {"name": "saved-extension", "id": "e"}}, ValueError, "config must be an extension itself"),
        ({"name": ""}, ValueError, "name must not be empty"),
        ({"description": " "}, ValueError, "description must not be empty"),
        ({"name": 5}, TypeError, "name must be a str .got int."),
    ],
)
def test_an_invalid_value_is_refused_by_name(options: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=f"^{message}"):
        SavedExtensionRequestOptions.of(options).to_json()


def test_the_configuration_of_a_result_keeps_the_spelling_of_the_api() -> None:
    config = {"name": "aws-auto-tagging", "minConfidence": 80}
    assert SavedExtensionResult.from_json({"id": "ext_1", "config": config}).config == config
    assert SavedExtensionResult.from_json({"id": "ext_1"}).config == {}
