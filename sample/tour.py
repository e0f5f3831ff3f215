"""The tour: makes every kind of call once, prints what happened, and writes pictures and a contact sheet.

It runs against local ImageKit, or against an account: the one that IMAGEKIT_PUBLIC_KEY, IMAGEKIT_PRIVATE_KEY and
IMAGEKIT_URL_ENDPOINT name together. There it stays below a folder of its own, which is deleted at the end whatever
happens, as is its custom metadata field; calls that the account's plan does not include are reported and left out.
With ``--keep``, a tour that went well leaves what it uploaded: local ImageKit then runs until Ctrl-C, and the folder of
an account stays.
"""

from __future__ import annotations

import os
import signal

from .run import INTERRUPTED, uninterrupted

if __name__ == "__main__":
    # As in run.py, which has made Ctrl-C wait until here.
    signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
    if os.name != "nt":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])

import secrets
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import requests

from imagekitio import ImageKit, ImageKitException
from imagekitio.local import LocalImageKit
from imagekitio.local.foreground import catch_signals

from .chapters import CHAPTERS, delete, tidy_up
from .screen import BOLD, Screen
from .visit import Visit

if TYPE_CHECKING:
    from collections.abc import Mapping

OUTPUT = Path(__file__).parent / "output"
ACCOUNT = ("IMAGEKIT_PUBLIC_KEY", "IMAGEKIT_PRIVATE_KEY", "IMAGEKIT_URL_ENDPOINT")
UPLOAD_HOST = "https://upload.imagekit.io"
JOB_DELAY = 0.05  # seconds that local ImageKit takes for a job, so that waiting for it can be seen


def main(*, output: Path = OUTPUT, keep: bool = False) -> int:
    """Take the tour.

    Args:
        output: The folder that gets the pictures; it is replaced.
        keep: Whether to leave local ImageKit running, or the folder in the account.
    Returns:
        The exit status: 0; 1 when a call failed; 2 when the environment names half an account; 130 after Ctrl-C.
            Local ImageKit that was left running ends with 130 after Ctrl-C too, and with 0 after SIGTERM.
    """
    missing = missing_variables(os.environ)
    if missing and len(missing) < len(ACCOUNT):
        print(
            f"Not set: {', '.join(missing)}.\n"
            f"Set all of {', '.join(ACCOUNT)}\n"
            "to take the tour in your account, or none of them to take it on this machine.",
            file=sys.stderr,
        )
        return 2
    screen = Screen(sys.stdout)
    try:
        with uninterrupted() as interrupts, ExitStack() as stack:
            visit = prepare(stack, screen, output, interrupts, in_account=not missing)
            visit.is_kept, done, is_tidy = keep, False, True
            try:
                done = take(visit)
            finally:
                visit.is_kept = keep and done and not interrupts
                running = visit.server if visit.is_kept else None
                if running is None:
                    interrupts.clear()  # one that comes from here on is raised when all is tidy
                    is_tidy = tidy_up(visit)
            if running is not None:
                return run_on(visit, running)
        if not (done and is_tidy):
            return 1
        print_summary(visit)
    except KeyboardInterrupt:
        return INTERRUPTED
    return 0


def missing_variables(environment: Mapping[str, str]) -> list[str]:
    """Return which of the variables that name an account are not set."""
    return [name for name in ACCOUNT if not environment.get(name)]


def prepare(stack: ExitStack, screen: Screen, output: Path, interrupts: list[int], *, in_account: bool) -> Visit:
    """Open what the tour needs; `stack` closes it."""
    http = stack.enter_context(requests.Session())
    if in_account:
        imagekit = stack.enter_context(ImageKit())
        screen.print(f"imagekitio, a tour of the account at {imagekit.url_endpoint}", BOLD)
        upload_url = os.environ.get("IMAGEKIT_UPLOAD_BASE_URL") or UPLOAD_HOST
        folder = f"/imagekitio-sample-{secrets.token_hex(4)}"
        return Visit(imagekit, screen, http, output, interrupts, folder, upload_url)
    server = stack.enter_context(LocalImageKit(job_delay=JOB_DELAY))
    http.trust_env = False  # a proxy of the environment does not lead to this machine
    imagekit = stack.enter_context(server.client(session=http))
    screen.print(f"imagekitio, a tour of local ImageKit at {imagekit.url_endpoint}", BOLD)
    return Visit(imagekit, screen, http, output, interrupts, "/sample", server.url, server)


def print_summary(visit: Visit) -> None:
    """Print where the contact sheet is."""
    visit.screen.print()
    visit.screen.print(f"{visit.calls} calls, {len(visit.cards)} pictures. Look at them:", BOLD)
    visit.screen.print(f"  {(visit.output / 'contact-sheet.html').resolve().as_uri()}")


def run_on(visit: Visit, server: LocalImageKit) -> int:
    """Leave local ImageKit running until Ctrl-C or SIGTERM; return the exit status."""
    with catch_signals() as signals:
        print_summary(visit)
        visit.screen.print("Local ImageKit is still running, so the URLs of the contact sheet work. Its page:")
        visit.screen.print(f"  {server.page_url}#/files{visit.folder}")
        visit.screen.print("Ctrl-C ends it.")
        if not visit.interrupts:  # one that came before `catch_signals` waits there to be raised
            signals.wait()
        return signals.exit_status


def take(visit: Visit) -> bool:
    """Go through the chapters; return whether all went well.

    What an account refuses ends a chapter, not the tour; but an account that takes no uploads ends it.
    """
    chapters = [chapter for chapter in CHAPTERS if not (visit.is_kept and chapter[1] is delete)]
    for number, (title, chapter) in enumerate(chapters):
        visit.screen.chapter(title)
        try:
            chapter(visit)
        except (ImageKitException, requests.RequestException) as exc:
            if number == 0 or not visit.is_refused(exc):
                visit.screen.failure(exc)
                return False
            visit.screen.note(f"The rest of this chapter is left out. The account says: {exc}")
    return True


if __name__ == "__main__":
    sys.exit(main(keep="--keep" in sys.argv[1:]))
