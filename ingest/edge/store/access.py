"""How a database is gone to."""

from typing import Literal

BUSY_TIMEOUT_MS = 30_000
"""How long a write waits for another process's transaction, which lasts milliseconds."""

READERS = 4
"""Connections that read."""

Access = Literal["write", "read", "migrate", "upkeep"]
"""Upkeep works outside of any transaction."""
