"""A small picture gallery in Django; ``python3 sample/gallery_django/run.py`` starts it."""
