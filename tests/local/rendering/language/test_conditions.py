from __future__ import annotations

import pytest

from imagekitio.local.rendering import TransformationError
from imagekitio.local.rendering.language.conditions import holds, parse_condition

LANDSCAPE = {"w": 400, "h": 300, "ar": 4 / 3, "iw": 800, "ih": 600, "iar": 4 / 3}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("w_eq_400", True),
        ("w_ne_400", False),
        ("h_gt_300", False),
        ("h_gte_300", True),
        ("iw_lt_800", False),
        ("ih_lte_600", True),
        ("ar_eq_4-3", True),
        ("iar_gt_1.34", False),
        ("h_gte_100_and_h_lte_400_or_ar_lt_4-3", True),
        ("w_eq_1_or_w_eq_400_and_h_eq_1", False),
        ("w_eq_400_or_w_eq_1_and_h_eq_1", True),
    ],
)
def test_and_binds_tighter_than_or(condition: str, expected: bool) -> None:
    assert holds(parse_condition(condition), LANDSCAPE) is expected


@pytest.mark.parametrize(
    "condition",
    ["", "w", "w_gt", "cw_gt_1", "w_is_1", "w_gt_N1", "w_gt_4-3", "ar_gt_4-0", "w_gt_1_and", "w_gt_1_xor_h_gt_1"],
)
def test_malformed_conditions_are_refused(condition: str) -> None:
    with pytest.raises(TransformationError, match="code 'if'"):
        parse_condition(condition)
