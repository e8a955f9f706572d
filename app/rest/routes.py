"""REST routes under /api/v1."""

import csv
import io
import json
import math
import zipfile
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Header, Query, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException

from app.export import EXPORTERS
from app.http.origin import bearer
from app.http.problems import MEDIA
from app.http.token_bucket import Bucket
from app.labs import LABS, find_lab, glossary
from app.rest.catalog import build_catalog
from app.runs.commands import Command
from app.runs.live import LiveRun
from app.runs.service import Full, NotFound, RunService
from app.settings import Settings
from app.specs import SpecProblem
from app.specs.presets import DEFAULT, PRESETS
from engine.training.history import COLUMNS
from engine.views import check_parameters

SAFETENSORS = "application/x-safetensors"
PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"description": text, "content": {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    for status, text in {
        400: "the body is not JSON",
        403: "the token is missing or wrong",
        404: "there is no such run",
        413: "the body is too large",
        422: "something does not fit; `field` says which",
        429: "a limit is reached; the sentence says what to do",
        503: "the run is being recovered; come back in a second",
    }.items()
}
router = APIRouter(prefix="/api/v1", responses=PROBLEMS)


def service_of(request: Request) -> RunService:
    service: RunService = request.app.state.service
    return service


def client_of(request: Request) -> str:
    return request.client.host if request.client else "unknown"


Service = Annotated[RunService, Depends(service_of)]
Client = Annotated[str, Depends(client_of)]


async def run_of(run_id: str, service: Service) -> LiveRun:
    return await service.get(run_id)


def token_of(authorization: Annotated[str | None, Header()] = None) -> str | None:
    return bearer(authorization)


Run = Annotated[LiveRun, Depends(run_of)]
Token = Annotated[str | None, Depends(token_of)]


class Form(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)


class NewRun(Form):
    """A spec, or the name of a lab (preset)."""

    spec: dict[str, Any] | None = None
    lab: str | None = None


class Predict(Form):
    inputs: list[Any] = Field(min_length=1, description="raw inputs, one example a row")
    activations: bool = Field(False, description="every layer's z and a as well")


class Fork(Form):
    step: int | None = Field(None, ge=0, description="a kept moment near this step; null for what is shown")
    changes: dict[str, Any] = Field(default_factory=dict, description="path → value, as in the set command")


@router.get("/catalog")
async def catalog() -> dict[str, Any]:
    """Data sets, layers with their arguments, activations, losses, optimisers, metrics, views, labs."""
    return build_catalog()


@router.post("/specs/check")
async def check(
    spec: Annotated[dict[str, Any], Body(openapi_examples={"default": {"value": DEFAULT}})], service: Service
) -> dict[str, Any]:
    """Every layer's output shape, parameters, multiplications and memory; errors name the field."""
    return (await service.check(spec)).report()


@router.post("/specs/code", response_class=PlainTextResponse)
async def code(
    spec: Annotated[dict[str, Any], Body()],
    service: Service,
    framework: Annotated[str, Query(description="keras or pytorch")] = "keras",
) -> str:
    """The same model as code for another framework."""
    if framework not in EXPORTERS:
        raise SpecProblem("framework", f"framework wants one of {', '.join(EXPORTERS)}, got {framework!r}")
    checked = await service.check(spec)
    return EXPORTERS[framework](checked.resolved, checked.report())


@router.post("/datasets", status_code=201)
async def upload(request: Request, service: Service) -> dict[str, Any]:
    """A CSV as the raw body (text/csv, UTF-8): answers with its id and guessed columns.

    Pictures, one folder a class: a ZIP archive (application/zip), or a form (multipart/form-data) whose files are
    called folder/name; answers with the id, the classes and their counts. With COCO JSON, or YOLO's text files, beside
    the pictures they are examples for a detector.
    """
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind == "application/zip":
        return await service.add_pictures(await request.body())
    if kind == "multipart/form-data":
        return await service.add_pictures(await archive_of(request, service.settings))
    return await service.add_upload(await request.body())


