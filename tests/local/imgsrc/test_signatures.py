from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.local.imgsrc.signatures import check, sign

if TYPE_CHECKING:
    import random

NOW = 1_700_000_000
SECRET = "known to the server alone"


def make_signed_query(path: str, query: str, expires_at: int = NOW + 60) -> str:
    """Return the query of a signed link."""
    return f"{query}{'&' if query else ''}exp={expires_at}&sig={sign(path, query, expires_at, SECRET)}"


def test_a_signature_is_hexadecimal_and_always_the_same() -> None:
    assert sign("trips/oslo.webp", "w=400&p:thumb", NOW, "secret") == (
        "bd3f29ba0fb02b999a1c6f5368c418fa9dcb50cf895abaf52bb0390586241714"
    )


@pytest.mark.parametrize("query", ["", "w=400", "p:thumb", "p:thumb&w=400&flip=h", "v=%FF&w=1"])
def test_a_signed_link_is_valid_until_it_expires(query: str) -> None:
    link = make_signed_query("a b/é.png", query)
    assert check("a b/é.png", link, SECRET, NOW) == "good"
    assert check("a b/é.png", link, SECRET, NOW + 59.999) == "good"
    assert check("a b/é.png", link, SECRET, NOW + 60) == "expired"


def test_the_order_and_encoding_of_parameters_do_not_matter() -> None:
    expiry, signature = make_signed_query("a.png", "p:thumb&aspect=16:9&w=400").split("&")[-2:]
    assert check("a.png", f"{signature}&w=400&aspect=16%3A9&{expiry}&p%3Athumb", SECRET, NOW) == "good"


def test_a_link_without_a_signature_is_unsigned() -> None:
    assert check("a.png", "", SECRET, NOW) == "unsigned"
    assert check("a.png", "w=400&signature=1", SECRET, NOW) == "unsigned"


SIGNATURE = sign("a.png", "w=400", NOW + 60, SECRET)


@pytest.mark.parametrize(
    "query",
    [
        f"w=401&exp={NOW + 60}&sig={SIGNATURE}",
        f"exp={NOW + 60}&sig={SIGNATURE}",
        f"w=400&w=400&exp={NOW + 60}&sig={SIGNATURE}",
        f"w=400&h=1&exp={NOW + 60}&sig={SIGNATURE}",
        f"w=400&exp={NOW + 61}&sig={SIGNATURE}",
        f"w=400&exp={NOW + 60}&exp={NOW + 60}&sig={SIGNATURE}",
        f"w=400&exp={NOW + 60}",
        f"w=400&sig={SIGNATURE}",
        f"w=400&exp=&sig={SIGNATURE}",
        f"w=400&exp=-1&sig={SIGNATURE}",
        f"w=400&exp={'9' * 5000}&sig={SIGNATURE}",
        f"w=400&exp={NOW + 60}&sig={SIGNATURE[:-1]}",
        f"w=400&exp={NOW + 60}&sig=%FF",
        f"w=400&exp={NOW + 60}&sig=é",
    ],
)
def test_any_other_link_is_invalid(query: str) -> None:
    assert check("a.png", f"w=400&exp={NOW + 60}&sig={SIGNATURE}", SECRET, NOW) == "good"
    assert check("a.png", query, SECRET, NOW) == "bad"


def test_another_path_or_secret_invalidates_the_signature() -> None:
    link = make_signed_query("a.png", "")
    assert check("a.webp", link, SECRET, NOW) == "bad"
    assert check("a.png", link, "another", NOW) == "bad"


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


@given(st.lists(st.tuples(TEXTS.filter(lambda name: name not in ("exp", "sig")), TEXTS), max_size=5), st.randoms())
def test_any_parameters_in_any_order_verify(parameters: list[tuple[str, str]], shuffle: random.Random) -> None:
    items = [f"{quote(name)}={quote(value)}" for name, value in parameters]
    link = make_signed_query("a.png", "&".join(items)).split("&")
    shuffle.shuffle(link)
    assert check("a.png", "&".join(link), SECRET, NOW) == "good"


@given(st.text(max_size=40))
def test_no_query_raises_or_verifies_without_the_secret(query: str) -> None:
    assert check("a.png", query.encode(errors="replace").decode(), SECRET, NOW) in ("unsigned", "bad")
