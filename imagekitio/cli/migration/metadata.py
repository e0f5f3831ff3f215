"""What of a context becomes custom metadata: what the account has a field for, in the type of the field."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...client import ImageKit


class MetadataFields:
    """The custom metadata fields of an account; they are asked for when the first context is seen."""

    def __init__(self, client: ImageKit) -> None:
        self._client = client

    @cached_property
    def types(self) -> Mapping[str, str]:
        """Types of the fields by their names."""
        return {field.name: field.schema.type for field in self._client.get_custom_metadata_fields()}

    def convert(self, key: str, text: str) -> Any:
        """Return a text as a value of the field of that name; None if there is no such field, or it takes no such text.

        Types that the service may add later get the text.
        """
        kind = self.types.get(key)
        if kind is None:
            return None
        if kind == "Number":
            try:
                return float(text) if "." in text else int(text)
            except ValueError:
                return None
        if kind == "Boolean":
            return {"true": True, "false": False}.get(text.lower())
        if kind == "MultiSelect":
            return [part.strip() for part in text.split(",") if part.strip()]
        return text
