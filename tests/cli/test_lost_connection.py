"""Commands on many items when the service is gone in the middle: they stop, and say what is done and how to go on."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from imagekitio import ForbiddenException, NetworkException
from imagekitio.cli.base.failures import Failure
from imagekitio.cli.base.outcomes import Outcomes
from imagekitio.cli.base.output import Output

from .library import add_file, changes_of, paths_of

if TYPE_CHECKING:
    from pathlib import Path

    from imagekitio import ImageKit
    from imagekitio.local import LocalImageKit

    from .conftest import Run

FILES = 60
ATTEMPTS = 3  # of each request, by default


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the waits between attempts short."""
    monkeypatch.setattr("imagekitio.transports.sync_transport.time", SimpleNamespace(sleep=lambda _seconds: None))


@pytest.fixture
def many(shell: Path) -> Path:
    (shell / "many").mkdir()
    for number in range(FILES):
        (shell / f"many/{number}.txt").write_text(str(number))
    return shell / "many"


def lose_connection(server: LocalImageKit, operation: str, after: int = 0) -> None:
    """Break every connection on which an operation is asked for, except the first ones."""
    if after:
        server.faults.add(delay=0.001, operation=operation, times=after)
    server.faults.add(reset=True, operation=operation, times=None)


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize(
    "arguments", [("upload", "many", "/"), ("sync", "many", "/many"), ("migrate", "many", "/many")]
)
# One at a time, so that what succeeds is counted before what fails; several, where nothing succeeds.
@pytest.mark.parametrize(("at_once", "done", "failures"), [(1, 5, 4), (3, 0, 6)])
def test_copying_up_stops_and_the_same_command_goes_on(
    run: Run,
    server: LocalImageKit,
    client: ImageKit,
    arguments: tuple[str, ...],
    at_once: int,
    done: int,
    failures: int,
) -> None:
    lose_connection(server, "upload_file", after=done)
    ended = run(*arguments, "--at-once", str(at_once))
    assert ended.code == 4
    (last,) = ended.err.splitlines()[-1:]
    assert last == (
        f"imagekit: the service no longer answers: {done} of 60 files are done, {failures} failed; run the same"
        " command again to go on"
    )
    assert ended.err.count("failed: ") == failures
    # Each thread has ended what it had begun, and may have begun with what waited for it; nothing else was sent.
    attempts = sum(seen.operation == "upload_file" for seen in server.requests)
    assert attempts <= done + (failures + 2 * at_once) * ATTEMPTS
    server.faults.clear()
    assert run(*arguments).code == 0
    assert len(paths_of(client)) == FILES


@pytest.mark.parametrize("arguments", [("download", "/many"), ("sync", "here", "/many", "--pull")])
def test_copying_down_stops_too(
    run: Run, server: LocalImageKit, client: ImageKit, arguments: tuple[str, ...], shell: Path
) -> None:
    for number in range(30):
        add_file(client, f"/many/{number}.txt")
    server.faults.add(reset=True, operation="delivery", times=None)
    ended = run(*arguments, "--at-once", "2")
    assert ended.code == 4
    assert "the service no longer answers: 0 of " in ended.err
    assert ended.err.count("failed: ") == 4
    assert not list(shell.rglob("*.txt"))


@pytest.mark.parametrize(
    ("arguments", "operation", "failures"),
    [
        (("mv", "/many/*", "/other"), "move_file", 4),
        (("cp", "/many/*", "/other"), "copy_file", 4),
        (("tag", "--add", "x", "/many/*"), "add_tags", None),
        (("tag", "--clear", "/many/*", "--yes", "--at-once", "2"), "update_file_details", 4),
        (("rm", "/many/*", "--yes"), "bulk_file_delete", None),
    ],
)
def test_so_do_the_commands_that_change_files(
    run: Run, server: LocalImageKit, client: ImageKit, arguments: tuple[str, ...], operation: str, failures: int | None
) -> None:
    client.create_folder(folder_name="other", parent_folder_path="/")
    for number in range(12):
        add_file(client, f"/many/{number}.txt", tags=["old"])
    lose_connection(server, operation)
    ended = run(*arguments)
    assert ended.code == 4
    if failures is None:  # one request was for all of them
        assert ended.err.count("failed: ") == 12
        return
    assert ended.err.count("failed: ") == failures
    assert "imagekit: the service no longer answers: 0 " in ended.err
    assert len(changes_of(server)) <= 1 + (failures + 2 * 2) * ATTEMPTS


def outcomes(at_once: int) -> Outcomes:
    return Outcomes(Output(), at_once, lambda: "1 of 9 is done")


def lost() -> NetworkException:
    return NetworkException("connection refused")


def test_a_success_or_any_answer_in_between_begins_the_count_again() -> None:
    counter = outcomes(4)
    answers: list[Any] = [lambda: counter.add_success(), lambda: counter.add_failure("x", ForbiddenException("no"))]
    for answer in answers:
        for number in range(7):
            counter.add_failure(str(number), lost())
        answer()
    for number in range(7):
        counter.add_failure(str(number), lost())
        counter.add_success(was_sent=False)  # a file that is the same needed no answer
    with pytest.raises(Failure, match="no longer answers: 1 of 9 is done") as caught:
        counter.add_failure("8", lost())
    assert caught.value.exit_code == 4


def test_the_items_of_one_request_count_once() -> None:
    counter = outcomes(1)
    error = lost()
    for number in range(100):
        counter.add_failure(str(number), error)
    assert counter.failed == 100
