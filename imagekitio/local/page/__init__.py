"""The page for people at ``/``: folders, pictures, uploads, transformations and the last requests, in a browser.

How it authenticates. The page acts for its visitor with the first key pair of `Settings.keys`, yet no key leaves the
server: `session.PageSession` puts a random token into the HTML, and whatever the page asks for below ``/_local/page/``
must bring it in a header. Who can read ``/`` can use the page, like the rest of the control API; nobody else can:

- Other web sites cannot read the token (no CORS), cannot send the header without a preflight that nobody answers, and
  are refused by ``Sec-Fetch-Site`` and ``Origin`` besides.
- DNS rebinding makes another site's name point here: only loopback names, IP addresses and the host of the base URL
  are served.
- What strangers upload is in the same origin. Delivery sandboxes what could run, the page takes scripts and styles only
  with the nonce of its HTML, and Trusted Types forbid to make HTML of text.

``session`` holds these rules, ``links`` makes URLs and the Python for them, ``journal`` remembers the last requests,
``routes`` puts them on the web, ``static`` is what the browser gets.
"""

from __future__ import annotations

from .journal import Journal
from .routes import page_routes

__all__ = ["Journal", "page_routes"]
