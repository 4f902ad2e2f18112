"""Due feeds ─ fetch ─ parse ─► entries written down (pending)."""

import hashlib
from collections.abc import Sequence

import structlog

from ingest.core import cadence
from ingest.core.cadence import Failure
from ingest.core.parse import parse
from ingest.errors import FetchError, ParseError, StoreError, WorkError
from ingest.model import Feed, FeedState, Polled, Request, WrittenDown
from ingest.pipeline.answers import retry_after_s, told
from ingest.pipeline.hands import drain
from ingest.ports import Conclusion, Ports

log = structlog.get_logger("ingest")


async def poll(ports: Ports, feed: Feed, state: FeedState) -> Polled:
    """Ask a feed, and write down what is new in it."""
    try:
        polled = await _poll(ports, feed, state)
    except StoreError:
        raise
    except (FetchError, ParseError, WorkError) as error:
        polled = await _poll_failed(ports, feed, state, _failure(error))
    except Exception as error:  # Rule 1: a defect that one feed brings out is told with it, and stops no other
        log.exception("feed.defect", feed=feed.name)
        polled = await _poll_failed(ports, feed, state, _failure(error))
    report = log.warning if polled.result == "failed" else log.info
    report("feed.polled", **polled.model_dump(mode="json", exclude_defaults=True))
    return polled


async def _poll(ports: Ports, feed: Feed, state: FeedState) -> Polled:
    response = await ports.fetcher.fetch(_request(feed, state))
    ports.mark("poll.fetched")
    if response.status not in (200, 304):
        answer = Failure(f"http-{response.status}", f"the server answers {response.status}", retry_after_s(response))
        return await _poll_failed(ports, feed, state, answer)
    body_hash = state.body_hash if response.status == 304 else hashlib.sha256(response.body).hexdigest()
    changed = body_hash != state.body_hash
    document = await ports.pool.run(parse, response) if changed else None
    ports.mark("poll.parsed")

    def conclude(written: WrittenDown) -> Conclusion:
        reading = cadence.Reading(response, body_hash, document, written)
        return cadence.after_success(feed, state, reading, ports.pace, ports.cron)

    written = await ports.store.write_down(feed.id, document.entries if document else (), conclude, response.fetched_at)
    ports.mark("poll.written")
    return Polled(
        feed=feed.name,
        result="read" if document else "unchanged",
        new=written.new,
        known=written.known,
        problem="; ".join(document.warnings) if document else "",
        due_at=conclude(written).state.due_at,
    )


def _request(feed: Feed, state: FeedState) -> Request:
    request = Request(url=feed.url, purpose="feed", headers=feed.headers)
    if cadence.unasked(state):
        return request
    return request.model_copy(update={"etag": state.etag, "last_modified": state.last_modified})


def _failure(error: Exception) -> Failure:
    if isinstance(error, FetchError):
        return Failure(error.kind, told(error), error.retry_after_s)
    return Failure("unreadable", told(error))


async def _poll_failed(ports: Ports, feed: Feed, state: FeedState, failure: Failure) -> Polled:
    now = ports.clock.now()
    after = cadence.after_failure(feed, state, failure, now, ports.pace, ports.cron)
    await ports.store.write_down(feed.id, (), lambda _: Conclusion(after), now)
    return Polled(feed=feed.name, result="failed", problem=after.problem, due_at=after.due_at)


async def poll_due(ports: Ports) -> list[Polled]:
    """Poll the feeds that are due."""

    async def claim(limit: int) -> list[tuple[Feed, FeedState]]:
        return await ports.store.claim_feeds(ports.clock.now(), limit)

    return await drain(claim, lambda claimed: poll(ports, *claimed), ports.pace.concurrency)


async def poll_now(ports: Ports, feeds: Sequence[int]) -> list[Polled]:
    """Poll these feeds once each, due or not."""
    waiting = list(feeds)

    async def claim(limit: int) -> list[tuple[Feed, FeedState]]:
        batch, waiting[:] = waiting[:limit], waiting[limit:]
        return await ports.store.claim_feeds(ports.clock.now(), limit, only=batch, even_if_not_due=True)

    return await drain(claim, lambda claimed: poll(ports, *claimed), ports.pace.concurrency)
