"""For operators and probes: alive, ready, metrics."""

import hmac
import os
from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest, multiprocess

from events import database
from web.session import anybody, settings_of


@get("/health/live", guards=[anybody], sync_to_thread=False)
def live() -> dict[str, str]:
    return {"status": "live"}


@get("/health/ready", guards=[anybody])
async def ready() -> Response[dict[str, str]]:
    """Ready means that a booking could be taken: the database answers and has its tables."""
    try:
        await database.value("SELECT count(*) FROM migration")
    except Exception:
        return Response({"status": "no database"}, status_code=503)
    return Response({"status": "ready"})


@get("/metrics", guards=[anybody], sync_to_thread=False)
def metrics(request: Request[Any, Any, Any]) -> Response[bytes]:
    if not may_read_metrics(request):
        raise NotFoundException
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def may_read_metrics(request: Request[Any, Any, Any]) -> bool:
    token = settings_of(request).metrics_token
    if token:
        return hmac.compare_digest(request.headers.get("authorization", "").encode(), f"Bearer {token}".encode())
    return request.client is not None and request.client.host in ("127.0.0.1", "::1")


HANDLERS = [live, ready, metrics]
