"""What is searched for."""

import datetime as dt

from ingest.model.noun import Noun


class Sought(Noun):
    """What a story is wanted, or not wanted, to have."""

    words: tuple[str, ...] = ()
    """Words and phrases, as written."""
    tags: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    """Publishers, by their registrable domain."""


class Query(Noun):
    """What somebody searches for; see `core.search.query`."""

    wanted: Sought = Sought()
    """All of these words and tags, any of these languages and sites."""
    unwanted: Sought = Sought()
    """None of these."""
    since: dt.datetime | None = None
    """On or after; by publication, or first sight where that is unknown."""
    until: dt.datetime | None = None
    """Before."""
