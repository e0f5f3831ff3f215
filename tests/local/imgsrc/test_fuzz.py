"""Valid and invalid requests of every kind: each gets a documented response and none causes a failure."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imagekitio.local.imgsrc.operations import OPERATIONS

if TYPE_CHECKING:
    from imagekitio.local.imgsrc.operations import Operation
    from tests.local.imgsrc.conftest import Api

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "6"))

TEXT = st.text(max_size=12)
SCALAR = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT
MEMBERS = (
    *("expires_in_seconds", "transformation", "visibility", "name", "description", "params", "delivery_formats"),
    *("default_quality", "default_fit_mode", "default_max_width", "default_max_height", "theme", "language"),
    *("width", "height", "fit", "quality", "format", "w", "h", "q", "aspect", "dpr", "crop", "blur", "rotate"),
)
RIGHT = st.sampled_from(["private", "public", "thumb", 300, "webp", "cover", ["webp"], {"w": 300}, {"width": 3}])
BODIES = st.dictionaries(
    st.sampled_from(MEMBERS) | TEXT,
    RIGHT | SCALAR | st.lists(SCALAR, max_size=3) | st.dictionaries(st.sampled_from(MEMBERS), SCALAR, max_size=3),
    max_size=4,
)
QUERIES = st.dictionaries(st.sampled_from(["limit", "offset", "path", "q"]) | TEXT, TEXT | st.integers(), max_size=3)
ODD_TEXTS = st.sampled_from(["", "/", "..", "%2e%2e", "a" * 300, "%00", "é/日本", "{}", "null", "-1", "%ff", "%"])
SEGMENTS = st.sampled_from(["@image", "@preset", "a.png", "local", "thumb"]) | ODD_TEXTS | st.integers().map(str)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_request_gets_a_response_in_the_format_of_the_service(
    api: Api, operation: Operation, data: st.DataObject
) -> None:
    api.server.rate_limits.set()
    known = {"@image": api.upload()["id"], "@preset": make_preset(api)}
    parts = [
        data.draw(SEGMENTS.map(lambda text: known.get(text, text))) if part.startswith("{") else part
        for part in operation.path.split("/")
    ]
    body: dict[str, Any] = {"json": data.draw(BODIES)}
    if data.draw(st.booleans()):
        body = {"data": data.draw(st.binary(max_size=40))}
    response = api(operation.method, "/".join(parts), params=data.draw(QUERIES), **body)
    answer = response.json()
    assert isinstance(answer, dict)
    if response.status_code < 300:
        assert response.status_code == (201 if operation.name == "presets.create_preset" else 200)
        return
    assert response.status_code in (400, 401, 403, 404, 405, 409, 413)
    assert {*answer} == {"error"}
    assert answer["error"]["status"] == response.status_code
    assert {"code", "message", "path"} <= {*answer["error"]}


def make_preset(api: Api) -> str:
    api("POST", "/api/v1/settings/presets", json={"name": "thumb", "params": {}})  # refused if it exists
    presets = api.json("GET", "/api/v1/settings/presets")["presets"]
    return str(next(preset["id"] for preset in presets if preset["name"] == "thumb"))
