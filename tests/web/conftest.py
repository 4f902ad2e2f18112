"""A browser before the site, which stands on a database of its own."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import cast

import httpx
import pytest
from fakes import FakeClock
from shown import Browse

from ingest.edge.store import SqlStore
from ingest.ports import Archives, Cron, Fetcher, Outlook, Pool, Ports
from ingest.settings import WebSettings
from ingest.web import Metrics, create_app
from ingest.web.pages import Pages

Lose = Callable[[str], None]


@pytest.fixture
def browse(store: SqlStore, clock: FakeClock) -> Browse:
    """Opens a browser of the site; it accepts HTML by name, as browsers do."""

    unused = object()  # the web reads the store and the clock; whatever else it touched would fail here
    doors = cast(Pool, unused), cast(Cron, unused), cast(Outlook, unused), cast(Archives, unused)
    looking = Ports(cast(Fetcher, unused), store, clock, *doors)

    def open_browser(
        trouble: str | None = None,
        ports: Ports = looking,
        leaving: asyncio.Event | None = None,
        base: str = "",
        metrics: Metrics | None = None,
        **web: object,
    ) -> httpx.AsyncClient:
        app = create_app(ports, lambda: trouble, WebSettings.model_validate(web), leaving, metrics)
        transport = httpx.ASGITransport(app)
        return httpx.AsyncClient(
            transport=transport, base_url=f"http://127.0.0.1:8080{base}", headers={"accept": "text/html,*/*;q=0.8"}
        )

    return open_browser


@pytest.fixture
def lose(database: str, store: SqlStore) -> Lose:
    """Damages the database under the open store: a table is lost."""

    def drop(table: str) -> None:
        with closing(sqlite3.connect(database.removeprefix("sqlite:///"))) as connection:
            connection.execute(f"DROP TABLE {table}")

    return drop


@pytest.fixture(scope="module")
def pages() -> Pages:
    """The pages alone."""
    return Pages()
