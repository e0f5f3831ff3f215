"""Script and style sheet of the element that uploads from the browser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import Flask, render_template_string

if TYPE_CHECKING:
    from flask.testing import FlaskClient


def test_a_template_loads_script_and_style_sheet_from_the_application(app: Flask, browser: FlaskClient) -> None:
    app.add_url_rule("/page", view_func=lambda: render_template_string("{{ imagekit_upload_assets() }}"))
    page = browser.get("/page").text
    assert page.startswith('<link rel="stylesheet" href="/imagekit/static/upload.css"><script src="')
    found = {}
    for url in re.findall(r'(?:src|href)="([^"]+)"', page):
        with browser.get(url) as answer:
            found[answer.mimetype] = answer.get_data(as_text=True)
    assert list(found) == ["text/css", "text/javascript"]
    assert "customElements.define" in found["text/javascript"]


def test_no_other_file_of_the_package_is_served(browser: FlaskClient) -> None:
    assert browser.get("/imagekit/static/../../apps.py").status_code == 404
    assert browser.get("/imagekit/static/").status_code == 404
