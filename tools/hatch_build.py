"""What a wheel and an sdist of Descent hold, beside what pyproject.toml says; docs/packaging.md tells why.

The wheel has one top-level package, descent: the checkout's app/, engine/, static/, templates/ and languages/ and the
browser libraries lie in it as they lie in a checkout, with `from app…` and `from engine…` turned into
`from descent.app…` and `from descent.engine…`. The sdist is the checkout and the browser libraries.
"""

import ast
import importlib.util
import os
import re
import shutil
import subprocess
import sysconfig
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

OURS = ("app", "engine")
ADDRESS = re.compile(r"(app|engine)(\.\w*)+")
OLDEST_NODE = 18
LICENCES = {"@fluent/bundle": "tools/licences/fluent-bundle.txt"}
"""Licences of packages that name theirs but bring no file of it."""
PACKAGE = '''\
"""Descent, the neural-network playground you can see inside: `descent` serves it, `descent.engine` is its engine."""

from descent.app import __version__

__all__ = ["__version__"]
'''
NPM = ["ci", "--omit=dev", "--ignore-scripts", "--no-fund", "--no-audit", "--no-update-notifier",
       "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000"]  # fmt: skip


class Trouble(Exception):
    """A sentence for whoever builds."""


def load(path: Path) -> Any:
    """A module of the checkout by its file: the checkout is not on the path of a build."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def moved(source: str, name: str) -> str:
    """The module as a part of descent: its imports of app and engine have another address, nothing else changes.

    What could not be moved is refused: `import app` (it binds the name app), and a module's address as a string.
    """
    lines = source.split("\n")
    tree = ast.parse(source)
    texts = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
    for node in ast.walk(tree):
        where = f"{name}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.Import) and any(a.name.split(".")[0] in OURS for a in node.names):
            raise Trouble(f"{where}: expected 'from … import …', got 'import {node.names[0].name}'")
        if isinstance(node, ast.ImportFrom) and node.level == 0 and (node.module or "").split(".")[0] in OURS:
            line = lines[node.lineno - 1]
            changed = re.sub(r"^(\s*from\s+)(?=(?:app|engine)\b)", r"\1descent.", line)
            if changed == line:
                raise Trouble(f"{where}: expected the import to begin its line, got {line.strip()!r}")
            lines[node.lineno - 1] = changed
        text = node.value if isinstance(node, ast.Constant) and id(node) not in texts else None
        if isinstance(text, str) and ADDRESS.fullmatch(text):
            raise Trouble(f"{where}: expected no module's address in a string, got {text!r}; make it of __name__")
    return "\n".join(lines)


def own_files(root: Path) -> Iterator[Path]:
    """Everything of app, engine, static and templates that belongs to the program."""
    for folder in (*OURS, "static", "templates", "languages"):
        for path in sorted((root / folder).rglob("*")):
            hidden = any(part.startswith(".") or part == "__pycache__" for part in path.relative_to(root).parts)
            if path.is_file() and not hidden:
                yield path


def library_files(root: Path, modules: Path, places: Any) -> dict[str, str]:
    """What pages may have of node_modules, and the licences that packages lack: files to their places in a package."""
    found = {str(p): f"node_modules/{p.relative_to(modules).as_posix()}" for p in _files_of(modules, places)}
    for package, text in LICENCES.items():
        if not _licences(modules / package):
            found[str(root / text)] = f"node_modules/{package}/LICENSE"
    return found


def _licences(package: Path) -> list[Path]:
    return sorted(p for p in package.iterdir() if re.match(r"licen[cs]e|copying", p.name.lower()))


def _files_of(modules: Path, places: Any) -> Iterator[Path]:
    """Of node_modules: the libraries, the trained weights, and every package's description and licences."""
    packages = {places.package_of(folder) for folder in (*places.LIBRARIES, places.WEIGHTS)}
    for package in sorted(packages):
        licences = _licences(modules / package)
        if not licences and package not in LICENCES:
            raise Trouble(f"{package} has no licence file; it cannot be passed on without one")
        yield from licences
        yield modules / package / "package.json"
    for folder in places.LIBRARIES:
        for path in sorted((modules / folder).rglob("*")):
            name = path.relative_to(modules).as_posix()
            if path.is_file() and places.is_library(name) and name != f"{places.package_of(folder)}/package.json":
                yield path
    for model in (places.DETECTOR, places.LANDMARKS):
        yield from sorted((modules / places.WEIGHTS).glob(f"{model}[-.]*"))


