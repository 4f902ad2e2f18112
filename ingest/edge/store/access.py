"""How a database is gone to."""

from typing import Literal

BUSY_TIMEOUT_MS = 30_000
"""How long a write waits for another process's transaction, which lasts milliseconds."""

READERS = 4
"""Connections that read."""

SEARCHERS, MOST_SEARCHES = 2, 32
"""Connections for what may take long, and how much of it may wait: some seconds' worth."""

SEARCH_S = 5.0
"""Seconds that one of these reads may take where the web asks for it."""

Access = Literal["write", "read", "migrate", "upkeep"]
"""Upkeep works outside of any transaction."""
