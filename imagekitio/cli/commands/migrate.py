"""``imagekit migrate``: copy files from folders, storages, lists of URLs and img-src into the media library."""

from __future__ import annotations

from contextlib import closing, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ...bulk import Failed
from ...bulk.sync import clean_remote_folder
from ...exceptions import BadRequestException, FileExistsException
from ..base.arguments import read_json_or_text, read_pairs
from ..base.command import Command
from ..base.completion import complete_uploads
from ..base.failures import USAGE, Failure, describe, escape_controls
from ..base.options import REMOTE_PATH, at_once_option, dry_run_option
from ..base.progress import Progress
from ..base.session import Session, pass_session
from ..base.texts import count_of
from ..media.library import list_files_below
from ..migration.entries import LazyFile
from ..migration.img_src.images import is_img_src
from ..migration.lists import COLUMNS, read_list
from ..migration.losses import describe_losses, warn_of_losses
from ..migration.metadata import MetadataFields
from ..migration.named_transformations import TransformationMaker, plan_transformations, warn_of_public_access
from ..migration.placing import ExistingFile, place_entries
from ..migration.storages import has_password, is_storage, list_folder_entries, list_storage_entries
from ..transfers.report import Report

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager

    from ...bulk.sync import Change
    from ..migration.entries import Entry
    from ..migration.img_src.account import ImgSrcAccount
    from ..migration.placing import Placement


def _read_columns(_context: click.Context, _parameter: click.Parameter, texts: Sequence[str]) -> dict[str, str]:
    columns = read_pairs(texts)
    if unknown := [name for name in columns if name not in COLUMNS]:
        raise click.BadParameter(f"must be one of {', '.join(COLUMNS)} (got {unknown[0]!r})")
    return columns


def _read_storage(_context: click.Context, _parameter: click.Parameter, texts: Sequence[str]) -> dict[str, Any]:
    return {name: read_json_or_text(value) for name, value in read_pairs(texts).items()}


