"""Your own httpx clients, wrapped as code for the released package wraps them."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from imagekitio.imgsrc import Imgsrc
from imagekitio.imgsrc.httpclient import AsyncHttpClient, HttpClient
from imagekitio.local import LocalImgsrc


class Wrapped(HttpClient):
    def __init__(self, client: HttpClient) -> None:
        self.client: HttpClient = client

    def send(
        self, request: httpx.Request, *, stream: bool = False, auth: Any = None, follow_redirects: Any = None
    ) -> httpx.Response:
        request.headers["x-shop"] = "7"
        return self.client.send(request, stream=stream, auth=auth, follow_redirects=follow_redirects)

    def build_request(
        self,
        method: str,
        url: Any,
        *,
        content: Any = None,
        data: Any = None,
        files: Any = None,
        json: Any = None,
        params: Any = None,
        headers: Any = None,
        cookies: Any = None,
        timeout: Any = httpx.USE_CLIENT_DEFAULT,
        extensions: Any = None,
    ) -> httpx.Request:
        return self.client.build_request(
            method,
            url,
            content=content,
            data=data,
            files=files,
            json=json,
            params=params,
            headers=headers,
            cookies=cookies,
            timeout=timeout,
            extensions=extensions,
        )


class AsyncWrapped(AsyncHttpClient):
    def __init__(self, client: AsyncHttpClient) -> None:
        self.client: AsyncHttpClient = client

    async def send(
        self, request: httpx.Request, *, stream: bool = False, auth: Any = None, follow_redirects: Any = None
    ) -> httpx.Response:
        return await self.client.send(request, stream=stream, auth=auth, follow_redirects=follow_redirects)

    def build_request(self, method: str, url: Any, **options: Any) -> httpx.Request:
        return self.client.build_request(method, url, **options)


def test_clients_of_httpx_satisfy_the_protocols() -> None:
    with httpx.Client() as client:
        assert isinstance(client, HttpClient)
    assert isinstance(httpx.AsyncClient(), AsyncHttpClient)


def test_calls_go_through_a_client_that_wraps_another_and_is_not_closed() -> None:
    with LocalImgsrc() as server, httpx.Client() as inner:
        with Imgsrc(server.api_key, server_url=server.url, client=Wrapped(inner)) as imgsrc:
            page = imgsrc.images.list_images()
        assert page.total == 0
        assert not inner.is_closed


def test_awaited_calls_go_through_an_asynchronous_one() -> None:
    async def count(server: LocalImgsrc) -> int:
        async with httpx.AsyncClient() as inner:
            async with Imgsrc(server.api_key, server_url=server.url, async_client=AsyncWrapped(inner)) as imgsrc:
                page = await imgsrc.images.list_images_async()
            assert not inner.is_closed
        return page.total

    with LocalImgsrc() as server:
        assert asyncio.run(count(server)) == 0
