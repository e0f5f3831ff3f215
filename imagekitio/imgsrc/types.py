"""The value for "not given", under the import path of the released package."""

from ..models.options import UNSET as UNSET
from ..models.options import Unset as Unset

__all__ = ["UNSET", "Unset"]
