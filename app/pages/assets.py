"""Static files and browser libraries, gzipped once and kept; a file that changes on disk is read again."""

import gzip
import hashlib
import mimetypes
import posixpath
import re
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from app.places import MODULES, SERVED, STATIC, is_library

IMPORTS = {
    "lit": "/vendor/lit/index.js",
    "lit/": "/vendor/lit/",
    "lit-html": "/vendor/lit-html/lit-html.js",
    "lit-html/": "/vendor/lit-html/",
    "lit-element/": "/vendor/lit-element/",
    "@lit/reactive-element": "/vendor/@lit/reactive-element/reactive-element.js",
    "@lit/reactive-element/": "/vendor/@lit/reactive-element/",
    "uplot": "/vendor/uplot/dist/uPlot.esm.js",
    "driver.js": "/vendor/driver.js/dist/driver.js.mjs",
}
TYPES = {".mjs": "text/javascript"}
MAIN = "main.js"
IMPORT = re.compile(r'^(?:import|export) (?:[^;"]*?from )?"(\.[^"]+)";', re.M)
"""A static import of a module of ours. One inside a function is fetched when it is wanted."""
COMPRESSIBLE = ("text/", "application/json", "image/svg")


@dataclass(frozen=True)
class Asset:
    body: bytes
    zipped: bytes | None
    etag: str
    media: str


class Assets:
    """Finds files by URL path, under static/ and the served libraries only."""

    def __init__(self) -> None:
        self._cache: dict[str, tuple[int, Asset]] = {}

    def path_of(self, kind: str, name: str) -> Path | None:
        base = STATIC if kind == "static" else MODULES
        path = (base / name).resolve()
        inside = path.is_relative_to(base.resolve()) and path.is_file() and path.suffix in SERVED
        if kind == "vendor" and not is_library(name):
            return None
        return path if inside else None

    def get(self, kind: str, name: str) -> Asset | None:
        path = self.path_of(kind, name)
        if path is None:
            return None
        stamp = path.stat().st_mtime_ns
        key = f"{kind}/{name}"
        known = self._cache.get(key)
        if known is None or known[0] != stamp:
            known = self._cache[key] = (
                stamp,
                make_asset(path.read_bytes(), TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0]),
            )
        return known[1]

    def modules(self) -> list[str]:
        """URL paths of the modules that the workbench begins with, for preloading: what main.js imports, and so on."""
        seen: set[str] = set()
        ahead = [MAIN]
        while ahead:
            name = ahead.pop()
            if name not in seen and (asset := self.get("static", name)) is not None:
                seen.add(name)
                folder = posixpath.dirname(name)
                ahead += (posixpath.normpath(posixpath.join(folder, to)) for to in IMPORT.findall(asset.body.decode()))
        return sorted(f"/static/{name}" for name in seen)


def make_asset(body: bytes, media: str | None) -> Asset:
    media = media or "application/octet-stream"
    zipped = gzip.compress(body, 9, mtime=0) if media.startswith(COMPRESSIBLE) or "javascript" in media else None
    return Asset(body, zipped, f'"{hashlib.sha256(body).hexdigest()[:20]}"', media)


def respond(request: Request, asset: Asset) -> Response:
    """The asset, zipped if the client can, or 304 if it has it."""
    headers = {"ETag": asset.etag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == asset.etag:
        return Response(status_code=304, headers=headers)
    if asset.zipped is not None and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(asset.zipped, media_type=asset.media, headers={**headers, "Content-Encoding": "gzip"})
    return Response(asset.body, media_type=asset.media, headers=headers)


router = APIRouter(include_in_schema=False)


@router.get("/{kind}/{name:path}")
async def asset(kind: str, name: str, request: Request) -> Response:
    """A file of static/ or of a served library."""
    library: Assets = request.app.state.assets
    found = library.get(kind, name) if kind in ("static", "vendor") else None
    if found is None:
        raise HTTPException(404, "there is no such page or file")
    return respond(request, found)
