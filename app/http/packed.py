"""Answers zipped for whoever can unzip them; those that a browser may keep have a mark to ask after."""

import asyncio
import gzip
import hashlib
from collections import OrderedDict

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PACKED = ("application/json", "application/problem+json", "text/", "application/x-safetensors")
SMALLEST = 800
"""Bytes; less fits into one packet anyhow."""
ASIDE = 64_000
"""Bytes that take more than a few milliseconds: a thread of its own zips them."""
KEPT = 8
"""Zipped answers that are kept: the catalogue and some pages, which are the same for everybody."""


class Packed:
    """Zips whole answers. One that comes in pieces (lines of JSON) passes as it comes."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._kept: OrderedDict[bytes, bytes] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] == "HEAD":
            await self.app(scope, receive, send)
            return
        asked = Headers(scope=scope)
        held: Message | None = None

        async def packing(message: Message) -> None:
            nonlocal held
            if message["type"] == "http.response.start":
                held = message
                return
            if held is not None:
                start, held = held, None
                if not message.get("more_body"):
                    message = await self._pack(asked, start, message)
                await send(start)
            await send(message)

        await self.app(scope, receive, packing)

    async def _pack(self, asked: Headers, start: Message, message: Message) -> Message:
        """The body, and `start` changed to fit."""
        headers, body = MutableHeaders(scope=start), message.get("body", b"")
        if (
            len(body) < SMALLEST
            or not headers.get("content-type", "").startswith(PACKED)
            or "content-encoding" in headers
        ):
            return message
        headers.add_vary_header("Accept-Encoding")
        kept = start["status"] == 200 and headers.get("cache-control") == "no-cache"
        mark = hashlib.sha256(body).digest() if kept else b""
        if mark:
            headers["ETag"] = f'W/"{mark.hex()[:20]}"'
            if asked.get("if-none-match") == headers["ETag"]:
                start["status"] = 304
                del headers["content-length"]
                return {**message, "body": b""}
        if "gzip" in asked.get("accept-encoding", ""):
            body = await self._zipped(body, mark)
            headers["Content-Encoding"] = "gzip"
            headers["Content-Length"] = str(len(body))
        return {**message, "body": body}

    async def _zipped(self, body: bytes, mark: bytes) -> bytes:
        if mark in self._kept:
            self._kept.move_to_end(mark)
            return self._kept[mark]
        zipped = await asyncio.to_thread(gzip.compress, body, 6) if len(body) > ASIDE else gzip.compress(body, 6)
        if mark:
            self._kept[mark] = zipped
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return zipped
