"""`imagekit.beta`: version 2 of the upload API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..operations import uploads
from .call import Call, Group, ModeT, RawT

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ..models.uploads import UploadFileKeywords, UploadFileResult
    from ..operations.core import Operation
    from ..operations.sources import Uploadable


@Call
def upload_file(
    *, file: Uploadable, file_name: str, **options: Unpack[UploadFileKeywords]
) -> Operation[UploadFileResult]:
    """Upload a file; see `ImageKit.upload_file_v2`."""
    return uploads.upload_file_v2(file, file_name, **options)


class BetaFilesGroup(Group[ModeT, RawT]):
    """`imagekit.beta.v2.files`: only `upload`."""

    upload = upload_file

    @property
    def with_raw_response(self) -> BetaFilesGroup[RawT, RawT]:
        """The same calls, but returning the raw response instead of the result."""
        return BetaFilesGroup(self._raw, self._raw)


class V2Group(Group[ModeT, RawT]):
    """`imagekit.beta.v2`: only `files`."""

    @property
    def files(self) -> BetaFilesGroup[ModeT, RawT]:
        """Uploads."""
        return BetaFilesGroup(self._mode, self._raw)

    @property
    def with_raw_response(self) -> V2Group[RawT, RawT]:
        """The same calls, but returning the raw response instead of the result."""
        return V2Group(self._raw, self._raw)


class BetaGroup(Group[ModeT, RawT]):
    """`imagekit.beta`: only `v2`."""

    @property
    def v2(self) -> V2Group[ModeT, RawT]:
        """Version 2 of the API."""
        return V2Group(self._mode, self._raw)

    @property
    def with_raw_response(self) -> BetaGroup[RawT, RawT]:
        """The same calls, but returning the raw response instead of the result."""
        return BetaGroup(self._raw, self._raw)
