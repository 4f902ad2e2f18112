"""Every error that Ingest raises on purpose.

    IngestError
    ├── ConfigError      a setting, an argument or a file is wrong: the user can mend it      (exit status 2)
    │   └── ConflictError    what is asked for does not go with what is there already
    ├── FetchError       no answer was had for a URL; `kind` says why, `transient` whether to try again
    ├── ParseError       the answer is no feed that we can read
    ├── WorkError        a document or page cost more time or memory than is allowed
    ├── DeliveryError    a sink did not take a batch; `fault` says whose fault it is
    ├── LateError        a reader asks for changes that were dropped already, or from a place that is not there
    └── StoreError       the database could not be read or written
        └── LimitError       what is asked for takes too long, or too many ask

A message says what was tried, on what, why it failed and what to do. Errors of libraries are translated at the
edge that calls them, with `raise … from`.
"""

from typing import Literal

FetchFailure = Literal[
    "bad-url",  # not an http(s) URL that can be asked
    "blocked",  # the address guard refused the address
    "robots",  # robots.txt disallows the page
    "dns",
    "refused",
    "tls",
    "timeout",
    "reset",  # the connection broke before the answer was whole
    "resting",  # not asked, since the server asked for a pause
    "too-large",
    "redirects",  # a loop, or more hops than the budget
    "protocol",  # what came back is not HTTP, or is coded in a way that we cannot read
]

TRANSIENT: frozenset[FetchFailure] = frozenset({"dns", "refused", "tls", "timeout", "reset", "resting", "protocol"})
"""Failures that another try may mend."""


class IngestError(Exception):
    """Base of all errors raised on purpose."""


class ConfigError(IngestError):
    """Something that the user wrote is wrong; the message says where and what would be right."""


class ConflictError(ConfigError):
    """What is asked for is right in itself, and does not go with what is there; the message says with what."""


class FetchError(IngestError):
    """No usable answer for a URL.

    Args:
        kind: the class of failure.
        message: one line for people; holds no header values.
        retry_after_s: seconds that the server asked us to wait, if it did.
        status: of the answer that was of no use, if there was one.
    """

    def __init__(
        self, kind: FetchFailure, message: str, retry_after_s: float | None = None, status: int | None = None
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.retry_after_s = retry_after_s
        self.status = status

    def __reduce__(self) -> tuple[object, ...]:
        """Pickled with its kind: errors come back from other processes."""
        return FetchError, (self.kind, str(self), self.retry_after_s, self.status), self.__dict__

    @property
    def transient(self) -> bool:
        """Whether another try may succeed."""
        return self.kind in TRANSIENT


Fault = Literal[
    "away",  # the receiver: not there, busy, or not set up for us; waits, however long
    "slow",  # nobody: it was not taken in time, and fewer changes may be
    "error",  # the receiver failed at the batch: it may be ill, or the batch may make it so
    "refused",  # the batch
    "gone",  # the receiver wants nothing any more
]


class DeliveryError(IngestError):
    """A sink did not take a batch.

    Args:
        fault: whose it is, and so what follows.
        retry_after_s: seconds that the receiver asked us to wait, if it did.
    """

    def __init__(self, fault: Fault, message: str, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.fault = fault
        self.retry_after_s = retry_after_s


class ParseError(IngestError):
    """The bytes are no feed; the message says what they look like instead."""


class WorkError(IngestError):
    """A piece of work in the process pool exceeded its time or memory, or its process died."""


class LateError(IngestError):
    """Changes that a reader has not seen were dropped or undone; it has to read the stories anew."""


class StoreError(IngestError):
    """The database refused: full disk, locked, unwritable, damaged or of another version."""


class LimitError(StoreError):
    """The database is well, and the reader asks for too much, or with too many others; the message says what to do.

    It tells nothing of the database, and so may be shown to anybody.
    """
