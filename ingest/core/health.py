"""How a feed does, in one word: the first of HEALTHS whose test it passes."""

from collections.abc import Callable

from ingest.model import FeedStatus

HEALTHS: tuple[tuple[str, Callable[[FeedStatus], bool]], ...] = (
    ("disabled", lambda status: not status.feed.enabled),
    ("failing", lambda status: status.state.failures > 0),
    ("never polled", lambda status: status.state.polled_at is None),
    ("fine", lambda status: True),
)


def health_of(status: FeedStatus) -> str:
    """The one word or two."""
    return next(name for name, passes in HEALTHS if passes(status))
