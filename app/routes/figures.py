"""How the microscope fares: for Prometheus, and for the dashboard."""

from dataclasses import fields
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST

from app.diagnosis import RECENT_SAMPLES, diagnose
from app.encoding import to_json
from app.figures import INTERVAL_S, Figures
from app.metrics import Metrics

_NO_STORE = {"Cache-Control": "no-store"}


def figure_routes(figures: Figures, metrics: Metrics) -> APIRouter:
    """``/metrics`` and ``/api/figures``."""
    router = APIRouter(tags=["figures"])

    @router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
    async def metrics_text() -> Response:
        """All metrics in Prometheus' text format."""
        return Response(metrics.render(), media_type=CONTENT_TYPE_LATEST)

    @router.get("/api/figures")
    async def figures_of_now(request: Request, since: Annotated[float, Query(allow_inf_nan=False)] = 0.0) -> Any:
        """The figures of now, what is to be said about them, and the history after ``since`` (wall clock, seconds)."""
        now = figures.now
        asker = request.client.host if request.client else None
        viewers = [{**_shallow(viewer), "you": viewer.address == asker} for viewer in now.viewers]
        answer = {
            "interval_s": INTERVAL_S,
            "now": {**_shallow(now), "viewers": viewers},
            "findings": diagnose(now, list(figures.history)[-RECENT_SAMPLES:]),
            "history": figures.columns(since),
        }
        return Response(to_json(answer), media_type="application/json", headers=_NO_STORE)

    return router


def _shallow(value: Any) -> dict[str, Any]:
    """A dataclass' fields as they are: what is in them needs no copy to become JSON."""
    return {field.name: getattr(value, field.name) for field in fields(value)}
