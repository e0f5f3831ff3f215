"""``imagekit download``: download files and folders of the media library, or transformations of them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from ...bulk.sync import Change
from ..base.command import Command
from ..base.completion import complete_downloads
from ..base.failures import USAGE, Failure
from ..base.options import REMOTE_ITEM, at_once_option, dry_run_option
from ..base.progress import Progress
from ..base.session import Session, pass_session
from ..transfers.report import Report
from ..transfers.targets import STANDARD_OUTPUT, RemoteSource, find_downloads, find_one_download, split_target

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from ..transfers.targets import DownloadedFile

_TAKEN = Failure("a file with other content exists: --force replaces it")


@click.command(
    "download",
    cls=Command,
    examples=[
        ("imagekit download /shop/shoe.jpg", "download a file, as it was uploaded, to the current folder"),
        ("imagekit download /shop backup", "download a folder to backup/shop"),
        ("imagekit download '/shop/*.jpg' small --transformation w-300,f-webp", "download transformed pictures"),
        ("imagekit download /backups/shop.sql - | psql shop", "write a file to standard output"),
    ],
)
@click.argument(
    "arguments", nargs=-1, required=True, metavar="SOURCE... [DESTINATION]", shell_complete=complete_downloads
)
@click.option("--to", type=click.Path(), metavar="FOLDER", help="Destination; all arguments are then sources.")
@click.option(
    "-t",
    "--transformation",
    metavar="TEXT",
    help="Transformation, written as in URLs: 'w-300,h-200'. File names do not change.",
)
@click.option("--signed", is_flag=True, help="Sign the URLs; those of private files are always signed.")
@click.option("--force", is_flag=True, help="Replace local files that have other content.")
@at_once_option(16)
@dry_run_option
@pass_session
@click.pass_context
def command(
    context: click.Context,
    session: Session,
    arguments: tuple[str, ...],
    to: str | None,
    transformation: str | None,
    signed: bool,
    force: bool,
    at_once: int,
    is_dry_run: bool,
) -> None:
    """Download files and folders, or transformations of them.

    Each SOURCE is a file, a folder with everything below it, a pattern in quotes ('/shop/*.jpg'), a URL or an id. A
    folder keeps its name, as with cp -r; '/shop/.' means only its contents, and '/' the whole library.

    The last of several arguments is the DESTINATION on this machine: a folder, a name for a single file, or - for
    standard output. By default, files go to the current folder. Missing folders are created.

    Without --transformation, files are downloaded as they were uploaded, with the time of their last change in the
    library. A local file with the same size and time is left alone, so you can run the same command again after an
    interruption; others are compared by content. A local file with other content is an error, unless --force replaces
    it.
    """
    names, target = split_target(arguments, to)
    sources = [_read_source(context, name) for name in names]
    keywords: dict[str, Any] = {"signed": True} if signed else {}
    if transformation is not None:
        keywords["transformation"] = [{"raw": transformation}]
    if target == STANDARD_OUTPUT:
        if len(sources) > 1 or is_dry_run:
            raise click.UsageError("only one file can go to standard output, and not with --dry-run")
        _print_content(session, sources[0], keywords, is_forced=force)
        return
    _Download(session, sources, target, at_once=at_once, is_forced=force, is_dry_run=is_dry_run).run(keywords)


def _read_source(context: click.Context, text: str) -> RemoteSource:
    path = REMOTE_ITEM.convert(text, None, context)
    return RemoteSource(path, only_contents=text.endswith("/.") or path == "/")


def _print_content(session: Session, source: RemoteSource, keywords: dict[str, Any], *, is_forced: bool) -> None:
    if sys.stdout.isatty() and not is_forced:
        raise Failure("the content would go to your terminal: give a destination, or --force if it is text", USAGE)
    file = find_one_download(session.client, source)
    name = file if isinstance(file, str) else file.name
    with Progress(session.output, "Downloading", 1, None if isinstance(file, str) else file.size) as progress:
        on_progress = progress.start(name, None)
        session.client.download(file, sys.stdout.buffer, on_progress=on_progress, **keywords)
        progress.finish(name)


class _Download:
    """A download of many files, which starts while they are still being listed."""

    def __init__(
        self,
        session: Session,
        sources: Sequence[RemoteSource],
        target: str,
        *,
        at_once: int,
        is_forced: bool,
        is_dry_run: bool,
    ) -> None:
        self._session = session
        self._sources = sources
        self._target = target
        self._at_once = at_once
        self._is_forced = is_forced
        self._is_dry_run = is_dry_run
        self._report = Report(session, at_once, is_pull=True)

    def run(self, keywords: dict[str, Any]) -> None:
        """Download the files and report each; exit with the code of the failures."""
        planned: list[Change] = []
        with Progress(self._session.output, "Comparing" if self._is_dry_run else "Downloading") as progress:
            for done in self._session.client.pull_files(
                self._list_items(progress, is_original="transformation" not in keywords),
                replace=self._is_forced,
                dry_run=self._is_dry_run,
                at_once=self._at_once,
                start_transfer=lambda change: progress.start(str(change.local), change.size_bytes),
                **keywords,
            ):
                change = done.result or _describe(*done.item)
                progress.finish(str(change.local), change.size_bytes if change.action == "keep" else None)
                if self._is_dry_run and done.error is None:
                    planned.append(change)
                else:
                    self._report.add(change, self._explain(done.error))
        if self._is_dry_run:
            self._report.preview(planned)
        else:
            self._report.finish()

    def _list_items(self, progress: Progress, *, is_original: bool) -> Iterator[tuple[DownloadedFile, Path]]:
        def refuse(path: str, error: Exception) -> None:
            self._report.add(Change("refuse", path), error)

        for file, path in find_downloads(self._session.client, self._sources, self._target, refuse):
            is_known = is_original and not isinstance(file, str)
            progress.expect(1, file.size if is_known and not isinstance(file, str) else 0)
            self._report.expect(1)
            yield file, path

    def _explain(self, error: Exception | None) -> Exception | None:
        if isinstance(error, FileExistsError) and not self._is_forced:
            return _TAKEN
        # The library raises ValueError for what is in the way on this machine; here, that is not a usage error.
        return Failure(str(error)) if isinstance(error, ValueError) else error


def _describe(file: Any, path: Any) -> Change:
    """Return the change that failed."""
    return Change("download", file if isinstance(file, str) else file.file_path, path)
