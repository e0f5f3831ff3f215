"""An application for the tests under load: runs with uvicorn on a free port, which it prints."""

import os
import resource
import socket
import threading

import uvicorn
from fastapi import FastAPI, UploadFile

from imagekitio.contrib.fastapi import (
    AsyncImageKitDep,
    FileOut,
    ImageKitDep,
    install_error_handlers,
    lifespan,
    upload,
)

app = FastAPI(lifespan=lifespan())
install_error_handlers(app)


@app.post("/files")
def create_file(file: UploadFile, imagekit: ImageKitDep) -> FileOut:
    return FileOut.model_validate(upload(imagekit, file))


@app.post("/async-files")
async def create_file_asynchronously(file: UploadFile, imagekit: AsyncImageKitDep) -> FileOut:
    return FileOut.model_validate(await upload(imagekit, file))


@app.get("/usage")
async def show_usage() -> dict[str, int]:
    return {
        "descriptors": len(os.listdir("/dev/fd")),
        "threads": threading.active_count(),
        "peak_memory_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }


if __name__ == "__main__":
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        print(listener.getsockname()[1], flush=True)
        uvicorn.Server(uvicorn.Config(app, log_level="warning")).run([listener])