async def archive_of(request: Request, settings: Settings) -> bytes:
    """The files of a form as one ZIP archive, not compressed."""
    out = io.BytesIO()
    try:
        async with request.form(max_files=settings.max_pictures + 1, max_fields=1) as form:
            with zipfile.ZipFile(out, "w") as archive:
                for _, part in form.multi_items():
                    if isinstance(part, UploadFile):
                        archive.writestr(part.filename or "unnamed", await part.read())
    except MultiPartException as error:
        raise SpecProblem("file", f"the form cannot be read: {error.message}") from error
    return out.getvalue()


@router.get("/datasets/{upload_id}/boxes", response_class=Response)
async def boxes(
    upload_id: str,
    service: Service,
    form: Annotated[
        str, Query(alias="format", pattern="^(coco|yolo)$", description="coco (JSON) or yolo (ZIP)")
    ] = "coco",
) -> Response:
    """The boxes of uploaded pictures: COCO JSON, or YOLO's text files in a ZIP archive."""
    from app.uploads.boxes import coco_json, yolo_archive  # noqa: PLC0415  (Pillow comes with it)

    about = await service.get_upload(upload_id)
    if about.get("kind") != "boxes":
        raise NotFound(f"upload {upload_id!r:.60} holds no boxes")
    if form == "yolo":
        named = {"Content-Disposition": 'attachment; filename="boxes.zip"'}
        return Response(yolo_archive(about), media_type="application/zip", headers=named)
    named = {"Content-Disposition": 'attachment; filename="boxes.json"'}
    return JSONResponse(coco_json(about), headers=named)


@router.get("/datasets/{upload_id}")
async def uploaded(upload_id: str, service: Service) -> dict[str, Any]:
    """What was guessed about an uploaded file."""
    return await service.get_upload(upload_id)


@router.post("/runs", status_code=201)
async def start(
    body: Annotated[NewRun, Body(openapi_examples={"lab": {"value": {"lab": "circle"}}})],
    service: Service,
    client: Client,
) -> dict[str, Any]:
    """Starts a run (paused at step 0). The token is the right to steer it; it is told once."""
    if (body.spec is None) == (body.lab is None):
        raise SpecProblem("spec", "a run wants a spec or a lab, one of the two")
    spec = body.spec if body.lab is None else lab_spec(body.lab)
    run, token = await service.create(spec, client)
    return {"token": token, **run.public()}


def lab_spec(name: str) -> dict[str, Any]:
    """The spec of a lab or of a preset."""
    lab = find_lab(name)
    if lab is None and name not in PRESETS:
        raise SpecProblem("lab", f"unknown lab {name!r:.60}; known: {', '.join([*LABS, *PRESETS])}")
    return PRESETS[name].spec if lab is None else lab.start.plain()


@router.get("/labs")
async def labs() -> list[dict[str, Any]]:
    """The labs of the course: number, title, question and spec of each."""
    return [lab.describe() for lab in LABS.values()]


@router.get("/glossary")
async def terms() -> list[dict[str, Any]]:
    """The terms of the course in two languages, with the lab that shows each."""
    return [term.model_dump() for term in glossary().values()]


@router.get("/labs/{lab_id}")
async def lab_page(
    lab_id: str, lang: Annotated[str, Query(pattern="^(en|he)$", description="language of the text")] = "en"
) -> dict[str, Any]:
    """One lab whole: spec, text as HTML with MathML, what is compared, challenges."""
    lab = find_lab(lab_id)
    if lab is None:
        raise NotFound(f"there is no lab {lab_id!r:.60}; there are {', '.join(LABS)}")
    return lab.page(lang)


@router.get("/runs/{run_id}")
async def state(run: Run) -> dict[str, Any]:
    """State, spec, step and last measured costs."""
    return run.public()


@router.delete("/runs/{run_id}", status_code=204)
async def end(run: Run, service: Service, token: Token) -> Response:
    """Ends a run and forgets it."""
    service.authorize(run, token)
    await service.delete(run)
    return Response(status_code=204)


@router.post("/runs/{run_id}/commands")
async def command(
    run: Run,
    body: Annotated[Command, Body(openapi_examples={"play": {"value": {"op": "play"}}})],
    request: Request,
    service: Service,
    token: Token,
) -> dict[str, Any]:
    """play, pause, step, speed, reset, set, edit, seek, rewind; answers with the step at which it took effect."""
    service.authorize(run, token)
    settings = service.settings
    buckets: dict[str, Bucket] = request.app.state.buckets
    if len(buckets) > 10_000:
        buckets.clear()
    bucket = buckets.setdefault(run.id, Bucket(settings.commands_per_second, settings.command_burst))
    if not bucket.take():
        raise Full(bucket.refusal)
    return await service.command(run, body)


