"""`imagekit.saved_extensions` and `imagekit.named_transformations`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..operations.account import named_transformations, saved_extensions
from .account_results import NamedTransformation, NamedTransformationList, SavedExtension, SavedExtensionList
from .call import Call, Group, ModeT, RawT
from .results import read_as, read_list, read_nothing

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ..models.account.named_transformations import NamedTransformationKeywords
    from ..models.account.saved_extensions import SavedExtensionKeywords
    from ..operations.core import Operation


@Call
def create_saved_extension(**options: Unpack[SavedExtensionKeywords]) -> Operation[SavedExtension]:
    """Create a saved extension; see `ImageKit.create_saved_extension`."""
    return read_as(saved_extensions.create_saved_extension(**options), SavedExtension.from_answer)


@Call
def list_saved_extensions() -> Operation[list[SavedExtension]]:
    """List the saved extensions; see `ImageKit.list_saved_extensions`."""
    return read_list(saved_extensions.list_saved_extensions(), SavedExtensionList)


@Call
def get_saved_extension(id: str) -> Operation[SavedExtension]:
    """Return a saved extension; see `ImageKit.get_saved_extension`."""
    return read_as(saved_extensions.get_saved_extension(id), SavedExtension.from_answer)


@Call
def update_saved_extension(id: str, **options: Unpack[SavedExtensionKeywords]) -> Operation[SavedExtension]:
    """Change a saved extension; see `ImageKit.update_saved_extension`."""
    return read_as(saved_extensions.update_saved_extension(id, **options), SavedExtension.from_answer)


@Call
def delete_saved_extension(id: str) -> Operation[None]:
    """Delete a saved extension; see `ImageKit.delete_saved_extension`."""
    return read_nothing(saved_extensions.delete_saved_extension(id))


class SavedExtensionsGroup(Group[ModeT, RawT]):
    """`imagekit.saved_extensions`: saved extensions."""

    create = create_saved_extension
    list = list_saved_extensions
    get = get_saved_extension
    update = update_saved_extension
    delete = delete_saved_extension

    @property
    def with_raw_response(self) -> SavedExtensionsGroup[RawT, RawT]:
        """The same calls, but returning the raw response instead of the result."""
        return SavedExtensionsGroup(self._raw, self._raw)


@Call
def create_named_transformation(**options: Unpack[NamedTransformationKeywords]) -> Operation[NamedTransformation]:
    """Create a named transformation; see `ImageKit.create_named_transformation`."""
    return read_as(named_transformations.create_named_transformation(**options), NamedTransformation.from_answer)


@Call
def list_named_transformations() -> Operation[list[NamedTransformation]]:
    """List the named transformations; see `ImageKit.list_named_transformations`."""
    return read_list(named_transformations.list_named_transformations(), NamedTransformationList)


@Call
def get_named_transformation(id: str) -> Operation[NamedTransformation]:
    """Return a named transformation; see `ImageKit.get_named_transformation`."""
    return read_as(named_transformations.get_named_transformation(id), NamedTransformation.from_answer)


@Call
def update_named_transformation(
    id: str, **options: Unpack[NamedTransformationKeywords]
) -> Operation[NamedTransformation]:
    """Change a named transformation; see `ImageKit.update_named_transformation`."""
    return read_as(named_transformations.update_named_transformation(id, **options), NamedTransformation.from_answer)


@Call
def delete_named_transformation(id: str) -> Operation[None]:
    """Delete a named transformation; see `ImageKit.delete_named_transformation`."""
    return read_nothing(named_transformations.delete_named_transformation(id))


class NamedTransformationsGroup(Group[ModeT, RawT]):
    """`imagekit.named_transformations`: named transformations."""

    create = create_named_transformation
    list = list_named_transformations
    get = get_named_transformation
    update = update_named_transformation
    delete = delete_named_transformation

    @property
    def with_raw_response(self) -> NamedTransformationsGroup[RawT, RawT]:
        """The same calls, but returning the raw response instead of the result."""
        return NamedTransformationsGroup(self._raw, self._raw)
