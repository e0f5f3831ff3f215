"""``imagekit similar``: find pictures that look alike."""

from __future__ import annotations

import re
import shlex
from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from ..base.command import Command
from ..base.failures import NETWORK, REFUSED, USAGE, Failure
from ..base.options import REMOTE_ITEM, at_once_option, is_id, is_url
from ..base.session import Session, pass_session
from ..base.tables import Column
from ..base.texts import count_of, format_size
from ..base.waiting import show_count, show_spinner
from ..media.library import find_file, is_folder, iter_path, list_files_below, path_of
from ..phash_cache import PhashCache, find_cache

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ...client import ImageKit
    from ...models.files import FileResult
    from ..base.outcomes import Outcomes

_MANY = 100  # requests; from this many on, their number is announced
_HASH = re.compile("[0-9a-fA-F]{16}")


class Picture(NamedTuple):
    """The fields of a listed file that are kept; there may be very many files."""

    file_id: str
    version_id: str
    path: str
    url: str
    width: int
    height: int
    size_bytes: int

    @property
    def rank(self) -> tuple[int, int, str]:
        """Key that sorts the largest first: most pixels, then most bytes; then by path, so that the order is stable."""
        return -self.width * self.height, -self.size_bytes, self.path


class Row(NamedTuple):
    """A row of the result."""

    picture: Picture
    distance: int
    group: int = 0


_PICTURE = (
    Column("picture", lambda row: row.picture.path, keep=True),
    Column("pixels", lambda row: f"{row.picture.width}×{row.picture.height}", align="right"),
    Column("size", lambda row: format_size(row.picture.size_bytes), align="right"),
    Column("distance", lambda row: str(row.distance), align="right"),
)
_GROUPS = (Column("group", lambda row: str(row.group), align="right", keep=True), *_PICTURE)


@click.command(
    "similar",
    cls=Command,
    examples=[
        ("imagekit similar", "find groups of pictures that look alike, in the whole library"),
        ("imagekit similar /shop --to /shop/shoe.jpg", "find pictures in a folder that look like one"),
        (
            "imagekit similar --json | jq -r '.files[1:][]?.url' | xargs imagekit rm -n",
            "show what to delete to keep the largest of each group (--yes instead of -n deletes it)",
        ),
    ],
)
@click.argument("paths", nargs=-1, type=REMOTE_ITEM)
@click.option(
    "--to",
    "reference",
    type=REMOTE_ITEM,
    metavar="PICTURE",
    help="Picture to compare with: a path, an id, or a URL that the account delivers.",
)
@click.option(
    "--distance",
    type=click.IntRange(0, 64),
    metavar="BITS",
    help="Maximum number of bits that differ in two 64-bit hashes; 8 by default, more finds more.",
)
@click.option("--no-cache", is_flag=True, help="Request every hash again, and store none.")
@at_once_option(16)
@pass_session
def command(
    session: Session, paths: tuple[str, ...], reference: str | None, distance: int | None, no_cache: bool, at_once: int
) -> None:
    """Find pictures that look alike.

    Each PATH is a folder with everything below it, a file, a pattern such as '/shop/*.jpg', a URL or an id; by default,
    the whole library is searched. Scaled, compressed and slightly edited copies look alike.

    In a group, each picture resembles at least one other. The largest comes first, and distances are measured from it.
    Nothing is deleted.

    The service computes the hashes, with one request for each. They are cached on this machine, so the next run only
    requests those of new pictures and new versions.
    """
    from ...similar import SIMILAR

    radius = SIMILAR if distance is None else distance
    outcomes = session.make_outcomes(at_once)
    with ExitStack() as stack:
        cache = None if no_cache else stack.enter_context(_open_cache(session))
        wanted = None if reference is None else _find_hash(session.client, reference)
        pictures = _list_pictures(session, paths or ("/",))
        hashes = _read_hashes(session, pictures, cache, at_once, outcomes)
    if wanted is None:
        _print_groups(session, pictures, hashes, radius)
    else:
        _print_matches(session, pictures, hashes, wanted, radius)
    outcomes.finish()


def _read_hashes(
    session: Session, pictures: Mapping[str, Picture], cache: PhashCache | None, at_once: int, outcomes: Outcomes
) -> dict[str, str]:
    """Return the hashes of pictures by file id; pictures without one are left out, and counted."""
    found: dict[str, str] = {}
    unknown: list[str] = []
    for file_id, picture in pictures.items():
        phash = None if cache is None else cache.find(file_id, picture.version_id)
        if phash is None:
            unknown.append(file_id)
        else:
            found[file_id] = phash
            outcomes.add_success(was_sent=False)
    if len(unknown) >= _MANY:
        session.output.note(f"the hashes of {count_of(len(unknown), 'picture')} are read, with one request for each")
    if cache is not None:
        session.on_interrupt = lambda: (
            f"the hashes of {len(found):,} of {count_of(len(pictures), 'picture')} are known;"
            " run the same command again to go on"
        )
    with show_count(session.output, "Reading hashes", len(unknown)) as step:
        for done in session.client.get_metadata_many(unknown, at_once=at_once):
            step()
            picture = pictures[str(done.item)]
            if done.error is not None:
                outcomes.add_failure(picture.path, done.error)
                continue
            phash = done.result.p_hash or ""
            if phash and not _HASH.fullmatch(phash):
                outcomes.add_failure(
                    picture.path, Failure(f"the service sent a hash that is not valid: {phash!r}", NETWORK)
                )
                continue
            found[picture.file_id] = phash
            outcomes.add_success()
            if cache is not None:
                cache.store(picture.file_id, picture.version_id, phash)
    hashless = sum(not phash for phash in found.values())
    if hashless:
        session.output.note(f"left out: {count_of(hashless, 'picture')} for which the service has no hash")
    # In the order of the listing, whether or not a hash was cached.
    return {file_id: found[file_id] for file_id in pictures if found.get(file_id)}


