"""`descent doctor`: looks at everything the server needs and says in a sentence each what is there, missing or wrong.

Standard library alone, in words that an old Python understands too: it is asked when something does not work.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import socket
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from importlib import import_module, metadata
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from app import __version__, places

PYTHON = (3, 11)
REQUIREMENT = re.compile(r"([\w.-]+)(?:\[[\w,-]*\])?>=([\d.]+)")
"""The form that our requirements have; a test holds them to it."""
MOST_NAMES = 5
HERE = __name__.rpartition(".")[0]


class Finding(NamedTuple):
    """What one look found: "ok", "note" (the server starts without it) or "wrong"."""

    verdict: str
    text: str


def report(host: str, port: int) -> int:
    """Prints the findings; the exit status: 1 if anything is wrong, else 0."""
    print(f"Descent {__version__}, {'installed' if places.INSTALLED else 'a checkout'} in {places.ROOT}")
    wrong = 0
    for finding in findings(host, port):
        print(f"{finding.verdict:5}  {finding.text}", flush=True)
        wrong += finding.verdict == "wrong"
    print(f"{wrong} wrong" if wrong else "nothing is missing")
    return 1 if wrong else 0


def findings(host: str, port: int) -> Iterator[Finding]:
    """All of them, each as soon as it is known."""
    interpreter = check_python()
    yield interpreter
    packages = check_packages()
    yield packages
    yield check_files()
    yield check_libraries()
    if interpreter.verdict == packages.verdict == "ok":
        yield check_program()
    yield check_storage(storage_path())
    yield check_port(host, port)
    yield check_onnx()


def names(wanted: list[str]) -> str:
    """A few of them, and how many more there are."""
    more = len(wanted) - MOST_NAMES
    return ", ".join(wanted[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "")


def remedy() -> str:
    return "install the wheel again" if places.INSTALLED else "make setup"


def check_python() -> Finding:
    have, wanted = (".".join(map(str, v)) for v in (sys.version_info[:3], PYTHON))
    if sys.version_info[:2] < PYTHON:
        return Finding("wrong", f"Python: expected {wanted} or newer, got {have} ({sys.executable})")
    return Finding("ok", f"Python: {have}")


def distribution() -> metadata.Distribution | None:
    """What pip wrote down of this very installation."""
    found = metadata.distributions(name="descent", path=[str(places.ROOT.parent)])
    return next(iter(found), None)


def requirements() -> list[str]:
    """The packages that have to be here, as "fastapi>=0.115"."""
    if places.INSTALLED:
        mine = distribution()
        return [r for r in (mine.requires or [] if mine else []) if ";" not in r]
    project = import_module("tomllib").loads((places.ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return [str(requirement) for requirement in project["dependencies"]]


def release(version: str) -> tuple[int, ...]:
    """(2, 14, 3) of "2.14.3"; what stands behind the numbers ("rc1") does not count."""
    return tuple(int(part) for part in re.findall(r"\d+", re.split(r"[^\d.]", version)[0]))


def check_packages() -> Finding:
    if sys.version_info[:2] < PYTHON:
        return Finding("note", "packages: they are not looked at with this Python")
    wanted = requirements()
    troubles = []
    for requirement in wanted:
        found = REQUIREMENT.fullmatch(requirement.replace(" ", ""))
        if found is None:
            troubles.append(f"{requirement} (not understood)")
            continue
        name, least = found.groups()
        try:
            have = metadata.version(name)
        except metadata.PackageNotFoundError:
            troubles.append(f"{name} (missing)")
            continue
        if release(have) < release(least):
            troubles.append(f"{name} (expected {least} or newer, got {have})")
    if not wanted:
        return Finding("wrong", f"packages: pip's notes on this installation are gone; {remedy()}")
    if troubles:
        return Finding("wrong", f"packages: {', '.join(troubles)}; {remedy()}")
    return Finding("ok", f"packages: all {len(wanted)} are here and new enough")


def changed_files(mine: metadata.Distribution) -> tuple[list[str], int]:
    """Files of the installed package that are missing or not as they were built, and the number of all."""
    bad, number = [], 0
    for file in mine.files or []:
        if file.hash is None or file.parts[0] != "descent":
            continue
        number += 1
        path = Path(str(mine.locate_file(file)))
        try:
            digest = hashlib.new(file.hash.mode, path.read_bytes()).digest()
        except OSError:
            bad.append(f"{file} (missing)")
            continue
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != file.hash.value:
            bad.append(f"{file} (changed)")
    return bad, number


def check_files() -> Finding:
    """Pages, scripts, styles and data; an installed package is compared with pip's record byte by byte."""
    if places.INSTALLED:
        mine = distribution()
        bad, number = changed_files(mine) if mine else ([], 0)
        if number == 0:
            return Finding("wrong", f"files: pip's record of this installation is gone; {remedy()}")
        if bad:
            return Finding("wrong", f"files: {names(bad)}; {remedy()}")
        return Finding("ok", f"files: all {number} are as they were built")
    wanted = {"templates": "*.html", "templates/labs": "*.json", "languages": "*/*.ftl", "static": "*.js",
              "static/styles": "*.css", "engine/data/files": "*.npz"}  # fmt: skip
    empty = [folder for folder, kind in wanted.items() if next((places.ROOT / folder).glob(kind), None) is None]
    if empty:
        return Finding("wrong", f"files: nothing is in {names(empty)}; bring them back with git restore")
    return Finding("ok", "files: templates, scripts, styles and data are here")


