"""How much may be sent to us; hubs, who send whole feeds along, have a bound of their own."""

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ingest.core.websub import PATH
from ingest.web.problem import problem

BODY_MAX = 64 * 1024
"""Bytes; a feed with its tags and headers takes a hundredth of it."""
WHY = f"the body is longer than {BODY_MAX} bytes"


class BodyLimit:
    """Refuses what is longer, by its stated length or as it comes."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["path"].startswith(PATH):
            return await self._app(scope, receive, send)
        stated = Headers(scope=scope).get("content-length", "")
        if stated.isdecimal() and int(stated) > BODY_MAX:
            return await problem(413, WHY)(scope, receive, send)
        received = 0

        async def receive_bounded() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > BODY_MAX:
                raise HTTPException(413, WHY)
            return message

        return await self._app(scope, receive_bounded, send)