def _open_cache(session: Session) -> PhashCache:
    account = session.account
    endpoint = account.get("url_endpoint") or account.get("api_base_url") or ""
    return PhashCache(find_cache(), endpoint, session.output.warn)


def _find_hash(client: ImageKit, reference: str) -> tuple[str, str | None]:
    """Return the hash of the picture to compare with, and its file id, which is None for a URL."""
    file_id = None
    if is_url(reference):
        found = client.get_remote_file_url_metadata(reference)
    else:
        try:
            file_id = reference if is_id(reference) else find_file(client, reference).file_id
        except Failure as exc:
            local = next((path for path in (reference[1:], reference) if Path(path).is_file()), None)
            if local is not None:  # typed without the slash, or with it
                raise Failure(
                    f"{local} is a file on this machine, and only the service computes hashes: upload it"
                    f" (imagekit upload {shlex.quote(local)} /), then give its path there",
                    USAGE,
                ) from exc
            raise
        found = client.get_file_metadata(file_id)
    if not found.p_hash:
        raise Failure(f"{reference} has no hash to compare with: it is not a picture, or is damaged", REFUSED)
    return found.p_hash, file_id


def _list_pictures(session: Session, paths: tuple[str, ...]) -> dict[str, Picture]:
    pictures: dict[str, Picture] = {}
    others: set[str] = set()
    with show_spinner(session.output, "listing …"):
        for file in chain.from_iterable(_list_files(session.client, path) for path in paths):
            if file.file_type == "image":
                pictures[file.file_id] = _read_picture(file)
            else:
                others.add(file.file_id)
    if others:
        verb = "is not a picture" if len(others) == 1 else "are not pictures"
        session.output.note(f"left out: {count_of(len(others), 'file')} that {verb}")
    return pictures


def _list_files(client: ImageKit, path: str) -> Iterator[FileResult]:
    if path == "/":
        yield from list_files_below(client, path)
        return
    for item in iter_path(client, path):
        if is_folder(item):
            yield from list_files_below(client, path_of(item))
        else:
            yield item


def _read_picture(file: FileResult) -> Picture:
    version_id = file.version_info.id if file.version_info else ""
    return Picture(
        file.file_id, version_id or "", file.file_path, file.url, file.width or 0, file.height or 0, file.size or 0
    )


def _print_groups(session: Session, pictures: Mapping[str, Picture], hashes: Mapping[str, str], radius: int) -> None:
    from ...similar import PhashIndex
    from ...urls.phash import phash_distance

    output = session.output
    groups: list[list[Row]] = []
    for number, file_ids in enumerate(PhashIndex(hashes).groups(radius), 1):
        first, *others = sorted((pictures[file_id] for file_id in file_ids), key=lambda picture: picture.rank)
        rows = [Row(first, 0, number)]
        rows += (Row(other, phash_distance(hashes[first.file_id], hashes[other.file_id]), number) for other in others)
        groups.append(rows)
    if output.as_json:
        for rows in groups:
            output.print_record({"files": [_to_record(row) for row in rows]})
        return
    count = output.print_rows((row for rows in groups for row in rows), _GROUPS)
    if output.has_terminal:
        found = f"{count_of(len(groups), 'group')} of {count_of(count, 'picture')}, the largest of each group first"
        output.note(found if groups else f"{count_of(len(hashes), 'picture')} compared; none look alike")


def _print_matches(
    session: Session,
    pictures: Mapping[str, Picture],
    hashes: Mapping[str, str],
    wanted: tuple[str, str | None],
    radius: int,
) -> None:
    from ...similar import PhashIndex

    phash, own_id = wanted
    found = PhashIndex(hashes).within(phash, radius)
    rows = [Row(pictures[match.key], match.distance) for match in found if match.key != own_id]
    rows.sort(key=lambda row: (row.distance, row.picture.rank))
    session.output.print_rows(rows, _PICTURE, _to_record)
    if session.output.has_terminal and not rows:
        session.output.note(f"{count_of(len(hashes), 'picture')} compared; none look like it")


def _to_record(row: Row) -> dict[str, Any]:
    picture = row.picture
    return {
        "fileId": picture.file_id,
        "filePath": picture.path,
        "url": picture.url,
        "width": picture.width,
        "height": picture.height,
        "size": picture.size_bytes,
        "distance": row.distance,
    }
