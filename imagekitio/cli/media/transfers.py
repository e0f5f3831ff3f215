"""Carries out the plans of ``mv`` and ``cp``.

The service can move or copy a file or folder into another folder, and can rename it in place. It has no call that does
both. So a new name in another folder takes three steps by way of a temporary folder in the destination: move or copy
into it, rename there, move out. The temporary folder contains nothing else, so no step can collide with another file.
If a step fails, the previous ones are undone, and a copy is deleted. If that fails too, the message says where the file
or folder is.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Literal

from ...exceptions import ImageKitException, NotFoundException
from ..base.failures import NETWORK, Failure, describe, find_exit_code, require_answer
from .jobs import wait_for_job
from .library import find_item, join_path, split_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...client import ImageKit
    from ..base.output import Output
    from .placements import Placement

Verb = Literal["move", "copy"]


class Transfers:
    """Moves or copies files and folders.

    Args:
        client: Client of the account.
        output: Where to show progress.
        verb: ``move`` or ``copy``.
        include_versions: Whether copies of files include all versions rather than only the current one.
        waits: Whether to wait for the jobs of folders.
    Attributes:
        under_way: State of an unfinished transfer, shown after Ctrl-C: where a file may be, and which job continues.
    """

    def __init__(self, client: ImageKit, output: Output, verb: Verb, *, include_versions: bool, waits: bool) -> None:
        self._client = client
        self._output = output
        self._verb: Verb = verb
        self._include_versions = include_versions
        self._waits = waits
        self.under_way: str = ""

    def place(self, placement: Placement) -> str | None:
        """Move or copy one file or folder; return the id of its job unless that was waited for.

        Raises:
            Failure, ImageKitException: The transfer failed; the message says where the file is if that has changed.
        """
        source, is_folder = placement.source
        if takes_one_step(placement, self._verb):
            if split_path(source)[1] == split_path(placement.target)[1]:
                return self._put(source, placement.target, self._verb, is_folder=is_folder, existed=placement.exists)
            return self._rename(source, placement.target, is_folder=is_folder)
        self._place_by_stage(source, placement.target, is_folder=is_folder, existed=placement.exists)
        return None

    def _place_by_stage(self, source: str, target: str, *, is_folder: bool, existed: bool) -> None:
        stage = join_path(split_path(target)[0], f"imagekit-{self._verb}-{secrets.token_hex(6)}")
        staged, renamed = join_path(stage, split_path(source)[1]), join_path(stage, split_path(target)[1])
        place = source
        self.under_way = f"{source} may be in {stage}"
        try:
            self._put(source, staged, self._verb, is_folder=is_folder)
            place = staged
            self._rename(staged, renamed, is_folder=is_folder)
            place = renamed
            self._put(renamed, target, "move", is_folder=is_folder, existed=existed)
        except (Failure, ImageKitException) as exc:
            self.under_way = ""
            if self._verb == "move":
                self._move_back(place, source, stage, exc, is_folder=is_folder)
                if find_exit_code(exc) == NETWORK:
                    # The service may still carry out an unanswered request: then the folder is not empty.
                    self._output.warn(f"{stage} may contain {source}: look there, and delete the folder if it is empty")
                    raise
            self._remove_stage(stage, holds_copies=self._verb == "copy")
            raise
        self.under_way = ""
        self._remove_stage(stage, holds_copies=False)

    def _move_back(self, place: str, source: str, stage: str, error: Exception, *, is_folder: bool) -> None:
        staged = join_path(stage, split_path(source)[1])
        try:
            if place not in (source, staged):
                self._rename(place, staged, is_folder=is_folder)
                place = staged
            if place == staged:
                self._put(staged, source, "move", is_folder=is_folder)
        except (Failure, ImageKitException) as exc:
            raise Failure(
                f"{describe(error)}; moving it back failed too ({describe(exc)}): it is now at {place}",
                find_exit_code(error),
            ) from exc

    def _put(self, source: str, target: str, verb: Verb, *, is_folder: bool, existed: bool = False) -> str | None:
        """Move or copy into the folder of `target`, keeping the name."""
        folder = split_path(target)[0]
        client, versions = self._client, self._include_versions

        def start() -> str | None:
            if is_folder and verb == "move":
                job = client.move_folder(source_folder_path=source, destination_path=folder)
                return require_answer(job.job_id, "job id")
            if is_folder:
                copying = client.copy_folder(
                    source_folder_path=source, destination_path=folder, include_file_versions=versions
                )
                return require_answer(copying.job_id, "job id")
            if verb == "move":
                client.move_file(source_file_path=source, destination_path=folder)
            else:
                client.copy_file(source_file_path=source, destination_path=folder, include_file_versions=versions)
            return None

        def has_arrived() -> bool:
            if verb == "move":
                return find_item(client, source) is None and find_item(client, target) is not None
            return not existed and find_item(client, target) is not None

        return self._carry_out(start, has_arrived, f"{'moving' if verb == 'move' else 'copying'} {source}")

    def _rename(self, source: str, target: str, *, is_folder: bool) -> str | None:
        name = split_path(target)[1]
        client = self._client

        def start() -> str | None:
            if is_folder:
                job = client.rename_folder(folder_path=source, new_folder_name=name)
                return require_answer(job.job_id, "job id")
            client.rename_file(file_path=source, new_file_name=name)
            return None

        def has_arrived() -> bool:
            return find_item(client, source) is None and find_item(client, target) is not None

        return self._carry_out(start, has_arrived, f"renaming {source}")

    def _carry_out(self, start: Callable[[], str | None], has_arrived: Callable[[], bool], text: str) -> str | None:
        """Carry out one step; return the id of its job unless that was waited for.

        These calls are not idempotent, so they are not repeated when an answer is lost. The library shows whether the
        service carried them out.
        """
        try:
            job_id = start()
        except (Failure, ImageKitException) as exc:
            if find_exit_code(exc) == NETWORK and has_arrived():
                return None
            raise
        if job_id is None or not self._waits:
            return job_id
        before = self.under_way
        self.under_way = "; ".join(filter(None, (before, f"the service is still {text} (job {job_id})")))
        wait_for_job(self._client, job_id, self._output, text)
        self.under_way = before
        return None

    def _remove_stage(self, stage: str, *, holds_copies: bool) -> None:
        """Delete the temporary folder. If it is not empty, delete it only if it contains nothing but copies."""
        try:
            if holds_copies or not self._client.list_files(path=stage, type="all", limit=1):
                self._client.delete_folder(folder_path=stage)
            else:
                self._output.warn(f"{stage} is not empty, so it stays")
        except NotFoundException:
            return  # the first step did not get as far as creating it
        except ImageKitException as exc:
            self._output.warn(f"the temporary folder {stage} could not be deleted: {describe(exc)}")


def takes_one_step(placement: Placement, verb: Verb) -> bool:
    """Return whether a single call is enough: the name stays or, in a move to a free path, the folder does."""
    (folder, name), (new_folder, new_name) = split_path(placement.source.path), split_path(placement.target)
    return name == new_name or (verb == "move" and folder == new_folder and not placement.exists)
