"""Static files and browser libraries, answered from memory: zipped once, and read again when they change on disk.

A file has two addresses. /static/NAME is the file as it is; a browser asks each time whether it has changed. Pages load
from /static/v-VERSION/NAME: the version is made of everything that a page can load, so whatever lies there never
changes and a browser asks once. Modules and styles lie there without their comments (app/pages/source.py).
"""

import gzip
import hashlib
import json
import mimetypes
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.pages.source import INDENT, without_comments, without_css_comments
from app.places import LANGUAGES, MODULES, ROOT, SERVED, STATIC, is_library

IMPORTS = {
    "lit": "lit/index.js",
    "lit/": "lit/",
    "lit-html": "lit-html/lit-html.js",
    "lit-html/": "lit-html/",
    "lit-element/": "lit-element/",
    "@lit/reactive-element": "@lit/reactive-element/reactive-element.js",
    "@lit/reactive-element/": "@lit/reactive-element/",
    "uplot": "uplot/dist/uPlot.iife.min.js",
    "lean-qr/": "lean-qr/",
    "@fluent/bundle": "@fluent/bundle/esm/index.js",
}
"""What modules call the libraries, and where those are under /vendor."""
EXPORTED = {"uplot/dist/uPlot.iife.min.js": b"\nexport default uPlot;\n"}
"""Of this library the module is twice as large as the small script, which one line makes a module."""
TYPES = {".mjs": "text/javascript", ".woff2": "font/woff2", ".ftl": "text/plain"}
BEGIN, MAIN = "begin.js", "main.js"
"""What the workbench asks for before its elements are here, and the elements."""
IMPORT = re.compile(r"""\b(?:import|export)\b\s*(?:[\w$*{}\s,]*?\bfrom\b\s*)?(["'])([^"'\n]+)\1""")
"""A static import. One inside a function is fetched when it is wanted."""
ADDRESS = re.compile(r"/(static|vendor)/(?:v-([0-9a-f]{12})/)?(.+)")
COMPRESSIBLE = ("text/", "application/json", "image/svg")
ALWAYS = {"Cache-Control": "no-cache"}
FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}


@dataclass(frozen=True)
class Asset:
    body: bytes
    zipped: bytes | None
    etag: str
    media: str


