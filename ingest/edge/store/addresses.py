"""The addresses that stories are known under.

An address is proven where it led to the story: what the feed linked to, and what answered; the hops between may be
those of all articles of a site. The link that a page names as its own (canonical) is a claim: broken sites name one
page on all their pages. A claim finds the story for settle to look at, and gives way to the story that the address
turns out to lead to.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, bindparam, insert, select, true, update

from ingest.edge.store.tables import aliases
from ingest.model import Draft

ADD = insert(aliases)
TAKE = (
    update(aliases).where(aliases.c.url_key == bindparam("address")).values(story_id=bindparam("story"), proven=true())
)
PROVE = TAKE.where(~aliases.c.proven)
"""Built once: they run for every story."""


def own(draft: Draft) -> list[str]:
    """The addresses that led to a draft: what answered, then what led there."""
    return list(dict.fromkeys((draft.url_key, *draft.alias_keys)))


def addresses(draft: Draft) -> list[str]:
    """Every address that a draft may be known under: its own, then what the page names."""
    return list(dict.fromkeys([*own(draft), *filter(None, [draft.canonical_key])]))


def give(
    connection: Connection, story_id: str, draft: Draft, known: Mapping[str, bool] | None = None, anew: bool = False
) -> None:
    """Make a draft's addresses lead to a story, but those that lead to another for sure.

    Args:
        known: of these addresses, whether they are proven; default: looked up.
        anew: the story is new, so that what lay at the address that answered lies there no more.
    """
    if known is None:
        known = _known(connection, addresses(draft))
    proven = own(draft)
    new = [
        {"url_key": key, "story_id": story_id, "proven": key in proven} for key in addresses(draft) if key not in known
    ]
    if new:
        connection.execute(ADD, new)
    if claimed := [{"address": key, "story": story_id} for key in proven if known.get(key) is False]:
        connection.execute(PROVE, claimed)
    if anew and known.get(draft.url_key):
        connection.execute(TAKE, {"address": draft.url_key, "story": story_id})


def leads_to(connection: Connection, url_key: str) -> str | None:
    """The story that an address leads to for sure."""
    return connection.scalar(select(aliases.c.story_id).where(aliases.c.url_key == url_key, aliases.c.proven))


def _known(connection: Connection, url_keys: Sequence[str]) -> dict[str, bool]:
    rows = connection.execute(select(aliases.c.url_key, aliases.c.proven).where(aliases.c.url_key.in_(url_keys)))
    return {row.url_key: row.proven for row in rows}
