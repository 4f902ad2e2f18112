"""Work that costs CPU, in processes that can be killed."""

from ingest.edge.pool.processes import ProcessPool

__all__ = ["ProcessPool"]
