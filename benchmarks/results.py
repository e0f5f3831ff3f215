"""Write the page of results: the table, a chart, the machine and the date."""

from __future__ import annotations

import os
import platform
from datetime import datetime, timezone
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from .budgets import format_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .budgets import Row

FOLDER = Path(__file__).parent
_LINE, _LABELS, _BARS, _MARGIN = 22, 520, 300, 12  # pixels


def write_results(rows: Sequence[Row]) -> None:
    """Write RESULTS.md and results.svg next to this module."""
    (FOLDER / "results.svg").write_text(draw_chart(rows), encoding="utf-8")
    held = sum(row.is_held for row in rows)
    text = f"""# Benchmark results

Written by `python -m benchmarks --write` on {datetime.now(timezone.utc):%Y-%m-%d}: Python {platform.python_version()},
{platform.system()} {platform.machine()}, {os.cpu_count()} processors. Each result is compared with its floor, the
least that the same work can cost, measured in the same run. {held} of {len(rows)} budgets are held.

![How much of each budget is used](results.svg)

{format_table(rows)}
"""
    (FOLDER / "RESULTS.md").write_text(text, encoding="utf-8")


def draw_chart(rows: Sequence[Row]) -> str:
    """Return an SVG bar chart of how much of each budget is used; the dashed line marks 100 %."""
    height = len(rows) * _LINE + 3 * _MARGIN
    width = _LABELS + _BARS + 90
    full = _LABELS + _BARS * 0.8
    bars = []
    for number, row in enumerate(rows):
        top = _MARGIN + number * _LINE
        used = max(0.0, row.limit / row.ratio if row.is_minimum else row.ratio / row.limit)
        length = max(1.0, min(used, 1.25) * _BARS * 0.8)
        colour = "#2f855a" if row.is_held else "#c53030"
        bars.append(
            f'<text x="{_LABELS - 8}" y="{top + 14}" text-anchor="end">{escape(row.what)}</text>'
            f'<rect x="{_LABELS}" y="{top + 3}" width="{length:.1f}" height="{_LINE - 8}" rx="2" fill="{colour}"/>'
            f'<text x="{_LABELS + length + 6:.1f}" y="{top + 14}">{used:.0%}</text>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'font-family="system-ui, sans-serif" font-size="12" fill="#333">'
        f'<rect width="{width}" height="{height}" fill="#fff"/>{"".join(bars)}'
        f'<line x1="{full}" x2="{full}" y1="{_MARGIN / 2}" y2="{height - 2 * _MARGIN}" stroke="#333" '
        'stroke-dasharray="3 3"/>'
        f'<text x="{full}" y="{height - _MARGIN}" text-anchor="middle">budget</text></svg>\n'
    )
