"""Which rules of `sites.yaml` hold for a page."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from ingest.core.dedupe.url import publisher
from ingest.model import SiteRules


def rules_for(url: str, sites: Mapping[str, SiteRules]) -> SiteRules:
    """The rules of the page's host, else of its registrable domain; without either, rules that say nothing."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return sites.get(host) or sites.get(publisher(url)) or SiteRules()
