"""Sweeps over the workers, the diagnosis, the timing of the normal equation, and the commands that go with them."""

import json
import time

import numpy as np
import pytest

from app.specs import parse_spec
from app.worker.post import Post
from app.worker.run import Run
from app.worker.turns import Turns
from engine.training import Trainer
from engine.views import check_parameters
from tests.server import PATIENCE

LINEAR = {
    "data": {"name": "bends", "samples": 60, "noise": 0.15, "scaling": "zscore"},
    "layers": [{"id": "out", "units": "auto", "activation": "auto"}],
}
SMALL = {
    "data": {"name": "circle", "samples": 100},
    "layers": [{"id": "h1", "units": 3, "activation": "tanh"}, {"id": "out", "units": "auto", "activation": "auto"}],
}


def finished_surface(server, run, views):
    """The frame with a surface that has become whole, though the run rests."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        frame = server.api.get(f"/runs/{run}/frame", params={"views": views}).content
        size = int.from_bytes(frame[:8], "little")
        if json.loads(json.loads(frame[8 : 8 + size])["__metadata__"]["views"])["surface"]["done"] == 1:
            return frame
        time.sleep(0.02)
    raise AssertionError("the surface did not become whole")


def finished(server, made, seconds=PATIENCE):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        now = server.api.get(f"/sweeps/{made['id']}").json()
        if now["state"] != "running":
            return now
        time.sleep(0.05)
    raise AssertionError(f"the sweep did not end: {now['done']} of {now['of']}")


def start(server, **body):
    answer = server.api.post("/sweeps", json=body)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    return made, {"Authorization": f"Bearer {made['token']}"}


def test_a_sweep_trains_every_setting_and_tells_the_same_numbers_again(server):
    body = {
        "spec": SMALL,
        "points": [{"optimizer.learning_rate": a} for a in (0.0, 0.03, 0.3)],
        "seeds": 2,
        "steps": 60,
    }
    made, _ = start(server, **body)
    first = finished(server, made)
    assert (first["state"], first["done"], first["of"]) == ("done", 6, 6)
    assert not any("test" in result for result in first["results"])
    by_place = {(r["point"], r["seed"]): r for r in first["results"]}
    spec = parse_spec(SMALL)
    own = Trainer(
        {
            **spec,
            "optimizer": {**spec["optimizer"], "learning_rate": 0.3},
            "seed": 2,
            "data": {**spec["data"], "split_seed": 1},
        }
    )
    own.run_for(60, 60)
    assert by_place[2, 1]["train"] == pytest.approx(own.cost("train"), rel=1e-9)
    assert by_place[0, 0]["step"] == 60
    again = finished(server, start(server, **body)[0])
    assert {(r["point"], r["seed"]): r["cv"] for r in again["results"]} == {k: r["cv"] for k, r in by_place.items()}
    assert server.api.get(f"/sweeps/{made['id']}", params={"since": 5}).json()["results"] == first["results"][5:]


def test_a_linear_model_is_solved_and_the_test_part_is_opened_once(server):
    made, headers = start(
        server, spec=LINEAR, points=[{"data.degree": d} for d in range(1, 16)], seeds=4, method="solve"
    )
    done = finished(server, made)
    mean = lambda part: [np.mean([r[part] for r in done["results"] if r["point"] == i]) for i in range(15)]  # noqa: E731
    train, cv = mean("train"), mean("cv")
    assert train[14] < train[2] < train[0]
    best = int(np.argmin(cv))
    assert 2 <= best < 14
    assert cv[14] > 2 * cv[best]
    refused = server.api.post(f"/sweeps/{made['id']}/test", json={"point": best})
    assert refused.status_code == 403
    shown = server.api.post(f"/sweeps/{made['id']}/test", json={"point": best}, headers=headers).json()
    assert shown["test"] == pytest.approx(np.mean(shown["by_seed"]))
    other = server.api.post(f"/sweeps/{made['id']}/test", json={"point": 0}, headers=headers)
    assert (other.status_code, other.json()["title"]) == (409, "Done already")
    assert server.api.post(f"/sweeps/{made['id']}/test", json={"point": best}, headers=headers).status_code == 200


def test_a_sweep_is_cancelled_and_its_runs_leave_the_hosts(server):
    made, headers = start(server, spec=SMALL, points=[{}], seeds=20, steps=20_000)
    assert server.api.delete(f"/sweeps/{made['id']}").status_code == 403
    early = server.api.post(f"/sweeps/{made['id']}/test", json={"point": 0}, headers=headers)
    assert early.status_code == 429
    assert server.api.delete(f"/sweeps/{made['id']}", headers=headers).status_code == 204
    now = server.api.get(f"/sweeps/{made['id']}").json()
    assert now["state"] == "cancelled"
    assert now["done"] < 20
    made, _ = start(server, spec=SMALL, points=[{}], steps=10)  # and the workers have time again
    assert finished(server, made)["done"] == 1


@pytest.mark.parametrize(("body", "status", "field"), [
    ({"spec": SMALL, "points": [{"layers.0.units": -1}]}, 422, "points.0.layers.0"),
    ({"spec": SMALL, "points": [{"nothing.here": 1}]}, 422, "points.0.nothing"),
    ({"spec": SMALL, "points": [{}] * 100, "seeds": 5}, 422, "points"),
    ({"spec": {**SMALL, "batch_size": 4000}, "points": [{"layers.0.units": 4000}], "steps": 100_000}, 422, "steps"),
    ({"spec": SMALL, "points": []}, 422, "points"),
])  # fmt: skip
def test_what_a_sweep_cannot_do_is_refused_before_it_begins(server, body, status, field):
    answer = server.api.post("/sweeps", json=body)
    assert answer.status_code == status, answer.text
    assert answer.json()["field"].startswith(field), answer.json()


@pytest.mark.parametrize(("spec", "points", "code", "field"), [
    (SMALL, [{}], "solve-one-layer", "points.0"),
    (LINEAR, [{}, {"loss.name": "mae"}], "solve-loss", "points.1"),
    (LINEAR, [{}, {"layers.0.l1": 0.1}], "solve-l1", "points.1"),
])  # fmt: skip
def test_a_sweep_that_cannot_be_solved_does_not_begin(server, spec, points, code, field):
    answer = server.api.post("/sweeps", json={"spec": spec, "points": points, "method": "solve"})
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, code, field), answer.text


def test_a_sweep_that_there_is_not_is_not_found(server):
    assert server.api.get("/sweeps/nothing").status_code == 404


def test_the_diagnosis_names_the_gap_and_what_helps(server):
    body = {"spec": SMALL, "j_train": 0.6, "j_cv": 0.62, "constant": 0.69}
    found = server.api.post("/diagnosis", json=body).json()
    assert (found["high_bias"], found["high_variance"]) == (True, False)
    assert {r["id"] for r in found["remedies"]} == {"more_features", "wider", "longer"}
    found = server.api.post("/diagnosis", json={**body, "j_train": 0.01, "j_cv": 0.5}).json()
    assert (found["high_bias"], found["high_variance"]) == (False, True)
    assert "more_data" in {r["id"] for r in found["remedies"]}


def test_the_normal_equation_is_a_command(server):
    run, headers = server.run(spec={**LINEAR, "data": {**LINEAR["data"], "degree": 3}})
    answer = server.api.post(f"/runs/{run}/commands", json={"op": "solve"}, headers=headers).json()
    assert answer["solution"]["rank"] == 3
    refused_run, more = server.run(lab="circle")
    refused = server.api.post(f"/runs/{refused_run}/commands", json={"op": "solve"}, headers=more)
    assert refused.status_code == 422
    assert "hidden layers" in refused.json()["detail"]


def test_the_ball_is_moved_over_the_surface(server):
    from safetensors.numpy import load

    run, headers = server.run(spec={**LINEAR, "data": {"name": "line"}})
    move = {"op": "move", "u": 0.5, "v": -0.25}
    assert server.api.post(f"/runs/{run}/commands", json=move, headers=headers).status_code == 422
    views = json.dumps({"surface": {"size": 9, "span": 2.0}})
    server.api.get(f"/runs/{run}/frame", params={"views": views})
    assert server.api.post(f"/runs/{run}/commands", json=move, headers=headers).status_code == 200
    frame = finished_surface(server, run, views)
    np.testing.assert_allclose(load(frame)["surface/here"], [0.5, -0.25], atol=1e-6)


def test_a_surface_is_drawn_on_the_runs_own_time():
    """Its seconds count as the run's, so the next turn is another run's; the run itself goes on training."""
    trainer = Trainer(parse_spec(SMALL))
    run = Run("a", trainer, Post([].append), Turns(0.004))
    run.frame({"surface": check_parameters("surface", {"size": 81})}, exact=False)
    assert run.wait(time.perf_counter()) == 0, "it wants turns though it rests"
    while run.measuring.unfinished:  # the cost of what is there comes first
        run.slice(0.004)
    drawn, spent = run.inspection.surface.done, run.spent
    run.slice(0.004)
    assert run.inspection.surface.done > drawn
    assert run.spent > spent
    assert trainer.step_count == 0
    while not run.inspection.surface.finished:
        run.slice(0.02)
    assert run.wait(time.perf_counter()) is None
    run.frame({"surface": check_parameters("surface", {"size": 80})}, exact=False)
    run.play()
    run.slice(0.004)
    assert trainer.step_count > 0, "it trains beside it"


def test_the_time_of_the_normal_equation_and_of_descent_grow_with_n(server):
    with server.api.stream("POST", "/timings/normal-equation", timeout=PATIENCE) as answer:
        rows = [json.loads(line) for line in answer.iter_lines()]
    assert [row["n"] for row in rows][:3] == [32, 48, 64]
    first, last = rows[2], rows[-1]
    assert last["n"] == 12 * first["n"]
    assert last["closed"] > 20 * first["closed"], "n³ grows by 1,728"
    assert last["descent"] > 5 * first["descent"], "n² grows by 144"


def test_two_viewers_look_at_two_surfaces_of_one_run():
    run = Run("a", Trainer(parse_spec(SMALL)), Post([].append), Turns(0.004))
    wishes = [{"surface": check_parameters("surface", {"span": span, "size": 21})} for span in (1.0, 2.0)]
    for _ in range(200):
        for wish in wishes:
            run.frame(wish, exact=False)
        run.slice(0.004)
    assert [s.finished for s in run.inspection.surfaces.values()] == [True, True]
    for span in range(3, 9):
        run.frame({"surface": check_parameters("surface", {"span": float(span)})}, exact=False)
    assert len(run.inspection.surfaces) == 4, "the oldest leaves first"
