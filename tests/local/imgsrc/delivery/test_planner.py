"""Plans without a socket: what they count, what they refuse, and that every URL gets one or the other."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from imagekitio.local.base.errors import ApiError
from imagekitio.local.imgsrc import library, presets, usage
from imagekitio.local.imgsrc.delivery.planner import Planner
from imagekitio.local.imgsrc.rows import ImageRow

if TYPE_CHECKING:
    from imagekitio.local.imgsrc.store import ImgsrcStore

CONTENT = b"content"


@pytest.fixture
def filled_store(store: ImgsrcStore) -> ImgsrcStore:
    """A store with an image at ``a.png`` and a preset ``thumb``."""
    digest = hashlib.sha256(CONTENT).hexdigest()
    with store.incoming() as incoming, store.write() as transaction:
        incoming.write(CONTENT)
        transaction.keep(incoming)
        row = ImageRow(digest[:16], digest, "a.png", len(CONTENT), "png", "image/png", 3, 2, 0.0, "public")
        library.insert(transaction, row)
        library.put(transaction, row, "a.png")
        presets.save(transaction, presets.Preset("1", "thumb", None, {"w": 9, "format": None}, 0.0, 0.0))
    return store


def count_transformations(store: ImgsrcStore) -> int:
    with store.read() as connection:
        return usage.read_usage(connection, store.settings.clock.time(), "transformations")


def count_uses(store: ImgsrcStore) -> int:
    with store.read() as connection:
        preset = presets.find_by_name(connection, "thumb")
    assert preset is not None
    return preset.usage_count


def test_a_used_up_quota_refuses_only_new_renditions(filled_store: ImgsrcStore) -> None:
    planner = Planner(filled_store, replace(filled_store.settings, max_transformations_per_month=2))
    for target in ("/i/local/a.webp", "/i/local/a.png?p:thumb"):
        planner.count(planner.plan(target))
    for target in ("/i/local/a.jpg", "/i/local/a.webp?q=1"):
        with pytest.raises(ApiError, match="2 transformations a month") as caught:
            planner.plan(target)
        assert caught.value.status == 429
        assert "Retry-After" not in caught.value.headers
        assert caught.value.headers["X-RateLimit-Remaining"] == "0"
    for target in ("/i/local/a.webp", "/i/local/a.png?w=9", "/i/local/a.png", "/local/a.png?v=1"):
        planner.count(planner.plan(target))
    assert count_transformations(filled_store) == 2
    filled_store.settings.clock.advance(31 * 86_400)
    assert planner.plan("/i/local/a.jpg").is_new


def test_only_one_of_two_simultaneous_renditions_gets_the_last_transformation(filled_store: ImgsrcStore) -> None:
    planner = Planner(filled_store, replace(filled_store.settings, max_transformations_per_month=1))
    first, second = planner.plan("/i/local/a.webp?p:thumb"), planner.plan("/i/local/a.jpg?p:thumb")
    planner.count(first)
    with pytest.raises(ApiError) as caught:
        planner.count(second)
    assert caught.value.status == 429
    planner.count(first)  # a simultaneous request for the same rendition
    assert (count_transformations(filled_store), count_uses(filled_store)) == (1, 2)


def test_transformations_can_be_unlimited(filled_store: ImgsrcStore) -> None:
    planner = Planner(filled_store, replace(filled_store.settings, max_transformations_per_month=None))
    for width in range(1, 20):
        planner.count(planner.plan(f"/i/local/a.webp?w={width}"))
    assert count_transformations(filled_store) == 19


def test_a_preset_needs_the_pro_plan(filled_store: ImgsrcStore) -> None:
    planner = Planner(filled_store, replace(filled_store.settings, plan="free"))
    with pytest.raises(ApiError, match="Presets need the Pro plan") as caught:
        planner.plan("/i/local/a.png?p:thumb")
    assert caught.value.status == 403
    assert planner.plan("/i/local/a.png?w=9").is_new


def test_equivalent_parameters_are_one_rendition(filled_store: ImgsrcStore) -> None:
    planner = Planner(filled_store, filled_store.settings)
    same = ["w=9", "w=09", "p:thumb", "w=9&fit=contain", "aspect=original&w=9", "w=9&rotate=0", "w=9&q=80&v=3"]
    etags = {planner.plan(f"/i/local/a.webp?{query}").plan.etag for query in same}
    assert len(etags) == 1
    others = ["", "w=10", "w=9&q=81", "w=9&fit=scale-down", "w=9&rotate=90", "h=9", "w=9&grayscale=true"]
    assert len({planner.plan(f"/i/local/a.webp?{query}").plan.etag for query in others} | etags) == len(others) + 1


NAMES = st.sampled_from(
    ["w", "h", "fit", "aspect", "q", "dpr", "crop", "blur", "rotate", "flip", "p:thumb", "sig", "exp"]
)
QUERIES = st.lists(st.tuples(NAMES | st.text(max_size=5), st.sampled_from(["", "=", "=="]), st.text(max_size=5)))
PATHS = st.sampled_from(["a.png", "a.webp", "a", "a.gif"]) | st.text(max_size=8)


@given(PATHS, QUERIES, st.booleans())
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_url_gets_a_plan_or_a_refusal(
    filled_store: ImgsrcStore, path: str, query: list[tuple[str, str, str]], encodes: bool
) -> None:
    def write(text: str) -> str:
        return quote(text, errors="surrogatepass") if encodes else text

    items = "&".join(f"{write(name)}{equals}{write(value)}" for name, equals, value in query)
    with suppress(ApiError):
        Planner(filled_store, filled_store.settings).plan(f"/i/local/{write(path)}?{items}")
