"""Errors for machines, as `application/problem+json` (RFC 9457)."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from fastapi.responses import JSONResponse


def problem(
    status: int, detail: str, reasons: Sequence[str] = (), headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """An error answer; `reasons` gives each cause by itself where there may be several."""
    members: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if reasons:
        members["reasons"] = list(reasons)
    return JSONResponse(members, status, headers, media_type="application/problem+json")
