"""Work with files and folders on the local disk, and with file objects. Every function here may block."""

from __future__ import annotations

import errno
import inspect
import io
import os
import re
import secrets
import stat
import sys
from contextlib import suppress
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, NamedTuple, Protocol, TypeAlias, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# ``special`` is a pipe, a socket or a device, ``loop`` a link to a folder that contains it.
LeftOutReason: TypeAlias = Literal["hidden", "symlink", "special", "loop", "excluded"]
_Identity: TypeAlias = tuple[int, int]  # the numbers of a file's device and inode

if sys.platform != "win32":
    import fcntl

_BLOCK_BYTES = 128 * 1024
_PART = re.compile(r"\.imagekitio-[0-9a-f]{16}\.part")  # see `PartialFile`


class Writable(Protocol):
    """A binary file object open for writing; `seek`, `tell` and `truncate` are used if it can seek."""

    def write(self, data: bytes, /) -> object: ...


def is_seekable(stream: object) -> bool:
    """Return whether a stream can be set back to a position."""
    # SpooledTemporaryFile, which web frameworks hand out, has seek() but no seekable() before Python 3.11.
    seekable = getattr(stream, "seekable", None)
    return bool(seekable()) if callable(seekable) else hasattr(stream, "seek")


class Sink:
    """The destination of a download: a file object, which is written from its current position and not closed.

    Attributes:
        can_rewind: Whether the file can return to its start position, so that a download can start over.
    """

    def __init__(self, file: Writable) -> None:
        self._file = cast("Any", file)
        self.can_rewind: bool = is_seekable(file)
        self._start = self._file.tell() if self.can_rewind else 0

    def write(self, block: bytes) -> None:
        """Write a whole block, even if an unbuffered file accepts only part of it at a time."""
        while block:
            count = self._file.write(block)
            if count == 0 or (count is None and isinstance(self._file, io.RawIOBase)):
                raise BlockingIOError("the file accepts no more data for now: pass a file object whose write() blocks")
            # Other file objects write everything, whether they return the count or not.
            block = block[count:] if isinstance(count, int) else b""

    def rewind(self) -> None:
        """Return to the start position and truncate the file there, unless other data follows what was written."""
        end = self._file.tell()
        self._file.seek(0, os.SEEK_END)
        is_last = self._file.tell() == end
        self._file.seek(self._start)
        if is_last:
            self._file.truncate()


def open_sink(file: object) -> Sink:
    """Return a sink for a file object that the caller opened.

    Raises:
        TypeError: `file` is not a file object, or not open for writing bytes.
        ValueError: `file` is closed.
    """
    write = getattr(file, "write", None)
    if not callable(write):
        raise TypeError(f"to must be a path or a binary file object (got {type(file).__name__})")
    if getattr(file, "closed", False):
        raise ValueError("to is closed: download inside the with block that opens it")
    try:
        result = write(b"")
    except io.UnsupportedOperation as exc:
        raise TypeError(f"to is not open for writing: {exc}") from exc
    except TypeError as exc:
        raise TypeError("to is open in text mode: open it with mode 'wb'") from exc
    if inspect.iscoroutine(result):
        result.close()
        raise TypeError(f"to must have a write() that is not a coroutine (got {type(file).__name__})")
    return Sink(cast("Writable", file))


class LocalFile(NamedTuple):
    """A local file, its size in bytes, and the Unix time of its last change."""

    path: Path
    size: int
    changed_at: float


class LeftOut(NamedTuple):
    """A file or folder that a listing leaves out, with everything below it.

    Attributes:
        path: Path of the file or folder.
        reason: Why it is left out; an OSError if it cannot be read.
    """

    path: Path
    reason: LeftOutReason | OSError


def list_local_files(root: Path, include_hidden: bool, follow_symlinks: bool) -> list[LocalFile]:
    """Return the regular files below a folder, as `walk_folder` yields them.

    Raises:
        OSError: A folder or file cannot be read.
    """
    found: list[LocalFile] = []
    for one in walk_folder(root, include_hidden=include_hidden, follow_symlinks=follow_symlinks):
        if isinstance(one, LocalFile):
            found.append(one)
        elif isinstance(one.reason, OSError):
            raise one.reason
    return found


