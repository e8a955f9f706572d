"""REST routes under /api/v1."""

import csv
import io
import json
import math
import zipfile
from typing import Annotated, Literal

from fastapi import APIRouter, Body, Depends, Query, Request, Response, Security
from fastapi.responses import JSONResponse, PlainTextResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, Field, JsonValue
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from app.contract.base import As
from app.contract.catalog import BriefCatalog, Catalog, LabEntry
from app.contract.course import LabPage
from app.contract.runs import CommandAnswer, History, Loaded, Prediction, Report, StartedRun
from app.contract.runs import Run as RunAnswer
from app.contract.uploads import Coco, Upload
from app.errors import NotFound, SpecProblem
from app.export import EXPORTERS
from app.http.problems import CodedHTTPException
from app.http.token_bucket import Bucket
from app.labs import LABS, find_lab, glossary, knee_of
from app.labs.glossary import Term
from app.languages import SOURCE, Language
from app.plain import is_of_boxes
from app.rest.answers import CSV, FILE, FILES, SAFETENSORS, TEXT, leads_to, said, takes, told
from app.rest.catalog import brief_catalog, build_catalog
from app.runs.commands import Command
from app.runs.live import LiveRun
from app.runs.service import RunService
from app.settings import Settings
from app.specs.presets import DEFAULT, PRESETS
from engine.core.errors import EngineError
from engine.training.history import COLUMNS
from engine.training.spec import RunSpec
from engine.views import check_parameters

OF_A_RUN = (
    "get_run", "send_command", "get_history", "get_weights", "set_weights", "get_frame", "get_data", "get_onnx",
    "predict", "fork_run", "set_successor", "delete_run",
)  # fmt: skip
RUN_LINKS = leads_to("id", "run_id", *OF_A_RUN)
router = APIRouter(prefix="/api/v1")


def service_of(request: Request) -> RunService:
    service: RunService = request.app.state.service
    return service


def client_of(request: Request) -> str:
    return request.client.host if request.client else "unknown"


Service = Annotated[RunService, Depends(service_of)]
Client = Annotated[str, Depends(client_of)]


async def run_of(run_id: str, service: Service) -> LiveRun:
    return await service.get(run_id)


RUN_TOKEN = HTTPBearer(
    scheme_name="RunToken",
    description="The token that POST /runs (or /runs/{id}/fork, /sweeps) answers with, once. Reading needs none.",
    auto_error=False,
)


def token_of(given: Annotated[HTTPAuthorizationCredentials | None, Security(RUN_TOKEN)]) -> str | None:
    return given.credentials.strip() if given else None


Run = Annotated[LiveRun, Depends(run_of)]
Token = Annotated[str | None, Depends(token_of)]


class Form(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)


GivenSpec = Annotated[dict[str, object], As("SpecInput")]


class NewRun(Form):
    """A spec, or the name of a lab (preset)."""

    spec: GivenSpec | None = None
    lab: str | None = None
    clock: bool = Field(
        False,
        description="begins slowly, by the clock of the lab or preset (200 steps for a spec); see the command pace",
    )


class Predict(Form):
    inputs: list[JsonValue] = Field(min_length=1, description="raw inputs, one example a row")
    activations: bool = Field(False, description="every layer's z and a as well")


class Successor(Form):
    run: str | None = Field(None, description="another run; null: its owner is here again", max_length=60)


class Fork(Form):
    step: int | None = Field(None, ge=0, description="a kept moment near this step; null for what is shown")
    changes: dict[str, JsonValue] = Field(default_factory=dict, description="path → value, as in the set command")


@router.get("/catalog", responses=told(Catalog))
async def get_catalog() -> Response:
    """Data sets, layers with their arguments, activations, losses, optimisers, metrics, views, labs."""
    return said(build_catalog(), headers={"Cache-Control": "no-cache"})


@router.get("/catalog/brief", responses=told(BriefCatalog))
async def get_brief_catalog() -> Response:
    """Of the catalogue what menus are made of, a third of it."""
    return said(brief_catalog(), headers={"Cache-Control": "no-cache"})


