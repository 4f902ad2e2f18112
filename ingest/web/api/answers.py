"""How reads are answered: JSON with an ETag, or 304 to who has it already (RFC 9110, section 13)."""

import hashlib
import json
from collections.abc import Mapping

from fastapi import Request
from fastapi.responses import Response

from ingest.core.render.story_json import JSON

AGAIN = {"Cache-Control": "private, no-cache"}
"""May be kept by who asked, and is asked for again each time."""


def answer(request: Request, body: Mapping[str, JSON]) -> Response:
    """A JSON document, or 304."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return conditional(request, text.encode(), "application/json")


def conditional(request: Request, body: bytes, media_type: str) -> Response:
    """A body with its ETag, or 304; the ETag is weak, since the same body may come compressed."""
    etag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": etag, **AGAIN}
    if _is_known(request.headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=media_type)


def _is_known(if_none_match: str, etag: str) -> bool:
    known = [one.strip().removeprefix("W/") for one in if_none_match.split(",")]
    return etag.removeprefix("W/") in known or known == ["*"]
