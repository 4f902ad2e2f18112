"""How a feed wants to be asked, for itself and for its pages."""

from dataclasses import replace

from ingest.core.cadence import unasked
from ingest.model import Feed, FeedState, Recheck, Request


def address(feed: Feed, state: FeedState) -> str:
    """Where a feed is asked."""
    return state.moved_to or feed.url


def whole_request(feed: Feed, state: FeedState) -> Request:
    """The question for a feed's whole document."""
    return Request(address(feed, state), "feed", asking=feed, secrets_for=feed.url)


def feed_request(feed: Feed, state: FeedState) -> Request:
    """The question whether there is news: conditional, but for every hundredth, which catches servers that lie."""
    if unasked(state):
        return whole_request(feed, state)
    return Request(
        address(feed, state),
        "feed",
        asking=feed,
        secrets_for=feed.url,
        etag=state.etag,
        last_modified=state.last_modified,
    )


def page_request(feed: Feed, url: str) -> Request:
    """The question for an article."""
    return Request(url, "page", asking=feed, secrets_for=feed.url)


def recheck_request(recheck: Recheck) -> Request:
    """The question whether an article changed."""
    asked = page_request(recheck.feed, recheck.entry.url)
    return replace(asked, etag=recheck.etag, last_modified=recheck.last_modified)
