"""Integrations with web frameworks: `django`, `flask` and `fastapi`, each with the extra of the same name.

The shared modules import no framework: `errors` maps errors to responses, `browser_uploads` has the rules for uploads
from the browser, `forms` the names of files in forms, `pictures` the functions for templates, `events` the memory for
webhooks, and `assets` the element for uploads; `lazy` loads public names on first use.
"""