def walk_folder(
    root: Path,
    *,
    include_hidden: bool,
    follow_symlinks: bool,
    is_excluded: Callable[[Path], bool] | None = None,
) -> Iterator[LocalFile | LeftOut]:
    """Yield the regular files below a folder, and what is left out; incomplete downloads are skipped.

    The files of a folder come before those in its subfolders, both sorted by name.

    Args:
        root: The folder.
        include_hidden: Whether to include names that begin with a dot.
        follow_symlinks: Whether to follow symbolic links.
        is_excluded: Function that returns whether to leave out a path, given relative to `root`. Such folders are not
            opened.
    Raises:
        OSError: `root` cannot be read. Unreadable files and folders below it are left out.
    """
    waiting: list[tuple[Path, frozenset[_Identity]]] = [(root, frozenset())]
    while waiting:
        folder, above = waiting.pop()
        try:
            if follow_symlinks:
                above |= {_identify(folder.stat())}
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as exc:
            if folder == root:
                raise
            yield LeftOut(folder, exc)
            continue
        folders: list[Path] = []
        for entry in entries:
            path = folder / entry.name
            if _PART.fullmatch(entry.name):
                continue
            if is_excluded is not None and is_excluded(path.relative_to(root)):
                yield LeftOut(path, "excluded")
            elif entry.name.startswith(".") and not include_hidden:
                yield LeftOut(path, "hidden")
            elif entry.is_symlink() and not follow_symlinks:
                yield LeftOut(path, "symlink")
            else:
                try:
                    status = path.stat()
                except OSError as exc:
                    if entry.is_symlink() or not isinstance(exc, FileNotFoundError):  # removed in the meantime
                        yield LeftOut(path, exc)
                    continue
                if stat.S_ISREG(status.st_mode):
                    yield LocalFile(path, status.st_size, status.st_mtime)
                elif not stat.S_ISDIR(status.st_mode):
                    yield LeftOut(path, "special")
                elif _identify(status) in above:
                    yield LeftOut(path, "loop")
                else:
                    folders.append(path)
        waiting += ((path, above) for path in reversed(folders))


def _identify(status: os.stat_result) -> _Identity:
    return status.st_dev, status.st_ino


def read_local_file(path: Path) -> LocalFile:
    """Return the path, size and modification time of a file; symbolic links are followed.

    Raises:
        OSError: The file cannot be read.
        ValueError: The path is not that of a regular file. Opening a pipe, for example, might block.
    """
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise ValueError("is not a regular file")
    return LocalFile(path, status.st_size, status.st_mtime)


class PartialFile:
    """A hidden, locked file that gets its final name when the download is complete; see `remove_leftovers`.

    Attributes:
        path: Final path of the file: the given path, or `name` below it if it is an existing folder.
        sink: Sink that writes to the file, once it is open.
    """

    sink: Sink
    _file: BinaryIO

    def __init__(self, path: Path, name: str) -> None:
        self.path: Path = path
        self._name = name
        self._part: Path | None = None
        self._lock: BinaryIO | None = None

    def open(self) -> None:
        """Create the file and the folders above it.

        Raises:
            ValueError: The path is a folder, and `name` is not a file name.
            OSError: The file cannot be created.
        """
        if self.path.is_dir():
            self.path = resolve_name(self.path, self._name.rpartition("/")[2])
        self.path.parent.mkdir(parents=True, exist_ok=True)
        while True:
            part = self.path.with_name(f".imagekitio-{secrets.token_hex(8)}.part")
            self._file = part.open("xb")
            self._part = part
            self._lock = _lock(self._file)
            if part.exists():
                break
            self.discard()  # another process removed it as a leftover before it was locked
        self.sink = Sink(self._file)

    def keep(self, changed_at: float | None = None, *, overwrite: bool = True) -> None:
        """Give the file its final name.

        Args:
            changed_at: Unix time to set as its modification time; None leaves the time unchanged.
            overwrite: Whether to replace an existing file with that name.
        Raises:
            FileExistsError: A file with that name exists, and `overwrite` is False.
        """
        assert self._part is not None
        self._file.close()
        if changed_at is not None:
            set_changed_at(self._part, changed_at)
        if overwrite:
            self._part.replace(self.path)
        else:
            _rename_to_new(self._part, self.path)
        self._unlock()

    def discard(self) -> None:
        """Remove the file, if it was created."""
        if self._part is not None:
            self._file.close()
            self._part.unlink(missing_ok=True)
            self._unlock()

    def _unlock(self) -> None:
        if self._lock is not None:
            self._lock.close()