def search_path() -> str:
    """Where programs are looked for: a wheel with Node puts npm beside the Python that builds."""
    return os.pathsep.join((sysconfig.get_path("scripts"), os.environ.get("PATH", os.defpath)))


def find_npm() -> str | None:
    """npm, where its Node is new enough."""
    node, npm = (shutil.which(name, path=search_path()) for name in ("node", "npm"))
    if node is None or npm is None:
        return None
    asked = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    version = re.match(r"v(\d+)\.", asked.stdout)
    return npm if version and int(version[1]) >= OLDEST_NODE else None


def fetch_libraries(root: Path, folder: Path) -> None:
    """`npm ci` by the lock file, in a folder of its own."""
    npm = find_npm()
    if npm is None:
        raise Trouble(
            f"the browser libraries are not in node_modules, and there is no npm with Node {OLDEST_NODE} or newer "
            "to fetch them with; make setup does both"
        )
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(root / name, folder / name)
    environment = {**os.environ, "PATH": search_path()}
    done = subprocess.run([npm, *NPM], cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        errors = [line for line in done.stderr.splitlines() if line.strip()]
        said = "\n  ".join(errors[:8])
        raise Trouble(
            "the browser libraries could not be fetched. A build needs them from npm's registry once, by "
            f"package-lock.json; without a network, run make setup where there is one, or build from the sdist, which "
            f"has them.\n  npm ci ended with {done.returncode}:\n  {said}"
        )


class Hook(BuildHookInterface):  # type: ignore[type-arg, misc]
    """Called by hatchling for both kinds of package."""

    def _places(self) -> Any:
        return load(Path(self.root, "app", "places.py"))

    def dependencies(self) -> list[str]:
        """A wheel with Node, if the libraries have to be fetched and the machine has no npm for it."""
        if not self._places().library_troubles(Path(self.root)) or find_npm():
            return []
        return [tomllib.loads(Path(self.root, "pyproject.toml").read_text("utf-8"))["tool"]["descent"]["node"]]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            self.app.abort("Descent has no editable installation: in a checkout, python -m app runs it as it stands.")
        root, places = Path(self.root), self._places()
        self._folder = tempfile.TemporaryDirectory(prefix="descent-build-")
        fresh = Path(self._folder.name)
        try:
            modules = root / "node_modules"
            if places.library_troubles(root):
                fetch_libraries(root, fresh)
                modules = fresh / "node_modules"
            libraries = library_files(root, modules, places)
            inside = libraries if self.target_name == "sdist" else self._wheel(root, fresh / "descent", libraries)
        except Trouble as trouble:
            self.app.abort(str(trouble))
        build_data["force_include"].update(inside)

    @staticmethod
    def _wheel(root: Path, made: Path, libraries: dict[str, str]) -> dict[str, str]:
        """Files on this machine → their places in the wheel."""
        out = {source: f"descent/{name}" for source, name in libraries.items()}
        out[str(root / "package-lock.json")] = "descent/package-lock.json"
        written = {"__init__.py": PACKAGE, "py.typed": ""}
        main = "app/__main__.py"
        written["__main__.py"] = moved((root / main).read_text("utf-8"), main)
        for path in own_files(root):
            name = path.relative_to(root).as_posix()
            if path.suffix == ".py":
                written[name] = moved(path.read_text("utf-8"), name)
            else:
                out[str(path)] = f"descent/{name}"
        for name, text in written.items():
            target = made / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, "utf-8")
            out[str(target)] = f"descent/{name}"
        return out

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        self._folder.cleanup()
