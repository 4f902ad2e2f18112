"""Subscribing to feeds at the hubs that they name (WebSub): what is due is asked.

The hub answers later, by a question of its own to our callback (`web.websub`). Until then a subscription is only asked
for, and what a hub says or fails to say here costs one try and nothing else.
"""

from collections.abc import Callable, Collection

import structlog

from ingest.core import websub
from ingest.errors import FetchError
from ingest.model import Request, Subscription
from ingest.pipeline.answers import told
from ingest.pipeline.hands import Job, drain
from ingest.ports import Ports

log = structlog.get_logger("ingest")

HANDS = 8
"""Hubs asked at once."""


async def subscribe_due(ports: Ports, public_url: str, new_token: Callable[[], str]) -> None:
    """Subscribe, renew and end, whatever is due; within an outage of our own network nothing.

    Args:
        public_url: where callbacks are reached from outside; empty: what there is ends by itself.
        new_token: makes texts that nobody can guess.
    """
    subscriptions = ports.store.subscriptions
    await subscriptions.settle(public_url, new_token, ports.clock.now())
    if not public_url:
        return

    async def take(free: int, _: Collection[Subscription]) -> list[Subscription]:
        return [] if ports.outlook.down else await subscriptions.take_due(ports.clock.now(), free)

    async def renew(_: Collection[Subscription]) -> None:
        """Nothing is leased: a try is charged, and comes again by itself."""

    await drain(Job(take, lambda one: _ask(ports, one), renew), HANDS)


async def _ask(ports: Ports, subscription: Subscription) -> None:
    request = Request(url=subscription.hub, purpose="hub", form=websub.wish(subscription))
    facts = {"feed": subscription.feed_id, "hub": subscription.hub, "mode": request.form["hub.mode"]}
    try:
        response = await ports.fetcher.fetch(request)
    except FetchError as error:
        await ports.outlook.saw(request.url, error)
        log.warning("websub.failed", **facts, why=told(error))
        return
    except Exception:  # a defect that one hub brings out stops no other
        log.exception("websub.defect", **facts)
        return
    await ports.outlook.saw(request.url, None)
    if 200 <= response.status < 300:
        log.debug("websub.asked", **facts)
    else:
        log.warning("websub.failed", **facts, why=f"the hub answers {response.status}")
