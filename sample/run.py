"""The sample, from a clean clone, with one command: ``python3 sample/run.py``.

It creates `sample/.venv`, installs imagekitio into it, and takes the tour (`sample/tour.py`) there. It needs only
Python 3.10 or later and pip.
"""

# Every Python 3 must be able to read this file, so that one that is too old can say so.
import os
import signal

if __name__ == "__main__":
    # While modules are imported there is nothing to clean up, and Ctrl-C would print a traceback of the import.
    signal.signal(signal.SIGINT, lambda *_: os._exit(130))

import argparse
import hashlib
import importlib.util
import re
import subprocess
import sys
import textwrap
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

OLDEST = (3, 10)
INTERRUPTED = 130  # the exit status of shells for Ctrl-C
SAMPLE = Path(__file__).resolve().parent
ROOT = SAMPLE.parent
VENV = SAMPLE / ".venv"
PYTHON_IN_VENV = "Scripts/python.exe" if os.name == "nt" else "bin/python"
PYTHON = VENV / PYTHON_IN_VENV
STAMP = VENV / "installed"  # written last: without it, the environment is incomplete
COLUMNS = 80

DESCRIPTION = """\
Take a tour of imagekitio: make every kind of call once, show the answers, and
write pictures and a contact sheet to sample/output/.

The tour runs against local ImageKit on this machine. It runs against your
account if IMAGEKIT_PUBLIC_KEY, IMAGEKIT_PRIVATE_KEY and IMAGEKIT_URL_ENDPOINT
are set; there it works in a new folder, which it deletes at the end.
"""
KEEP_HELP = (
    "keep what the tour uploads: local ImageKit keeps running until Ctrl-C, with its page for browsers; "
    "in your account, the folder stays"
)
NETWORK_HINT = (
    "Check the network, the proxy (HTTPS_PROXY) and the package index (PIP_INDEX_URL). "
    "Without a network, set PIP_FIND_LINKS to a folder of wheels and PIP_NO_INDEX to 1."
)
# Report a missing index after one more attempt, not after five. Variables that the user has set take precedence.
PIP_DEFAULTS = {"PIP_RETRIES": "1", "PIP_DEFAULT_TIMEOUT": "10", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def main(arguments: "list[str]") -> int:
    """Prepare the environment if necessary, run the tour, and return its exit status."""
    if sys.version_info < OLDEST:
        needed = ".".join(map(str, OLDEST))
        print(f"The sample needs Python {needed} or later; this is {sys.version.split()[0]}: {sys.executable}")
        return 1
    parser = argparse.ArgumentParser(
        "sample/run.py", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--verbose", action="store_true", help="show the output of pip")
    parser.add_argument("--keep", action="store_true", help=KEEP_HELP)
    options = parser.parse_args(arguments)
    try:
        fingerprint = compute_fingerprint(ROOT, sys.executable, sys.version)
        if read_stamp(STAMP) != fingerprint or not PYTHON.exists():
            status = install(VENV, f"{ROOT}[local]", is_verbose=options.verbose)
            if status:
                return status
            STAMP.write_text(fingerprint, "utf-8")
        return take_tour(["--keep"] if options.keep else [])
    except KeyboardInterrupt:
        return INTERRUPTED


def compute_fingerprint(root: Path, *further: str) -> str:
    """Return a text that changes when the environment has to be created again.

    The package is installed as editable, so only its dependencies and its location matter, not its code.
    """
    parts = [str(root), *further, *((root / name).read_text("utf-8") for name in ("pyproject.toml", "setup.py"))]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def read_stamp(stamp: Path) -> str:
    return stamp.read_text("utf-8") if stamp.exists() else ""


def install(folder: Path, *requirements: str, is_verbose: bool) -> int:
    """Create an environment from scratch and install into it; return the exit status of a failed command, or 0."""
    print(f"Preparing {folder.relative_to(ROOT)} (this happens once and takes a minute) ...", flush=True)
    python = str(folder / PYTHON_IN_VENV)
    # Some Linux distributions ship pip without ensurepip; pip can then install into the environment from outside.
    has_ensurepip = importlib.util.find_spec("ensurepip") is not None
    make = [sys.executable, "-m", "venv", "--clear", *([] if has_ensurepip else ["--without-pip"]), str(folder)]
    pip = [python, "-m", "pip"] if has_ensurepip else [sys.executable, "-m", "pip", "--python", python]
    for command in (make, [*pip, "install", "--no-input", "--editable", *requirements]):
        status, printed = run(command, is_verbose=is_verbose)
        if status:
            report(command, printed, None if is_verbose else folder / "install.log")
            return status
    return 0


def run(command: "list[str]", *, is_verbose: bool) -> "tuple[int, str]":
    """Run a command; return its exit status and its output, which a verbose run prints instead."""
    with delay_interrupts() as interrupts:
        process = subprocess.Popen(
            command,
            env={**PIP_DEFAULTS, **os.environ},
            stdin=subprocess.DEVNULL,
            stdout=None if is_verbose else subprocess.PIPE,
            stderr=subprocess.STDOUT,
            universal_newlines=True,
            errors="backslashreplace",
            start_new_session=True,  # a process group, so that everything it starts can be stopped too
        )
        while not interrupts:
            with suppress(subprocess.TimeoutExpired):
                printed, _ = process.communicate(timeout=0.1)
                return process.returncode, printed or ""
        stop(process)
    raise AssertionError("an interrupt leaves the block above")


@contextmanager
def delay_interrupts() -> "Generator[list[int]]":
    """Delay the first Ctrl-C until the end of the block, which can check the list; raise a second one immediately.

    So nothing is left half done.
    """
    interrupts: list[int] = []

    def interrupt(number: int, _: object) -> None:
        interrupts.append(number)
        if len(interrupts) > 1:
            raise KeyboardInterrupt

    previous = signal.signal(signal.SIGINT, interrupt)
    try:
        yield interrupts
    finally:
        signal.signal(signal.SIGINT, previous)
    if interrupts:
        raise KeyboardInterrupt


def stop(process: "subprocess.Popen[str]") -> None:
    """Stop a command and everything that it started, with time for pip to remove its temporary files."""
    if os.name == "nt":  # there, the console has interrupted all of them
        process.wait()
        return
    try:
        with suppress(ProcessLookupError, subprocess.TimeoutExpired):
            os.killpg(process.pid, signal.SIGINT)
            process.communicate(timeout=10)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def report(command: "list[str]", printed: str, log: "Path | None") -> None:
    """Explain in a few lines why a command failed; write its output to the log, unless it was already shown."""
    print()
    say("The sample could not prepare its environment: " + find_cause(printed))
    if re.search("connection broken|No matching distribution", printed):
        say(NETWORK_HINT)
    if log is not None:
        log.parent.mkdir(exist_ok=True)
        log.write_text(f"{' '.join(command)}\n\n{printed}", "utf-8")
        say(f"The full output is in {log.relative_to(ROOT)}.")


def find_cause(printed: str) -> str:
    """Return the most informative line of the output of a failed command."""
    if "connection broken by" in printed:
        reasons = re.findall(r"\[(?:Errno -?\d+|SSL: \w+)\] ([\w ,-]+)|(timed out)", printed) or [("", "no answer")]
        return f"pip cannot reach the package index ({''.join(reasons[-1])})."
    errors = re.findall(r"^\s*ERROR: (.+)", printed, re.MULTILINE)
    return (errors or printed.splitlines() or ["see above."])[-1]


def say(text: str) -> None:
    print(textwrap.fill(text, COLUMNS - 1, break_long_words=False, break_on_hyphens=False))


def take_tour(arguments: "list[str]") -> int:
    """Take the tour, and return its exit status; where possible, replace this process with the tour instead.

    Then no other process can stop the tour while it cleans up, or outlive it.
    """
    command = [str(PYTHON), "-m", "sample.tour", *arguments]
    environment = make_tour_environment(os.environ)
    os.chdir(str(ROOT))  # Python first looks for modules in the current folder, which may also have a `sample`
    if os.name != "nt":
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])  # the tour unblocks it when it can handle it
        os.execve(command[0], command, environment)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the console interrupts the tour, which then ends
    return subprocess.call(command, env=environment)


def make_tour_environment(environment: "Mapping[str, str]") -> "dict[str, str]":
    """Return the environment in which ``sample.tour`` can be imported."""
    paths = [str(ROOT), *filter(None, [environment.get("PYTHONPATH")])]
    return {**environment, "PYTHONPATH": os.pathsep.join(paths)}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
