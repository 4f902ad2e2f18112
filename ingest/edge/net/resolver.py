"""Names to addresses: each name asked for once at a time, and each answer remembered for a moment, failures too.

A look-up by the system cannot be interrupted and may take half a minute where the name server is dead. So each has a
daemon thread of its own: in the event loop's own executor a few of them would hold up everything else that waits for a
thread, and the end of the process. Whoever asks for a name under way waits for the same answer. Nothing here makes an
address safe: the guard judges the address that a socket connects to.
"""

import asyncio
import datetime as dt
import socket
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from threading import Thread

from aiohttp.abc import AbstractResolver, ResolveResult

from ingest.ports import Clock

NUMERIC = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
FOUND_FOR = dt.timedelta(seconds=10)
"""Long enough for robots.txt and the page behind it; less than most name servers allow."""
MISSED_FOR = dt.timedelta(seconds=30)
"""Less than any wait before another try, so that this always asks anew."""
MAX_KEPT = 4096
"""Names that are remembered; the longest unused go first."""

Name = tuple[str, socket.AddressFamily]


@dataclass(frozen=True)
class Answer:
    """What a look-up came to."""

    addresses: tuple[tuple[int, int, str], ...] = ()
    """Family, protocol, numeric address."""
    error: OSError | None = None


class Resolver(AbstractResolver):
    """The system's resolver, as aiohttp wants it; all callers are in one event loop."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._asking: dict[Name, asyncio.Future[Answer]] = {}
        self._kept: OrderedDict[Name, tuple[dt.datetime, Answer]] = OrderedDict()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """All addresses of a name; raises OSError where it has none."""
        name = host.lower(), family
        answer = self._remembered(name)
        if answer is None:
            answer = await asyncio.shield(self._asking.get(name) or self._ask(name))
        if answer.error:
            raise type(answer.error)(*answer.error.args)  # a new one: each caller's traceback goes into its own
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=protocol, flags=NUMERIC)
            for family, protocol, address in answer.addresses
        ]

    async def close(self) -> None:
        """Nothing is held."""

    def _remembered(self, name: Name) -> Answer | None:
        until, answer = self._kept.get(name, (self._clock.now(), None))
        if answer is None or until <= self._clock.now():
            return None
        self._kept.move_to_end(name)
        return answer

    def _ask(self, name: Name) -> asyncio.Future[Answer]:
        loop = asyncio.get_running_loop()
        asked: asyncio.Future[Answer] = loop.create_future()

        def ask() -> None:
            answer = look_up(*name)
            with suppress(RuntimeError):  # the loop is closed, and nobody waits
                loop.call_soon_threadsafe(self._learn, name, answer)

        Thread(target=ask, name=f"dns {name[0]}", daemon=True).start()
        self._asking[name] = asked
        return asked

    def _learn(self, name: Name, answer: Answer) -> None:
        self._kept[name] = self._clock.now() + (MISSED_FOR if answer.error else FOUND_FOR), answer
        self._kept.move_to_end(name)
        if len(self._kept) > MAX_KEPT:
            self._kept.popitem(last=False)
        self._asking.pop(name).set_result(answer)


def look_up(host: str, family: socket.AddressFamily) -> Answer:
    """Ask the system, which takes as long as it likes."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, family=family, flags=socket.AI_ADDRCONFIG)
    except UnicodeError:
        return Answer(error=socket.gaierror(socket.EAI_NONAME, "no host can be named so"))
    except OSError as error:
        return Answer(error=error)
    return Answer(tuple((kind, protocol, str(address[0])) for kind, _, protocol, _, address in found))
