"""What the data sets look like."""

import json

from fastapi import APIRouter, Request, Response

from app.jobs.runner import Jobs
from app.rest.answers import FILE, SAFETENSORS
from app.specs.model import Spec
from engine.data import datasets
from engine.data.dataset import DatasetKind

router = APIRouter(prefix="/api/v1")
FIRST_POINTS = [[-2.0, 0.0, 0.0], [2.0, 0.0, 1.0]]


def plain(kind: DatasetKind) -> dict[str, object]:
    """The set as a spec has it that says no more than its name; fewer pictures, as so few are shown."""
    data: dict[str, object] = {"name": kind.name}
    if kind.name == "points":
        data["points"] = FIRST_POINTS
    if kind.kind == "image" and any(argument.name == "samples" for argument in kind.arguments):
        data["samples"] = 20
    spec = Spec.model_validate({"data": data, "layers": [{"id": "out", "units": "auto"}]})
    return dict(spec.plain()["data"])


@router.get("/catalog/samples", response_class=Response, responses={200: {"content": {SAFETENSORS: FILE}}})
async def get_samples(request: Request) -> Response:
    """A few examples of every data set that is here (NAME/x, NAME/y; pictures as uint8) as safetensors, for a menu."""
    specs = {name: plain(kind) for name, kind in datasets.items() if not kind.uploaded}
    jobs: Jobs = request.app.state.jobs
    made = await jobs.made_once("samples", json.dumps(specs))
    return Response(made, media_type=SAFETENSORS, headers={"Cache-Control": "no-cache"})
