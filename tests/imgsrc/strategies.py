"""Strategies of Hypothesis for the parameters of img-src."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

if TYPE_CHECKING:
    from imagekitio.imgsrc.parameters import Parameter


def values_of(parameter: Parameter) -> st.SearchStrategy[Any]:
    """Values that a parameter may have, as users give them."""
    if parameter.kind == "choice":
        return st.sampled_from(parameter.choices)
    if parameter.kind == "boolean":
        return st.booleans()
    whole = st.integers(parameter.minimum, parameter.maximum)
    if parameter.kind == "integer":
        return st.one_of(whole, whole.map(float), whole.map(str))
    return st.one_of(whole, st.integers(0, 100_000_000).map(lambda millionths: millionths / 1_000_000))
