"""Dependencies that pass the clients to routes.

::

    @app.delete("/photos/{file_id}", status_code=204)
    async def delete_photo(file_id: str, imagekit: AsyncImageKitDep) -> None:
        await imagekit.delete_file(file_id)

Use `ImageKitDep` in functions that are not asynchronous, which FastAPI runs in threads, and to build URLs.
"""

from typing import Annotated

from fastapi import Depends
from fastapi.requests import HTTPConnection

from ...aio import AsyncImageKit
from ...client import ImageKit
from .clients import find_client


# Asynchronous, because FastAPI runs other dependencies in threads.
async def get_imagekit(connection: HTTPConnection) -> ImageKit:
    """Return the `ImageKit` that `lifespan` opened; a dependency for `fastapi.Depends`.

    In tests, replace it with ``app.dependency_overrides[get_imagekit]``.

    Raises:
        RuntimeError: The application was started without `lifespan`.
    """
    client: ImageKit = find_client(connection, "imagekit")
    return client


async def get_async_imagekit(connection: HTTPConnection) -> AsyncImageKit:
    """Return the `AsyncImageKit` that `lifespan` opened; see `get_imagekit`."""
    client: AsyncImageKit = find_client(connection, "async_imagekit")
    return client


ImageKitDep = Annotated[ImageKit, Depends(get_imagekit)]
AsyncImageKitDep = Annotated[AsyncImageKit, Depends(get_async_imagekit)]
