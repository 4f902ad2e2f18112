"""What goes wrong, as problem+json: whose fault it is, and what of the request."""

from collections.abc import Sequence

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic.json_schema import models_json_schema

from ingest.errors import ConfigError, ConflictError, LateError
from ingest.web.api.shapes import Problem
from ingest.web.problem import problem

MEDIA_TYPE = "application/problem+json"
SCHEMAS = "#/components/schemas/{model}"
COMMON = (400, 401, 403, 422, 429, 503)
"""Statuses that any call may be answered with."""
MOST_MISTAKES = 20
"""That are told of one request; a long list helps nobody."""


def add_handlers(app: FastAPI) -> None:
    """Answer our errors, and what is found wrong with a request."""
    app.add_exception_handler(RequestValidationError, _mistaken)
    for error, status in ((LateError, 410), (ConflictError, 409), (ConfigError, 422)):
        app.add_exception_handler(error, _told(status))


def add_shapes(app: FastAPI) -> None:
    """Put what `documented` refers to into the OpenAPI document."""
    made = app.openapi
    shapes = models_json_schema([(Problem, "serialization")], ref_template=SCHEMAS)[1]["$defs"]

    def openapi() -> dict[str, object]:
        document = made()
        document["components"]["schemas"].update(shapes)
        return document

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documentation has it so


def documented(*statuses: int) -> dict[int | str, dict[str, object]]:
    """What the OpenAPI document says of errors."""
    content = {MEDIA_TYPE: {"schema": {"$ref": SCHEMAS.format(model=Problem.__name__)}}}
    return {status: {"description": "An error", "content": content} for status in (*COMMON, *statuses)}


def _told(status: int):  # type: ignore[no-untyped-def]  # Starlette's own type of a handler is private
    async def told(_: Request, error: Exception) -> JSONResponse:
        return problem(status, " ".join(str(error).split()))

    return told


async def defect(_: Request, error: Exception) -> JSONResponse:
    """What is answered to what nobody expected: nothing of the error itself; the log has it."""
    return problem(500, "this is a defect of the service; its log tells more")


async def _mistaken(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    mistakes = [
        _mistake(detail["type"], detail["loc"], str(detail["msg"])) for detail in error.errors()[:MOST_MISTAKES]
    ]
    detail = "; ".join(f"{one['name']}: {one['reason']}" if one["name"] else one["reason"] for one in mistakes)
    return problem(422, detail, members={"mistakes": mistakes})


IN_WORDS = {"extra_forbidden": "there is none of this name", "model_attributes_type": "it is no JSON object"}
"""Reasons that would tell of the program."""


def _mistake(kind: str, loc: Sequence[object], reason: str) -> dict[str, str]:
    place, *path = ("body",) if kind == "json_invalid" else loc or ("body",)
    reason = IN_WORDS.get(kind, reason)
    return {"name": ".".join(map(str, path)), "place": str(place), "reason": reason.removeprefix("Value error, ")}
