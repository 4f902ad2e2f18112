"""Changes ─ filter ─► batch ─ deliver ─► the sink's place, moved on: the way out.

A sink is one task with one batch in hand; another sink never waits for it. How far it is stands in the database, and
with it where the batch in hand ends: whoever dies between the delivery and that write delivers the same batch again.
"""

import asyncio
from collections.abc import Mapping

import structlog

from ingest.core import delivery
from ingest.errors import DeliveryError, LateError, StoreError
from ingest.model import Announced, SinkState
from ingest.ports import Ports, Sink

log = structlog.get_logger("ingest")

LOOK_AGAIN_S = 1.0
"""How long to wait before looking again which other sinks are due."""
LONGEST_S = 45.0
"""For one delivery; less than a lease, so that two processes never deliver to one sink."""


async def deliver_due(ports: Ports) -> None:
    """Deliver to all sinks that are due, until there is nothing before them."""
    working: dict[str, asyncio.Task[None]] = {}
    try:
        while True:
            for sink, state in await _due(ports, working):
                working[state.name] = asyncio.create_task(_deliver_all(ports, sink, state))
            if not working:
                return
            done, _ = await asyncio.wait(working.values(), timeout=LOOK_AGAIN_S, return_when=asyncio.FIRST_COMPLETED)
            working = {name: task for name, task in working.items() if task not in done}
            for task in done:
                task.result()
    finally:
        for task in working.values():
            task.cancel()
        await asyncio.gather(*working.values(), return_exceptions=True)


async def _due(ports: Ports, working: Mapping[str, object]) -> list[tuple[Sink, SinkState]]:
    now = ports.clock.now()
    idle = {sink.spec.name: sink for sink in ports.sinks if sink.spec.name not in working}
    closing = [name for name, sink in idle.items() if sink.closes_at and sink.closes_at <= now]
    return [(idle[state.name], state) for state in await ports.store.deliveries.due(list(idle), closing, now)]


async def _deliver_all(ports: Ports, sink: Sink, found: SinkState) -> None:
    """Batch by batch, until nothing is left, one fails, or another has the sink; a defect stops it alone."""
    state: SinkState | None = found
    try:
        while state and state.due_at <= ports.clock.now() and not state.stopped:
            batch = await _next_batch(ports, sink, state)
            if batch is None or (batch.is_end and batch.position == state.position):
                break
            state = await _hand_over(ports, sink, state, batch)
        if state and not state.error and sink.closes_at and sink.closes_at <= ports.clock.now():
            await _close_open(ports, sink, state)
    except StoreError:
        raise
    except Exception as error:
        log.exception("sink.defect", sink=sink.spec.name)
        if state:
            await _note(ports, state, _NOTHING, DeliveryError("away", f"unexpected {type(error).__name__}"))


async def _next_batch(ports: Ports, sink: Sink, state: SinkState) -> Announced | None:
    """What the batch in hand holds, or the next one; None where that cannot be read."""
    after, where = ports.store.changes.after, sink.spec.where
    try:
        if state.until is None:
            return delivery.cut(await after(state.position, where, state.size, state.forgone))
        again = await after(state.position, where, delivery.MOST, state.forgone)
        told = tuple(one for one in again.announcements if one.change.seq <= state.until)
        return Announced(announcements=told, position=state.until, is_end=False)
    except LateError as error:
        why = f"{error}; `ingest sinks skip {sink.spec.name} --to SEQ` puts the sink there"
        await _note(ports, state, _NOTHING, DeliveryError("away", why))
        return None


_NOTHING = Announced(announcements=(), position=0, is_end=True)


async def _hand_over(ports: Ports, sink: Sink, state: SinkState, batch: Announced) -> SinkState | None:
    """The sink after a batch; None where another has it.

    It is held for a batch that goes out; over what it does not want it moves on by one write.
    """
    deliveries, now = ports.store.deliveries, ports.clock.now
    if batch.announcements:
        held = await deliveries.hold(state, delivery.begun(state, batch), now)
        if held is None:
            return None
        state = held
        ports.mark("deliver.begun")
        if error := await _refusal(sink, batch, delivery.key(state, batch)):
            return await _note(ports, state, batch, error)
        ports.mark("deliver.delivered")
        if state.error:
            log.info("sink.recovered", sink=state.name, after=state.error)
    moved = await deliveries.write(state, delivery.delivered(state, batch, now()), now)
    ports.mark("deliver.moved")
    return moved


async def _close_open(ports: Ports, sink: Sink, state: SinkState) -> None:
    if await ports.store.deliveries.hold(state, state, ports.clock.now) is None:
        return
    try:
        await sink.close_open()
        await ports.store.deliveries.write(state, state, ports.clock.now)
    except DeliveryError as error:
        await _note(ports, state, _NOTHING, error)


async def _refusal(sink: Sink, batch: Announced, key: str) -> DeliveryError | None:
    try:
        async with asyncio.timeout(LONGEST_S):
            await sink.deliver(batch.announcements, key)
    except DeliveryError as error:
        return error
    except TimeoutError:
        return DeliveryError("slow", f"the batch was not taken within {LONGEST_S:g} s")
    except Exception as error:  # a defect that one event brings out is told with it, and stops no other sink
        log.exception("sink.defect", sink=sink.spec.name)
        return DeliveryError("error", f"unexpected {type(error).__name__}")
    return None


async def _note(ports: Ports, state: SinkState, batch: Announced, error: DeliveryError) -> SinkState | None:
    """Write down a failure."""
    after, letter = delivery.failed(state, batch, error, ports.clock.now())
    written = await ports.store.deliveries.write(state, after, ports.clock.now, letter)
    if letter:
        log.error("sink.dead_letter", sink=state.name, seq=letter.seq, story=letter.story_id, why=letter.why)
    elif after.stopped:
        log.error("sink.stopped", sink=state.name, why=after.stopped)
    elif state.error != after.error:
        log.warning("sink.failed", sink=state.name, why=after.error, tried_again=after.due_at.isoformat())
    return written
