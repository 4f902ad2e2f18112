"""How a feed wants to be asked, for itself and for its pages."""

from typing import Literal

from ingest.core.cadence import unasked
from ingest.model import Asking, Feed, FeedState, Request


def address(feed: Feed, state: FeedState) -> str:
    """Where a feed is asked."""
    return state.moved_to or feed.url


def whole_request(feed: Feed, state: FeedState) -> Request:
    """The question for a feed's whole document."""
    return _request(feed, address(feed, state), "feed")


def feed_request(feed: Feed, state: FeedState) -> Request:
    """The question whether there is news: conditional, but for every hundredth, which catches servers that lie."""
    if unasked(state):
        return whole_request(feed, state)
    validators = {"etag": state.etag, "last_modified": state.last_modified}
    return _request(feed, address(feed, state), "feed", **validators)


def page_request(feed: Feed, url: str) -> Request:
    """The question for an article."""
    return _request(feed, url, "page")


def _request(feed: Feed, url: str, purpose: Literal["feed", "page"], **validators: str) -> Request:
    asked = {name: getattr(feed, name) for name in Asking.model_fields}
    return Request.model_validate({"url": url, "purpose": purpose, "secrets_for": feed.url} | asked | validators)
