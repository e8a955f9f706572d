"""A plain ASGI guard in front of everything: body size, Host, Origin, and the security headers."""

import asyncio

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors.sentences import RESTARTING
from app.http.origin import host_allowed, origin_allowed
from app.http.problems import CodedHTTPException, Problem, answer, document, problem
from app.settings import Settings
from engine.core.errors import Coded

SAFE = ("GET", "HEAD", "OPTIONS")
PARTS = ("text/javascript", "text/css", "font/")
"""Media of what is never a document by itself: a page's policy holds for it, and a hundred of them make a page."""


class Guard:
    """Refuses what is too large or foreign before any handler sees it."""

    def __init__(self, app: ASGIApp, settings: Settings, policy: str) -> None:
        self.app, self.settings, self.policy = app, settings, policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await answer(refusal)(scope, receive, self._dressed(send))
            return
        seen = 0

        async def counted() -> Message:
            """A body without a Content-Length is counted as it comes."""
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self._most(scope):
                raise CodedHTTPException(413, self._too_large(scope))
            return message

        started = False

        async def noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, counted, self._dressed(noted))
        except asyncio.CancelledError:  # the server ends and has waited long enough for this answer
            if not started:
                ending = problem(503, *RESTARTING)
                await answer(ending)(scope, receive, self._dressed(send))

    def _most(self, scope: Scope) -> int:
        """Bytes of a body: uploads of pictures may be larger than others (and have a frame around them)."""
        if scope["path"] == "/api/v1/datasets":
            return max(self.settings.max_body_bytes, self.settings.max_pictures_bytes * 5 // 4)
        return self.settings.max_body_bytes

    def _too_large(self, scope: Scope) -> Coded:
        return Coded("body-large", "a request body may have at most {most:,} bytes", most=self._most(scope))

    def _refusal(self, scope: Scope, headers: Headers) -> Problem | None:
        length = headers.get("content-length", "0")
        if not length.isdigit():
            return problem(400, "content-length", "Content-Length wants a number, got {got!r:.40}", got=length)
        if int(length) > self._most(scope):
            return document(413, self._too_large(scope))
        if not host_allowed(headers, self.settings):
            return problem(421, "host-foreign", "this Host is not answered here")
        if scope["method"] not in SAFE and not origin_allowed(headers, self.settings):
            return problem(403, "origin-foreign", "requests from this origin are not accepted")
        return None

    def _dressed(self, send: Send) -> Send:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("X-Content-Type-Options", "nosniff")
                if headers.get("content-type", "").startswith(PARTS):
                    await send(message)
                    return
                headers.setdefault("Content-Security-Policy", self.policy)
                headers.setdefault("Referrer-Policy", "same-origin")
                headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
                headers.setdefault("Permissions-Policy", "camera=(self), microphone=(), geolocation=()")
            await send(message)

        return with_headers
