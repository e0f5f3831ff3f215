from __future__ import annotations

import contextlib
import csv
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.local.rendering import TransformationError
from imagekitio.local.rendering.language.grammar import (
    KNOWN_CODES,
    BlockText,
    ChainText,
    LayerText,
    StepText,
    is_named_only,
    parse_text,
)

NAMES = Path(__file__).parents[3] / "data" / "transformation_names.csv"


def test_commas_join_parameters_and_colons_start_steps() -> None:
    assert parse_text("w-400,h-300:rt-90") == (StepText({"w": "400", "h": "300"}), StepText({"rt": "90"}))


def test_empty_parameters_and_steps_are_dropped() -> None:
    assert parse_text(":,w-5,::h-6,:") == (StepText({"w": "5"}), StepText({"h": "6"}))
    assert parse_text("") == ()


def test_the_longest_known_code_wins() -> None:
    assert parse_text("e-usm-2-2-0.8-0.024,lx--35,t,e-grayscale") == (
        StepText({"e-usm": "2-2-0.8-0.024", "lx": "-35", "t": None, "e-grayscale": None}),
    )


def test_the_last_value_of_a_code_wins() -> None:
    assert parse_text("w-1,w-2") == (StepText({"w": "2"}),)


def test_a_ratio_written_with_a_colon_is_one_value() -> None:
    assert parse_text("w-400,ar-4:3,c-force:rt-90") == (
        StepText({"w": "400", "ar": "4-3", "c": "force"}),
        StepText({"rt": "90"}),
    )
    with pytest.raises(TransformationError, match="code '3' does not exist"):
        parse_text("ar-4,w-5:3")


def test_layers_can_be_nested_and_have_their_own_steps() -> None:
    words = LayerText("text", (StepText({"i": "x"}),))
    assert parse_text("w-1,l-image,i-a.png,w-2:rt-3,l-text,i-x,l-end,l-end,h-4:o-5") == (
        StepText(
            {"w": "1", "h": "4"},
            (
                LayerText(
                    "image",
                    (
                        StepText({"i": "a.png", "w": "2"}),
                        StepText({"rt": "3"}, (words,)),
                    ),
                ),
            ),
        ),
        StepText({"o": "5"}),
    )


def test_an_if_block_has_two_chains() -> None:
    assert parse_text("rt-90:if-ar_gt_1,w-200:h-1,if-else,w-300,if-end:q-5") == (
        StepText({"rt": "90"}),
        BlockText("ar_gt_1", (StepText({"w": "200"}), StepText({"h": "1"})), (StepText({"w": "300"}),)),
        StepText({"q": "5"}),
    )


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ("l-image,i-a", "'l-image' is not closed by 'l-end'"),
        ("w-1,l-end", "'l-end' has no matching start"),
        ("if-w_gt_1,w-2", "not closed by 'if-end'"),
        ("if-w_gt_1,w-2,l-end", "not closed by 'if-end'"),
        ("l-image,i-a,if-end", "not closed by 'l-end'"),
        ("if-else", "'if-else' has no matching start"),
        ("h-100,if-h_eq_200,w-100,if-end", "must contain nothing else"),
        ("if-h_eq_200,w-100,if-end,h-100", "must contain nothing else"),
        ("if-h_eq_2,w-1,if-end,if-h_eq_2,w-1,if-end", "must contain nothing else"),
        ("if-h_eq_2,if-w_eq_1,w-2,if-end,if-end", "must not be nested"),
        ("l-cake,l-end", "must be one of image, text"),
        ("l-image,l-image,l-image,l-image,l-end,l-end,l-end,l-end", "deeper than 3"),
        ("xyz-5", "code 'xyz' does not exist"),
        ("e-foo-5", "code 'e-foo' does not exist"),
        ("tr:w-1", "code 'tr' does not exist"),
        ("W-300", "code 'W' does not exist"),
        ("n-nobody", "got 'nobody'"),
        ("n-", "got ''"),
        ("n", "got ''"),
    ],
)
def test_malformed_steps_are_refused_with_the_reason(steps: str, message: str) -> None:
    with pytest.raises(TransformationError, match=message) as caught:
        parse_text(steps)
    assert (caught.value.status, caught.value.code) == (400, "EINVAL")


