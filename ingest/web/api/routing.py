"""How calls are added to the router: with what they answer, and what may go wrong."""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel

from ingest.web.api.errors import documented

Handler = Callable[..., Awaitable[Response]]
Responses = dict[int | str, dict[str, Any]]  # Any: FastAPI's own type
"""Status → what the OpenAPI document says of it."""
BODY_ERRORS = (413, 415)


def read(router: APIRouter, path: str, handler: Handler, model: type[BaseModel], *errors: int) -> None:
    """A call that changes nothing; HEAD is answered too."""
    responses: Responses = {304: {"description": "It is as the ETag says"}, **documented(*errors)}
    router.add_api_route(path, handler, methods=["GET"], response_model=model, responses=responses)
    router.add_api_route(path, handler, methods=["HEAD"], response_model=None, include_in_schema=False)


def write(
    router: APIRouter,
    method: str,
    path: str,
    handler: Handler,
    model: type[BaseModel] | None,
    status: int,
    errors: tuple[int, ...] = (),
) -> None:
    """A call that changes something."""
    router.add_api_route(
        path,
        handler,
        methods=[method],
        response_model=model,
        status_code=status,
        responses=documented(*BODY_ERRORS, *errors),
    )
