"""The tables, and what the database itself guards.

The classes declare them; statements are built on the `Table` objects here. `docs/glossary.md` explains the words. What
is unique here must never be twice: a feed's name, an entry within its feed, an address, a text at one publisher, a
`seq`. Long columns stand last, since SQLite reads a row from its beginning.
"""

from ingest.edge.store.tables import (  # noqa: F401 - they declare the tables
    of_access,
    of_backfills,
    of_feeds,
    of_removals,
    of_sinks,
    of_stories,
)
from ingest.edge.store.tables.base import metadata as metadata

feeds = metadata.tables["feeds"]
feed_states = metadata.tables["feed_states"]
gaps = metadata.tables["gaps"]
subscriptions = metadata.tables["subscriptions"]
entries = metadata.tables["entries"]
stories = metadata.tables["stories"]
versions = metadata.tables["versions"]
shingles = metadata.tables["shingles"]
sketches = metadata.tables["sketches"]
search_state = metadata.tables["search_state"]
publishers = metadata.tables["publishers"]
aliases = metadata.tables["aliases"]
story_hashtags = metadata.tables["story_hashtags"]
changes = metadata.tables["changes"]
identity = metadata.tables["identity"]
raw_pages = metadata.tables["raw_pages"]
reprocessings = metadata.tables["reprocessings"]
backfills = metadata.tables["backfills"]
entry_pages = metadata.tables["entry_pages"]
sinks = metadata.tables["sinks"]
dead_letters = metadata.tables["dead_letters"]
tokens = metadata.tables["tokens"]
tombstones = metadata.tables["tombstones"]
traces = metadata.tables["traces"]
outages = metadata.tables["outages"]
