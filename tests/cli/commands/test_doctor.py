"""The doctor: what is wrong is found and said with a remedy, nothing hangs, and no secret is shown."""

from __future__ import annotations

import importlib.metadata
import re
import socket
import subprocess
import threading
from typing import TYPE_CHECKING, Any

import pytest

from imagekitio.cli.accounts.profiles import change_profile
from imagekitio.cli.doctor import reachability, service
from imagekitio.local import LocalImageKit

from ...transports.faults import CERTIFICATE, answer, find_closed_port, run_server
from ..terminal import open_terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from imagekitio import ImageKit

    from ...transports.faults import Server
    from ..conftest import Ended, Run

    Examine = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.delenv("IMAGEKIT_WEBHOOK_SECRET", raising=False)


@pytest.fixture(autouse=True)
def library(client: ImageKit, server: LocalImageKit) -> None:
    client.upload_file(b"hello", "a.txt", folder="/shop", use_unique_file_name=False)


@pytest.fixture
def examine(run: Run) -> Examine:
    """Run the doctor, and return its exit code and its findings by their names."""

    def run_doctor(*arguments: str) -> tuple[int, dict[str, Any]]:
        ended: Ended = run("--json", "doctor", *arguments)
        assert ended.err == ""
        return ended.code, {record["check"]: record for record in ended.records}

    return run_doctor