@router.post("/specs/check", responses=told(Report))
async def check_spec(
    spec: Annotated[GivenSpec, Body(openapi_examples={"default": {"value": DEFAULT}})], service: Service
) -> Response:
    """Every layer's output shape, parameters, multiplications and memory; errors name the field."""
    return said((await service.check(spec)).report())


@router.post("/specs/code", response_class=PlainTextResponse)
async def export_code(
    spec: Annotated[GivenSpec, Body(openapi_examples={"default": {"value": DEFAULT}})],
    service: Service,
    framework: Annotated[
        str, Query(description="keras or pytorch", json_schema_extra={"enum": list(EXPORTERS)})
    ] = "keras",
) -> str:
    """The same model as code for another framework."""
    if framework not in EXPORTERS:
        raise SpecProblem("framework", "value-choice", "framework wants one of {choices}, got {got!r:.60}",
                          choices=tuple(EXPORTERS), got=framework)  # fmt: skip
    checked = await service.check(spec)
    return EXPORTERS[framework](checked.resolved, checked.report())


@router.post(
    "/datasets",
    status_code=201,
    responses=told(Upload, 201, leads_to("id", "upload_id", "get_dataset", "get_boxes")),
    openapi_extra=takes(**{CSV: TEXT, "application/zip": FILE, "multipart/form-data": FILES}),
)
async def upload_dataset(request: Request, service: Service) -> Response:
    """A CSV as the raw body (text/csv, UTF-8): answers with its id and guessed columns.

    Pictures, one folder a class: a ZIP archive (application/zip), or a form (multipart/form-data) whose files are
    called folder/name; answers with the id, the classes and their counts. With COCO JSON, or YOLO's text files, beside
    the pictures they are examples for a detector.
    """
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind == "application/zip":
        return said(await service.add_pictures(await request.body()), 201)
    if kind == "multipart/form-data":
        return said(await service.add_pictures(await archive_of(request, service.settings)), 201)
    return said(await service.add_upload(await request.body()), 201)


async def archive_of(request: Request, settings: Settings) -> bytes:
    """The files of a form as one ZIP archive, not compressed."""
    out, names = io.BytesIO(), set[str]()
    try:
        async with request.form(max_files=settings.max_pictures + 1, max_fields=1) as form:
            with zipfile.ZipFile(out, "w") as archive:
                for _, part in form.multi_items():
                    if isinstance(part, UploadFile):
                        name = part.filename or "unnamed"
                        if name in names:
                            words = "the form has two files called {name!r:.80}; names want to differ"
                            raise SpecProblem("file", "form-names", words, name=name)
                        names.add(name)
                        archive.writestr(name, await part.read())
    except CodedHTTPException:
        raise
    except HTTPException as error:  # what Starlette makes of a MultiPartException
        raise SpecProblem("file", "form-broken", "the form cannot be read: {why}", why=error.detail) from error
    return out.getvalue()


@router.get("/datasets/{upload_id}/boxes", responses={200: {"model": Coco, "content": {"application/zip": FILE}}})
async def get_boxes(
    upload_id: str,
    service: Service,
    form: Annotated[Literal["coco", "yolo"], Query(alias="format", description="coco (JSON) or yolo (ZIP)")] = "coco",
) -> Response:
    """The boxes of uploaded pictures: COCO JSON, or YOLO's text files in a ZIP archive."""
    from app.uploads.boxes import coco_json, yolo_archive  # noqa: PLC0415  (Pillow comes with it)

    about = await service.uploads.about(upload_id)
    if not is_of_boxes(about):
        raise NotFound("upload-no-boxes", "upload {id!r:.60} holds no boxes", id=upload_id)
    if form == "yolo":
        named = {"Content-Disposition": 'attachment; filename="boxes.zip"'}
        return Response(yolo_archive(about), media_type="application/zip", headers=named)
    named = {"Content-Disposition": 'attachment; filename="boxes.json"'}
    return JSONResponse(coco_json(about), headers=named)


