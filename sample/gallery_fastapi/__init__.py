"""A small picture gallery in FastAPI; ``python3 sample/gallery_fastapi/run.py`` starts it."""
