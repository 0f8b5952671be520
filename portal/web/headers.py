"""Security headers on every answer, errors and static files included."""

from __future__ import annotations

from flask import Flask, Response, current_app, request

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Permissions-Policy": ", ".join(
        f"{feature}=()"
        for feature in (
            "accelerometer", "autoplay", "bluetooth", "browsing-topics", "camera", "display-capture",
            "encrypted-media", "fullscreen", "geolocation", "gyroscope", "hid", "magnetometer", "microphone",
            "midi", "payment", "picture-in-picture", "publickey-credentials-create", "screen-wake-lock",
            "serial", "usb", "xr-spatial-tracking",
        )
    ),
}  # fmt: skip


def init_app(app: Flask) -> None:
    """Set them after every request."""
    app.after_request(_set)


def _set(response: Response) -> Response:
    response.headers.update(HEADERS)
    if request.is_secure or current_app.config["SETTINGS"].PORTAL_HTTPS:
        response.headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    if request.endpoint == "static":
        fresh = "v" in request.args
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if fresh else "no-cache"
    else:  # signed in or not: no page of the portal lies in a cache of a shared machine
        response.headers["Cache-Control"] = "no-store"
    return response
