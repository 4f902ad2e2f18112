"""What we believe of our own network."""

import datetime as dt

from ingest.model.noun import Noun


class Outage(Noun):
    """Most hosts fail together, which is taken for our own network; see `core.outage`."""

    since: dt.datetime
    """The first failure after the last answer."""
    seen_at: dt.datetime
    """The last failure so far."""
    hosts: int
    """That fail; no more than `core.outage.MOST` are counted."""