@router.get("/datasets/{upload_id}", responses=told(Upload))
async def get_dataset(upload_id: str, service: Service) -> Response:
    """What was guessed about an uploaded file."""
    return said(await service.get_upload(upload_id))


@router.post("/runs", status_code=201, responses=told(StartedRun, 201, RUN_LINKS))
async def create_run(
    body: Annotated[NewRun, Body(openapi_examples={"lab": {"value": {"lab": "circle"}}})],
    service: Service,
    client: Client,
) -> Response:
    """Starts a run (paused at step 0). The token is the right to steer it; it is told once."""
    if (body.spec is None) == (body.lab is None):
        raise SpecProblem("spec", "spec-or-lab", "a run wants a spec or a lab, one of the two")
    spec: object = body.spec if body.lab is None else lab_spec(body.lab)
    run, token = await service.create(spec, client, knee_of(body.lab) if body.clock else None)
    return said({"token": token, **run.public()}, 201)


def lab_spec(name: str) -> RunSpec:
    """The spec of a lab or of a preset."""
    lab = find_lab(name)
    if lab is None and name not in PRESETS:
        raise SpecProblem(
            "lab", "unknown-lab", "unknown lab {name!r:.60}; known: {known}", name=name, known=(*LABS, *PRESETS)
        )
    return PRESETS[name].spec if lab is None else lab.start.plain()


@router.get("/labs", responses=told(list[LabEntry]))
async def list_labs() -> Response:
    """The labs of the course: number, title, question and spec of each."""
    return said([lab.describe() for lab in LABS.values()])


@router.get("/glossary", responses=told(list[Term]))
async def get_glossary() -> Response:
    """The terms of the course in every language, with the lab that shows each."""
    return said([term.model_dump() for term in glossary().values()])


@router.get("/labs/{lab_id}", responses=told(LabPage))
async def get_lab(lab_id: str, lang: Annotated[Language, Query(description="of the text")] = SOURCE) -> Response:
    """One lab whole: spec, text as HTML with MathML, what is compared, challenges."""
    lab = find_lab(lab_id)
    if lab is None:
        raise NotFound("unknown-lab", "there is no lab {name!r:.60}; there are {known}", name=lab_id, known=tuple(LABS))
    return said(lab.page(lang))


@router.get("/runs/{run_id}", responses=told(RunAnswer))
async def get_run(run: Run) -> Response:
    """State, spec, step and last measured costs."""
    return said(run.public())


@router.delete("/runs/{run_id}", status_code=204)
async def delete_run(run: Run, service: Service, token: Token) -> Response:
    """Ends a run and forgets it."""
    service.authorize(run, token)
    await service.delete(run)
    return Response(status_code=204)


@router.post("/runs/{run_id}/commands", responses=told(CommandAnswer))
async def send_command(
    run: Run,
    body: Annotated[Command, Body(openapi_examples={"play": {"value": {"op": "play"}}})],
    request: Request,
    service: Service,
    token: Token,
) -> Response:
    """play, pause, step, speed, pace, reset, set, edit, seek, rewind; answers with the step at which it took effect."""
    service.authorize(run, token)
    settings = service.settings
    buckets: dict[str, Bucket] = request.app.state.buckets
    if len(buckets) > 10_000:
        buckets.clear()
    bucket = buckets.setdefault(run.id, Bucket(settings.commands_per_second, settings.command_burst))
    if not bucket.take():
        raise bucket.refusal
    return said(await service.command(run, body))


