"""The HTTP API under `/api/v1`: what is stored, what changes, and what the service watches.

Each module has the calls of one subject; `params` says what may stand in a query, `shapes` what is answered, and
`errors` what goes wrong. The answers themselves are made by `core.render`, which exports and sinks share.
"""

from ingest.web.api.calls import PREFIX, StoreHeaders, add_api

__all__ = ["PREFIX", "StoreHeaders", "add_api"]