@click.command(
    "migrate",
    cls=Command,
    examples=[
        ("imagekit migrate s3://shop-images/2026 /shop --dry-run", "see what would be copied from S3"),
        (
            "imagekit migrate s3://images / --storage endpoint_url=https://s3.example.com",
            "copy from another service with the API of S3",
        ),
        ("imagekit migrate --csv cloudinary.csv /shop", "copy Cloudinary's export; the service fetches the URLs"),
        ("imagekit migrate --csv urls.csv /shop --column url=Picture", "copy any list of URLs"),
        (
            "imagekit migrate img-src: /pictures --dry-run",
            "see what would be copied from the account of IMGSRC_API_KEY",
        ),
    ],
)
@click.argument("arguments", nargs=-1, required=True, metavar="[SOURCE] DESTINATION", shell_complete=complete_uploads)
@click.option(
    "--csv",
    "csv_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="List of URLs to copy, in place of SOURCE.",
)
@click.option(
    "--column",
    "columns",
    multiple=True,
    callback=_read_columns,
    metavar="WHAT=COLUMN",
    help=f"Column of the list that has the {', '.join(COLUMNS)}; by default, the columns with these names.",
)
@click.option(
    "--through",
    is_flag=True,
    help="Download the URLs to this machine and upload them, if the service cannot read them.",
)
@click.option(
    "--storage",
    "storage_options",
    multiple=True,
    callback=_read_storage,
    metavar="NAME=VALUE",
    help="Option of fsspec for the storage, such as endpoint_url or anon. A VALUE may be JSON; put it in quotation"
    " marks to pass it as text.",
)
@click.option("--replace", "may_replace", is_flag=True, help="Upload files that differ as new versions.")
@click.option("--include-hidden", is_flag=True, help="Include names in a local folder that begin with a dot.")
@click.option(
    "--follow-symlinks", is_flag=True, help="Follow symbolic links in a local folder; by default they are left out."
)
@at_once_option(8)
@dry_run_option
@pass_session
def command(
    session: Session,
    arguments: tuple[str, ...],
    csv_file: Path | None,
    columns: dict[str, str],
    through: bool,
    storage_options: dict[str, Any],
    may_replace: bool,
    include_hidden: bool,
    follow_symlinks: bool,
    at_once: int,
    is_dry_run: bool,
) -> None:
    """Copy files from S3, a list of URLs, a folder or img-src.io into the media library.

    SOURCE is a folder on this machine or the URL of a storage that fsspec supports: s3://bucket/prefix, gs://, az://,
    ftp://, or https:// for a page with links to files. img-src: means the account of img-src.io whose key is in
    IMGSRC_API_KEY, and img-src:trips/2024 a folder in it. In place of SOURCE, --csv names a list of URLs whose first
    line names the columns, such as Cloudinary's export. DESTINATION is a folder of the media library.

    The service fetches the URLs of a list itself, which is faster and uses no bandwidth here; they must be public and
    respond within 8 seconds. With --through, and from storages, files are streamed through this machine.

    An existing file of the same size is left alone, as is any existing file if the list has no sizes, so you can run
    the same command again after an interruption. Symbolic links are left out. Characters that the service does not
    accept in names become '_', with a digest if another file has that name.

    Tags and descriptions of a list are kept, and so is what the account's custom metadata fields accept of its context.
    The rest is left out, since the service would refuse the whole file. A warning says what was left out, how often and
    why, and --json lists it for each file as leftOut. --dry-run does so before anything is copied.

    From img-src, each path of an image becomes a file, since each had its own URL. All files of one image have a tag
    such as img-src-3f0c7a91d2b45e68, which is also used to compare their contents. Private images stay private. Presets
    become named transformations as far as ImageKit supports them; warnings say what is lost.
    """
    source, destination = _split(arguments, csv_file)
    if csv_file is None and (columns or through):
        raise click.UsageError("--column and --through are for a list of URLs: give --csv")
    folder = clean_remote_folder(REMOTE_PATH.convert(destination, None, None))
    left_out: list[Change] = []
    with _open_account(source) as account:
        with Progress(session.output, "Comparing", counts_files=True):
            if csv_file is not None:
                entries = _read_csv(session, csv_file, columns)
            elif is_storage(source):
                entries = list(_list_storage(session, source, storage_options))
            elif storage_options:
                raise click.UsageError("--storage is for the URL of a storage")
            elif account is not None:
                entries = account.list_entries(MetadataFields(session.client).convert)
                warn_of_losses(session.output, entries)
            elif not Path(source).is_dir():
                raise Failure(f"there is no folder {source!r} on this machine", USAGE)
            else:
                found = list_folder_entries(
                    Path(source),
                    folder,
                    left_out.append,
                    include_hidden=include_hidden,
                    follow_symlinks=follow_symlinks,
                )
                entries = list(found)
            there = {
                file.file_path: ExistingFile(file.size, file.tags or (), file.is_private_file)
                for file in list_files_below(session.client, folder or "/")
            }
            placements = list(place_entries(entries, folder, there, may_replace=may_replace))
            has_private = any(entry.options.get("is_private_file") for entry in entries)
            maker = None if account is None else _plan_presets(session, account, has_private, may_replace=may_replace)
        _Migration(session, placements, maker, left_out, through=through, at_once=at_once).run(is_dry_run=is_dry_run)


def _split(arguments: tuple[str, ...], csv_file: Path | None) -> tuple[str, str]:
    if len(arguments) != (1 if csv_file is not None else 2):
        wanted = "--csv FILE DESTINATION" if csv_file is not None else "SOURCE DESTINATION"
        raise click.UsageError(f"expected {wanted} (got {' '.join(arguments)})")
    return arguments[0], arguments[-1]


def _read_csv(session: Session, path: Path, columns: dict[str, str]) -> list[Entry]:
    found = read_list(path, columns, MetadataFields(session.client).convert)
    if found.unread:
        session.output.note(escape_controls(f"ignored columns: {', '.join(found.unread)}"))
    warn_of_losses(session.output, found.entries)
    return found.entries


def _list_storage(session: Session, source: str, storage_options: dict[str, Any]) -> Iterator[Entry]:
    secrets = [name for name in storage_options if any(word in name for word in ("secret", "password", "token"))]
    if secrets or has_password(source):
        session.output.warn(
            f"{', '.join(secrets) or 'the password in the URL'} is visible to other users of this machine and stays"
            " in the shell's history; use the environment, or the configuration of the storage"
        )
    return list_storage_entries(source, storage_options)


