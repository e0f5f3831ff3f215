"""Rows that are added to a form of the admin, and removed again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.contrib.django.shop.models import Album, Slide

from .conftest import LARGE_PNG

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from imagekitio.local import LocalImageKit

    from .conftest import Page


@pytest.fixture
def album(page: Page, superuser: User) -> Page:
    """The page to add an album; its rows are `slides-…`, and `slides-2-…` in the other layout of the admin."""
    page.log_in(superuser)
    page.open("/admin/shop/album/add/").one("[name=title]").send_keys("Summer")
    return page


def add_row(album: Page, prefix: str, number: int, caption: str) -> str:
    """Add a row; return its selector."""
    album.one(f"#{prefix}-group .add-row a").click()
    album.one(f'[name="{prefix}-{number}-caption"]').send_keys(caption)
    return f"#{prefix}-{number}"


@pytest.mark.parametrize("prefix", ["slides", "slides-2"], ids=["tabular", "stacked"])
def test_each_row_that_is_added_uploads_its_own_file(album: Page, prefix: str) -> None:
    for number, caption in enumerate("abc"):
        row = add_row(album, prefix, number, caption)
        album.choose(album.make_file(f"{caption}.png"), within=row)
        assert f"{caption}.png" in album.wait_for_rows(1, within=row)[0].text
    album.one(f"#{prefix}-0 .inline-deletelink").click()  # the rows below it get other numbers
    album.one("[name=_save]").click()
    album.wait_for_text("was added successfully")
    stored = [(slide.caption, str(slide.picture).partition("_")[0]) for slide in Slide.objects.order_by("caption")]
    assert stored == [("b", "portraits/b"), ("c", "portraits/c")]
    assert album.console() == []


def test_a_row_that_is_removed_stops_uploading_and_is_not_waited_for(album: Page, account: LocalImageKit) -> None:
    row = add_row(album, "slides", 0, "a")
    with album.limit_connection(uploadThroughput=1000):
        album.choose(album.make_file("a.png", LARGE_PNG), within=row)
        album.wait_for_rows(1, "uploading", within=row)
        album.one("[name=_save]").click()
        album.wait_for_text("The form will be sent when the uploads are complete.")
        album.one(f"{row} .inline-deletelink").click()
    album.wait_for_text("was added successfully")
    assert (Album.objects.count(), Slide.objects.count()) == (1, 0)
    assert len(account.client().list_files()) == 0


def test_a_row_that_is_moved_keeps_its_upload(album: Page) -> None:
    for number, caption in enumerate("ab"):
        add_row(album, "slides", number, caption)
    with album.limit_connection(uploadThroughput=1000):
        album.choose(album.make_file("a.png", LARGE_PNG), within="#slides-0")
        album.choose(album.make_file("b.png"), within="#slides-1")
        album.wait_for_rows(1, "uploading", within="#slides-0")
        album.js("document.querySelector('#slides-1').after(document.querySelector('#slides-0'))")
    for row in ("#slides-0", "#slides-1"):
        album.wait_for_rows(1, within=row)
    album.one("[name=_save]").click()
    album.wait_for_text("was added successfully")
    stored = [(slide.caption, str(slide.picture).partition("_")[0]) for slide in Slide.objects.order_by("caption")]
    assert stored == [("a", "portraits/a"), ("b", "portraits/b")]
