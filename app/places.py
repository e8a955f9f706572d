"""Where things are: the folders beside this package, and which files of node_modules belong to the program.

The folders lie the same way everywhere: app/ beside static/ in a checkout, descent/app beside descent/static in an
installed package. Wheels are always unpacked, so paths do (nothing here is read from inside an archive). Standard
library alone: the build and `descent doctor` read this module where no package is installed.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

INSTALLED = __name__.startswith("descent.")
"""Whether this is the installed package and not a checkout (docs/packaging.md)."""
ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "static"
TEMPLATES = ROOT / "templates"
LANGUAGES = ROOT / "languages"
MODULES = ROOT / "node_modules"

SERVED = {".js", ".mjs", ".css", ".svg", ".png", ".woff2", ".json", ".ico", ".ftl"}
"""Endings of files that are served."""
LIBRARIES = (
    "lit",
    "lit-html",
    "lit-element",
    "@lit/reactive-element",
    "uplot/dist",
    "lean-qr",
    "@fluent/bundle/esm",
)
"""Folders of node_modules that are served under /vendor."""
UNUSED = {"development", "node", "extras", "cli.mjs"}
"""What in them is for other programs than a browser, or for other frameworks than ours."""
WEIGHTS = "@vladmandic/face-api/model"
"""The folder of node_modules with trained weights."""
DETECTOR, LANDMARKS = "tiny_face_detector_model", "face_landmark_68_tiny_model"
"""The models of it that are used."""


def is_library(name: str) -> bool:
    """Whether a file of node_modules, "lit/index.js", is one that pages may have."""
    path = Path(name)
    known = any(name.startswith(f"{library}/") for library in LIBRARIES)
    return known and path.suffix in SERVED and not {*UNUSED, ".."} & set(path.parts)


def package_of(folder: str) -> str:
    """The npm package that a folder of node_modules belongs to."""
    parts = folder.split("/")
    return "/".join(parts[: 2 if folder.startswith("@") else 1])


def library_troubles(root: Path = ROOT) -> list[str]:
    """What of LIBRARIES and WEIGHTS is not in root's node_modules as its package-lock.json has it; empty if all is."""
    modules = root / "node_modules"
    locked = json.loads((root / "package-lock.json").read_text("utf-8"))["packages"]
    troubles = {}
    for folder in (*LIBRARIES, WEIGHTS):
        package = package_of(folder)
        wanted = locked[f"node_modules/{package}"]["version"]
        about = modules / package / "package.json"
        if not about.is_file() or not any((modules / folder).glob("*")):
            troubles[package] = f"{package} (missing)"
            continue
        have = json.loads(about.read_text("utf-8"))["version"]
        if have != wanted:
            troubles[package] = f"{package} (expected {wanted}, got {have})"
    return list(troubles.values())


def storage(environment: Mapping[str, str] = os.environ, installed: bool = INSTALLED) -> Path:
    """Where runs are kept unless DESCENT_STORAGE_PATH says: var/ in a checkout, else the user's own data folder.

    That is descent/ in $XDG_DATA_HOME, by default ~/.local/share (XDG Base Directory Specification 0.8; a path that
    is not absolute is passed over, as it asks); on macOS in ~/Library/Application Support.
    """
    name = "descent.sqlite3"
    given = Path(environment.get("XDG_DATA_HOME", ""))
    own = Path(os.path.expanduser("~"))  # Path.home() raises for a user without a home
    if not installed:
        return Path("var") / name
    if given.is_absolute():
        return given / "descent" / name
    if not own.is_absolute():
        return Path("var") / name
    share = own / ("Library/Application Support" if sys.platform == "darwin" else ".local/share")
    return share / "descent" / name
