"""The last stories of each publisher, by their paragraphs: what its furniture is told from."""

from sqlalchemy import Connection, bindparam, insert, select, update

from ingest.core.dedupe.furniture import LAST, Keys, without_furniture
from ingest.edge.store.tables import publishers
from ingest.model import Candidate, Draft

EVERY = 4
"""Once there are enough stories to tell from, one of so many is looked at: furniture changes seldom."""

LAST_STORIES = select(publishers.c.stories).where(publishers.c.name == bindparam("publisher"))
ADD = insert(publishers)
KEEP = update(publishers).where(publishers.c.name == bindparam("publisher")).values(stories=bindparam("last"))
"""Built once: they run for every story."""


def last_stories(connection: Connection, publisher: str) -> list[Keys]:
    """The paragraphs of a publisher's last stories, as they were read."""
    known = connection.scalar(LAST_STORIES, {"publisher": publisher})
    return [tuple(keys) for keys in known or ()]


def remember(connection: Connection, publisher: str, last: list[Keys], story: Keys, number: int) -> None:
    """Add a story to the last ones of its publisher."""
    if not last:
        connection.execute(ADD, {"name": publisher, "stories": [story]})
    elif len(last) < LAST or number % EVERY == 0:
        connection.execute(KEEP, {"publisher": publisher, "last": [*last, story][-LAST:]})


def without(repeated: frozenset[int], candidate: Candidate, draft: Draft) -> Candidate:
    """A stored story without what was not yet known to be furniture, lest it seem to have changed."""
    if not repeated or candidate.publisher != draft.publisher:
        return candidate
    return candidate.model_copy(update={"text": without_furniture(candidate.text, repeated)})
