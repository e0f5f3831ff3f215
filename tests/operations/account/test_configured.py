"""What the calls about URL endpoints, webhooks, saved extensions and named transformations have in common."""

from __future__ import annotations

from typing import Any

import pytest

from imagekitio.exceptions import NotFoundException
from imagekitio.models.account import (
    NamedTransformationResult,
    OriginResult,
    SavedExtensionResult,
    UrlEndpointResult,
    WebhookResult,
)
from imagekitio.models.response_metadata import Headers
from imagekitio.operations import account
from imagekitio.operations.core import Response

# The module of a subject, the last segment of its path, its result class, and the options required to create one.
SUBJECTS: dict[str, tuple[Any, str, Any, dict[str, Any]]] = {
    "origin": (account.origins, "accounts/origins", OriginResult, {"type": "WEB_PROXY", "name": "a"}),
    "url_endpoint": (
        *(account.url_endpoints, "accounts/url-endpoints", UrlEndpointResult),
        {"description": "a", "url_prefix": "b"},
    ),
    "webhook": (
        *(account.webhooks, "accounts/webhooks", WebhookResult),
        {"endpoint": "https://a.example", "events": ["file.created"]},
    ),
    "saved_extension": (
        *(account.saved_extensions, "saved-extensions", SavedExtensionResult),
        {"name": "a", "description": "b", "config": {"name": "remove-bg"}},
    ),
    "named_transformation": (
        *(account.named_transformations, "named-transformations", NamedTransformationResult),
        {"name": "a", "transformation": "w-3"},
    ),
}


@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize("status", [200, 201, 202])
def test_creation_accepts_any_success_status(subject: str, status: int) -> None:
    module, _, result, options = SUBJECTS[subject]
    created = getattr(module, f"create_{subject}")(options).parse(Response(status, Headers(), b'{"id": "x_1"}'))
    assert (type(created), created.id, created.response_metadata.http_status_code) == (result, "x_1", status)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_list_is_read_as_objects(subject: str) -> None:
    module, _, result, _ = SUBJECTS[subject]
    listed = getattr(module, f"list_{subject}s")().parse(Response(200, Headers(), b'[{"id": "x_1"}]'))
    assert listed.list == [result(id="x_1")]


@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize("verb", ["get", "update", "delete"])
def test_an_id_is_one_segment_of_the_path(subject: str, verb: str) -> None:
    module, path, _, options = SUBJECTS[subject]
    function = getattr(module, f"{verb}_{subject}")
    arguments = (options,) if verb == "update" else ()
    assert function("../x y", *arguments).request.path == f"/v1/{path}/..%2Fx%20y"
    assert function("..", *arguments).request.path == f"/v1/{path}/%2E%2E"
    for wrong, error in (("", ValueError), (" ", ValueError), (None, TypeError), (5, TypeError), (b"x", TypeError)):
        with pytest.raises(error, match=f"^{subject}_id "):
            function(wrong, *arguments)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_the_message_of_a_refusal_is_that_of_the_service(subject: str) -> None:
    module = SUBJECTS[subject][0]
    with pytest.raises(NotFoundException, match=r"^Not there$"):
        getattr(module, f"delete_{subject}")("x_1").parse(Response(404, Headers(), b'{"message": "Not there"}'))


@pytest.mark.parametrize("subject", sorted(SUBJECTS.keys() - {"origin"}))
def test_each_missing_required_option_is_named(subject: str) -> None:
    module, _, _, options = SUBJECTS[subject]
    create = getattr(module, f"create_{subject}")
    for name in options:
        others = {other: value for other, value in options.items() if other != name}
        for lacking in (others, {**others, name: None}):
            with pytest.raises(TypeError, match=f"^{name} is missing: pass "):
                create(lacking)


@pytest.mark.parametrize("subject", ["webhook", "saved_extension", "named_transformation"])
def test_an_update_sends_only_what_is_given(subject: str) -> None:
    module, _, _, options = SUBJECTS[subject]
    name, value = next(iter(options.items()))
    request = getattr(module, f"update_{subject}")("x_1", {name: value}).request
    assert (request.method, request.body) == ("PATCH", f'{{"{name}":"{value}"}}'.encode())


@pytest.mark.parametrize("subject", ["origin", "url_endpoint"])
def test_an_update_that_replaces_has_the_same_required_options(subject: str) -> None:
    module, _, _, options = SUBJECTS[subject]
    update = getattr(module, f"update_{subject}")
    assert update("x_1", options).request.method == "PUT"
    with pytest.raises(TypeError, match=r"^(description|type) is missing"):
        update("x_1", {})


def test_only_the_default_url_endpoint_has_no_prefix() -> None:
    with pytest.raises(ValueError, match=r"^url_prefix must not be empty \(got ''\)"):
        account.url_endpoints.create_url_endpoint(description="a", url_prefix="")
    request = account.url_endpoints.update_url_endpoint("default", description="a", url_prefix="").request
    assert request.body == b'{"description":"a","urlPrefix":""}'


def test_a_member_of_an_option_is_named_as_in_python() -> None:
    with pytest.raises(ValueError, match=r"^config\['min_confidence'\] must be a finite number"):
        account.saved_extensions.create_saved_extension(
            name="a", description="b", config={"name": "aws-auto-tagging", "min_confidence": float("nan")}
        )
