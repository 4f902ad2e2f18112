"""Imported by the process that workers are forked from, so that it outlives its users, and they start in no time.

It loads what the first page that is read would load, which takes half a second.
"""

import errno
from multiprocessing import reduction
from typing import Any

from ingest.core.language import detect

receive = reduction.recvfds


def received(*arguments: Any) -> Any:  # Any: typeshed does not know it
    """What a process sends that wants a worker; one that is killed meanwhile is passed over, and not fatal."""
    try:
        return receive(*arguments)
    except EOFError as error:
        raise ConnectionAbortedError(errno.ECONNABORTED, "it was killed") from error


reduction.recvfds = received
assert detect("The ferry goes to the island each morning, and comes back with the children of the school. " * 3) == "en"
