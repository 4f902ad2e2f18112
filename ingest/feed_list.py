"""What people do with the feed list, by command or over HTTP: the same functions.

What is heavy is imported inside the functions, since every command loads this module.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ingest.errors import ConfigError

if TYPE_CHECKING:
    from ingest.model import Feed, FeedStatus, StoryFilter
    from ingest.ports import Ports, Store


async def found(store: "Store", reference: str) -> "FeedStatus":
    """A feed by id, name or URL; ConfigError where there is none."""
    status = await store.find_feed(reference)
    if status is None:
        raise no_feed(reference)
    return status


async def of_known_feed(store: "Store", where: "StoryFilter") -> "StoryFilter":
    """A filter whose feed, by id, name or URL, is there, or was: stories keep the name of one that is removed."""
    from ingest.model import StoryFilter

    if where.feed is None:
        return where
    status = await store.find_feed(where.feed)
    if status:
        return where.model_copy(update={"feed": status.feed.name})
    async for _ in store.stories(StoryFilter(feed=where.feed), limit=1):
        return where
    raise no_feed(where.feed)


def no_feed(reference: str) -> ConfigError:
    """What to say of a feed that is not there."""
    return ConfigError(f"there is no feed {reference!r}; `ingest feeds list` shows those there are")


async def add_feed(
    ports: "Ports", url: str, name: str | None, interval: str, tags: Sequence[str]
) -> "tuple[Feed, int]":
    """Add the feed at a URL, or the one that the page there names; returns it, and how many entries it lists now.

    Raises:
        ConfigError: what was written is wrong, or its name or URL is taken.
        FetchError: the URL does not answer.
        ParseError: no feed was found.
    """
    from ingest.core.naming import feed_name
    from ingest.pipeline.seek import find_feed
    from ingest.settings import feed_by_command

    taken = {one.feed.name for one in await ports.store.feeds()}
    spec = feed_by_command(url, name or feed_name(url, taken), interval, tags)
    seen = await find_feed(ports, url)
    found_at = {"url": seen.url, "name": name or feed_name(seen.url, taken)}
    feed = await ports.store.add_feed(spec.model_copy(update=found_at), ports.clock.now())
    return feed, len(seen.document.entries)