def resolve_elsewhere(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Make a name that does not exist one of this machine."""
    resolve = socket.getaddrinfo

    def resolve_here(host: str, *rest: Any, **named: Any) -> Any:
        return resolve("127.0.0.1" if host == name else host, *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", resolve_here)


def statuses(findings: dict[str, Any]) -> dict[str, str]:
    return {name: finding["status"] for name, finding in findings.items()}


def test_all_is_well_with_local_imagekit_and_only_reads_are_sent(examine: Examine, server: LocalImageKit) -> None:
    before = len(server.requests)
    code, findings = examine()
    assert code == 0
    assert {*statuses(findings).values()} <= {"ok", "skipped"}
    assert findings["private key"]["text"] == "… from IMAGEKIT_PRIVATE_KEY"
    assert findings["delivery"]["text"] == f"{server.url_endpoint} delivers /shop/a.txt"
    assert [request.method for request in server.requests[before:]] == ["GET", "GET"]


def test_no_secret_is_shown_even_if_it_is_in_the_wrong_place(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "private_abcdefghijkl="
    monkeypatch.setenv("IMAGEKIT_PRIVATE_KEY", "public_xyz")
    monkeypatch.setenv("IMAGEKIT_PUBLIC_KEY", secret)
    monkeypatch.setenv("IMAGEKIT_WEBHOOK_SECRET", secret)
    monkeypatch.setenv("HTTPS_PROXY", f"http://user:{secret}@proxy.example:3128")
    ended = run("doctor")
    assert ended.code == 2
    assert "copy the private key into IMAGEKIT_PRIVATE_KEY" in ended.out
    assert secret[8:] not in ended.out + ended.err


@pytest.mark.parametrize(
    ("variable", "value", "check", "status", "hint"),
    [
        ("IMAGEKIT_PRIVATE_KEY", "", "private key", "failed", "not set"),
        ("IMAGEKIT_PRIVATE_KEY", "  ", "private key", "failed", "only blanks"),
        ("IMAGEKIT_PRIVATE_KEY", "private_a b", "private key", "failed", "in the key"),
        ("IMAGEKIT_PRIVATE_KEY", "private_é", "private key", "failed", "non-ASCII"),
        ("IMAGEKIT_PRIVATE_KEY", "'private_local'", "private key", "warning", "quotes"),
        ("IMAGEKIT_PRIVATE_KEY", "abc", "private key", "warning", "does not begin"),
        ("IMAGEKIT_PUBLIC_KEY", "", "public key", "warning", "uploads from browsers"),
        ("IMAGEKIT_URL_ENDPOINT", "", "URL endpoint", "warning", "not set"),
        ("IMAGEKIT_URL_ENDPOINT", "acme", "URL endpoint", "failed", "https://"),
        ("IMAGEKIT_URL_ENDPOINT", "https://ik.imagekit.io", "URL endpoint", "failed", "ImageKit ID"),
        ("IMAGEKIT_URL_ENDPOINT", "https://nothing.invalid/a b", "URL endpoint", "failed", "blanks"),
        ("IMAGEKIT_URL_ENDPOINT", "private_abc", "URL endpoint", "failed", "has the private key"),
        ("IMAGEKIT_API_BASE_URL", "private_abc", "API", "failed", "has the private key"),
        ("IMAGEKIT_API_BASE_URL", "http://api.nothing.invalid", "API", "failed", "unencrypted"),
        ("IMAGEKIT_API_BASE_URL", "http://u:p@127.0.0.1:1", "API", "failed", "credentials"),
        ("IMAGEKIT_URL_ENDPOINT", "https://localhost:x/acme", "URL endpoint", "failed", "host"),
        ("IMAGEKIT_URL_ENDPOINT", "https://u:p@localhost/acme", "URL endpoint", "failed", "credentials"),
        ("IMAGEKIT_URL_ENDPOINT", "https://u:p@localhost:x/acme", "URL endpoint", "failed", "//…@localhost:x"),
        ("IMAGEKIT_URL_ENDPOINT", "http://nothing.invalid/acme", "URL endpoint", "warning", "not encrypted"),
        ("IMAGEKIT_URL_ENDPOINT", "nothing.invalid/acme", "URL endpoint", "warning", "lacks https://"),
        ("IMAGEKIT_URL_ENDPOINT", "https://nothing.invalid/acme/tr:w-3", "URL endpoint", "warning", "steps"),
        ("IMAGEKIT_URL_ENDPOINT", "https://nothing.invalid/acme", "mixture", "warning", "elsewhere"),
        ("IMAGEKIT_UPLOAD_BASE_URL", "ftp://x", "uploads", "failed", "http"),
        ("IMAGEKIT_WEBHOOK_SECRET", "abc", "webhook secret", "warning", "whsec_"),
        ("IMAGEKIT_WEBHOOK_SECRET", "private_abc", "webhook secret", "failed", "private key"),
        ("IMAGEKIT_WEBHOOK_SECRET", "whsec_abc", "webhook secret", "ok", "from IMAGEKIT_WEBHOOK_SECRET"),
        ("IMAGEKIT_PROFILE", "shop", "profile", "warning", "is not used"),
        ("REQUESTS_CA_BUNDLE", "/nowhere.pem", "certificates", "failed", "does not exist"),
        ("HTTP_PROXY", "http://127.0.0.1:x", "connection", "failed", "is not a URL"),
    ],
)
def test_each_mistake_in_the_configuration_is_found(
    examine: Examine,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    value: str,
    check: str,
    status: str,
    hint: str,
) -> None:
    monkeypatch.setenv(variable, value)
    code, findings = examine()
    assert (findings[check]["status"], hint in findings[check]["text"]) == (status, True), findings[check]
    assert bool(findings[check].get("remedy")) == (status in ("warning", "failed"))
    assert code == 2 or status != "failed"


def test_a_file_of_profiles_that_others_may_read_is_a_warning(
    examine: Examine, tmp_path: Path, server: LocalImageKit
) -> None:
    path = tmp_path / "config" / "config.ini"
    change_profile("shop", {"private_key": server.private_key, "url_endpoint": server.url_endpoint})
    assert examine()[1]["profiles"]["status"] == "ok"
    path.chmod(0o644)
    finding = examine()[1]["profiles"]
    assert finding["status"] == "warning"
    assert finding["remedy"] == f"run: chmod 600 '{path}'"


def test_a_broken_file_or_an_unknown_profile_ends_what_needs_an_account(examine: Examine, tmp_path: Path) -> None:
    code, findings = examine("--profile", "shop")
    assert (code, findings["account"]["status"]) == (2, "failed")
    path = tmp_path / "config" / "config.ini"
    path.parent.mkdir()
    path.write_text("[shop\n")
    assert examine()[1]["profiles"]["status"] == "failed"


@pytest.mark.parametrize(
    ("fault", "code", "hint"),
    [
        ({"status": 401}, 3, "refuses the private key"),
        ({"status": 403}, 3, "refuses the private key"),
        ({"status": 404}, 3, "not the API"),
        ({"status": 429}, 4, "too many requests"),
        ({"status": 503}, 4, "answers 503"),
        ({"status": 200, "body": {"a": 1}}, 4, "does not come from the API"),
        ({"truncate": True}, 4, "no response"),
        ({"reset": True}, 4, "no response"),
    ],
)
def test_each_fault_of_the_service_is_named_after_one_request(
    examine: Examine, server: LocalImageKit, fault: dict[str, Any], code: int, hint: str
) -> None:
    server.faults.add(**fault, operation="list_files")
    before = len(server.requests)
    ended, findings = examine()
    assert ended == code
    assert findings["authentication"]["status"] == "failed"
    assert hint in findings["authentication"]["text"]
    assert findings["authentication"]["remedy"]
    assert findings["delivery"]["status"] == "skipped"
    assert len(server.requests) == before + 1


def test_a_server_that_does_not_answer_is_given_up(
    examine: Examine, server: LocalImageKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "_TIMEOUT_SECONDS", 0.2)
    server.faults.add(delay=3.0, operation="list_files")
    code, findings = examine()
    assert code == 4
    assert "within 0.2 s" in findings["authentication"]["text"]


@pytest.fixture
def trickling_port() -> Iterator[int]:
    """A server that takes connections, reads nothing and answers nothing until the test is over."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_an_answer_that_never_ends_is_given_up(
    examine: Examine, monkeypatch: pytest.MonkeyPatch, trickling_port: int
) -> None:
    monkeypatch.setenv("IMAGEKIT_API_BASE_URL", f"http://127.0.0.1:{trickling_port}")
    monkeypatch.setattr(service, "_LONGEST_SECONDS", 0.2)
    monkeypatch.setattr(service, "_TIMEOUT_SECONDS", 1.0)
    code, findings = examine()
    assert code == 4
    assert findings["authentication"]["status"] == "failed"


