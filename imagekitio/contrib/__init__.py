"""Integrations of web frameworks: `django`, `flask` and `fastapi`, each with the extra of its name.

What they share lies here and imports no framework: `errors` says what a visitor is told, `browser_uploads` what a
browser may upload, `forms` what a file of a form is called, `pictures` what templates can write, `events` which
webhooks came before, `assets` where the element for uploads lies, and `lazy` loads public names on first use.
"""
