"""Programs that use the API: the documented client, and a fuzzer that reads the OpenAPI document."""

import copy
import subprocess
import sys

import orjson
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.server import PATIENCE, ROOT, Server


def test_the_documented_client_runs(server):
    command = [sys.executable, ROOT / "docs" / "client.py", server.url]
    made = subprocess.run(command, check=False, capture_output=True, text=True, timeout=PATIENCE)
    assert made.returncode == 0, made.stderr
    assert "J 0." in made.stdout
    assert any(bar in made.stdout for bar in "▅▆▇█")
    lines = (ROOT / "docs" / "client.py").read_text().splitlines()
    assert sum(bool(line.strip()) for line in lines) <= 40


FUZZ = settings(derandomize=True, database=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory):
    limits = {"max_runs": 500, "max_runs_per_client": 500, "commands_per_second": 5000, "command_burst": 9999}
    with Server(tmp_path_factory.mktemp("fuzz"), **limits) as running:
        yield running
        assert "Traceback" not in running.log_text(), running.log_text()


@pytest.fixture(scope="module")
def operations(fuzzed):
    schemathesis.serializer.alias(["application/x-safetensors", "application/zip"], "application/octet-stream")
    schema = schemathesis.openapi.from_url(f"{fuzzed.url}/api/v1/openapi.json")
    return [found.ok() for found in schema.get_all_operations()]


def fuzz(operation, check):
    """Calls check(label, case) for generated cases of one operation; fewer of those that start a process each time."""

    @settings(FUZZ, max_examples=3 if operation.path.endswith(("/walk", "/normal-equation")) else 25)
    @given(case=operation.as_strategy())
    def attack(case):
        check(operation.label, case)

    attack()


@pytest.mark.timeout(600)
def test_no_request_the_fuzzer_makes_is_a_fault_of_ours(fuzzed, operations):
    """Every operation, with generated and with mutated valid input, on a run that exists; never a 5xx."""
    run, token = fuzzed.run()
    seen = {}

    def check(label, case):
        if "run_id" in (case.path_parameters or {}):
            case.path_parameters["run_id"] = run
        if case.method.upper() == "DELETE":
            return
        case.headers = {**(case.headers or {}), **token}
        answer = case.call(base_url=fuzzed.url, timeout=PATIENCE)
        seen.setdefault(label, []).append(answer.status_code)
        assert answer.status_code < 500, (case.as_curl_command(), answer.text)
        assert str(answer.status_code) in case.operation.definition.raw["responses"], (label, answer.status_code)
        if answer.status_code >= 400:
            assert "application/problem+json" in str(answer.headers["content-type"])

    for operation in operations:
        fuzz(operation, check)
    assert len(seen) >= 12
    accepted = sum(code < 400 for codes in seen.values() for code in codes)
    assert accepted > 40, "a fuzzer whose input is always refused tests nothing"
    assert fuzzed.command(run, token, op="step").status_code == 200


VALID = {
    "version": 1, "layers": [{"id": "h1", "units": 4, "activation": "tanh"}, {"id": "out", "units": "auto"}],
    "data": {"name": "circle", "samples": 100}, "optimizer": {"name": "Adam", "learning_rate": 0.01}, "batch_size": 10,
    "seed": 1, "dropout": 0.1, "regularization": {"l2": 0.01}, "loss": {"name": "auto"},
}  # fmt: skip
JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.lists(st.integers(), max_size=3)
)


@st.composite
def mutated(draw):
    """A valid spec with one place changed, removed or added."""
    spec = copy.deepcopy(VALID)
    holder = spec
    while True:
        key = draw(st.sampled_from(sorted(holder) if isinstance(holder, dict) else list(range(len(holder)))))
        inner = holder[key]
        if isinstance(inner, dict | list) and inner and draw(st.booleans()):
            holder = inner
            continue
        break
    what = draw(st.sampled_from(["keep", "change", "remove", "add"]))
    if what == "change":
        holder[key] = draw(JUNK)
    elif what == "remove":
        del holder[key]
    elif what == "add" and isinstance(holder, dict):
        holder[draw(st.text(min_size=1, max_size=6))] = draw(JUNK)
    return spec


def test_mutated_specs_are_run_or_refused_with_a_field(fuzzed):
    codes = []

    @settings(max_examples=150, derandomize=True, database=None)
    @given(mutated())
    def attack(spec):
        try:
            body = orjson.dumps({"spec": spec})
        except TypeError:
            return
        answer = fuzzed.api.post("/runs", content=body, headers={"content-type": "application/json"})
        codes.append(answer.status_code)
        if answer.status_code == 201:
            made = answer.json()
            headers = {"Authorization": f"Bearer {made['token']}"}
            assert fuzzed.command(made["id"], headers, op="step", count=2).status_code == 200
            fuzzed.api.delete(f"/runs/{made['id']}", headers=headers)
        else:
            assert answer.status_code == 422, answer.text
            assert len(answer.json()["detail"]) > 10
            assert answer.json()["field"]

    attack()
    assert 0.1 < codes.count(201) / len(codes) < 0.9
