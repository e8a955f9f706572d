"""Liveness, readiness and Prometheus figures."""

from typing import Any

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from app.http.problems import answer, problem
from app.runs.service import RunService

router = APIRouter()


class ServiceCollector(Collector):
    """Reads the service's own numbers when asked; nothing is counted twice."""

    def __init__(self, service: RunService) -> None:
        self.service = service

    def collect(self) -> list[Any]:
        live = list(self.service.live.values())
        workers = sum(worker.alive for worker in self.service.workers.status())
        gauges = (
            ("runs", "runs held in workers", len(live)),
            ("runs_playing", "runs that train", sum(r.state.playing for r in live)),
            ("viewers", "open streams", sum(len(r.listeners) for r in live)),
            ("steps_per_second", "training steps a second", sum(r.state.rate for r in live)),
            ("hosts_alive", "training processes", workers),
        )
        counters = ("runs_started", "commands", "hosts_lost", "runs_recovered")
        out: list[Any] = [GaugeMetricFamily(f"descent_{name}", text, value) for name, text, value in gauges]
        out += [
            CounterMetricFamily(f"descent_{name}", name.replace("_", " "), self.service.counts[name])
            for name in counters
        ]
        failures = self.service.context.background.failures
        out.append(CounterMetricFamily("descent_housekeeping_failures", "rounds of lasting work that failed", failures))
        return out


@router.get("/healthz", include_in_schema=False)
async def alive() -> dict[str, str]:
    return {"status": "ok"}


@router.get("/readyz", include_in_schema=False)
async def ready(request: Request) -> Response:
    """200 once storage takes a write, a training process is up and the house is kept; 503 says what is not so."""
    troubles = await request.app.state.service.troubles()
    if troubles:
        return answer(problem(503, "not-ready", "not ready: {troubles}", troubles="; ".join(troubles)))
    return Response('{"status":"ready"}', media_type="application/json")


@router.get("/metrics", include_in_schema=False)
async def figures(request: Request) -> Response:
    registry = CollectorRegistry()
    registry.register(ServiceCollector(request.app.state.service))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)