@pytest.fixture
def tls_server(monkeypatch: pytest.MonkeyPatch, server: LocalImageKit) -> Iterator[Server]:
    """One that has signed its certificate itself, and is the API that the account uses."""
    with run_server(answer(200, b"[]", "Content-Type: application/json"), tls=True) as found:
        for name in ("API_BASE_URL", "UPLOAD_BASE_URL", "URL_ENDPOINT"):
            monkeypatch.setenv(f"IMAGEKIT_{name}", found.url)
        yield found


def test_a_certificate_that_nobody_vouches_for_is_found_and_nothing_is_sent(
    examine: Examine, tls_server: Server
) -> None:
    code, findings = examine()
    assert code == 4
    finding = findings["connection"]
    assert finding["status"] == "failed"
    assert "API, uploads, delivery: 127.0.0.1 port" in finding["text"]
    assert re.search("the certificate is not valid: self.signed certificate", finding["text"])  # OpenSSL 1.1: a blank
    assert "REQUESTS_CA_BUNDLE" in finding["remedy"]
    assert findings["authentication"]["status"] == "failed"
    assert tls_server.seen == []


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
@pytest.mark.parametrize("is_folder", [False, True])
def test_a_certificate_is_trusted_as_requests_trust_it(
    examine: Examine,
    tls_server: Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    is_folder: bool,
) -> None:
    bundle = CERTIFICATE
    if is_folder:  # with names that OpenSSL finds: the hash of the subject
        bundle = tmp_path / "certificates"
        bundle.mkdir()
        command = ["openssl", "x509", "-noout", "-subject_hash", "-in", str(CERTIFICATE)]
        name = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
        (bundle / f"{name}.0").write_bytes(CERTIFICATE.read_bytes())
    monkeypatch.setenv(variable, str(bundle))
    code, findings = examine()
    assert (code, findings["connection"]["status"], findings["authentication"]["status"]) == (0, "ok", "ok")
    assert "TLSv1." in findings["connection"]["text"]


def test_a_certificate_of_another_host_is_found(
    examine: Examine, tls_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve_elsewhere(monkeypatch, "other.invalid")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(CERTIFICATE))
    for name in ("API_BASE_URL", "UPLOAD_BASE_URL", "URL_ENDPOINT"):
        monkeypatch.setenv(f"IMAGEKIT_{name}", f"https://other.invalid:{tls_server.port}")
    code, findings = examine()
    assert (code, findings["connection"]["status"]) == (4, "failed")
    assert "the certificate is not valid: Hostname mismatch" in findings["connection"]["text"]
    assert tls_server.seen == []


