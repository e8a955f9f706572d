"""What the data sets look like."""

from fastapi import APIRouter, Request, Response

from app.jobs.runner import Jobs
from app.rest.answers import FILE, SAFETENSORS

router = APIRouter(prefix="/api/v1")


@router.get("/catalog/samples", response_class=Response, responses={200: {"content": {SAFETENSORS: FILE}}})
async def get_samples(request: Request) -> Response:
    """A few examples of every data set that is here (NAME/x, NAME/y; pictures as uint8) as safetensors, for a menu."""
    jobs: Jobs = request.app.state.jobs
    return Response(await jobs.made_once("samples"), media_type=SAFETENSORS, headers={"Cache-Control": "no-cache"})