def check_libraries() -> Finding:
    """The npm packages that pages import, and the trained weights."""
    try:
        troubles = places.library_troubles()
    except (OSError, ValueError, KeyError) as error:
        troubles = [f"{type(error).__name__}: {error}"]
    if troubles:
        return Finding("wrong", f"browser libraries: {names(troubles)}; {remedy()}")
    return Finding("ok", "browser libraries: all are here as they are locked")


def check_program() -> Finding:
    """Whether the server's modules load and the settings are good."""
    try:
        import_module(f"{HERE}.main")
        wrong = import_module(f"{HERE}.settings").wrong_in(os.environ)
    except Exception as error:  # whatever a damaged package raises is what is asked for
        lines = " ".join(str(error).split())
        return Finding("wrong", f"program: {type(error).__name__}: {lines}")
    if wrong:
        return Finding("wrong", f"settings: {wrong}")
    return Finding("ok", "program: it loads, and the settings are good")


def storage_path() -> Path:
    given = os.environ.get("DESCENT_STORAGE_PATH")
    return Path(given) if given else places.storage()


def check_storage(path: Path) -> Finding:
    """Tries to write: a file that is gone at once, or a transaction that is taken back."""
    path = path.absolute()
    try:
        if path.exists():
            connection = sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, timeout=2)
            try:
                connection.execute("PRAGMA schema_version").fetchone()
                connection.execute("BEGIN IMMEDIATE")
                connection.rollback()
            finally:
                connection.close()
            return Finding("ok", f"storage: {path} can be written")
        folder = next(parent for parent in path.parents if parent.exists())
        with tempfile.TemporaryFile(dir=folder):
            return Finding("ok", f"storage: {path} can be made")
    except (OSError, sqlite3.Error) as error:
        why = getattr(error, "strerror", None) or error
        return Finding("wrong", f"storage: {path} cannot be written: {why}; DESCENT_STORAGE_PATH names another file")


def check_port(host: str, port: int) -> Finding:
    try:
        kind, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        with socket.socket(kind, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (OSError, OverflowError) as error:
        why = getattr(error, "strerror", None) or error
        return Finding("wrong", f"port: {host}:{port} cannot be used: {why}; --host and --port name another")
    return Finding("ok", f"port: {host}:{port} is free")


def check_onnx() -> Finding:
    if find_spec("onnx") is None:
        return Finding("note", "onnx: not here, so models cannot be written as ONNX files; pip install onnx adds it")
    return Finding("ok", f"onnx: {metadata.version('onnx')}")
