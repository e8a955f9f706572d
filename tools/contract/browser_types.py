"""Types for the browser's code from the OpenAPI document: `python -m tools.contract.browser_types`."""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

TOOLS = Path(__file__).parent
ROOT = TOOLS.parent.parent
TARGET = ROOT / "static" / "types" / "contract.d.ts"
HEAD = """/**
 * Made from the server's OpenAPI document by `make docs`; do not edit. Types of specs, commands, reports, states, the
 * catalogue, messages of the stream and problems. Longer than other files since nobody writes or reads it whole.
 */
"""


def environment() -> dict[str, str]:
    """Where npm came as a wheel, Node is in the virtual environment."""
    return {**os.environ, "PATH": f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}


def installed() -> list[str]:
    """The command that runs Node, with the packages of this folder installed."""
    if not (TOOLS / "node_modules" / "openapi-typescript").exists():
        command = [str(ROOT / "tools" / "npm.sh"), "ci", "--ignore-scripts"]
        subprocess.run(command, cwd=TOOLS, check=True, capture_output=True)
    node = shutil.which("node", path=environment()["PATH"])
    if node is None:
        raise RuntimeError("Node is not here; run make setup-dev")
    return [node]


def make_types(document: Path, target: Path, *options: str) -> str:
    """Runs openapi-typescript; returns what it said."""
    program = TOOLS / "node_modules" / "openapi-typescript" / "bin" / "cli.js"
    command = [*installed(), program, document, "-o", target, "--default-non-nullable=false", "--alphabetize", *options]
    done = subprocess.run([*map(str, command)], cwd=TOOLS, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    return done.stdout + done.stderr


def browser_types() -> str:
    """The file's text: the schemas alone, each a type of its own name."""
    from app.main import create_app

    document = {**create_app().openapi(), "paths": {}}
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "openapi.json", Path(folder) / "contract.d.ts"
        source.write_text(json.dumps(document))
        make_types(source, target, "--root-types", "--root-types-no-schema-prefix")
        text = target.read_text()
    return HEAD + text.split("*/\n", 1)[1].lstrip()


def main() -> None:
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(browser_types())


if __name__ == "__main__":
    main()