@router.get("/runs/{run_id}/history", response_model=None)
async def history(
    run: Run,
    form: Annotated[str, Query(alias="format", pattern="^(json|csv)$", description="json or csv")] = "json",
    since: Annotated[int, Query(ge=0, alias="from", description="first row wanted")] = 0,
) -> Response:
    """The cost history, every row of it: step, epoch, mean batch loss, J_train, J_cv, J_test (empty: not measured)."""
    rows = [[v if math.isfinite(v) else None for v in row] for row in run.rows.since(since).tolist()]
    for row in rows:
        row[0] = int(row[0] or 0)
    if form == "csv":
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(COLUMNS)
        writer.writerows(rows)
        return PlainTextResponse(text.getvalue(), media_type="text/csv")
    return JSONResponse({"run": run.id, "columns": list(COLUMNS), "from": since, "rows": rows})


@router.get("/runs/{run_id}/weights", response_class=Response, responses={200: {"content": {SAFETENSORS: {}}}})
async def weights(run: Run, service: Service) -> Response:
    """All weights as safetensors: "layer/kernel" (I, O), "layer/bias" (O,), …"""
    return Response(
        await service.weights(run),
        media_type=SAFETENSORS,
        headers={"Content-Disposition": 'attachment; filename="weights.safetensors"'},
    )


@router.get(
    "/runs/{run_id}/onnx",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}}},
)
async def onnx(run: Run, service: Service) -> Response:
    """The model with its present weights as an ONNX file (input (B, H, W, C) or (B, F))."""
    return Response(
        await service.onnx(run),
        media_type="application/octet-stream",
        headers={"Content-Disposition": 'attachment; filename="model.onnx"'},
    )


@router.put("/runs/{run_id}/weights")
async def load_weights(run: Run, request: Request, service: Service, token: Token) -> dict[str, Any]:
    """Loads weights from a safetensors body; whole or not at all."""
    service.authorize(run, token)
    return {"step": await service.set_weights(run, await request.body())}


@router.get("/runs/{run_id}/frame", response_class=Response, responses={200: {"content": {SAFETENSORS: {}}}})
async def frame(
    run: Run,
    service: Service,
    views: Annotated[str, Query(description="names, comma-separated, or JSON with parameters")] = "cost",
    exact: Annotated[bool, Query(description="float32 instead of quantised numbers")] = False,
) -> Response:
    """One frame of chosen views, in the stream's format."""
    try:
        given = json.loads(views) if views.startswith("{") else {name: {} for name in views.split(",") if name}
        if len(given) > service.settings.max_views:
            raise ValueError(f"at most {service.settings.max_views} views, got {len(given)}")
        wanted = {name: check_parameters(name, parameters) for name, parameters in given.items()}
    except (ValueError, RecursionError) as error:
        raise SpecProblem("views", str(error)) from error
    return Response(await service.frame(run, wanted, exact), media_type=SAFETENSORS)


@router.get("/runs/{run_id}/data", response_class=Response, responses={200: {"content": {SAFETENSORS: {}}}})
async def data(
    run: Run,
    service: Service,
    most: Annotated[int, Query(ge=1, le=20_000, description="at most so many")] = 1000,
) -> Response:
    """The examples as measured (x, y, part: 0 train, 1 cv, 2 test) as safetensors."""
    return Response(await service.data(run, most), media_type=SAFETENSORS)


@router.post("/runs/{run_id}/predict")
async def predict(
    run: Run,
    body: Annotated[Predict, Body(openapi_examples={"plane": {"value": {"inputs": [[0.5, -1.0]]}}})],
    service: Service,
) -> dict[str, Any]:
    """Inputs → outputs, optionally every layer's z and a."""
    return await service.predict(run, body.inputs, body.activations)


@router.post("/runs/{run_id}/fork", status_code=201)
async def fork(run: Run, body: Fork, service: Service, client: Client) -> dict[str, Any]:
    """A new run from this one's present, with weights and optimiser state, and changes to its spec."""
    new, token = await service.fork(run, client, body.changes, body.step)
    return {"token": token, **new.public()}
