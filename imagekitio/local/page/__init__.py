"""The web page at ``/``: folders, pictures, uploads, transformations and the latest requests.

The page acts for its visitor with the first key pair of `Settings.keys`, but no key leaves the server.
`session.PageSession` puts a random token into the HTML, and every request of the page below ``/_local/page/`` must send
it in a header. Anyone who can read ``/`` can use the page; others cannot:

- Other web sites cannot read the token, as there is no CORS. They cannot send the header, because its preflight request
  is not answered. ``Sec-Fetch-Site`` and ``Origin`` are checked too.
- DNS rebinding makes the name of another site point here, so the page is served only under loopback names, IP
  addresses and the host of the base URL.
- Files uploaded by strangers have the same origin. Delivery sandboxes those that could run scripts, the page accepts
  scripts and styles only with the nonce of its HTML, and Trusted Types forbid making HTML from text.

``session`` holds these rules, ``links`` makes URLs and the Python code for them, ``journal`` records the latest
requests, ``routes`` has the HTTP routes, and ``static`` the files for the browser.
"""

from __future__ import annotations

from .journal import Journal
from .routes import page_routes

__all__ = ["Journal", "page_routes"]
