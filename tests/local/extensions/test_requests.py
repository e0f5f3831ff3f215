"""Extensions of uploads and updates: valid requests, results and callbacks."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.local import LocalImageKit
from imagekitio.local.base.errors import ApiError
from imagekitio.local.extensions.requests import MAX_TASKS, read_extensions, resolve_extensions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import requests

    from tests.local.conftest import Api, Receiver

GOOGLE = {"name": "google-auto-tagging", "minConfidence": 60, "maxTags": 5}
AWS = {"name": "aws-auto-tagging", "minConfidence": 90, "maxTags": 30}
REMOVE_BG = {"name": "remove-bg"}
DESCRIBE = {"name": "ai-auto-description"}
YES_NO = {"type": "yes_no", "instruction": "Is this a shoe?", "on_yes": {"add_tags": ["footwear"]}}
CALLBACK = "extension.callback"


def make_ai_tasks(*tasks: dict[str, Any]) -> dict[str, Any]:
    return {"name": "ai-tasks", "tasks": list(tasks)}


def encode_extensions(*items: Any) -> dict[str, str]:
    return {"extensions": json.dumps(items)}


def update(api: Api, file_id: str, **body: Any) -> requests.Response:
    return api("PATCH", f"/v1/files/{file_id}/details", json=body)


def upload_and_wait(api: Api, *items: Any, name: str = "red-shoe.jpg", content: bytes, **fields: str) -> dict[str, Any]:
    """Upload a file, wait for its extensions, and return its details."""
    answer = api.upload(name, content, **encode_extensions(*items), **fields)
    api.server.flush_webhooks()
    return api.details(answer["fileId"])


@pytest.fixture
def product() -> bytes:
    """A red box of 20 x 20 pixels on a white background."""
    import pyvips

    white: Any = pyvips.Image.black(60, 40, bands=3).linear([1], [255]).cast("uchar")
    image = white.draw_rect([200, 10, 10], 20, 10, 20, 20, fill=True).copy(interpretation="srgb")
    return bytes(image.jpegsave_buffer(Q=95))


def read_pixels(api: Api, url: str) -> Any:
    import pyvips

    return pyvips.Image.new_from_buffer(api("GET", url, params={"tr": "orig-true"}, auth=None).content, "")


@pytest.mark.parametrize(
    ("extension", "reason"),
    [
        ("remove-bg", "should be an object"),
        ({}, "name of an extension should be one of google-auto-tagging"),
        ({"name": "saved-extension"}, "needs id, the id of a saved extension"),
        ({"name": ["remove-bg"]}, "name of an extension"),
        ({**GOOGLE, "minConfidence": 101}, "a number from 0 to 100"),
        ({**GOOGLE, "minConfidence": None}, "a number from 0 to 100"),
        ({**AWS, "maxTags": 31}, "an integer from 0 to 30"),
        ({**AWS, "maxTags": True}, "an integer from 0 to 30"),
        ({**AWS, "maxTags": 2.5}, "an integer from 0 to 30"),
        ({**REMOVE_BG, "options": []}, "options of remove-bg should be an object"),
        ({**REMOVE_BG, "options": {"add_shadow": "yes"}}, "add_shadow of remove-bg should be true or false"),
        ({**REMOVE_BG, "options": {"bg_color": "#fff"}}, "hexadecimal digits without #"),
        ({**REMOVE_BG, "options": {"bg_color": "red", "bg_image_url": "http://a"}}, "not both"),
        (make_ai_tasks(), f"an array of 1 to {MAX_TASKS} tasks (got 0)"),
        (make_ai_tasks(*[YES_NO] * 11), f"an array of 1 to {MAX_TASKS} tasks (got 11)"),
        (make_ai_tasks({"type": "guess", "instruction": "x"}), "type of a task should be one of select_tags"),
        (make_ai_tasks({**YES_NO, "instruction": ""}), "an instruction of 1 to 2000 characters"),
        (make_ai_tasks({**YES_NO, "instruction": "x" * 2001}), "an instruction of 1 to 2000 characters"),
        (make_ai_tasks({"type": "yes_no", "instruction": "x"}), "needs one of on_yes, on_no, on_unknown"),
        (make_ai_tasks({**YES_NO, "on_no": {"add_tags": "x"}}), "should be arrays of strings"),
        (make_ai_tasks({**YES_NO, "on_no": {"set_metadata": [{"field": "a"}]}}), "an array of {field, value}"),
        (make_ai_tasks({"type": "select_tags", "instruction": "x"}), "select_tags needs a vocabulary"),
        (make_ai_tasks({"type": "select_tags", "instruction": "x", "vocabulary": ["50%"]}), "no %"),
        (
            make_ai_tasks({"type": "select_tags", "instruction": "x", "vocabulary": ["x" * 501]}),
            "at most 500 characters",
        ),
        (
            make_ai_tasks({"type": "select_tags", "instruction": "x", "vocabulary": ["a"], "max_selections": 0}),
            "max_selections an integer of at least 1",
        ),
        (make_ai_tasks({"type": "select_metadata", "instruction": "x"}), "needs field"),
        (
            make_ai_tasks({"type": "select_metadata", "instruction": "x", "field": "no"}),
            "no custom metadata field 'no'",
        ),
        ({"name": "saved-extension", "id": "ext_0"}, "There is no saved extension with the id ext_0."),
    ],
)
def test_an_invalid_extension_is_refused_with_the_reason(api: Api, jpeg: bytes, extension: Any, reason: str) -> None:
    for response in (
        api.try_upload("a.jpg", jpeg, **encode_extensions(extension)),
        update(api, api.upload("b.jpg", jpeg)["fileId"], extensions=[extension], tags=["x"]),
    ):
        assert response.status_code == 400
        assert response.json()["message"].startswith("Your request contains invalid extensions parameter. ")
        assert reason in response.json()["message"]
    assert [(file["name"], file["tags"]) for file in api.assets()] == [("b.jpg", None)]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "tasks", "type", "instruction", "options", "vocabulary", "on_yes", "field", "id"]),
            inner | st.sampled_from(["remove-bg", "ai-tasks", "select_metadata", "yes_no", "saved-extension"]),
        )
    ),
    max_leaves=12,
)


@given(st.lists(JSON, max_size=2))
def test_any_json_is_either_accepted_or_refused(given_: Any) -> None:
    with contextlib.suppress(ApiError):
        resolve_extensions(read_extensions(given_), lambda id_: None, {})


def test_tags_are_in_the_response_and_begin_with_the_words_of_the_name(api: Api, jpeg: bytes) -> None:
    answer = api.upload("red-shoe.jpg", jpeg, **encode_extensions(GOOGLE, AWS))
    assert answer["extensionStatus"] == {"google-auto-tagging": "success", "aws-auto-tagging": "success"}
    google = [tag for tag in answer["AITags"] if tag["source"] == "google-auto-tagging"]
    assert google[:2] == [
        {"name": "Red", "confidence": 99.0, "source": "google-auto-tagging"},
        {"name": "Shoe", "confidence": 95.0, "source": "google-auto-tagging"},
    ]
    assert len(google) == 5
    assert {tag["confidence"] for tag in answer["AITags"] if tag not in google} == {99.0, 95.0, 91.0}
    assert api.details(answer["fileId"])["AITags"] == answer["AITags"]
    again = api.upload("red-shoe.jpg", jpeg, folder="/copy", **encode_extensions(GOOGLE, AWS))
    assert again["AITags"] == answer["AITags"]


def test_an_overwrite_keeps_ai_tags_on_request_and_adds_its_own(api: Api, jpeg: bytes) -> None:
    api.upload("red.jpg", jpeg, **encode_extensions({**GOOGLE, "maxTags": 1}))
    kept = api.upload("red.jpg", jpeg, overwriteAITags="false", **encode_extensions({**AWS, "maxTags": 1}))
    assert [tag["source"] for tag in kept["AITags"]] == ["google-auto-tagging", "aws-auto-tagging"]
    assert api.upload("red.jpg", jpeg, **encode_extensions({**AWS, "maxTags": 1}))["AITags"] == kept["AITags"][1:]


def test_an_update_runs_extensions_after_its_own_changes(api: Api, jpeg: bytes) -> None:
    file_id = api.upload("red.jpg", jpeg, **encode_extensions(GOOGLE))["fileId"]
    answer = update(api, file_id, removeAITags="all", extensions=[{**AWS, "maxTags": 1}, DESCRIBE]).json()
    assert answer["extensionStatus"] == {"aws-auto-tagging": "success", "ai-auto-description": "pending"}
    assert [tag["source"] for tag in answer["AITags"]] == ["aws-auto-tagging"]
    assert "extensionStatus" not in update(api, file_id, extensions=[]).json()


def test_tagging_a_file_that_is_not_an_image_fails(api: Api) -> None:
    answer = api.upload("a.txt", **encode_extensions(GOOGLE))
    assert (answer["extensionStatus"], answer["AITags"]) == ({"google-auto-tagging": "failed"}, None)


def test_a_description_is_added_later(api: Api, jpeg: bytes) -> None:
    answer = api.upload("red-shoe.jpg", jpeg, **encode_extensions(DESCRIBE))
    assert (answer["extensionStatus"], answer["description"]) == ({"ai-auto-description": "pending"}, None)
    api.server.flush_webhooks()
    assert api.details(answer["fileId"])["description"] == "A picture of red shoe, 64 by 48 pixels."


def test_removing_the_background_makes_a_version_with_transparency(api: Api, product: bytes) -> None:
    file = upload_and_wait(api, REMOVE_BG, content=product, tags="a")
    assert (file["versionInfo"]["name"], file["mime"], file["hasAlpha"], file["tags"]) == (
        "Version 2",
        "image/png",
        True,
        ["a"],
    )
    image = read_pixels(api, file["url"])
    assert (image.width, image.height, image.bands) == (60, 40, 4)
    assert image(2, 2)[3] == 0
    assert image(30, 20)[3] == 255
    assert image(30, 20)[0] == pytest.approx(200, abs=6)
    first = api("GET", f"/v1/files/{file['fileId']}/versions").json()[1]
    assert api("GET", first["url"], auth=None).content[:3] == b"\xff\xd8\xff"


def test_a_background_is_replaced_by_a_colour_or_a_picture(api: Api, product: bytes, jpeg: bytes) -> None:
    blue = upload_and_wait(api, {**REMOVE_BG, "options": {"bg_color": "0000ff"}}, content=product)
    image = read_pixels(api, blue["url"])
    assert (image.bands, image(2, 2)) == (3, [0, 0, 255])
    backdrop = api.upload("back.jpg", jpeg)["url"]
    options = {"bg_image_url": backdrop, "semitransparency": False, "add_shadow": True}
    file = upload_and_wait(api, {**REMOVE_BG, "options": options}, name="b.jpg", content=product)
    image = read_pixels(api, file["url"])
    assert image(30, 20)[0] == pytest.approx(200, abs=6)
    assert image(2, 2)[2] == pytest.approx(128, abs=12)  # the same everywhere in the backdrop


def test_callbacks_report_the_outcome_without_a_signature(api: Api, receiver: Receiver, product: bytes) -> None:
    bad = {**REMOVE_BG, "options": {"bg_image_url": api.server.url_endpoint + "/none.jpg"}}
    answer = api.upload("a.jpg", product, webhookUrl=receiver.url + "/cb", **encode_extensions(DESCRIBE, bad, GOOGLE))
    done, failed = api.server.flush_webhooks()
    assert [(item.type, item.status) for item in (done, failed)] == [(CALLBACK, "delivered")] * 2
    assert [received.json for received in receiver.received] == [done.body, failed.body]
    assert receiver.received[0].path == "/cb"
    assert not {"x-ik-signature", "webhook-signature"} & receiver.received[0].headers.keys()
    assert done.body.keys() == {"service", "status", "fileObject"}
    assert (done.body["service"], done.body["status"]) == ("ai-auto-description", "SUCCESS")
    assert done.body["fileObject"] == api.details(answer["fileId"])
    assert (failed.body["service"], failed.body["status"]) == ("remove-bg", "FAILURE")
    assert failed.body["fileId"] == answer["fileId"]
    assert "there is no file at /none.jpg" in failed.body["error"]["message"]


def test_a_callback_is_retried_until_it_gets_a_200(api: Api, receiver: Receiver, jpeg: bytes) -> None:
    receiver.statuses = [204, 500]
    api.upload("a.jpg", jpeg, webhookUrl=receiver.url, **encode_extensions(DESCRIBE))
    api.server.flush_webhooks()
    while (delivery := api.server.flush_webhooks()[0]).status == "pending":
        pass
    assert (delivery.status, delivery.attempts, delivery.outcome) == ("delivered", 3, "200")


def test_extensions_fail_for_deleted_files_and_files_that_are_not_images(
    api: Api, receiver: Receiver, jpeg: bytes
) -> None:
    with LocalImageKit(extension_delay=60.0) as server:
        slow = type(api)(server)
        with slow.session:
            file_id = slow.upload("a.jpg", jpeg, webhookUrl=receiver.url, **encode_extensions(REMOVE_BG))["fileId"]
            slow("DELETE", f"/v1/files/{file_id}")
            slow.upload("a.txt", webhookUrl=receiver.url, **encode_extensions(DESCRIBE))
            assert server.webhooks == []
            server.clock.advance(60)
            bodies = [delivery.body for delivery in server.flush_webhooks()]
    assert [body["error"]["message"] for body in bodies] == [
        "The file was deleted.",
        "ai-auto-description works on images only.",
    ]


def test_tasks_select_tags_and_values(api: Api, jpeg: bytes) -> None:
    for name, schema in (
        ("kind", {"type": "SingleSelect", "selectOptions": ["hat", "shoe"]}),
        ("colours", {"type": "MultiSelect", "selectOptions": ["blue", "red", "green"]}),
        ("note", {"type": "Text"}),
    ):
        field = {"name": name, "label": name, "schema": schema}
        assert api("POST", "/v1/customMetadataFields", json=field).status_code == 201
    tags = {"type": "select_tags", "instruction": "Which?", "vocabulary": ["hat", "shoe", "red", "tie"]}
    tasks: list[dict[str, Any]] = [
        {**tags, "max_selections": 1},
        {**tags, "min_selections": 3},
        {"type": "select_metadata", "instruction": "Which?", "field": "kind"},
        {"type": "select_metadata", "instruction": "Which?", "field": "colours", "min_selections": 2},
        {"type": "select_metadata", "instruction": "Which?", "field": "note", "vocabulary": ["red", "blue"]},
    ]
    file = upload_and_wait(api, make_ai_tasks(*tasks), content=jpeg, tags="new")
    assert file["tags"][:3] == ["new", "shoe", "red"]
    assert len(file["tags"]) == 4
    assert (file["customMetadata"]["kind"], file["customMetadata"]["note"]) == ("shoe", "red")
    assert file["customMetadata"]["colours"][0] == "red"
    assert len(file["customMetadata"]["colours"]) == 2


def test_values_set_by_tasks_must_fit_their_fields(api: Api, jpeg: bytes) -> None:
    field = {"name": "price", "label": "Price", "schema": {"type": "Number"}}
    api("POST", "/v1/customMetadataFields", json=field)
    select = {"type": "select_metadata", "instruction": "x", "field": "price"}
    actions = {"set_metadata": [{"field": "price", "value": "much"}]}
    for task, reason in (
        (select, "needs a vocabulary, since 'price' has no options"),
        ({**select, "vocabulary": ["much"]}, "'price' should be of type number"),
        ({**YES_NO, "on_no": actions}, "'price' should be of type number"),
    ):
        response = api.try_upload("a.jpg", jpeg, **encode_extensions(make_ai_tasks(task)))
        assert response.status_code == 400
        assert reason in response.json()["message"]


@pytest.mark.parametrize(
    ("name", "content", "tags", "metadata"),
    [
        ("red-shoe.jpg", None, ["new", "footwear"], {"sold": True}),
        ("hat.jpg", None, ["old", "new"], {}),
        ("shoe.txt", b"text", ["old", "new"], {"sold": False}),
    ],
)
def test_a_question_is_answered_by_the_words_of_the_name(
    api: Api, jpeg: bytes, name: str, content: bytes | None, tags: list[str], metadata: dict[str, Any]
) -> None:
    field = {"name": "sold", "label": "Sold", "schema": {"type": "Boolean"}}
    api("POST", "/v1/customMetadataFields", json=field)
    task = {
        "type": "yes_no",
        "instruction": "Is this a shoe?",
        "on_yes": {
            "add_tags": ["footwear"],
            "remove_tags": ["old"],
            "set_metadata": [{"field": "sold", "value": True}],
        },
        "on_no": {"unset_metadata": [{"field": "sold"}]},
    }
    fields = {"tags": "old,new", "customMetadata": '{"sold": false}'}
    file = upload_and_wait(api, make_ai_tasks(task), name=name, content=content or jpeg, **fields)
    assert (file["tags"], file["customMetadata"]) == (tags, metadata)


def test_a_saved_extension_is_reported_under_the_name_of_its_extension(api: Api, jpeg: bytes) -> None:
    body = {"name": "Tags", "description": "Tags", "config": {**AWS, "maxTags": 1}}
    saved = api("POST", "/v1/saved-extensions", json=body).json()
    answer = api.upload("red.jpg", jpeg, **encode_extensions({"name": "saved-extension", "id": saved["id"]}))
    assert answer["extensionStatus"] == {"aws-auto-tagging": "success"}
    assert [tag["name"] for tag in answer["AITags"]] == ["Red"]


@pytest.fixture
def limited_api(api: Api) -> Iterator[Api]:
    with LocalImageKit(extension_units=133) as server:
        other = type(api)(server)
        with other.session:
            yield other


def test_extension_units_are_counted_and_can_run_out(limited_api: Api, jpeg: bytes) -> None:
    file_id = limited_api.upload("a.jpg", jpeg, **encode_extensions(GOOGLE, REMOVE_BG))["fileId"]
    limited_api.upload("b.jpg", jpeg, **encode_extensions(AWS))
    for response in (
        limited_api.try_upload("c.jpg", jpeg, **encode_extensions(AWS)),
        update(limited_api, file_id, extensions=[AWS], tags=["x"]),
    ):
        assert (response.status_code, response.json()["message"]) == (400, "Extensions quota exceeded.")
    assert [file["tags"] for file in limited_api.assets()] == [None, None]
    assert limited_api.upload("c.jpg", jpeg, **encode_extensions(DESCRIBE))["extensionStatus"] == {
        "ai-auto-description": "pending"
    }
    limited_api.server.clock.advance(31 * 86_400)
    assert limited_api.upload("d.jpg", jpeg, **encode_extensions(AWS))["extensionStatus"] == {
        "aws-auto-tagging": "success"
    }


def test_pending_extensions_survive_a_restart(jpeg: bytes, api: Api, tmp_path: Path) -> None:
    with LocalImageKit(data=tmp_path, extension_delay=3600.0) as server:
        first = type(api)(server)
        with first.session:
            file_id = first.upload("red.jpg", jpeg, **encode_extensions(DESCRIBE))["fileId"]
    with LocalImageKit(data=tmp_path) as server:
        second = type(api)(server)
        with second.session:
            server.flush_webhooks()
            assert second.details(file_id)["description"] == "A picture of red, 64 by 48 pixels."