@router.get("/runs/{run_id}/history", responses={200: {"model": History, "content": {CSV: TEXT}}})
async def get_history(
    run: Run,
    form: Annotated[Literal["json", "csv"], Query(alias="format", description="json or csv")] = "json",
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
        return PlainTextResponse(text.getvalue(), media_type=CSV)
    return said({"run": run.id, "columns": list(COLUMNS), "from": since, "rows": rows})


def _file(content: bytes, media: str, name: str) -> Response:
    """A file to keep."""
    return Response(content, media_type=media, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@router.get("/runs/{run_id}/weights", response_class=Response, responses={200: {"content": {SAFETENSORS: FILE}}})
async def get_weights(run: Run, service: Service) -> Response:
    """All weights as safetensors: "layer/kernel" (I, O), "layer/bias" (O,), …"""
    return _file(await service.weights(run), SAFETENSORS, "weights.safetensors")


@router.get(
    "/runs/{run_id}/onnx",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": FILE}}},
)
async def get_onnx(run: Run, service: Service) -> Response:
    """The model with its present weights as an ONNX file (input (B, H, W, C) or (B, F))."""
    return _file(await service.onnx(run), "application/octet-stream", "model.onnx")


@router.put("/runs/{run_id}/weights", responses=told(Loaded), openapi_extra=takes(**{SAFETENSORS: FILE}))
async def set_weights(run: Run, request: Request, service: Service, token: Token) -> Response:
    """Loads weights from a safetensors body; whole or not at all."""
    service.authorize(run, token)
    return said({"step": await service.set_weights(run, await request.body())})


@router.get("/runs/{run_id}/frame", response_class=Response, responses={200: {"content": {SAFETENSORS: FILE}}})
async def get_frame(
    run: Run,
    service: Service,
    views: Annotated[str, Query(description="names, comma-separated, or JSON with parameters")] = "cost",
    exact: Annotated[bool, Query(description="float32 instead of quantised numbers")] = False,
) -> Response:
    """One frame of chosen views, in the stream's format."""
    try:
        given = json.loads(views) if views.startswith("{") else {name: {} for name in views.split(",") if name}
        if len(given) > service.settings.max_views:
            raise EngineError(
                "views-many", "at most {most} views, got {got}", most=service.settings.max_views, got=len(given)
            )
        wanted = {name: check_parameters(name, parameters) for name, parameters in given.items()}
    except (ValueError, RecursionError) as error:
        raise SpecProblem.of("views", error) from error
    return Response(await service.frame(run, wanted, exact), media_type=SAFETENSORS)


@router.get("/runs/{run_id}/data", response_class=Response, responses={200: {"content": {SAFETENSORS: FILE}}})
async def get_data(
    run: Run,
    service: Service,
    most: Annotated[int, Query(ge=1, le=20_000, description="at most so many")] = 1000,
) -> Response:
    """The examples as measured (x, y, part: 0 train, 1 cv, 2 test, 3 none of them) as safetensors.

    Pictures are bytes from 0 to 255; divided by 255, they are what `predict` takes.
    """
    return Response(await service.data(run, most), media_type=SAFETENSORS)


@router.post("/runs/{run_id}/predict", responses=told(Prediction))
async def predict(
    run: Run,
    body: Annotated[Predict, Body(openapi_examples={"plane": {"value": {"inputs": [[0.5, -1.0]]}}})],
    service: Service,
) -> Response:
    """Inputs as measured → outputs, optionally every layer's z and a; pixels lie between 0 and 1."""
    return said(await service.predict(run, body.inputs, body.activations))


@router.post("/runs/{run_id}/fork", status_code=201, responses=told(StartedRun, 201, RUN_LINKS))
async def fork_run(run: Run, body: Fork, service: Service, client: Client) -> Response:
    """A new run from this one's present, with weights and optimiser state, and changes to its spec."""
    new, token = await service.fork(run, client, body.changes, body.step)
    return said({"token": token, **new.public()}, 201)


@router.put("/runs/{run_id}/successor", status_code=204)
async def set_successor(run: Run, body: Successor, service: Service, token: Token) -> Response:
    """The owner goes on with another run: watchers are told (the event `moved`), later ones see it in `moved_to`."""
    service.authorize(run, token)
    await service.move(run, body.run)
    return Response(status_code=204)
