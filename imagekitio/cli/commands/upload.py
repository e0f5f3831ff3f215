"""``imagekit upload``: upload files, folders, URLs and standard input."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ...bulk.pushes import refuse_file
from ...bulk.sync import Change, write_searches
from ...disk import read_local_file
from ..base.arguments import STANDARD_INPUT
from ..base.command import Command
from ..base.completion import complete_uploads
from ..base.failures import USAGE, Failure
from ..base.options import REMOTE_FOLDER, at_once_option, dry_run_option
from ..base.session import Session, pass_session
from ..transfers.comparing import show_comparison
from ..transfers.options import read_upload_options, upload_options
from ..transfers.report import Report
from ..transfers.sources import find_sources, split_destination

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from ..transfers.sources import Source

_TAKEN = Failure("a file with other content exists: --replace uploads a new version, --unique uses another name")
_TAKEN_UNSEEN = Failure("a file exists, and a URL cannot be compared with it: --unique uses another name")


@click.command(
    "upload",
    cls=Command,
    examples=[
        ("imagekit upload photos/*.jpg /holidays", "upload pictures to a folder of the library"),
        ("imagekit upload photos /holidays --tags beach,2026", "upload a folder to /holidays/photos"),
        ("imagekit upload --unique logo.png", "upload a file to the top, with a random suffix"),
        ("pg_dump shop | imagekit upload - --name shop.sql --to /backups", "upload standard input"),
    ],
)
@click.argument(
    "arguments", nargs=-1, required=True, metavar="SOURCE... [DESTINATION]", shell_complete=complete_uploads
)
@click.option("--to", type=REMOTE_FOLDER, metavar="FOLDER", help="Destination; all arguments are then sources.")
@click.option("--name", metavar="NAME", help="Name in the library, for a single file, URL or standard input.")
@click.option("--replace", "may_replace", is_flag=True, help="Upload files with other content as new versions.")
@click.option("--unique", "is_unique", is_flag=True, help="Add a random suffix to each name; nothing is compared.")
@upload_options
@click.option(
    "--compare", type=click.Choice(["quick", "content"]), default="quick", help="How to compare: see sync --help."
)
@click.option("--include-hidden", is_flag=True, help="Include names in folders that begin with a dot.")
@click.option("--follow-symlinks", is_flag=True, help="Follow symbolic links in folders; by default they are left out.")
@at_once_option(16)
@dry_run_option
@pass_session
def command(
    session: Session,
    /,
    arguments: tuple[str, ...],
    to: str | None,
    name: str | None,
    may_replace: bool,
    is_unique: bool,
    compare: Any,
    include_hidden: bool,
    follow_symlinks: bool,
    at_once: int,
    is_dry_run: bool,
    **given: Any,
) -> None:
    """Upload files, folders, URLs or standard input.

    Each SOURCE is a file, a folder with everything in it, a pattern in quotes ('*.jpg', '**/*.jpg'), a URL, which the
    service fetches itself, or - for standard input. A folder keeps its name, as with cp -r; 'photos/.' means only its
    contents.

    The last of several arguments is the DESTINATION if it begins with a slash and is not a file on this machine; by
    default, files go to the top of the library. Missing folders are created. Characters that the service does not
    accept in names become '_'.

    An existing file with the same content is left alone, whatever the options say, so you can run the same command
    again after an interruption. An existing file with other content is an error, unless --replace uploads a new
    version, which keeps tags, metadata and privacy unless they are given. A URL cannot be compared, and fails if a file
    with its name exists.
    """
    if may_replace and is_unique:
        raise click.UsageError("--replace and --unique contradict each other: give one of them")
    keywords = read_upload_options(**given)
    sources, folder = split_destination(arguments, to)
    with tempfile.TemporaryDirectory(prefix="imagekit-") as temporary:

        def store_input() -> Path:
            path = Path(temporary, "input")
            with path.open("xb") as file:
                shutil.copyfileobj(sys.stdin.buffer, file)
            return path

        left_out: list[Change] = []
        found = find_sources(
            sources,
            folder,
            name=name,
            include_hidden=include_hidden,
            follow_symlinks=follow_symlinks,
            store_input=store_input,
            leave_out=left_out.append,
        )
        urls = [source for source in found if source.local is None]
        if any(source.url != source.shown for source in urls):
            session.output.warn(
                "the password in the URL is visible to other users of this machine and stays in the shell's history"
            )
        if urls and may_replace:
            raise Failure(f"--replace compares contents, but {urls[0].shown} is a URL: download it first", USAGE)
        upload = _Upload(session, found, folder, keywords, at_once=at_once, is_unique=is_unique, is_dry_run=is_dry_run)
        upload.leave_out(left_out)
        if is_unique:
            upload.send(found)
        else:
            upload.send_different([source for source in found if source.local is not None], compare, may_replace)
            upload.send(upload.refuse_twins(found))
        upload.finish()


class _Upload:
    """An upload of many files, which are compared with existing ones or sent in any case."""

    def __init__(
        self,
        session: Session,
        sources: Sequence[Source],
        folder: str,
        keywords: dict[str, Any],
        *,
        at_once: int,
        is_unique: bool,
        is_dry_run: bool,
    ) -> None:
        self._session = session
        self._keywords = keywords
        self._at_once = at_once
        self._is_unique = is_unique
        self._is_dry_run = is_dry_run
        self._planned: list[Change] = []
        names: dict[Path | str, str] = {
            source.local or source.path: source.shown
            for source in reversed(sources)  # the first of two with the same path wins
            if source.local is None or source.shown == STANDARD_INPUT
        }
        again = "the same command would upload them again" if is_unique else "run the same command again to go on"
        self._report = Report(session, at_once, names=names, again=again, explain_taken=_explain_taken)
        given = {source.path: source.name for source in reversed(sources)}
        self._report.note_names({path: name for path, name in given.items() if f"{folder}/{name}" != path})

    def leave_out(self, changes: Sequence[Change]) -> None:
        """Report files that are left out, or cannot be read."""
        if self._is_dry_run:
            self._planned += changes
        else:
            self._report.leave_out(changes)

    def send_different(self, sources: Sequence[Source], compare: Any, may_replace: bool) -> None:
        """Upload files, except those that exist with the same content."""
        if not sources:
            return
        client = self._session.client
        targets = [(source.local, source.path) for source in sources if source.local is not None]
        with show_comparison(self._session.output, compare) as on_compare:
            outcomes = client.plan_uploads(targets, compare=compare, on_compare=on_compare, at_once=self._at_once)
            plan = [done.item for done in outcomes]
        if self._keywords and any(change.action == "keep" for change in plan):
            self._session.output.note("tags, metadata and the like of existing files are not changed: see imagekit tag")
        allowed: list[Change] = []
        for change in plan:
            if change.action == "replace" and not may_replace:
                self._report.add(change, _explain_taken(change))
            else:
                allowed.append(change)
        if self._is_dry_run:
            self._planned += allowed
            return
        self._report.follow(
            "Uploading",
            allowed,
            lambda start: client.apply_changes(allowed, at_once=self._at_once, start_transfer=start, **self._keywords),
        )

    def refuse_twins(self, sources: Sequence[Source]) -> list[Source]:
        """Return the URLs without duplicates; refuse a URL whose name another source has.

        The service would refuse it too, but after a lost response, the file of the other source would be taken for it.
        """
        first: dict[str, Source] = {}
        left: list[Source] = []
        for source in sources:
            twin = first.setdefault(source.path, source)
            if twin is source and source.local is None:
                left.append(source)
            elif source.local is None and source.url != twin.url:
                reason = f"would be stored as {source.path}, like {twin.shown}"
                self._refuse(Change("refuse", source.shown, reason=reason))
        return left

    def send(self, sources: Sequence[Source]) -> None:
        """Upload without comparing: URLs, and everything with ``--unique``."""
        changes: dict[int, Change] = {}
        items: list[dict[str, Any]] = []
        for source in sources:
            folder, _, name = source.path.rpartition("/")
            item = {"file": source.local or source.url, "file_name": name, "folder": folder or "/"}
            size_bytes: int | None = None
            if source.local is not None:
                try:
                    size_bytes = read_local_file(source.local).size
                except (OSError, ValueError) as exc:
                    self.leave_out([refuse_file(source.local, source.path, exc)])
                    continue
            items.append(item)
            changes[id(item)] = Change("upload", source.path, source.local, size_bytes=size_bytes)
        if self._is_dry_run:
            self._plan_unseen(changes.values())
            return
        keywords: dict[str, Any] = {
            "use_unique_file_name": self._is_unique,
            "overwrite_file": False,
            **self._keywords,
        }
        if items:
            self._report.follow(
                "Uploading",
                changes.values(),
                lambda start: self._session.client.upload_many(
                    items, at_once=self._at_once, start_transfer=start, **keywords
                ),
                lambda item: changes[id(item)],
            )

    def _plan_unseen(self, changes: Collection[Change]) -> None:
        """Plan uploads that are not compared; as in a real run, a URL fails if a file with its name exists."""
        there: set[str] = set()
        if not self._is_unique:
            for query in write_searches(change.path for change in changes):
                there.update(file.file_path for file in self._session.client.iter_files(search_query=query))
        for change in changes:
            if change.path in there:
                self._report.add(change, _TAKEN_UNSEEN)
            else:
                self._planned.append(change)

    def _refuse(self, change: Change) -> None:
        if self._is_dry_run:
            self._planned.append(change)
        else:
            self._report.add(change, ValueError(change.reason))

    def finish(self) -> None:
        """Report what is left to report, and exit with the code of the failures."""
        if self._is_dry_run:
            self._report.preview(self._planned)
        else:
            self._report.finish()


def _explain_taken(change: Change) -> Failure:
    return _TAKEN_UNSEEN if change.local is None else _TAKEN
