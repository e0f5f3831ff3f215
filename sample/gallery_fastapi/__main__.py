"""Run the gallery on local ImageKit."""

from __future__ import annotations

import uvicorn

from ..gallery_common.running import run_gallery


def serve(port: int) -> None:
    """Run uvicorn."""
    uvicorn.run("sample.gallery_fastapi.app:app", port=port, log_level="warning")


if __name__ == "__main__":
    run_gallery("FastAPI", serve)
