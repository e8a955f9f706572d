"""Routes of the full-size architectures: their tables, and a real forward pass of a photograph through one."""

from functools import lru_cache
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import StreamingResponse

from app.contract.catalog import Architecture, WalkLine
from app.errors import NotFound, SpecProblem
from app.http.ndjson import streamed
from app.jobs.runner import Jobs
from app.rest.answers import lines_of, said, told
from engine.data.real import load
from engine.zoo import architectures, layer_table

router = APIRouter(prefix="/api/v1")
Name = Annotated[str, Path(description="a name of the catalogue's architectures")]
PHOTOGRAPH = "cat"


@lru_cache(maxsize=32)
def table_of(name: str) -> dict[str, Any]:
    """What an architecture is, layer by layer."""
    found = architectures.get(name)
    rows = layer_table(found.make(), found.input_shape)
    totals = {key: sum(row[key] for row in rows) for key in ("parameters", "multiplications")}
    return {**found.describe(), "layers": rows, "totals": totals, "photographs": list(load("photographs").classes)}


def _known(name: str) -> None:
    if name not in architectures:
        unknown = architectures.unknown(name)
        raise NotFound.as_told(unknown.code, unknown.params, str(unknown))


@router.get("/architectures/{name}", responses=told(Architecture))
async def get_architecture(name: Name) -> Response:
    """Shapes, parameters and multiplications of every layer of a full-size architecture."""
    _known(name)
    return said(table_of(name))


@router.post("/architectures/{name}/walk", response_class=StreamingResponse, responses=lines_of(WalkLine))
async def walk_architecture(
    name: Name,
    request: Request,
    photograph: Annotated[str, Query(description="a class of the data set photographs")] = PHOTOGRAPH,
) -> StreamingResponse:
    """A real forward pass with fresh weights: a line of JSON for each layer with its time and first maps."""
    _known(name)
    known = load("photographs").classes
    if photograph not in known:
        raise SpecProblem(
            "photograph",
            "value-choice",
            "photograph wants one of {choices}, got {got!r:.40}",
            choices=tuple(known),
            got=photograph,
        )
    jobs: Jobs = request.app.state.jobs
    return await streamed(jobs.lines("walk", name, photograph))
