"""Functions for templates: `imagekit_url`, `imagekit_img`, `imagekit_picture` and `imagekit_upload_assets`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from ..pictures import Pictures
from .assets import write_upload_assets
from .clients import find_client

if TYPE_CHECKING:
    from starlette.requests import Request


def get_template_functions(request: Request) -> dict[str, Any]:
    """Return functions for pictures in templates; use it as a Starlette context processor. The functions send nothing.

    ::

        templates = Jinja2Templates("templates", context_processors=[get_template_functions])

        <a href="{{ imagekit_url(shoe.photo, width=1600) }}">
          {{ imagekit_img(shoe.photo, alt=shoe.name, width=400, sizes="(max-width: 600px) 100vw, 400px") }}
        </a>

    Their options are described in `imagekitio.contrib.pictures`, and are the same in all frameworks.
    ``imagekit_upload_assets()`` writes the tags that load the element for uploads from the browser; see
    `mount_upload_assets`.

    Args:
        request: The request for which the template is rendered; its client is the one that `lifespan` opened.
    """
    # Look up the client only when it is needed, so that other pages work without one.
    pictures = Pictures(partial(find_client, request, "imagekit"))
    return {**pictures.functions, "imagekit_upload_assets": partial(write_upload_assets, request)}
