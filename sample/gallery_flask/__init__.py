"""A small picture gallery in Flask; ``python3 sample/gallery_flask/run.py`` starts it."""