def _open_account(source: str) -> AbstractContextManager[ImgSrcAccount | None]:
    """Return a context with the account of img-src that `source` names; None if it names something else."""
    if not is_img_src(source):
        return nullcontext()
    from ..migration.img_src.account import ImgSrcAccount  # loads a second client

    return closing(ImgSrcAccount(source))


def _plan_presets(
    session: Session, account: ImgSrcAccount, has_private: bool, *, may_replace: bool
) -> TransformationMaker:
    """Return the maker of named transformations from the presets of an account, and warn about what else is lost.

    Args:
        session: Session of the command.
        account: Account of img-src.
        has_private: Whether some of its images are private.
        may_replace: Whether existing named transformations may be changed.
    """
    output = session.output
    if settings := account.describe_settings():
        output.note(
            f"img-src delivers with {settings}, unless URLs say otherwise; ImageKit's dashboard has similar settings"
        )
    there = session.client.list_named_transformations().list
    plan = plan_transformations(account.list_recipes(output.warn), there, may_replace=may_replace)
    if has_private:
        output.note(
            "some images are private: links signed by img-src stop working when the account ends; for new ones:"
            " imagekit url PATH --sign"
        )
        warn_of_public_access(output, plan, there)
    return TransformationMaker(session, plan, enabled=not has_private)


class _Migration:
    """A migration, which creates named transformations and then copies files."""

    def __init__(
        self,
        session: Session,
        placements: Sequence[Placement],
        maker: TransformationMaker | None,
        left_out: Sequence[Change],
        *,
        through: bool,
        at_once: int,
    ) -> None:
        self._session = session
        self._placements = placements
        self._maker = maker
        self._left_out = left_out
        self._through = through
        self._at_once = at_once
        self._changes: dict[str, Change] = {}
        self._report = Report(
            session,
            at_once,
            names={change.path: entry.shown for entry, change, _ in placements},
            members={
                change.path: {"leftOut": describe_losses(entry.losses)}
                for entry, change, _ in placements
                if entry.losses
            },
        )
        self._report.note_names({change.path: entry.name for entry, change, is_renamed in placements if is_renamed})

    def run(self, *, is_dry_run: bool) -> None:
        """Copy the files and report each; exit with the code of the failures."""
        if self._maker is not None:
            self._maker.run(self._report.outcomes, is_dry_run=is_dry_run)
        if is_dry_run:
            self._report.preview([*self._left_out, *(placement.change for placement in self._placements)])
            return
        self._report.leave_out(self._left_out)
        to_copy: list[Placement] = []
        for placement in self._placements:
            if placement.change.action in ("upload", "replace"):
                to_copy.append(placement)
            else:
                error = ValueError(placement.change.reason) if placement.change.reason else None
                self._report.add(placement.change, error)
        self._changes = {placement.change.path: placement.change for placement in to_copy}
        self._report.follow("Copying", self._changes.values(), partial(self._copy, to_copy), self._find_change)
        lacking = sum(bool(placement.entry.losses) for placement in self._placements)
        if lacking:
            self._session.output.note(f"something was left out of {count_of(lacking, 'file')}: see the warnings")
        self._report.finish()

    def _copy(self, placements: Sequence[Placement], start_transfer: Any) -> Iterator[Any]:
        for done in self._session.client.upload_many(
            map(self._make_item, placements),
            at_once=self._at_once,
            start_transfer=start_transfer,
            use_unique_file_name=False,
        ):
            item: Any = done.item
            if isinstance(item["file"], LazyFile):
                item["file"].close()
            is_refused = isinstance(done.error, BadRequestException) and not isinstance(done.error, FileExistsException)
            if done.error is not None and is_refused and isinstance(item["file"], str):
                yield Failed(item, Failure(f"{describe(done.error)} (if this machine can read the URL: --through)"))
            else:
                yield done

    def _make_item(self, placement: Placement) -> dict[str, Any]:
        entry, change, _ = placement
        file: Any = entry.file
        if isinstance(file, str) and self._through:
            file = LazyFile(partial(self._session.client.open_stream, file), None)
        elif callable(file):
            file = LazyFile(file, entry.size_bytes)
        folder, _, name = change.path.rpartition("/")
        own = {"file": file, "file_name": name, "folder": folder or "/", "overwrite_file": change.action == "replace"}
        return {**entry.options, **own}

    def _find_change(self, item: Any) -> Change:
        return self._changes[f"{item['folder'].rstrip('/')}/{item['file_name']}"]
