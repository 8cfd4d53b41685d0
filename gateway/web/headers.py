"""The headers every answer carries: nothing is stored, nothing foreign runs, nothing is framed."""

from __future__ import annotations

import gzip

from flask import Flask, Response, g, request

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self'; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'; trusted-types lightbox"
)
_ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
_COMPRESSIBLE = ("application/json", "application/dicom+json", "text/html", "image/svg+xml")
_WORTH_COMPRESSING = 1400


def register(app: Flask, *, secure: bool) -> None:
    """Puts the headers on every answer of the application."""

    @app.after_request
    def dress(response: Response) -> Response:
        for name, value in _ALWAYS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers["X-Request-Id"] = g.get("request_id", "")
        if secure:
            response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        return _compressed(response)


def _compressed(response: Response) -> Response:
    response.vary.update(("Cookie", "Authorization", "Accept-Encoding") if not response.cache_control.public else ())
    wanted = request.accept_encodings["gzip"] > 0 and not (response.is_streamed or response.direct_passthrough)
    if not wanted or response.mimetype not in _COMPRESSIBLE or "Content-Encoding" in response.headers:
        return response
    body = response.get_data()
    if len(body) >= _WORTH_COMPRESSING:
        response.set_data(gzip.compress(body, compresslevel=5, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response
