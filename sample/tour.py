"""The tour: make every kind of call once, print what happened, and write pictures and a contact sheet.

It runs against local ImageKit or, if IMAGEKIT_PUBLIC_KEY, IMAGEKIT_PRIVATE_KEY and IMAGEKIT_URL_ENDPOINT are set,
against that account. There it works in a new folder, which it always deletes at the end, together with its custom
metadata field. Calls that the account's plan does not include are reported and skipped. With ``--keep``, a successful
tour keeps what it uploaded: local ImageKit runs until Ctrl-C, and the folder in an account stays.
"""

from __future__ import annotations

import os
import signal

from .run import INTERRUPTED, delay_interrupts

if __name__ == "__main__":
    # As in run.py, which has blocked Ctrl-C until here.
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
JOB_DELAY = 0.05  # seconds that a job takes in local ImageKit, so that the tour shows how to wait for it


def main(*, output: Path = OUTPUT, keep: bool = False) -> int:
    """Take the tour.

    Args:
        output: Folder for the pictures; it is replaced.
        keep: Whether to leave local ImageKit running, or the folder in the account.
    Returns:
        The exit status: 0; 1 if a call failed; 2 if only some of the variables are set; 130 after Ctrl-C. If local
            ImageKit was left running, the status is also 130 after Ctrl-C, and 0 after SIGTERM.
    """
    missing = find_missing_variables(os.environ)
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
        with delay_interrupts() as interrupts, ExitStack() as stack:
            visit = prepare(stack, screen, output, interrupts, in_account=not missing)
            visit.is_kept, done, is_tidy = keep, False, True
            try:
                done = take(visit)
            finally:
                visit.is_kept = keep and done and not interrupts
                running = visit.server if visit.is_kept else None
                if running is None:
                    interrupts.clear()  # an interrupt from here on is raised after the cleanup
                    is_tidy = tidy_up(visit)
            if running is not None:
                return keep_running(visit, running)
        if not (done and is_tidy):
            return 1
        print_summary(visit)
    except KeyboardInterrupt:
        return INTERRUPTED
    return 0


def find_missing_variables(environment: Mapping[str, str]) -> list[str]:
    """Return the variables of an account that are not set."""
    return [name for name in ACCOUNT if not environment.get(name)]


def prepare(stack: ExitStack, screen: Screen, output: Path, interrupts: list[int], *, in_account: bool) -> Visit:
    """Open everything that the tour needs; `stack` closes it."""
    http = stack.enter_context(requests.Session())
    if in_account:
        imagekit = stack.enter_context(ImageKit())
        screen.print(f"imagekitio, a tour of the account at {imagekit.url_endpoint}", BOLD)
        upload_url = os.environ.get("IMAGEKIT_UPLOAD_BASE_URL") or UPLOAD_HOST
        folder = f"/imagekitio-sample-{secrets.token_hex(4)}"
        return Visit(imagekit, screen, http, output, interrupts, folder, upload_url)
    server = stack.enter_context(LocalImageKit(job_delay=JOB_DELAY))
    http.trust_env = False  # ignore proxies of the environment, since the server is on this machine
    imagekit = stack.enter_context(server.client(session=http))
    screen.print(f"imagekitio, a tour of local ImageKit at {imagekit.url_endpoint}", BOLD)
    return Visit(imagekit, screen, http, output, interrupts, "/sample", server.url, server)


def print_summary(visit: Visit) -> None:
    """Print where the contact sheet is."""
    visit.screen.print()
    visit.screen.print(f"{visit.calls} calls, {len(visit.cards)} pictures. To see them, open:", BOLD)
    visit.screen.print(f"  {(visit.output / 'contact-sheet.html').resolve().as_uri()}")


def keep_running(visit: Visit, server: LocalImageKit) -> int:
    """Leave local ImageKit running until Ctrl-C or SIGTERM; return the exit status."""
    with catch_signals() as signals:
        print_summary(visit)
        visit.screen.print("Local ImageKit is still running, so the URLs on the contact sheet work. Its page:")
        visit.screen.print(f"  {server.page_url}#/files{visit.folder}")
        visit.screen.print("Press Ctrl-C to stop it.")
        if not visit.interrupts:  # an interrupt before `catch_signals` is raised at the end of `delay_interrupts`
            signals.wait()
        return signals.exit_status


def take(visit: Visit) -> bool:
    """Run the chapters; return whether all succeeded.

    If an account refuses a call, the rest of that chapter is skipped; if it accepts no uploads, the tour ends.
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
            visit.screen.note(f"The rest of this chapter is skipped. The account says: {exc}")
    return True


if __name__ == "__main__":
    sys.exit(main(keep="--keep" in sys.argv[1:]))
