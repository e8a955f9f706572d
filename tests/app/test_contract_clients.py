"""Public generators read the OpenAPI document without a word, and programs on what they make run."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.server import PATIENCE, ROOT
from tools.contract.browser_types import TOOLS, installed, make_types

PROGRAMS = ROOT / "tests" / "clients"


@pytest.fixture(scope="module")
def document(server, tmp_path_factory):
    path = tmp_path_factory.mktemp("contract") / "openapi.json"
    path.write_bytes(server.api.get("/openapi.json").content)
    return path


def output_of(command, **more):
    made = subprocess.run(
        list(map(str, command)), check=False, capture_output=True, text=True, timeout=PATIENCE, **more
    )
    assert made.returncode == 0, made.stdout + made.stderr
    return made.stdout + made.stderr


def assert_it_steered(text):
    told = json.loads(text)
    assert told["step"] == told["taken"] == 5
    assert told["rate"] == 0.3
    assert told["refused"] == 403
    assert told["gone"] == 204
    assert told["parameters"] == 13
    assert told["weights"] > 4 * told["parameters"]


def test_a_generated_python_client_starts_a_run_steers_it_and_reads_its_weights(server, document, tmp_path):
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--path", document, "--meta", "none",
               "--output-path", tmp_path / "descent_client", "--config", TOOLS / "client.yaml"]  # fmt: skip
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    words = output_of(command, env={**os.environ, "PATH": path})  # its ruff is the environment's
    assert words.split() == ["Generating", str(tmp_path / "descent_client")], words  # and not a word of warning
    program = [sys.executable, "-W", "error", PROGRAMS / "steer.py", server.url]
    assert_it_steered(output_of(program, env={**os.environ, "PYTHONPATH": str(tmp_path)}))


def test_a_generated_typescript_client_starts_a_run_steers_it_and_reads_its_weights(server, document, tmp_path):
    node = installed()
    words = make_types(document, tmp_path / "contract.d.ts")
    assert "warn" not in words.lower(), words
    assert "error" not in words.lower(), words
    (tmp_path / "steer.ts").write_bytes((PROGRAMS / "steer.ts").read_bytes())
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "node_modules").symlink_to(TOOLS / "node_modules")
    output_of([*node, TOOLS / "node_modules" / "typescript" / "bin" / "tsc", "--strict", "--target", "es2022",
               "--module", "nodenext", "--lib", "es2022,dom,dom.iterable", tmp_path / "steer.ts"])  # fmt: skip
    assert_it_steered(output_of([*node, tmp_path / "steer.js", server.url]))
