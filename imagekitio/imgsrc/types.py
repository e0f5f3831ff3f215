"""The import path of the released package for what stands for "not given"."""

from ..models.options import UNSET as UNSET
from ..models.options import Unset as Unset

__all__ = ["UNSET", "Unset"]
