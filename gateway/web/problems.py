"""Every exception as problem+json (RFC 9457): the right status, a sentence, never a trace."""

from __future__ import annotations

import structlog
from apiflask import APIFlask
from apiflask.exceptions import HTTPError
from flask import Response, g, json

from gateway.errors import GatewayError

log = structlog.get_logger(__name__)

_SENTENCES = {
    400: "The request cannot be read.",
    404: "There is nothing at this address.",
    405: "This address does not take that method.",
    413: "The request is too large.",
    415: "The request's body is of a type that is not read here.",
}
_KEPT_HEADERS = frozenset({"allow", "retry-after"})


def problem(status: int, slug: str, title: str, detail: str) -> Response:
    """A problem+json response; `instance` is the request id, which the log carries too."""
    body = {
        "type": f"/problems/{slug}",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": g.get("request_id", ""),
    }
    return Response(json.dumps(body), status, content_type="application/problem+json")


def problem_of(error: GatewayError) -> Response:
    """The problem that one of our own errors is."""
    response = problem(error.status, error.slug, error.title, str(error))
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    if error.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="lightbox"'
    return response


def register(app: APIFlask) -> None:
    """Makes the application answer every error as a problem."""
    app.register_error_handler(GatewayError, problem_of)
    app.register_error_handler(Exception, _from_anything)
    app.error_processor(_from_http)


def _from_http(error: HTTPError) -> Response:
    status = error.status_code
    sentence = _SENTENCES.get(status, "The request failed.")
    if fields := _named_fields(error.detail):
        sentence = f"These fields are missing or cannot be used: {', '.join(fields)}."
    response = problem(status, f"http-{status}", error.message or "Error", sentence)
    for name, value in dict(error.headers or {}).items():
        if name.lower() in _KEPT_HEADERS:
            response.headers[name] = value
    return response


def _named_fields(detail: object) -> list[str]:
    # Only names: a value that does not fit could be a password or a patient's name.
    if not isinstance(detail, dict):
        return []
    return sorted({str(name) for fields in detail.values() if isinstance(fields, dict) for name in fields})


def _from_anything(error: Exception) -> Response:
    # Class and line find the fault; a message could carry a patient's name.
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    where = f"{last.tb_frame.f_code.co_name}:{last.tb_lineno}" if last else ""
    log.error("unexpected", error=type(error).__name__, where=where, request_id=g.get("request_id", ""))
    return problem(500, "unexpected", "Something went wrong", "The gateway failed at this request; nothing was lost.")
