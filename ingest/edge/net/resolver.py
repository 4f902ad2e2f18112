"""Names to addresses, each look-up in a daemon thread of its own.

A look-up by the system cannot be interrupted and may take half a minute where the name server is dead. In the event
loop's own executor a few of those would hold up everything else that waits for a thread, and the end of the process.
Their number is bounded by the number of connections.
"""

import asyncio
import socket
from concurrent.futures import Future
from threading import Thread

from aiohttp.abc import AbstractResolver, ResolveResult

NUMERIC = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV


class ThreadResolver(AbstractResolver):
    """The system's resolver, as aiohttp wants it."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """All addresses of a name; raises OSError where it has none."""
        answer: Future[list[ResolveResult]] = Future()
        Thread(target=_look_up, args=(answer, host, port, family), name=f"dns {host}", daemon=True).start()
        return await asyncio.wrap_future(answer)

    async def close(self) -> None:
        """Nothing is held."""


def _look_up(answer: Future[list[ResolveResult]], host: str, port: int, family: socket.AddressFamily) -> None:
    answer.set_running_or_notify_cancel()  # from here on nobody can cancel it, so that the result always has a place
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, family=family, flags=socket.AI_ADDRCONFIG)
    except UnicodeError:
        answer.set_exception(socket.gaierror(socket.EAI_NONAME, "no host can be named so"))
    except OSError as error:
        answer.set_exception(error)
    else:
        answer.set_result([_result(host, port, *info) for info in found])


def _result(
    host: str, port: int, family: int, kind: int, protocol: int, name: str, address: tuple[str | int, ...]
) -> ResolveResult:
    return ResolveResult(hostname=host, host=str(address[0]), port=port, family=family, proto=protocol, flags=NUMERIC)
