from __future__ import annotations

import ast
import contextlib
import importlib
import io
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import partial, wraps
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import pyvips
import requests

from imagekitio import ForbiddenException, ImageKit, InternalServerException
from imagekitio.local import LocalImageKit
from imagekitio.local.base.settings import PRIVATE_KEY, PUBLIC_KEY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[1]
ACCOUNT = ("IMAGEKIT_PUBLIC_KEY", "IMAGEKIT_PRIVATE_KEY", "IMAGEKIT_URL_ENDPOINT")

# The methods of the client for files, without aliases. Version 2 of the upload API does the same as version 1, and the
# tour leaves the configuration of an account alone.
LEFT_OUT = {"close", "with_options", "upload_file_v2"}
METHODS = {value.__name__ for name, value in vars(ImageKit).items() if name[0] != "_"} - LEFT_OUT

# Pixels; the sources are coffee 600x400, framed 500x420, cat 451x300, astronaut 512x512, galaxies 1000x872.
SIZES = {
    "width.jpg": (400, 267),
    "aspect-ratio.jpg": (400, 225),
    "maintain-ratio.jpg": (300, 300),
    "focus-custom.jpg": (300, 300),
    "pad-resize.jpg": (300, 300),
    "pad-blurred.jpg": (300, 300),
    "force.jpg": (300, 300),
    "at-max.jpg": (300, 200),
    "at-least.jpg": (450, 300),
    "no-enlarge.jpg": (300, 300),
    "at-max-enlarge.jpg": (500, 333),
    "extract.jpg": (300, 300),
    "pad-no-enlarge.jpg": (600, 400),
    "pad-extract.jpg": (460, 460),
    "pad-no-shrink.png": (600, 500),
    "avatar.png": (210, 210),
    "polaroid.png": (317, 317),
    "text.jpg": (400, 267),
    "sharpen-before.jpg": (150, 220),
    "sharpen.jpg": (150, 220),
    "contrast-before.jpg": (150, 220),
    "contrast.jpg": (150, 220),
    "grayscale-before.jpg": (150, 220),
    "grayscale.jpg": (150, 220),
    "blur-before.jpg": (150, 220),
    "blur.jpg": (150, 220),
    "opacity-before.jpg": (150, 220),
    "opacity.jpg": (150, 220),
    "trim-before.jpg": (500, 420),
    "trim.jpg": (500, 333),
    "height-dpr.jpg": (361, 240),
    "webp.webp": (400, 349),
    "srcset-320w.jpg": (320, 279),
    "srcset-640w.jpg": (640, 558),
    "srcset-960w.jpg": (960, 837),
    "query.jpg": (400, 200),
    "private.jpg": (300, 300),
    "named.jpg": (440, 440),
}


@dataclass(frozen=True)
class Tour:
    """A finished tour: its exit status, what it printed, and which methods of the client it called."""

    status: int
    printed: str
    called: frozenset[str]
    output: Path

    @property
    def page(self) -> str:
        return (self.output / "contact-sheet.html").read_text("utf-8")


class Images(HTMLParser):
    """Collects the attributes of every picture of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.found.append(dict(attrs))


class Texts(HTMLParser):
    """Collects the text of every `code` of a page as it would be copied, without line breaks."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._is_code = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "code":
            self._is_code = True
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        self._is_code = self._is_code and tag != "code"

    def handle_data(self, data: str) -> None:
        if self._is_code:
            self.found[-1] += data


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def load_module(monkeypatch: pytest.MonkeyPatch, name: str) -> Any:
    monkeypatch.syspath_prepend(str(ROOT))
    return importlib.import_module(f"sample.{name}")