def test_three_levels_of_layers_are_allowed() -> None:
    assert len(parse_text("l-image,l-image,l-image,l-end,l-end,l-end")) == 1


def test_a_named_transformation_is_inserted_in_place_and_splits_the_step() -> None:
    named = {"x": "tr:w-1,h-2:rt-3"}
    assert parse_text("q-9,n-x,o-4:bl-5", named) == (
        StepText({"q": "9", "w": "1", "h": "2"}),
        StepText({"rt": "3", "o": "4"}),
        StepText({"bl": "5"}),
    )


def test_a_named_transformation_must_not_refer_to_another() -> None:
    with pytest.raises(TransformationError, match="must not contain another"):
        parse_text("n-a", {"a": "n-a"})


@pytest.mark.parametrize(
    ("steps", "expected"),
    [("n-a", True), ("n-a,", True), ("n-a,w-5", False), ("n-a:n-b", False), ("w-5", False), ("", False), ("n", False)],
)
def test_only_a_single_named_transformation_counts_as_named_only(steps: str, expected: bool) -> None:
    assert is_named_only(steps) is expected


@pytest.mark.parametrize(
    "steps", ["w-1:" * 10_000, "w-1," * 250_000, "l-image," * 125_000, ":" * 1_000_000, "w-1:" * 101]
)
def test_enormous_steps_are_refused_immediately(steps: str) -> None:
    started = time.perf_counter()
    with pytest.raises(TransformationError, match="ELIMIT"):
        parse_text(steps)
    assert time.perf_counter() - started < 2  # takes a hundredth of that on an idle machine


def test_every_documented_code_is_known() -> None:
    with NAMES.open(encoding="utf-8", newline="") as file:
        codes = {row["code"] for row in csv.DictReader(file)}
    for code in codes:
        # "raw" is never written; the others are the structure of layers and if-blocks.
        if code != "raw" and (code.isidentifier() or code.startswith("e-")):
            assert code in KNOWN_CODES


_VALUES = st.dictionaries(
    st.sampled_from(sorted(KNOWN_CODES - {"n"})),
    st.none() | st.from_regex(r"[a-z_.@%é]([a-z0-9_.@%é-]{0,9}[a-z])?", fullmatch=True),
    max_size=4,
)


def _chains(steps: st.SearchStrategy[StepText]) -> st.SearchStrategy[ChainText]:
    return st.lists(steps, min_size=1, max_size=3).map(tuple)


_PLAIN_STEPS = st.builds(StepText, _VALUES.filter(bool))
_LAYERS = st.builds(LayerText, st.sampled_from(["image", "text"]), _chains(_PLAIN_STEPS))
_STEPS = st.builds(StepText, _VALUES.filter(bool), st.lists(_LAYERS, max_size=2).map(tuple))
_BLOCKS = st.builds(BlockText, st.just("ar_gt_1-2"), _chains(_STEPS), st.just(()) | _chains(_STEPS))


def write(chain: ChainText) -> str:
    """Write the text of a chain, its codes in order."""
    return ":".join(map(_write_step, chain))


def _write_step(step: StepText | BlockText) -> str:
    if isinstance(step, BlockText):
        otherwise = f",if-else,{write(step.otherwise)}" if step.otherwise else ""
        return f"if-{step.condition},{write(step.then)}{otherwise},if-end"
    values = [code if value is None else f"{code}-{value}" for code, value in sorted(step.values.items())]
    return ",".join([*values, *(f"l-{layer.kind},{write(layer.chain)},l-end" for layer in step.layers)])


@given(st.lists(_STEPS | _BLOCKS, max_size=4).map(tuple))
def test_a_written_chain_parses_to_itself(chain: ChainText) -> None:
    assert parse_text(write(chain)) == chain


@given(st.text(st.sampled_from("wharcmfo0123456789-_,:NlitexndqfE%é")))
def test_any_text_parses_or_is_refused(text: str) -> None:
    with contextlib.suppress(TransformationError):
        assert parse_text(write(parse_text(text))) == parse_text(text)
