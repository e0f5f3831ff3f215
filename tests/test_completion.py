"""What editors show: jedi completes the public names, as it does in IPython, Jupyter and vim."""

from __future__ import annotations

import inspect
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jedi  # type: ignore[import-untyped]
import pytest

import imagekitio
from imagekitio import AsyncImageKit, ImageKit
from imagekitio.search import Q

if TYPE_CHECKING:
    from collections.abc import Iterator

    from imagekitio.facade.base import Client

CLIENTS: list[type[Client]] = [ImageKit, AsyncImageKit]
PUBLIC = sorted(name for name in dir(ImageKit) if not name.startswith("_"))
CALLABLE = [name for name in PUBLIC if callable(getattr(ImageKit, name))]
METHODS = sorted({getattr(ImageKit, name).__name__ for name in CALLABLE})  # each once, without aliases

SOURCE = """
from imagekitio import AsyncImageKit, ImageKit, NotFoundException, Retry, UploadFileRequestOptions
ik = ImageKit()
aik = AsyncImageKit()
"""


pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep jedi from using the cache in the home directory."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jedi.settings, "cache_directory", str(tmp_path_factory.mktemp("jedi")))
        yield


@cache
def other_process() -> Any:
    """Return an environment of this interpreter without pytest's import hooks, which hide sources from jedi."""
    return jedi.create_environment(sys.executable, safe=False)


@cache
def complete(code: str) -> dict[str, Any]:
    """Return what jedi offers at the end of the code, by name; an option of a call ends with ``=``."""
    project = jedi.Project(Path(imagekitio.__file__).parents[1])
    script = jedi.Script(SOURCE + code, project=project, environment=other_process())
    return {found.name_with_symbols: found for found in script.complete()}


def complete_client(client: type[Client]) -> dict[str, Any]:
    return complete("ik." if client is ImageKit else "aik.")


@pytest.mark.parametrize("client", CLIENTS)
def test_all_public_names_of_a_client_are_completed(client: type[Client]) -> None:
    found = complete_client(client)
    assert found.keys() >= {*PUBLIC, "public_key", "url_endpoint"}
    assert found.keys() >= {"upload_file", "upload", "iter_files", "url", "with_options"}


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("name", METHODS)
def test_a_method_is_shown_with_its_documentation(client: type[Client], name: str) -> None:
    documentation = inspect.getdoc(getattr(client, name))
    assert documentation
    assert complete_client(client)[name].docstring(raw=True) == documentation


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("name", CALLABLE)
def test_a_method_and_its_aliases_are_shown_with_their_parameters(client: type[Client], name: str) -> None:
    signatures = complete_client(client)[name].get_signatures()
    expected = [parameter for parameter in inspect.signature(getattr(client, name)).parameters if parameter != "self"]
    assert signatures  # several if the types differ
    for signature in signatures:
        assert [parameter.name for parameter in signature.params] == expected


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ('ik.get_file_details("a").', "file_path"),
        ('ik.upload_file(b"a", "a.txt").', "thumbnail_url"),
        ("ik.list_files().", "response_metadata"),
        ("ik.list_files()[0].", "file_path"),
        ("for file in ik.iter_files():\n    file.", "file_path"),
        ("for done in ik.upload_many([]):\n    done.", "error"),
        ("for done in ik.upload_many([]):\n    done.result.", "url"),
        ("with ik as client:\n    client.", "upload_file"),
        ('async def main():\n    (await aik.get_file_details("a")).', "file_path"),
        ("async def main():\n    async for file in aik.iter_files():\n        file.", "file_path"),
        ("async def main():\n    async with aik as client:\n        client.", "upload_file"),
        ("try:\n    pass\nexcept NotFoundException as error:\n    error.", "missing_file_ids"),
        ("UploadFileRequestOptions(fol", "folder="),
        ("UploadFileRequestOptions().", "folder"),
        ("Retry(", "attempts="),
    ],
)
def test_the_results_and_the_options_of_a_call_are_completed(code: str, name: str) -> None:
    assert name in complete(code)


def test_all_names_of_the_package_are_completed() -> None:
    assert complete("import imagekitio\nimagekitio.").keys() >= set(imagekitio.__all__)


def test_search_fields_and_their_conditions_are_completed() -> None:
    fields = {name for name in dir(Q) if not name.startswith("_")}
    assert fields <= complete("from imagekitio.search import Q\nQ.").keys()
    assert {"startswith", "has", "in_", "not_in"} <= complete("from imagekitio.search import Q\nQ.name.").keys()
    assert "startswith" not in complete("from imagekitio.search import Q\nQ.size.")
    assert "exists" in complete("from imagekitio.search import Q\nQ.tags.")