class Assets:
    """Finds files by URL path, under static/ and the served libraries only."""

    def __init__(self) -> None:
        self._whole: dict[str, tuple[int, Asset]] = {}
        self._lean: dict[str, Asset] = {}
        self._digests: dict[Path, tuple[int, bytes]] = {}
        self._version = ""

    def path_of(self, kind: str, name: str) -> Path | None:
        base = MODULES if kind == "vendor" else LANGUAGES.parent if name.startswith("languages/") else STATIC
        path = (base / name).resolve()
        base = LANGUAGES if base == LANGUAGES.parent else base
        inside = path.is_relative_to(base.resolve()) and path.is_file() and path.suffix in SERVED
        if kind == "vendor" and not is_library(name):
            return None
        return path if inside else None

    def get(self, kind: str, name: str) -> Asset | None:
        """The file as it is."""
        path = self.path_of(kind, name)
        if path is None:
            return None
        stamp = path.stat().st_mtime_ns
        key = f"{kind}/{name}"
        known = self._whole.get(key)
        if known is None or known[0] != stamp:
            body = path.read_bytes() + (EXPORTED.get(name, b"") if kind == "vendor" else b"")
            known = self._whole[key] = (stamp, make_asset(body, media_of(path)))
        return known[1]

    def lean(self, kind: str, name: str) -> Asset | None:
        """What pages load: ours without comments."""
        key = f"{kind}/{name}"
        known = self._lean.get(key)
        if known is None and (whole := self.get(kind, name)) is not None:
            known = self._lean[key] = whole if kind == "vendor" else shorten(whole, name)
        return known

    def version(self) -> str:
        """Of everything that pages load; what lies under the version before is forgotten."""
        digest = hashlib.sha256((ROOT / "package-lock.json").read_bytes())
        for path in sorted([*STATIC.rglob("*.*"), *LANGUAGES.rglob("*.ftl")]):
            if path.suffix in SERVED:
                stamp = path.stat().st_mtime_ns
                known = self._digests.get(path)
                if known is None or known[0] != stamp:
                    known = self._digests[path] = (stamp, hashlib.sha256(path.read_bytes()).digest())
                name = path.relative_to(STATIC if path.is_relative_to(STATIC) else LANGUAGES.parent)
                digest.update(name.as_posix().encode() + b"\0" + known[1])
        version = f"v-{digest.hexdigest()[:12]}"
        if version != self._version:
            self._version = version
            self._lean.clear()
        return version

    def import_map(self, version: str) -> str:
        """Modules that are named without a version (by people, by programs) are the same ones."""
        static = f"/static/{version}/"
        libraries = {name: f"/vendor/{version}/{path}" for name, path in IMPORTS.items()}
        return json.dumps({"imports": {**libraries, "/static/": static, static: static}}, separators=(",", ":"))

    def modules(self, *begin: str) -> list[str]:
        """The modules that a page begins with, "static/main.js", for preloading: what they import, and so on.

        In the order in which they are wanted: a browser fetches a few at a time.
        """
        seen: dict[str, None] = {}
        for first in begin or (BEGIN, MAIN):
            ahead = [f"static/{first}"]
            while ahead:
                address = ahead.pop(0)
                kind, _, name = address.partition("/")
                if address not in seen and (asset := self.lean(kind, name)) is not None:
                    seen[address] = None
                    ahead += self._imported(address, asset)
        return list(seen)

    @staticmethod
    def _imported(address: str, asset: Asset) -> Iterator[str]:
        for _, name in IMPORT.findall(asset.body.decode()):
            if name.startswith("."):
                yield posixpath.normpath(posixpath.join(posixpath.dirname(address), name))
            else:
                known = max((key for key in IMPORTS if name.startswith(key)), key=len, default="")
                yield f"vendor/{IMPORTS[known]}{name.removeprefix(known)}" if known else name

    def find(self, path: str, headers: Headers) -> Response | None:
        """The answer for an address, or None if nothing is there."""
        address = ADDRESS.fullmatch(path)
        if address is None:
            return None
        kind, version, name = address.groups()
        if not self._version:
            self.version()
        current = version is not None and self._version == f"v-{version}"
        asset = self.lean(kind, name) if current else self.get(kind, name)  # another version: a page from before
        return None if asset is None else respond(headers, asset, forever=current)


def media_of(path: Path) -> str:
    return TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"


def make_asset(body: bytes, media: str) -> Asset:
    zipped = gzip.compress(body, 9, mtime=0) if media.startswith(COMPRESSIBLE) or "javascript" in media else None
    return Asset(body, zipped, f'"{hashlib.sha256(body).hexdigest()[:20]}"', media)


def shorten(asset: Asset, name: str) -> Asset:
    """A file of ours without comments and indents, which mean nothing in markup and statements."""
    shorter = {".js": without_comments, ".css": without_css_comments}.get(Path(name).suffix)
    if shorter is None:
        return asset
    return make_asset(INDENT.sub("\n", shorter(asset.body.decode())).encode(), asset.media)


def respond(headers: Headers, asset: Asset, *, forever: bool) -> Response:
    """The asset, zipped if the client can, or 304 if it has it."""
    told = (
        {**FOREVER, "Vary": "Accept-Encoding"} if forever else {**ALWAYS, "ETag": asset.etag, "Vary": "Accept-Encoding"}
    )
    if not forever and headers.get("if-none-match") == asset.etag:
        return Response(status_code=304, headers=told)
    if asset.zipped is not None and "gzip" in headers.get("accept-encoding", ""):
        return Response(asset.zipped, media_type=asset.media, headers={**told, "Content-Encoding": "gzip"})
    return Response(asset.body, media_type=asset.media, headers=told)


class Served:
    """Answers for files before any route is looked for: a page asks for a hundred of them at once."""

    def __init__(self, app: ASGIApp, library: Assets) -> None:
        self.app, self.library = app, library

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD"):
            answer = self.library.find(scope["path"], Headers(scope=scope))
            if answer is not None:
                await answer(scope, receive, send)
                return
        await self.app(scope, receive, send)
