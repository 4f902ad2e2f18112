"""What the daemon makes of a changed configuration and of a refusing database; for signals see commands/test_run."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from fakes import FakeClock
from structlog.testing import capture_logs

from ingest.daemon import Ticks, reloaded, sync_feeds
from ingest.edge.store import SqlStore
from ingest.errors import StoreError
from ingest.model import FeedSpec
from ingest.ports import Archives, Cron, Fetcher, Outlook, Pool, Ports
from ingest.settings import DatabaseSettings, Settings

FULL = "database ingest.db: the disk is full; make room"


def spec(name: str) -> FeedSpec:
    return FeedSpec(url=f"https://{name}.example/rss", name=name)


@pytest.fixture
def ports(store: SqlStore, clock: FakeClock) -> Ports:
    unused = object()  # nothing is fetched or read here
    pool = SimpleNamespace(trouble=None)
    doors = cast(Pool, pool), cast(Cron, unused), cast(Outlook, unused), cast(Archives, unused)
    return Ports(cast(Fetcher, unused), store, clock, *doors)


@pytest.fixture
def settings(database: str, tmp_path: Path) -> Settings:
    return Settings(database=DatabaseSettings(url=database), feeds=(spec("a"), spec("b")), folder=tmp_path / "config")


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as opened:
        yield opened


def with_feeds(settings: Settings, feeds: tuple[FeedSpec, ...] | None) -> Settings:
    return settings.model_copy(update={"feeds": feeds})


async def enabled(ports: Ports) -> list[str]:
    return [one.feed.name for one in await ports.store.feeds() if one.feed.enabled]


async def test_what_the_feeds_file_came_to_is_told_once(ports: Ports, settings: Settings) -> None:
    with capture_logs() as logs:
        await sync_feeds(settings, ports)
        await sync_feeds(settings, ports)
        await sync_feeds(with_feeds(settings, (spec("b"),)), ports)
    assert [(line["event"], line["log_level"], line["added"], line["disabled"]) for line in logs] == [
        ("feeds.synced", "info", ["a", "b"], []),
        ("feeds.synced", "warning", [], ["a"]),
    ]


async def test_a_missing_feeds_file_disables_nothing_and_is_told(ports: Ports, settings: Settings) -> None:
    await sync_feeds(settings, ports)
    with capture_logs() as logs:
        await sync_feeds(with_feeds(settings, None), ports)
    assert [(line["event"], line["path"]) for line in logs] == [("config.no_feeds_file", str(settings.feeds_file))]
    assert await enabled(ports) == ["a", "b"]


async def test_an_empty_list_of_feeds_disables_all(ports: Ports, settings: Settings) -> None:
    await sync_feeds(settings, ports)
    await sync_feeds(with_feeds(settings, ()), ports)
    assert await enabled(ports) == []


async def test_a_reload_without_the_feeds_file_keeps_the_old_configuration(
    ports: Ports, settings: Settings, listener: socket.socket
) -> None:
    with capture_logs() as logs:
        assert await reloaded(lambda: with_feeds(settings, None), (settings, listener), ports) is None
    assert [(line["event"], line["kept"]) for line in logs] == [("config.no_feeds_file", "the configuration as it was")]


async def test_a_service_that_never_had_a_feeds_file_reloads_without_one(
    ports: Ports, settings: Settings, listener: socket.socket
) -> None:
    without = with_feeds(settings, None)
    assert await reloaded(lambda: without, (without, listener), ports) == (without, listener)


async def test_a_reload_that_a_feed_of_a_command_stands_in_the_way_of_keeps_the_old_configuration(
    ports: Ports, settings: Settings, listener: socket.socket
) -> None:
    await ports.store.add_feed(FeedSpec(url="https://elsewhere.example/rss", name="a"), ports.clock.now())
    with capture_logs() as logs:
        assert await reloaded(lambda: settings, (with_feeds(settings, ()), listener), ports) is None
    assert [line["event"] for line in logs] == ["config.refused"]
    assert await enabled(ports) == ["a"]


async def test_a_tick_that_the_database_refuses_is_trouble_until_it_goes_through(
    ports: Ports, settings: Settings
) -> None:
    ticks = Ticks(ports, settings)

    async def refused() -> None:
        raise StoreError(FULL)

    async def done() -> None:
        """Nothing to do."""

    told = [ticks.trouble()]
    for name, work in (("poll", refused), ("collect", refused), ("poll", done), ("collect", done)):
        await ticks.tick(name, work)
        told.append(ticks.trouble())
    assert told == [
        None,
        f"the database refuses to poll: {FULL}",
        f"the database refuses to poll, collect: {FULL}",
        f"the database refuses to collect: {FULL}",
        None,
    ]


async def test_a_pool_that_cannot_work_is_trouble(ports: Ports, settings: Settings) -> None:
    broken = cast(Pool, SimpleNamespace(trouble="no worker process starts"))
    assert Ticks(replace(ports, pool=broken), settings).trouble() == "no worker process starts"
