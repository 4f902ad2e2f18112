"""A subscription at a hub (WebSub)."""

import datetime as dt
from typing import Literal

from pydantic import Field

from ingest.model.noun import Noun


class Subscription(Noun):
    """What a hub is asked to do, or has promised: to ping us when a feed has news."""

    id: int
    feed_id: int
    hub: str
    topic: str
    """The feed's address as its hub knows it."""
    public_url: str
    """The address of this service that the callback stands under."""
    token: str = Field(repr=False)
    """The callback's last part, which nobody can guess."""
    secret: str = Field(repr=False)
    """What the hub signs with."""
    state: Literal["asked", "active", "ended"]
    """`ended`: it was active and is no longer wanted; kept until the hub's promise is over."""
    ends_at: dt.datetime | None = None
    """The end of the lease that the hub granted."""
    due_at: dt.datetime
    """When the hub is asked next."""
    failures: int = 0
    """Times that the hub was asked since it last confirmed."""