def take(monkeypatch: pytest.MonkeyPatch, output: Path, environment: dict[str, str], *, keep: bool = False) -> Tour:
    """Take the tour with these variables for the account."""
    called: set[str] = set()

    def record_calls(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def record(*args: Any, **kwargs: Any) -> Any:
            called.add(name)
            return function(*args, **kwargs)

        return record

    for name in (*ACCOUNT, "IMAGEKIT_API_BASE_URL", "IMAGEKIT_UPLOAD_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    for name in METHODS:
        monkeypatch.setattr(ImageKit, name, record_calls(name, getattr(ImageKit, name)))
    printed = io.TextIOWrapper(io.BytesIO(), "utf-8")
    with contextlib.redirect_stdout(printed):
        status = load_module(monkeypatch, "tour").main(output=output, keep=keep)
    printed.seek(0)
    return Tour(status, printed.read(), frozenset(called), output)


@pytest.fixture(scope="module")
def local_tour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tour]:
    output = tmp_path_factory.mktemp("output")
    (output / "from-an-earlier-run.jpg").write_bytes(b"old")
    with pytest.MonkeyPatch.context() as monkeypatch:
        yield take(monkeypatch, output, {})


def test_the_tour_of_local_imagekit_succeeds(local_tour: Tour) -> None:
    assert local_tour.status == 0, local_tour.printed
    assert "✗" not in local_tour.printed
    assert (local_tour.output / "contact-sheet.html").as_uri() in local_tour.printed
    assert re.findall(r"^ ?(\d+)  \w", local_tour.printed, re.MULTILINE) == [str(number) for number in range(1, 15)]


def test_the_tour_fits_a_terminal_of_80_columns(local_tour: Tour) -> None:
    *lines, link = local_tour.printed.splitlines()
    assert max(map(len, lines)) == 79
    assert link.startswith("  file://")


def test_the_tour_makes_every_kind_of_call(local_tour: Tour) -> None:
    assert {"upload_file", "list_files", "get_bulk_job_status", "delete_custom_metadata_field"} < METHODS
    assert local_tour.called == METHODS


def test_every_picture_has_the_expected_size(local_tour: Tour) -> None:
    found = {}
    for file in local_tour.output.iterdir():
        if file.suffix != ".html":
            image = pyvips.Image.new_from_file(str(file))
            found[file.name] = (image.width, image.height)
            assert image.avg() > 0
    assert found == SIZES


def test_the_contact_sheet_shows_every_picture_with_its_size_and_an_alternative_text(local_tour: Tour) -> None:
    shown = set()
    for image in Images(local_tour.page).found:
        files = [str(image["src"]), *(one.split(" ")[0] for one in (image.get("srcset") or "").split(", ") if one)]
        shown.update(files)
        assert SIZES[files[0]] == (int(image["width"] or 0), int(image["height"] or 0))
        assert image["alt"]
    assert shown == SIZES.keys()


def test_the_contact_sheet_shows_the_python_that_builds_each_url(local_tour: Tour) -> None:
    texts = Texts(local_tour.page).found
    checked = 0
    for code, url in zip(texts[::2], texts[1::2], strict=True):
        endpoint = url[: url.index("/local/") + len("/local")]
        imagekit = ImageKit(PUBLIC_KEY, PRIVATE_KEY, endpoint, clock=partial(_signed_at, url))
        call = ast.parse(code, mode="eval").body
        assert isinstance(call, ast.Call)
        assert isinstance(call.func, ast.Attribute)
        options = {str(one.arg): ast.literal_eval(one.value) for one in call.keywords}
        made = getattr(imagekit, call.func.attr)(**options)
        assert url == (made if isinstance(made, str) else made.srcset)
        checked += 1
    assert checked == 30


def test_lines_of_the_contact_sheet_break_between_the_parts_of_a_url(monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = load_module(monkeypatch, "contact_sheet")
    image = sheet.Image("a.jpg", 4, 3, 12, "image/jpeg")
    url = "http://127.0.0.1:80/local/tr:w-4,fo-left:e-x/a.jpg?ik-t=1&ik-s=0f 4w, http://b"
    page = sheet.make_contact_sheet([sheet.Card("A", "a", "f()", url, image, (8, 6))], "")
    assert Texts(page).found == ["f()", url]
    spans = re.findall("<span>([^<]*)</span>", page.split('class="url"')[1])
    parts = "http:// 127.0.0.1: 80/ local/ tr: w-4, fo-left: e-x/ a.jpg? ik-t= 1&amp; ik-s= 0f 4w, http:// b"
    assert spans == parts.split(" ")


def test_the_sizes_of_the_sources_are_those_of_the_uploaded_files(local_tour: Tour) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        sources = load_module(monkeypatch, "transformations").SOURCES
    before = {name: (source.width, source.height) for name, source in sources.items()}
    files = {file.name: file for file in (ROOT / "sample/pictures").glob("*.jpg")}
    files |= {"private.jpg": files["astronaut.jpg"], "framed.jpg": local_tour.output / "trim-before.jpg"}
    images = {name: pyvips.Image.new_from_file(str(file)) for name, file in files.items()}
    assert before == {name: (image.width, image.height) for name, image in images.items()}


@pytest.mark.parametrize("name", ["sharpen", "contrast", "grayscale", "blur", "opacity"])
def test_an_effect_changes_the_picture_visibly(name: str, local_tour: Tour) -> None:
    before, after = (
        pyvips.Image.new_from_file(str(local_tour.output / f"{name}{suffix}.jpg")).colourspace("b-w")
        for suffix in ("-before", "")
    )
    assert (before - after).abs().avg() > 5  # of 255


def _signed_at(url: str) -> float:
    expiry = re.search(r"ik-t=(\d+)", url)
    assert expiry
    return int(expiry[1]) - 3600


@pytest.mark.slow
def test_with_an_account_a_refused_call_is_reported_and_nothing_is_left_behind(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(*_: object) -> None:
        raise ForbiddenException("Your plan does not include this.")

    with LocalImageKit() as server:
        imagekit = server.client()
        imagekit.upload_file(b"mine", "mine.txt", use_unique_file_name=False)
        monkeypatch.setattr(ImageKit, "purge_file_cache", refuse)
        monkeypatch.setattr(time, "sleep", server.clock.advance)
        taken = take(monkeypatch, tmp_path, server.environment)
        left = [item.name for item in imagekit.list_files(type="all")]
        fields = list(imagekit.get_custom_metadata_fields())
        imagekit.close()
    assert taken.status == 0, taken.printed
    assert "is skipped. The account says: Your plan does not include this. " in " ".join(taken.printed.split())
    assert (left, fields) == (["mine.txt"], [])
    assert re.search(r'delete_folder\("/imagekitio-sample-[0-9a-f]{8}"\) +done', taken.printed)


@pytest.mark.slow
def test_with_an_account_the_folder_is_kept_on_request_but_not_the_field(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with LocalImageKit() as server, server.client() as imagekit:
        monkeypatch.setattr(time, "sleep", server.clock.advance)
        taken = take(monkeypatch, tmp_path, server.environment, keep=True)
        (folder,) = [f"/{item.name}" for item in imagekit.list_files(type="folder", path="/")]
        left = {file.name for file in imagekit.list_files(path=folder)}
        fields = list(imagekit.get_custom_metadata_fields())
    assert taken.status == 0, taken.printed
    assert left == load_module(monkeypatch, "transformations").SOURCES.keys()
    assert fields == []
    assert f"The folder {folder} stays in your account until you delete it." in " ".join(taken.printed.split())
    assert taken.printed.splitlines()[-1] == f"  {(tmp_path / 'contact-sheet.html').as_uri()}"


def test_with_an_account_a_failure_ends_the_tour_but_not_the_cleanup(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise InternalServerException("Out of order.")

    with LocalImageKit() as server, server.client() as imagekit:
        monkeypatch.setattr(ImageKit, "update_file_details", fail)
        taken = take(monkeypatch, tmp_path, server.environment, keep=True)
        assert list(imagekit.list_files(type="all")) == []
        assert list(imagekit.get_custom_metadata_fields()) == []
    assert taken.status == 1
    assert "✗ InternalServerException: Out of order." in taken.printed
    assert not (tmp_path / "contact-sheet.html").exists()


@pytest.mark.parametrize("given", [ACCOUNT[:1], ACCOUNT[:2], ACCOUNT[1:]])
def test_an_incomplete_account_is_refused_with_the_names_of_what_is_missing(
    given: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    taken = take(monkeypatch, tmp_path, dict.fromkeys(given, "https://ik.example/some"))
    missing = [name for name in ACCOUNT if name not in given]
    assert taken.status == 2
    assert taken.called == frozenset()
    assert capsys.readouterr().err.startswith(f"Not set: {', '.join(missing)}.\nSet all of ")


# The screen


def test_a_terminal_gets_colours_and_a_progress_bar_that_disappears(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    screen = load_module(monkeypatch, "screen").Screen(terminal, {"WT_SESSION": "1"})
    screen.progress("a.jpg", 5, 10)
    assert terminal.getvalue() == f"\r      a.jpg {'█' * 12}{'░' * 12}  50 %"
    screen.chapter("Next")
    bar_cleared = f"\r{' ' * 42}\r"
    assert terminal.getvalue().endswith(f"{bar_cleared}\n\x1b[1m 1  Next\x1b[0m\n")


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_colours_can_be_switched_off(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    load_module(monkeypatch, "screen").Screen(terminal, environment).chapter("Next")
    assert terminal.getvalue() == "\n 1  Next\n"


def test_a_stream_that_can_only_encode_ascii_gets_ascii(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), "ascii")
    screen = load_module(monkeypatch, "screen").Screen(stream, {})
    screen.call("list_files(…)", lambda: 2, lambda got: f"{got} × é")
    stream.seek(0)
    assert re.fullmatch(r"    \+ list_files\(~\) +2 x \? +\d+ ms\n", stream.read())


def test_text_that_does_not_fit_is_wrapped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "70")
    printed = Terminal()
    screen = load_module(monkeypatch, "screen").Screen(printed, {"NO_COLOR": "1"})
    screen.call(
        "get_file_details(file)", lambda: None, lambda _: "NotFoundException: The requested file does not exist."
    )
    screen.note("A note is printed in full, however long it may be, and so is what went wrong.")
    lines = printed.getvalue().splitlines()
    assert re.fullmatch(r"    ✓ get_file_details\(file\)        NotFoundException: The +\d+ ms", lines.pop(0))
    assert lines == [
        "                                    requested file does not",
        "                                    exist.",
        "    · A note is printed in full, however long it may be, and so is",
        "      what went wrong.",
    ]


def test_a_closed_pipe_does_not_end_the_tour(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "w", encoding="utf-8") as pipe:
        screen = load_module(monkeypatch, "screen").Screen(pipe, {})
        assert screen.call("list_files(…)", lambda: 2, str) == 2
        screen.print("goes nowhere")


# run.py


@pytest.fixture
def bootstrap(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """run.py with a project and an environment in a temporary folder."""
    run = load_module(monkeypatch, "run")
    for name in ("pyproject.toml", "setup.py"):
        (tmp_path / name).write_text("# as it was", "utf-8")
    venv = tmp_path / ".venv"
    files = {"STAMP": venv / "installed", "PYTHON": venv / "python"}
    for name, value in {"ROOT": tmp_path, "VENV": venv, **files}.items():
        monkeypatch.setattr(run, name, value)
    return run


@pytest.fixture
def commands(bootstrap: Any, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A summary of each command that run.py starts; installing takes no time here."""
    started: list[str] = []

    def run(command: list[str], **_: object) -> tuple[int, str]:
        if "venv" in command:
            bootstrap.VENV.mkdir(exist_ok=True)
            bootstrap.STAMP.unlink(missing_ok=True)
            bootstrap.PYTHON.touch()
        started.append(next(word for word in ("venv", "install") if word in command))
        return 0, ""

    def take_tour(arguments: list[str]) -> int:
        started.append(" ".join(["sample.tour", *arguments]))
        return 3

    monkeypatch.setattr(bootstrap, "run", run)
    monkeypatch.setattr(bootstrap, "take_tour", take_tour)
    return started


def test_the_environment_is_created_once_and_the_exit_status_of_the_tour_is_passed_on(
    bootstrap: Any, commands: list[str]
) -> None:
    assert bootstrap.main([]) == 3
    assert commands == ["venv", "install", "sample.tour"]
    assert bootstrap.main([]) == 3
    assert commands[3:] == ["sample.tour"]


def test_the_tour_is_told_what_to_keep(bootstrap: Any, commands: list[str]) -> None:
    assert bootstrap.main(["--keep"]) == 3
    assert commands == ["venv", "install", "sample.tour --keep"]


def test_the_environment_is_recreated_when_the_project_has_changed(bootstrap: Any, commands: list[str]) -> None:
    bootstrap.main([])
    (bootstrap.ROOT / "pyproject.toml").write_text("# with another dependency", "utf-8")
    commands.clear()
    bootstrap.main([])
    assert commands == ["venv", "install", "sample.tour"]


def test_an_incomplete_environment_is_repaired(
    bootstrap: Any, commands: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    working = bootstrap.run

    def interrupt(command: list[str], **options: Any) -> Any:
        if "install" in command:
            raise KeyboardInterrupt
        return working(command, **options)

    monkeypatch.setattr(bootstrap, "run", interrupt)
    assert bootstrap.main([]) == 130
    monkeypatch.setattr(bootstrap, "run", working)
    commands.clear()
    assert bootstrap.main([]) == 3
    assert commands == ["venv", "install", "sample.tour"]


def test_a_failed_installation_ends_the_sample_with_the_cause_and_keeps_the_log(
    bootstrap: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        bootstrap, "run", lambda command, **_: (7, "ERROR: No space left\nnote") if "install" in command else (0, "")
    )
    assert bootstrap.main([]) == 7
    _, _, cause, where = capsys.readouterr().out.splitlines()
    assert cause == "The sample could not prepare its environment: No space left"
    assert where == "The full output is in .venv/install.log."
    assert (bootstrap.VENV / "install.log").read_text("utf-8").endswith("[local]\n\nERROR: No space left\nnote")
    assert not bootstrap.STAMP.exists()


BROKEN = (
    "WARNING: Retrying (Retry(total=0)) after connection broken by '{}': /setuptools/\nERROR: No matching distribution"
)


@pytest.mark.parametrize(
    ("printed", "cause"),
    [
        (
            BROKEN.format("NewConnectionError('<object>: Failed to establish: [Errno 111] Connection refused')"),
            "pip cannot reach the package index (Connection refused).",
        ),
        (
            BROKEN.format("ConnectTimeoutError(<object>, 'Connection to pypi.org timed out. (connect timeout=15)')"),
            "pip cannot reach the package index (timed out).",
        ),
        (
            BROKEN.format("SSLError(SSLCertVerificationError(1, '[SSL: BAD] certificate verify failed: unknown'))"),
            "pip cannot reach the package index (certificate verify failed).",
        ),
        (BROKEN.format("ProtocolError('Broken')"), "pip cannot reach the package index (no answer)."),
        ("      ERROR: none fits\n      ERROR: No matching distribution\n\nnote: x", "No matching distribution"),
        ("No module named pip", "No module named pip"),
        ("", "see above."),
    ],
)
def test_the_cause_of_a_failed_installation_is_one_line(
    printed: str, cause: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert load_module(monkeypatch, "run").find_cause(printed) == cause


def test_help_fits_80_columns_and_installs_nothing(
    bootstrap: Any, commands: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit, match="0"):
        bootstrap.main(["--help"])
    printed = capsys.readouterr().out
    assert "--verbose" in printed
    assert "in your account, the folder stays" in " ".join(printed.split())
    assert max(map(len, printed.splitlines())) <= 80
    assert commands == []


def test_an_old_python_prints_which_version_is_needed(
    bootstrap: Any, commands: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 18))
    assert bootstrap.main([]) == 1
    assert capsys.readouterr().out.startswith("The sample needs Python 3.10 or later; this is ")
    assert commands == []


def test_every_python_3_6_and_later_can_read_run_py() -> None:
    source = (ROOT / "sample/run.py").read_text("ascii")
    ast.parse(source, feature_version=(3, 6))
    assert "from __future__ import annotations" not in source


def test_the_first_ctrl_c_waits_for_the_block_to_end(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    before = signal.getsignal(signal.SIGINT)  # some programs start others with the signal ignored

    def press_once() -> None:
        with load_module(monkeypatch, "run").delay_interrupts() as interrupts:
            signal.raise_signal(signal.SIGINT)
            seen.extend(interrupts)

    with pytest.raises(KeyboardInterrupt):
        press_once()
    assert seen == [signal.SIGINT]
    assert signal.getsignal(signal.SIGINT) is before


def test_the_second_ctrl_c_takes_effect_immediately(monkeypatch: pytest.MonkeyPatch) -> None:
    def press_twice() -> None:
        with load_module(monkeypatch, "run").delay_interrupts():
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGINT)
            pytest.fail("the block went on")

    with pytest.raises(KeyboardInterrupt):
        press_twice()


# Real runs


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of everything run.py needs; its environment already exists and is that of the tests."""
    for name in ("pyproject.toml", "setup.py"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "sample", tmp_path / "sample", ignore=shutil.ignore_patterns(".venv", "output"))
    run = load_module(monkeypatch, "run")
    venv = tmp_path / "sample" / ".venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").symlink_to(sys.executable)
    (venv / "installed").write_text(run.compute_fingerprint(tmp_path.resolve(), sys.executable, sys.version), "utf-8")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "sample.py").write_text("raise SystemExit('not this one')", "utf-8")
    return tmp_path


@contextlib.contextmanager
def run_sample(project: Path, *arguments: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """Start run.py from another folder, in its own process group; only the given PIP_… and IMAGEKIT_… are set."""
    ours = {name: value for name, value in os.environ.items() if not re.match("(?i)pip_|imagekit_|.*_proxy", name)}
    ours |= {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1", "PIP_CONFIG_FILE": os.devnull}
    command = [sys.executable, str(project / "sample" / "run.py"), *arguments]
    with subprocess.Popen(
        command,
        cwd=project / "elsewhere",
        env=ours | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def read_until(process: subprocess.Popen[str], text: str) -> str:
    """Read and return the output up to the first line with this text."""
    assert process.stdout
    printed = ""
    while text not in printed:
        line = process.stdout.readline()
        assert line, printed
        printed += line
    return printed


def assert_ended_by_ctrl_c(process: subprocess.Popen[str]) -> str:
    """Return the rest of the output."""
    rest, _ = process.communicate(timeout=60)
    assert "Traceback" not in rest
    assert "✗" not in rest
    assert process.returncode == 130
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
    return rest


@pytest.mark.parametrize("line", ["a tour of", "upload_file(bytes", "get_bulk_job_status", "upload_many"])
@pytest.mark.slow
def test_ctrl_c_ends_the_tour_tidily(line: str, project: Path) -> None:
    with run_sample(project) as process:
        read_until(process, line)
        os.killpg(process.pid, signal.SIGINT)
        rest = assert_ended_by_ctrl_c(process)
    assert "Cleaning up" in rest
    assert "contact-sheet" not in rest


@pytest.mark.slow
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_local_imagekit_can_be_left_running_until_a_signal(number: int, status: int, project: Path) -> None:
    temporary = project / "temporary"
    temporary.mkdir()
    with run_sample(project, "--keep", TMPDIR=str(temporary)) as process:
        printed = read_until(process, "Press Ctrl-C to stop it.")
        match = re.search(r"^  (http://\S+)#/files/sample$", printed, re.MULTILINE)
        assert match, printed
        with requests.Session() as http:
            http.trust_env = False
            assert "Local ImageKit" in http.get(match[1], timeout=60).text
            page = (project / "sample/output/contact-sheet.html").read_text("utf-8")
            urls = [url for url in Texts(page).found[1::2] if " " not in url]
            assert {http.get(url, timeout=60).status_code for url in urls} == {200}
        assert len(urls) == 29
        process.send_signal(number)
        rest, _ = process.communicate(timeout=60)
    assert (process.returncode, rest) == (status, "")
    assert list(temporary.iterdir()) == []
    assert "Cleaning up" not in printed


@pytest.mark.slow
def test_ctrl_c_leaves_nothing_in_the_account_even_if_it_was_to_be_kept(project: Path) -> None:
    with LocalImageKit() as server, server.client() as imagekit:
        with run_sample(project, "--keep", **server.environment) as process:
            read_until(process, "upload_many")
            process.send_signal(signal.SIGINT)
            assert "Cleaning up" in assert_ended_by_ctrl_c(process)
        assert list(imagekit.list_files(type="all")) == []


@pytest.mark.slow
def test_ctrl_c_during_the_cleanup_leaves_nothing_in_an_account(project: Path) -> None:
    with LocalImageKit() as server, server.client() as imagekit:
        server.faults.add(delay=2, operation="update_custom_metadata_fields")
        server.faults.add(delay=2, operation="delete_folder")
        with run_sample(project, **server.environment) as process:
            read_until(process, "create_custom_metadata_fields")
            process.send_signal(signal.SIGINT)
            read_until(process, "Cleaning up")
            process.send_signal(signal.SIGINT)
            assert_ended_by_ctrl_c(process)
        assert list(imagekit.list_files(type="all")) == []
        assert list(imagekit.get_custom_metadata_fields()) == []


@pytest.mark.slow
def test_after_ctrl_c_the_folder_is_deleted_only_when_its_job_has_ended(project: Path) -> None:
    with LocalImageKit(job_delay=2) as server, server.client() as imagekit:
        server.faults.add(delay=2, operation="copy_folder")
        with run_sample(project, **server.environment) as process:
            read_until(process, 'create_folder("archive")')
            while server.faults.list() and process.poll() is None:  # until the server has the request
                time.sleep(0.01)
            process.send_signal(signal.SIGINT)
            assert "get_bulk_job_status(job)" in assert_ended_by_ctrl_c(process)
        assert list(imagekit.list_files(type="all")) == []


@pytest.mark.slow
def test_ctrl_c_while_pip_waits_for_the_index_ends_pip_too(project: Path) -> None:
    (project / "sample" / ".venv" / "installed").unlink()
    with socket.create_server(("127.0.0.1", 0)) as index:
        index.settimeout(60)
        address = f"http://127.0.0.1:{index.getsockname()[1]}/simple"
        with run_sample(project, PIP_INDEX_URL=address, PIP_DEFAULT_TIMEOUT="60") as process:
            read_until(process, "Preparing")
            connection, _ = index.accept()
            with connection:
                process.send_signal(signal.SIGINT)
                assert assert_ended_by_ctrl_c(process) == ""
                connection.settimeout(30)
                while connection.recv(65_536):  # the request; then the connection ends together with pip
                    pass


@pytest.mark.slow
def test_without_a_network_the_sample_names_the_cause_and_what_to_check(project: Path) -> None:
    (project / "sample" / ".venv" / "installed").unlink()
    with socket.socket() as closed:  # bound, so that nothing else listens there
        closed.bind(("127.0.0.1", 0))
        with run_sample(project, PIP_INDEX_URL=f"http://127.0.0.1:{closed.getsockname()[1]}/simple") as process:
            printed, _ = process.communicate(timeout=120)
    assert process.returncode == 1
    words = " ".join(printed.split())
    assert "could not prepare its environment: pip cannot reach the package index (Connection refused)." in words
    assert "Check the network, the proxy (HTTPS_PROXY) and the package index (PIP_INDEX_URL)." in words
    assert len(printed.splitlines()) < 10
    log = (project / "sample" / ".venv" / "install.log").read_text("utf-8")
    assert log.count("Retrying") == 1
