"""A webhook: POST of a JSON batch, signed as https://www.standardwebhooks.com has it.

Rule 1: `webhook-id` is the same whenever the same batch comes again, so that a receiver can tell.
Rule 2: the answer's status alone counts, see `core.delivery.fault_of`; of its body some words are shown. Redirects are
        not followed: a signed batch goes where it was addressed to.
Rule 3: the same guard as for fetching judges the address.
"""

import asyncio
import datetime as dt
import json
from collections.abc import Mapping, Sequence

import aiohttp
from yarl import URL

from ingest.core.dates import retry_after_s
from ingest.core.delivery import fault_of
from ingest.core.render.story_json import announcement_dict
from ingest.core.signing import signatures, signing_key
from ingest.edge.net.failures import TRANSLATED, failure
from ingest.edge.net.guard import Guard
from ingest.edge.net.session import open_session
from ingest.edge.net.urls import parse_url, place
from ingest.errors import DeliveryError, FetchError
from ingest.model import Announcement, SinkSpec, WebhookTarget
from ingest.ports import Clock

TIMEOUT_S = 15.0
"""How long a receiver may be silent; the Standard Webhooks say 15 to 30 s."""
TOTAL_S = 30.0
"""From connecting to the last byte of the answer."""
ANSWER_BYTES = 4096
"""Of an answer that are read."""
SHOWN = 100
"""Letters of it that are shown."""


class Webhook:
    """Implements `ports.Sink` over HTTP.

    Args:
        store_id: see `ports.Changes.identity`.
    """

    closes_at: dt.datetime | None = None

    def __init__(self, spec: SinkSpec, target: WebhookTarget, store_id: str, guard: Guard, clock: Clock) -> None:
        self.spec = spec
        self._target = target
        self._keys = [signing_key(secret.get_secret_value()) for secret in target.secrets]
        self._store_id = store_id
        self._guard = guard
        self._clock = clock
        self._session: aiohttp.ClientSession | None = None

    async def deliver(self, announcements: Sequence[Announcement], key: str) -> None:
        """POST them; any answer but a 2xx is a DeliveryError."""
        await self._post(f"{self._store_id}-{self.spec.name}-{key}", announcements)

    async def close_open(self) -> None:
        """Nothing stands open."""

    async def test(self) -> str:
        """POST a batch of nothing."""
        await self._post(f"{self._store_id}-{self.spec.name}-test-{self._clock.now():%Y%m%d%H%M%S}", ())
        return f"{place(URL(self._target.url))} took an empty batch"

    async def close(self) -> None:
        """Let go of connections."""
        if self._session:
            await self._session.close()

    async def _post(self, key: str, announcements: Sequence[Announcement]) -> None:
        changes = [announcement_dict(one) for one in announcements]
        body = json.dumps({"changes": changes}, ensure_ascii=False, separators=(",", ":")).encode()
        try:
            url = parse_url(self._target.url)
            status, wait, words = await self._ask(url, self._headers(key, body), body)
        except FetchError as error:
            raise DeliveryError("slow" if error.kind == "timeout" else "away", str(error)) from error
        if fault := fault_of(status):
            asked_s = retry_after_s(wait, self._clock.now())
            raise DeliveryError(fault, f"{place(url)} answers {status}{f': {words}' if words else ''}", asked_s)

    def _headers(self, key: str, body: bytes) -> dict[str, str]:
        sent_at = str(int(self._clock.now().timestamp()))
        return {
            "Content-Type": "application/json",
            "User-Agent": "ingest",
            "Accept-Encoding": "identity",
            "webhook-id": key,
            "webhook-timestamp": sent_at,
            "webhook-signature": signatures(self._keys, key, sent_at, body),
        }

    async def _ask(self, url: URL, headers: Mapping[str, str], body: bytes) -> tuple[int, str, str]:
        """Status, Retry-After and the first words of the answer."""
        if self._session is None:
            self._session = open_session(self._guard, connections=1, clock=self._clock)
        if why := self._guard.port_refusal(url.port or 0):
            raise FetchError("blocked", f"{place(url)}: {why}")
        patience = aiohttp.ClientTimeout(sock_connect=TIMEOUT_S, sock_read=TIMEOUT_S)
        try:
            async with (
                asyncio.timeout(TOTAL_S),
                self._session.post(url, data=body, headers=headers, allow_redirects=False, timeout=patience) as answer,
            ):
                words = b"" if answer.status < 300 else await answer.content.read(ANSWER_BYTES)
                return answer.status, answer.headers.get("Retry-After", ""), shown(words)
        except TRANSLATED as error:
            raise failure(error, url, TIMEOUT_S, TOTAL_S) from error


def shown(answer: bytes) -> str:
    """The beginning of an answer, on one line."""
    text = " ".join(answer.decode("utf-8", "replace").split())[:SHOWN]
    return "".join(letter if letter.isprintable() else " " for letter in text)
