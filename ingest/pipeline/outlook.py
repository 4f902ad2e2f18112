"""What this process knows of its own network: the one thing that it remembers from poll to poll outside the database.

It may forget it at any moment: the next failures tell it again.
"""

from urllib.parse import urlsplit

import structlog

from ingest.core import outage
from ingest.errors import FetchError
from ingest.ports import Clock, Store

log = structlog.get_logger("ingest")


class NetworkOutlook:
    """Implements `ports.Outlook`: pauses within an outage of our own, and takes back what it charged to feeds."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._network = outage.Network()

    @property
    def down(self) -> bool:
        return self._network.down_since is not None

    async def saw(self, url: str, error: FetchError | None) -> None:
        if error and error.kind in outage.UNASKED:
            return
        reached = error is None or error.kind not in outage.UNREACHED
        now = self._clock.now()
        before, host = self._network.down_since, urlsplit(url).hostname or ""
        self._network = outage.after(self._network, host, reached, now)
        since = before or self._network.down_since
        if since is None:
            return
        await self._store.note_outage(outage.noted(self._network, now))
        if self.down == (before is not None):
            return
        # what the judgement rests on may have failed before it began: an answer that was on its way came in between
        suspect = now - outage.SPAN if self.down else since
        forgiven = await self._store.forgive(outage.UNREACHED, outage.WAITING, suspect, now)
        event = "network.down" if self.down else "network.up"
        log.warning(event, since=since.isoformat(), forgiven=forgiven)

    def room(self, hands: int) -> int:
        if not self.down:
            return hands
        now = self._clock.now()
        if not hands or not outage.may_probe(self._network, now):
            return 0
        self._network = outage.probed(self._network, now)
        return 1
