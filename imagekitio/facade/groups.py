"""The groups of release 5 as attributes of a client; each is loaded when it is first used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from ..groups.modes import Mode

if TYPE_CHECKING:
    from ..groups.accounts import AccountsGroup
    from ..groups.beta import BetaGroup
    from ..groups.cache import CacheGroup
    from ..groups.custom_metadata_fields import CustomMetadataFieldsGroup
    from ..groups.files import AssetsGroup, FilesGroup
    from ..groups.folders import FoldersGroup
    from ..groups.presets import NamedTransformationsGroup, SavedExtensionsGroup

ModeT = TypeVar("ModeT", bound=Mode)
RawT = TypeVar("RawT", bound=Mode)


class Groups(Generic[ModeT, RawT]):
    """Calls in groups, as in release 5: ``imagekit.files.get(…)`` is ``imagekit.get_file_details(…)``."""

    def _get_modes(self) -> tuple[ModeT, RawT]:
        """Return the modes for ordinary calls and for those of `with_raw_response`."""
        raise NotImplementedError

    @property
    def files(self) -> FilesGroup[ModeT, RawT]:
        """Files: `files.get`, `files.upload`, `files.bulk`, `files.versions`, `files.metadata`, …"""
        from ..groups.files import FilesGroup

        return FilesGroup(*self._get_modes())

    @property
    def assets(self) -> AssetsGroup[ModeT, RawT]:
        """Files and folders: `assets.list`."""
        from ..groups.files import AssetsGroup

        return AssetsGroup(*self._get_modes())

    @property
    def folders(self) -> FoldersGroup[ModeT, RawT]:
        """Folders: `folders.create`, …, `folders.job`."""
        from ..groups.folders import FoldersGroup

        return FoldersGroup(*self._get_modes())

    @property
    def cache(self) -> CacheGroup[ModeT, RawT]:
        """Caches: `cache.invalidation`."""
        from ..groups.cache import CacheGroup

        return CacheGroup(*self._get_modes())

    @property
    def custom_metadata_fields(self) -> CustomMetadataFieldsGroup[ModeT, RawT]:
        """Custom metadata fields."""
        from ..groups.custom_metadata_fields import CustomMetadataFieldsGroup

        return CustomMetadataFieldsGroup(*self._get_modes())

    @property
    def accounts(self) -> AccountsGroup[ModeT, RawT]:
        """The account: `accounts.usage`, `accounts.origins`, …"""
        from ..groups.accounts import AccountsGroup

        return AccountsGroup(*self._get_modes())

    @property
    def saved_extensions(self) -> SavedExtensionsGroup[ModeT, RawT]:
        """Saved extensions."""
        from ..groups.presets import SavedExtensionsGroup

        return SavedExtensionsGroup(*self._get_modes())

    @property
    def named_transformations(self) -> NamedTransformationsGroup[ModeT, RawT]:
        """Named transformations."""
        from ..groups.presets import NamedTransformationsGroup

        return NamedTransformationsGroup(*self._get_modes())

    @property
    def beta(self) -> BetaGroup[ModeT, RawT]:
        """Version 2 of the upload API: `beta.v2.files.upload`."""
        from ..groups.beta import BetaGroup

        return BetaGroup(*self._get_modes())
