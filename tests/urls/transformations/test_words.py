from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.urls.transformations.names import CODES, FLAGS, KNOWN_NAMES, PATHS
from imagekitio.urls.transformations.parsing import StepParser
from imagekitio.urls.transformations.steps import write_path_steps
from imagekitio.urls.transformations.words import ExplainedItem, explain_on_one_line, explain_steps


def explain(steps: str) -> tuple[tuple[ExplainedItem, ...], ...]:
    return explain_steps(StepParser(write_path_steps).parse(steps))


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ("w-300", "width 300 pixels"),
        ("w-1,h-0.5", "width 1 pixel, height 0.5 of the original"),
        ("c-pad_resize", "crop: pad_resize"),
        ("cm-pad_resize,q-80", "crop mode: pad_resize, quality 80"),
        ("w-300:rt-N40", "width 300 pixels; then rotation -40 degrees"),
        ("lx-N5", "x -5 pixels"),
        ("w-iw_div_2,h-ih_mul_0.5_add_10", "width: original width / 2, height: original height * 0.5 + 10"),
        ("w-bw,ar-4-3", "width: base width, aspect ratio: 4-3"),
        ("b-10_FF0000,bg-blurred_10_N20", "border: 10_FF0000, background: blurred_10_N20"),
        ("e-grayscale,e-sharpen-5,e-usm-2-2-0.8-0.024", "grayscale, sharpen 5, unsharp mask: 2-2-0.8-0.024"),
        ("e-bgremove", "AI remove background"),
        ("n-shop_thumb", "named: shop_thumb"),
        ("di-a@@b.jpg,orig-true", "default image: a/b.jpg, original: true"),
        ("foo-3,bar", "unknown code 'foo' with the value 3, unknown code 'bar'"),
        ("w-1,w-2", "width 1 pixel, width 2 pixels"),
        ("w-1,w-2:h-3", "width 1 pixel, width 2 pixels; then height 3 pixels"),
        ("c2pa-true", "content credentials: true"),
        (
            "if-ar_gt_1_and_ih_lte_400_or_w_ne_5,w-200,if-else,w-300:rt-90,if-end",
            "if aspect ratio > 1 and original height <= 400 or width != 5 (width 200 pixels), "
            "else (width 300 pixels; then rotation 90 degrees)",
        ),
        ("if-maybe,w-1,if-end", "if maybe (width 1 pixel)"),
        ("l-text,i-Hi,l-end", 'text layer "Hi"'),
        (
            "l-text,ie-SGksIHlvdSE%3D,lx-10,lap-top,lso-5,fs-40,l-end",
            'text layer "Hi, you!" (x 10 pixels, anchor point: top, start 5 seconds, font size 40 pixels)',
        ),
        (
            "l-image,i-a@@b.png,lm-multiply,w-50:rt-90,l-end",
            'image layer "a/b.png" (layer mode: multiply, width 50 pixels; then rotation 90 degrees)',
        ),
        ("l-image,i-ik_canvas,bg-red,w-bw_div_2,l-end", 'solid color layer "red" (width: base width / 2)'),
        ("l-image,w-5,i-a.jpg:rt-5,l-end", "image layer (width 5 pixels, input: a.jpg; then rotation 5 degrees)"),
        ("w-9,l-text,i-A,l-end,l-text,i-B,l-end", 'width 9 pixels, text layer "A", text layer (input: B)'),
        ("l-image,i-a,l-text,i-b,l-end,l-end", 'image layer "a" (text layer "b")'),
        ("l-text,i-a", "text layer (input: a)"),
        ("::w-1,,h-2", "width 1 pixel, height 2 pixels"),
    ],
)
def test_steps_are_explained_in_words(steps: str, words: str) -> None:
    assert explain_on_one_line(explain(steps)) == words


def test_an_item_has_code_name_and_value() -> None:
    ((width, text),) = explain("w-300,l-text,i-Hi,fs-9,l-end")
    assert (width.code, width.name, width.value, width.is_known) == ("w", "width", "300", True)
    assert (text.code, text.name, text.value) == ("l-text", "overlay", "Hi")
    assert [item.name for step in text.steps for item in step] == ["font_size"]
    ((unknown,),) = explain("foo-3")
    assert (unknown.code, unknown.name, unknown.value, unknown.is_known) == ("foo", "foo", "3", False)


def test_every_code_of_the_table_has_words() -> None:
    for name in KNOWN_NAMES - {"overlay", "raw"}:
        code = CODES.get(name, name)
        ((item,),) = explain(code)
        assert item.is_known, code
        assert item.words, code


def test_steps_nested_too_deeply_are_described_as_such_instead_of_failing() -> None:
    words = explain_on_one_line(explain("l-image,i-a,w-1," * 2000 + "l-end"))
    assert words.count("image layer") == 10
    assert "nested too deeply: i-a,w-1,l-image" in words


values = st.integers(0, 9999) | st.text("abcXYZ019._", min_size=1, max_size=6)
steps = st.lists(
    st.dictionaries(st.sampled_from(sorted({*CODES} - FLAGS - PATHS)), values, min_size=1, max_size=3), max_size=3
)


@given(steps)
def test_the_words_name_every_item_of_every_step(transformation: Any) -> None:
    written = write_path_steps(transformation).removeprefix("tr:").rstrip("/")
    found = explain(written)
    assert [len(step) for step in found] == [len(step.split(",")) for step in written.split(":") if step]
    assert all(item.is_known and item.words for step in found for item in step)
