"""The callbacks of WebSub, where hubs ask whether a subscription is meant (GET) and ping (POST).

Rule 1: a callback is known to its hub alone; nobody else can guess it. What is not known is not here.
Rule 2: a ping is answered alike whether its signature is right or not, so that nobody learns to make one.
Rule 3: the body only proves who sent it: it is read through the signature and kept nowhere.
"""

import asyncio
import hmac
from collections.abc import Awaitable, Callable

import structlog
from fastapi import Request
from fastapi.responses import PlainTextResponse, Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from ingest.core import websub
from ingest.model import Subscription
from ingest.ports import Ports

log = structlog.get_logger("ingest")

BODY_MAX = 10_000_000
"""Bytes of a ping: hubs send the whole feed along. Of a longer one nothing is believed."""
BODY_WITHIN_S = 20.0


class Callbacks:
    """What is answered to hubs."""

    def __init__(self, ports: Ports) -> None:
        self._subscriptions = ports.store.subscriptions
        self._clock = ports.clock

    @property
    def routes(self) -> tuple[tuple[str, str, Callable[..., Awaitable[Response]]], ...]:
        """Methods, path, and what answers."""
        return ("GET", f"{websub.PATH}{{token}}", self.verify), ("POST", f"{websub.PATH}{{token}}", self.ping)

    async def verify(self, token: str, request: Request) -> Response:
        """The challenge of a question about what we asked for; else 404."""
        subscription, said = await self._subscriptions.find(token), request.query_params
        mode, now = said.get("hub.mode", ""), self._clock.now()
        if subscription is None or not websub.is_ours(subscription, mode, said.get("hub.topic", "")):
            raise HTTPException(404, "Nothing was asked for here.")
        facts = {"feed": subscription.feed_id, "hub": subscription.hub}
        if mode == "denied":
            await self._subscriptions.refuse(subscription, now + websub.LONGEST_WAIT, now)
            log.warning("websub.denied", **facts, why=said.get("hub.reason", "")[:200])
            return Response(status_code=204)
        if mode == "subscribe":
            granted = websub.lease(said.get("hub.lease_seconds", ""))
            ends_at = now + granted
            if not await self._subscriptions.activate(subscription, ends_at, websub.renewal(granted, now)):
                raise HTTPException(404, "It is wanted no more.")
            log.info("websub.active", **facts, until=ends_at.isoformat())
        return PlainTextResponse(said.get("hub.challenge", ""))

    async def ping(self, token: str, request: Request) -> Response:
        """Make the feed due if the hub signed this; 410 tells the hub that the subscription is over."""
        subscription = await self._subscriptions.find(token)
        if subscription is None or subscription.state == "ended":
            raise HTTPException(410, "There is no such subscription.")
        facts = {"feed": subscription.feed_id, "hub": subscription.hub}
        if await _is_signed(request, subscription):
            await self._subscriptions.ping(subscription, self._clock.now())
            log.debug("websub.pinged", **facts)
        else:
            log.info("websub.ignored", **facts, why="its signature is missing, wrong or over too long a body")
        return Response(status_code=202)


async def _is_signed(request: Request, subscription: Subscription) -> bool:
    signed = websub.signature(request.headers.get("x-hub-signature", ""), subscription.secret)
    if signed is None:
        return False
    computed, digest = signed
    received = 0
    try:
        async with asyncio.timeout(BODY_WITHIN_S):
            async for piece in request.stream():
                computed.update(piece)
                received += len(piece)
                if received > BODY_MAX:
                    return False
    except (TimeoutError, ClientDisconnect):  # as good as unsigned
        return False
    return hmac.compare_digest(computed.hexdigest().encode(), digest.encode())
