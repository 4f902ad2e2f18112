"""What the daemon serves over HTTP: the page for people, and the probes for machines."""

from ingest.web.hosts import is_loopback
from ingest.web.metrics import Metrics
from ingest.web.site import create_app

__all__ = ["Metrics", "create_app", "is_loopback"]
