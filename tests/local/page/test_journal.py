"""The latest requests, as the page shows them."""

from __future__ import annotations

from imagekitio.local.page.journal import MAX_ENTRIES, Journal
from imagekitio.local.web.exchange import Observed


def note(journal: Journal, path: str, query: str = "", status: int | None = 200, **headers: str) -> None:
    scope = {
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
    }
    asked = {name.replace("_", "-"): value for name, value in headers.items()}
    error = "" if status == 200 else "It is wrong."
    journal.note(Observed(scope, asked, query, None, status, {}, 5, error, at=1.0, real_at=2.0, milliseconds=3.14159))


def test_a_request_is_kept_with_its_error() -> None:
    journal = Journal()
    note(journal, "/v1/files")
    note(journal, "/local/a.jpg", "tr=w-5&ik-s=***&x=1", status=401)
    good, bad = journal.after(0)
    assert good == (1, 2.0, "GET", "/v1/files", "", 200, 3.1, "")
    assert bad == (2, 2.0, "GET", "/local/a.jpg", "tr=w-5&ik-s=***&x=1", 401, 3.1, "It is wrong.")
    assert [entry.number for entry in journal.after(1)] == [2]


def test_a_connection_that_ends_without_a_response_has_the_status_0() -> None:
    journal = Journal()
    note(journal, "/v1/files", status=None)
    assert [entry.status for entry in journal.after(0)] == [0]


def test_the_pages_own_requests_are_left_out_but_followed_links_are_kept() -> None:
    journal = Journal()
    note(journal, "/")
    note(journal, "/local/a.jpg", sec_fetch_site="same-origin", sec_fetch_mode="no-cors")
    assert journal.after(0) == []
    note(journal, "/local/a.jpg", sec_fetch_site="same-origin", sec_fetch_mode="navigate")
    note(journal, "/local/b.jpg", sec_fetch_site="same-site", sec_fetch_mode="no-cors")
    assert [entry.path for entry in journal.after(0)] == ["/local/a.jpg", "/local/b.jpg"]


def test_only_the_latest_requests_are_kept() -> None:
    journal = Journal()
    for _ in range(MAX_ENTRIES + 3):
        note(journal, "/v1/files")
    assert [entry.number for entry in journal.after(0)] == list(range(4, MAX_ENTRIES + 4))