def remove_leftovers(folder: Path) -> None:
    """Remove the partial files that killed downloads left in a folder; those of downloads in progress are locked.

    A file that cannot be removed stays: it may belong to another user.
    """
    try:
        names = os.listdir(folder)
    except OSError:
        return
    for path in [folder / name for name in names if name.startswith(".") and _PART.fullmatch(name)]:
        with suppress(OSError):
            if stat.S_ISREG(path.lstat().st_mode):
                _remove_unless_locked(path)


if sys.platform == "win32":  # Windows does not remove open files

    def _lock(_file: BinaryIO) -> BinaryIO | None:
        return None

    _remove_unless_locked = Path.unlink

else:

    def _lock(file: BinaryIO) -> BinaryIO | None:
        """Lock a file until both it and the returned file are closed; return None if the file system has no locks."""
        lock = os.fdopen(os.dup(file.fileno()), "wb")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
        except OSError:  # no other process can lock the file either, so none removes it
            lock.close()
            return None
        return lock

    def _remove_unless_locked(path: Path) -> None:
        with path.open("r+b") as file:  # some network file systems lock only files that are open for writing
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()


def _rename_to_new(old: Path, new: Path) -> None:
    try:
        os.link(old, new)  # unlike a rename on Unix, this never replaces a file created in the meantime
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if os.path.lexists(new):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(new)) from None
        old.replace(new)
    else:
        old.unlink()


def set_changed_at(path: Path, changed_at: float) -> None:
    """Set the modification time of a file to a Unix time."""
    nanoseconds = round(changed_at * 1000) * 1_000_000  # exact to the millisecond, which a float is not
    os.utime(path, ns=(nanoseconds, nanoseconds))


def find_local_file(path: Path) -> LocalFile | None:
    """Return the file at a path; None if nothing exists there.

    Raises:
        ValueError: The path is that of something else: a folder, a symbolic link, a pipe.
        OSError: No file can have this path: the name is too long, or a folder above it is a file.
    """
    try:
        status = path.lstat()
    except (FileNotFoundError, NotADirectoryError):  # on Windows, a file in place of a folder raises the former too
        require_folder(path.parent)
        return None
    if not stat.S_ISREG(status.st_mode):
        kinds = {stat.S_IFDIR: "a folder", stat.S_IFLNK: "a symbolic link"}
        kind = kinds.get(stat.S_IFMT(status.st_mode), "not a regular file")
        raise ValueError(f"{str(path)!r} is {kind}: remove it, or download to another folder")
    return LocalFile(path, status.st_size, status.st_mtime)


def require_folder(folder: Path) -> None:
    """Raise a NotADirectoryError if the path of a folder, or of one above it, is a file."""
    for path in (folder, *folder.parents):
        try:
            status = path.stat()  # only once: another thread may create the folder in the meantime
        except (FileNotFoundError, NotADirectoryError):
            continue
        if not stat.S_ISDIR(status.st_mode):
            raise NotADirectoryError(
                f"{str(path)!r} is a file and must be a folder: move it, or download to another folder"
            )
        return


def resolve_name(folder: Path, name: str) -> Path:
    """Return the path of a name below a folder.

    Raises:
        ValueError: `name` is not a file name, or points outside the folder.
    """
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if not parts or any(part == ".." or "\0" in part or "\\" in part or Path(part).drive for part in parts):
        raise ValueError(f"a download needs the name of a file below {str(folder)!r} (got {name!r})")
    return folder.joinpath(*parts)


def has_content(path: Path, copy: BinaryIO) -> bool:
    """Return whether a file has the same content as a copy."""
    copy.seek(0)
    with path.open("rb") as file:
        mine, theirs = (iter(partial(source.read, _BLOCK_BYTES), b"") for source in (file, copy))
        return all(block == other for block, other in zip_longest(mine, theirs))
