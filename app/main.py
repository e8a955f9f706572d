"""The application: routes, streams and pages around one RunService."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI

from app import __version__
from app.http import problems
from app.http.middleware import Guard
from app.http.packed import Packed
from app.jobs.runner import Jobs
from app.openapi import openapi_document
from app.pages import assets, pages
from app.rest import experiments, health, routes, samples, zoo
from app.runs.service import RunService
from app.runs.sweeps import Sweeps
from app.runs.workers import open_workers
from app.settings import Settings
from app.storage import Database
from app.stream.socket import stream


def create_app(settings: Settings | None = None) -> FastAPI:
    """A server for these settings (from the environment when none are given)."""
    settings = settings or Settings.from_environment()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        workers = open_workers(f"local:{settings.hosts}", settings)
        service = RunService(settings, workers, Database(settings.storage_path, settings.lock_seconds))
        app.state.service = service
        app.state.sweeps = Sweeps(service)
        await service.start()
        yield
        await app.state.sweeps.stop()
        await asyncio.wait_for(service.stop(), settings.shutdown_seconds)

    app = FastAPI(
        title="Descent",
        version=__version__,
        summary="The neural-network playground you can see inside",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.settings = settings
    app.state.buckets = {}
    app.state.jobs = Jobs(settings)
    library = assets.Assets()
    app.state.assets = library
    problems.install(app, pages.explain)
    app.include_router(routes.router)
    app.include_router(zoo.router)
    app.include_router(samples.router)
    app.include_router(experiments.router)
    app.include_router(health.router)
    app.include_router(pages.router)
    app.add_api_websocket_route("/api/v1/runs/{run_id}/stream", stream)
    app.add_middleware(Packed)
    app.add_middleware(assets.Served, library=library)
    app.add_middleware(Guard, settings=settings, policy=pages.policy(settings))

    def openapi() -> dict[str, Any]:
        app.openapi_schema = app.openapi_schema or openapi_document(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]
    return app
