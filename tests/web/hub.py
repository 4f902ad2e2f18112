"""A publisher with a hub, on loopback: it serves a feed, notes what it is asked, and calls back as a test wants."""

import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from aiohttp import web

FEED = "<rss version='2.0'><channel><title>Example</title><item><title>Rain</title></item></channel></rss>"


class Hub:
    """What the hub knows."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.status = 202
        self.url = ""

    async def serve_feed(self, request: web.Request) -> web.Response:
        links = f'<{self.url}/hub>; rel="hub", <{self.url}/feed?self>; rel="self"'
        return web.Response(text=FEED, content_type="application/rss+xml", headers={"Link": links})

    async def subscribe(self, request: web.Request) -> web.Response:
        self.asked.append({name: str(value) for name, value in (await request.post()).items()})
        return web.Response(status=self.status)

    async def verify(self, browser: httpx.AsyncClient, **changed: str) -> httpx.Response:
        """Ask the subscriber whether it meant what it asked last."""
        last = self.asked[-1]
        said = {name: last[f"hub.{name}"] for name in ("mode", "topic")} | {
            "challenge": "c4ll",
            "lease_seconds": "864000",
        }
        params = {f"hub.{name}": value for name, value in (said | changed).items()}
        return await browser.get(last["hub.callback"], params=params)

    async def ping(self, browser: httpx.AsyncClient, secret: str = "", method: str = "sha256") -> httpx.Response:
        """Tell the subscriber of news, signed with the secret that it gave, or another."""
        last = self.asked[-1]
        digest = hmac.new((secret or last["hub.secret"]).encode(), FEED.encode(), method).hexdigest()
        headers = {"X-Hub-Signature": f"{method}={digest}"}
        return await browser.post(last["hub.callback"], content=FEED.encode(), headers=headers)


@asynccontextmanager
async def serving() -> AsyncIterator[Hub]:
    """Run a publisher with its hub."""
    hub = Hub()
    app = web.Application()
    app.router.add_get("/feed", hub.serve_feed)
    app.router.add_post("/hub", hub.subscribe)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hub.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield hub
    finally:
        await runner.cleanup()
