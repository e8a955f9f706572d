"""Routes of experiments: sweeps of many small runs, the diagnosis of bias and variance, the normal equation's time."""

from typing import Annotated, Literal

from fastapi import APIRouter, Body, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import Field, JsonValue

from app.contract.experiments import Diagnosis, StartedSweep, Sweep, SweepTest, TimingLine
from app.errors import SpecProblem
from app.http.ndjson import streamed
from app.jobs.runner import Jobs
from app.rest.answers import leads_to, lines_of, said, told
from app.rest.routes import Form, GivenSpec, Service, Token
from app.runs.sweeps import Sweeps
from app.specs.presets import DEFAULT
from app.specs.remedies import remedies
from engine.training.bias_variance import bias_and_variance

router = APIRouter(prefix="/api/v1")
MOST_POINTS = 200


def sweeps_of(request: Request) -> Sweeps:
    sweeps: Sweeps = request.app.state.sweeps
    return sweeps


AllSweeps = Annotated[Sweeps, Depends(sweeps_of)]


class NewSweep(Form):
    """Runs of `spec` with each of `points` (changes, path → value, as in the set command), each over some seeds."""

    spec: GivenSpec
    points: list[dict[str, JsonValue]] = Field(min_length=1, max_length=MOST_POINTS)
    seeds: int = Field(1, ge=1, le=50, description="repetitions, each with other weights and another split")
    steps: int = Field(500, ge=1, le=100_000, description="training steps of each run")
    method: Literal["train", "solve"] = Field("train", description="solve: the normal equation (linear models)")


class Choice(Form):
    point: int = Field(ge=0, description="the setting that was chosen by J_cv")


class Measured(Form):
    """What is known of a run, for the diagnosis."""

    spec: GivenSpec
    j_train: float
    j_cv: float
    baseline: float = Field(0.0, description="the J that people, or the best known model, reach")
    constant: float | None = Field(None, description="the J of a constant answer; the scale of the gaps")


EXAMPLE = {"spec": DEFAULT, "points": [{"regularization.l2": 0.0}, {"regularization.l2": 0.01}], "steps": 50}


@router.post(
    "/sweeps",
    status_code=201,
    responses=told(StartedSweep, 201, leads_to("id", "sweep_id", "get_sweep", "cancel_sweep", "open_sweep_test")),
)
async def create_sweep(
    body: Annotated[NewSweep, Body(openapi_examples={"default": {"value": EXAMPLE}})], sweeps: AllSweeps
) -> Response:
    """Starts a sweep; the token, told once, is the right to cancel it and to open its test part."""
    sweep, token = await sweeps.start(body.spec, body.points, body.seeds, body.steps, body.method)
    return said({"token": token, **sweep.public()}, 201)


@router.get("/sweeps/{sweep_id}", responses=told(Sweep))
async def get_sweep(
    sweep_id: str, sweeps: AllSweeps, since: Annotated[int, Query(ge=0, description="first result wanted")] = 0
) -> Response:
    """How far it is, and J_train and J_cv of every run that has ended. J_test is not told."""
    return said(sweeps.get(sweep_id).public(since))


@router.delete("/sweeps/{sweep_id}", status_code=204)
async def cancel_sweep(sweep_id: str, sweeps: AllSweeps, token: Token) -> Response:
    """Ends what is still running; the results so far stay readable."""
    sweep = sweeps.get(sweep_id)
    sweeps.authorize(sweep, token)
    await sweeps.cancel(sweep)
    return Response(status_code=204)


@router.post("/sweeps/{sweep_id}/test", responses={**told(SweepTest), 409: {}})
async def open_sweep_test(sweep_id: str, body: Choice, sweeps: AllSweeps, token: Token) -> Response:
    """J_test of the setting that was chosen, once: another choice is refused afterwards (409)."""
    sweep = sweeps.get(sweep_id)
    sweeps.authorize(sweep, token)
    return said(sweeps.reveal(sweep, body.point))


@router.post("/diagnosis", responses=told(Diagnosis))
async def diagnose(
    body: Annotated[
        Measured, Body(openapi_examples={"default": {"value": {"spec": DEFAULT, "j_train": 0.2, "j_cv": 0.4}}})
    ],
    service: Service,
) -> Response:
    """Bias and variance from J_train, J_cv and a baseline, with the changes of the spec that may help."""
    checked = await service.check(body.spec)
    try:
        verdict = bias_and_variance(body.j_train, body.j_cv, body.baseline, body.constant)
    except ValueError as error:
        raise SpecProblem.of("j_train", error) from error
    found = remedies(checked.spec, verdict.high_bias, verdict.high_variance)
    return said({**verdict.describe(), "remedies": [remedy.describe() for remedy in found]})


@router.post("/timings/normal-equation", response_class=StreamingResponse, responses=lines_of(TimingLine))
async def time_normal_equation(request: Request) -> StreamingResponse:
    """Measures, for growing n: a line of JSON with seconds of the closed form and of 100 steps of gradient descent."""
    jobs: Jobs = request.app.state.jobs
    return await streamed(jobs.lines("timing"))
