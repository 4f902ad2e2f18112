"""Errors for machines, as `application/problem+json` (RFC 9457)."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from fastapi.responses import JSONResponse

REFUSES = "the database refuses; the log of the service says why"
"""What strangers are told: the reason names the database's address."""


def problem(
    status: int,
    detail: str,
    reasons: Sequence[str] = (),
    headers: Mapping[str, str] | None = None,
    members: Mapping[str, object] | None = None,
) -> JSONResponse:
    """An error answer.

    Args:
        reasons: each cause by itself where there may be several.
        members: what else there is to tell.
    """
    told: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if reasons:
        told["reasons"] = list(reasons)
    return JSONResponse(told | dict(members or {}), status, headers, media_type="application/problem+json")