@pytest.mark.parametrize(
    ("status", "body", "hint"),
    [
        (200, b"<html><title>Sign in to the Wi-Fi</title></html>", "does not come from the API"),
        (200, b"", "does not come from the API"),
        (502, b"<html><h1>502 Bad Gateway</h1></html>", "answers 502"),
        (302, b"", "does not come from the API"),
    ],
)
def test_a_page_in_place_of_the_services_answer_is_found(
    examine: Examine, monkeypatch: pytest.MonkeyPatch, status: int, body: bytes, hint: str
) -> None:
    with run_server(answer(status, body, "Content-Type: text/html", "Location: https://nothing.invalid/")) as other:
        monkeypatch.setenv("IMAGEKIT_API_BASE_URL", other.url)
        code, findings = examine()
    assert code == 4
    assert hint in findings["authentication"]["text"]
    assert "\n" not in findings["authentication"]["text"]


def test_a_private_key_of_another_account_is_found(
    examine: Examine, server: LocalImageKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMAGEKIT_PRIVATE_KEY", "private_of_another_account_1234")
    code, findings = examine()
    assert (code, findings["authentication"]["status"]) == (3, "failed")
    assert findings["private key"]["text"] == "private_…1234 from IMAGEKIT_PRIVATE_KEY"
    assert "it may belong to another account" in findings["authentication"]["remedy"]


def test_a_port_that_does_not_speak_tls_is_found(
    examine: Examine, monkeypatch: pytest.MonkeyPatch, server: LocalImageKit
) -> None:
    monkeypatch.setenv("IMAGEKIT_UPLOAD_BASE_URL", server.url.replace("http://", "https://"))
    code, findings = examine()
    assert code == 4
    assert "does not speak TLS" in findings["connection"]["text"]


def test_a_refused_connection_is_found_and_the_rest_goes_on(examine: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    monkeypatch.setenv("IMAGEKIT_API_BASE_URL", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("IMAGEKIT_UPLOAD_BASE_URL", f"http://127.0.0.1:{port}")
    code, findings = examine()
    assert code == 4
    assert findings["authentication"]["status"] == "failed"
    assert findings["clock"]["status"] == "skipped"


def test_a_firewall_is_thought_of_where_another_host_refuses(examine: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    resolve_elsewhere(monkeypatch, "other")
    monkeypatch.setenv("IMAGEKIT_UPLOAD_BASE_URL", f"http://other:{(port := find_closed_port())}")
    code, findings = examine()
    assert code == 4
    assert findings["connection"]["remedy"].endswith(f"whether a firewall lets port {port} through")


def test_a_name_that_does_not_exist_is_found(examine: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    resolve = socket.getaddrinfo

    def resolve_all_but_one(host: str, *arguments: Any, **keywords: Any) -> Any:
        if host == "nothing.invalid":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return resolve(host, *arguments, **keywords)

    monkeypatch.setattr(socket, "getaddrinfo", resolve_all_but_one)
    for name in ("IMAGEKIT_API_BASE_URL", "IMAGEKIT_UPLOAD_BASE_URL", "IMAGEKIT_URL_ENDPOINT"):
        monkeypatch.setenv(name, "https://nothing.invalid")
    code, findings = examine()
    assert code == 4
    assert "the name nothing.invalid cannot be resolved" in findings["connection"]["text"]
    assert findings["connection"]["text"].startswith("API, uploads, delivery: ")


def test_a_resolver_that_hangs_is_left_to_itself(examine: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    is_over = threading.Event()
    resolve = socket.getaddrinfo

    def hang(host: str, *arguments: Any, **keywords: Any) -> Any:
        if host == "nothing.invalid":
            is_over.wait()
            raise socket.gaierror(socket.EAI_NONAME, "too late")
        return resolve(host, *arguments, **keywords)

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    monkeypatch.setattr(reachability, "TIMEOUT_SECONDS", 0.1)
    monkeypatch.setenv("IMAGEKIT_UPLOAD_BASE_URL", "https://nothing.invalid")
    code, findings = examine()
    is_over.set()
    assert code == 4
    assert findings["connection"]["text"].endswith("no answer within 0.1 s")


@pytest.mark.parametrize(("seconds", "status", "code"), [(20, "ok", 0), (100, "warning", 0), (-100, "warning", 0)])
def test_a_clock_that_is_off_is_found(
    examine: Examine, server: LocalImageKit, seconds: float, status: str, code: int
) -> None:
    server.clock.advance(seconds)
    ended, findings = examine()
    assert (ended, findings["clock"]["status"]) == (code, status)


def test_a_clock_that_is_off_by_an_hour_fails_even_if_the_key_is_refused(
    examine: Examine, server: LocalImageKit
) -> None:
    server.clock.advance(3600)
    server.faults.add(status=403, operation="list_files")
    code, findings = examine()
    assert code == 3
    assert findings["clock"]["status"] == "failed"
    assert "behind the service" in findings["clock"]["text"]


def test_an_endpoint_of_another_account_is_found_and_the_right_one_named(
    examine: Examine, server: LocalImageKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMAGEKIT_URL_ENDPOINT", f"{server.url}/other")
    code, findings = examine()
    assert code == 3
    assert "belongs to another account" in findings["delivery"]["text"]
    assert findings["delivery"]["remedy"] == f"set the URL endpoint to {server.url_endpoint}"


@pytest.mark.parametrize(("status", "code"), [(401, 3), (404, 3), (503, 4)])
def test_a_delivery_that_fails_is_found(examine: Examine, server: LocalImageKit, status: int, code: int) -> None:
    server.faults.add(status=status, operation="delivery")
    ended, findings = examine()
    assert (ended, findings["delivery"]["status"]) == (code, "failed")


def test_an_empty_library_leaves_the_delivery_open(examine: Examine, server: LocalImageKit) -> None:
    server.reset()
    code, findings = examine()
    assert (code, findings["delivery"]["status"]) == (0, "skipped")


def test_the_rate_limit_is_shown_where_the_service_says_it(examine: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    with LocalImageKit(rate_limits=((100, 1.0),), rate_limit_headers=True) as other:
        for name, value in other.environment.items():
            monkeypatch.setenv(name, value)
        assert examine()[1]["rate limit"]["text"] == "100 requests in 1 s"


def test_a_proxy_is_reached_instead_of_the_host(
    examine: Examine, server: LocalImageKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", server.url)
    findings = examine()[1]
    assert findings["proxy"]["text"] == f"HTTP_PROXY={server.url}"
    assert findings["connection"]["status"] == "warning"
    assert findings["connection"]["remedy"] == "set NO_PROXY=127.0.0.1"


def test_a_proxy_that_is_down_is_found(examine: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"127.0.0.1:{find_closed_port()}")  # requests takes one without a scheme too
    code, findings = examine()
    assert code == 4
    assert findings["connection"]["text"].startswith("API, uploads, delivery: proxy: no connection to 127.0.0.1 port")
    assert "proxy variables" in findings["connection"]["remedy"]
    assert findings["authentication"]["status"] == "failed"


def test_a_proxy_that_answers_is_well_for_another_host(
    examine: Examine, server: LocalImageKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", server.url.replace("//", "//user:hidden@"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("IMAGEKIT_UPLOAD_BASE_URL", "http://nothing.invalid")
    findings = examine()[1]
    through = f"uploads: nothing.invalid through the proxy 127.0.0.1:{server.url.rpartition(':')[2]}"
    assert (findings["connection"]["status"], findings["connection"]["text"]) == ("ok", through)
    assert "hidden" not in str(findings)


@pytest.fixture
def packages(monkeypatch: pytest.MonkeyPatch) -> dict[str, str | None]:
    """Versions of packages that differ from those that are installed; None for one that is not."""
    versions: dict[str, str | None] = {}
    find = importlib.metadata.version

    def find_version(name: str) -> str:
        found = versions.get(name, "") if name in versions else find(name)
        if found is None:
            raise importlib.metadata.PackageNotFoundError(name)
        return found

    monkeypatch.setattr(importlib.metadata, "version", find_version)
    requirements = ["requests>=2.32", 'click>=8.1.7; extra == "cli"', "pyvips[binary]>=3.0; extra == 'local'"]
    monkeypatch.setattr(importlib.metadata, "requires", lambda _: requirements)
    return versions


@pytest.mark.parametrize(
    ("name", "version", "text"),
    [
        ("requests", "2.9.1", "requests 2.9.1 is too old: imagekitio needs 2.32 or later"),
        ("click", "8.1.7rc1", None),
        ("click", "8.1.6", "click 8.1.6 is too old: the extra cli needs 8.1.7 or later"),
        ("requests", "2.32.0", None),
        ("requests", "2.100", None),
        ("pyvips", "3", None),
        ("pyvips", None, None),
        ("pyvips", "2.2.3", "pyvips 2.2.3 is too old: the extra local needs 3.0 or later"),
    ],
)
def test_packages_that_are_too_old_are_found(
    examine: Examine, packages: dict[str, str | None], name: str, version: str | None, text: str | None
) -> None:
    packages[name] = version
    code, findings = examine()
    assert code == 0
    assert findings.get("package", {}).get("text") == text
    if text is not None:
        assert findings["package"]["remedy"].startswith(f"run: pip install --upgrade '{name}>=")


def test_a_source_tree_that_is_not_installed_needs_no_packages(
    examine: Examine, monkeypatch: pytest.MonkeyPatch, packages: dict[str, str | None]
) -> None:
    packages["imagekitio"] = None

    def fail(name: str) -> list[str]:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "requires", fail)
    code, findings = examine()
    assert (code, findings["version"]["status"], "package" in findings) == (0, "ok", False)


def test_another_release_than_the_installed_one_is_found(examine: Examine, packages: dict[str, str | None]) -> None:
    packages["imagekitio"] = "3.2.1"
    assert "the installed package imagekitio is 3.2.1" in examine()[1]["package"]["text"]


def test_extras_that_are_not_installed_are_named(examine: Examine, packages: dict[str, str | None]) -> None:
    packages["faiss-cpu"] = packages["django"] = None
    _, _, missing = examine()[1]["extras"]["text"].partition("; not installed: ")
    assert {"django", "similar"} <= set(missing.split(", "))


def test_pipes_get_lines_with_tabs(run: Run) -> None:
    lines = [line.split("\t") for line in run("doctor").out.splitlines()]
    assert {line[0] for line in lines} <= {"ok", "skipped", "warning"}
    assert ["ok", "authentication", "the API accepts the private key"] in lines


def test_people_see_marks_and_below_how_to_mend_it(
    monkeypatch: pytest.MonkeyPatch, server: LocalImageKit, tmp_path: Path
) -> None:
    config_file = tmp_path / "a long name of a folder, with blanks" / "config.ini"
    config_file.parent.mkdir()
    config_file.write_text("[shop]\npublic_key = public_abc\n")
    config_file.chmod(0o644)
    monkeypatch.setenv("IMAGEKIT_CONFIG_FILE", str(config_file))
    monkeypatch.setenv("IMAGEKIT_PRIVATE_KEY", "private_wrong")
    with open_terminal("doctor", columns=80) as terminal:
        code, text = terminal.finish()
    lines = text.splitlines()
    assert code == 3
    assert [line for line in lines if len(line) > 80 and str(tmp_path) not in line] == []  # words stay whole
    marks = {tuple(line.split()[:2]) for line in lines}
    assert {("✗", "authentication"), ("✓", "clock"), ("–", "delivery")} <= marks
    assert "→ copy the private key again" in text
    assert f"→ run: chmod 600 '{config_file}'" in text  # as it can be copied
    assert "private_wrong" not in text


@pytest.mark.parametrize("columns", [80, 120])
def test_people_see_what_is_wrong_with_the_service(server: LocalImageKit, columns: int) -> None:
    server.faults.add(status=503, body="<html>down</html>", times=None)
    with open_terminal("doctor", columns=columns) as terminal:
        code, text = terminal.finish()
    assert code == 4
    (mark,) = [line.split()[0] for line in text.splitlines() if line.split()[1:2] == ["authentication"]]
    assert mark == "✗"
    assert "503" in text
    server.faults.clear()
    with open_terminal("doctor", columns=columns) as terminal:
        code, text = terminal.finish()
    assert code == 0
    assert "✗" not in text
