"""Around every request: an id, a nonce, security headers, a log line, the metrics."""

import secrets
import time
from functools import lru_cache
from typing import Any

import structlog
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send
from prometheus_client import Counter, Histogram

log = structlog.get_logger("web")
requests_total = Counter("yantu_requests_total", "Answers by method, route and status.", ["method", "route", "status"])
request_seconds = Histogram(
    "yantu_request_seconds",
    "Time to answer by route.",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})  # of a client's own making: "other"
QUIET = ("/static/", "/health/", "/metrics")

POLICY = (
    "default-src 'none'; script-src 'nonce-%s' 'strict-dynamic' 'wasm-unsafe-eval'; "
    "style-src 'nonce-%s' 'self'; img-src 'self' blob: data:; connect-src 'self'; font-src 'self'; "
    "media-src 'self' blob:; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(self), microphone=(), geolocation=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
ALWAYS_OVER_HTTPS = ((b"strict-transport-security", b"max-age=31536000; includeSubDomains"),)


class Frame:
    def __init__(self, app: ASGIApp, secure: bool) -> None:
        self.app = app
        self.always = [*ALWAYS, *(ALWAYS_OVER_HTTPS if secure else ())]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self.app(scope, receive, send)
            return
        request_id, nonce, started = secrets.token_hex(8), secrets.token_urlsafe(16), time.perf_counter()
        scope.setdefault("state", {}).update(nonce=nonce, request_id=request_id)
        structlog.contextvars.bind_contextvars(request_id=request_id)
        status = 500

        async def send_framed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], *self.headers(nonce, request_id, message["headers"])]
            await send(message)

        try:
            await self.app(scope, receive, send_framed)
        finally:
            self.note(scope, status, time.perf_counter() - started)
            structlog.contextvars.clear_contextvars()

    def headers(self, nonce: str, request_id: str, given: Any) -> list[tuple[bytes, bytes]]:
        ours = [
            (b"content-security-policy", (POLICY % (nonce, nonce)).encode()),
            (b"x-request-id", request_id.encode()),
            *self.always,
        ]
        there = {name.lower() for name, _ in given}
        return [(name, value) for name, value in ours if name not in there]

    def note(self, scope: HTTPScope, status: int, seconds: float) -> None:
        # The template of the route, never the path: paths hold codes, and would make a metric for each.
        route = scope.get("path_template") or "unknown"
        method = scope["method"] if scope["method"] in METHODS else "other"
        answers_of(method, route, status).inc()
        seconds_of(route).observe(seconds)
        if not scope["path"].startswith(QUIET):
            log.info("answered", method=method, route=route, status=status, ms=round(seconds * 1000, 1))


@lru_cache(maxsize=4096)
def answers_of(method: str, route: str, status: int) -> Counter:
    return requests_total.labels(method, route, str(status))


@lru_cache(maxsize=1024)
def seconds_of(route: str) -> Histogram:
    return request_seconds.labels(route)
