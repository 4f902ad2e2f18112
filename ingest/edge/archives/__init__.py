"""Ways back to what feeds no longer list, one module an archive; all that they ask goes through `Search.ask`."""

from collections.abc import Callable, Mapping
from functools import partial

from ingest.edge.archives.paged import Paged
from ingest.edge.archives.saved import SavedArchive
from ingest.edge.archives.sitemaps import Sitemaps
from ingest.edge.archives.warc import WarcArchive
from ingest.edge.archives.wayback import Wayback
from ingest.edge.archives.wordpress import WordPress
from ingest.model import ArchiveKind
from ingest.ports import Archive, Archives, Search

ARCHIVES: Mapping[ArchiveKind, Callable[[Search], Archive]] = {
    "paged": Paged,
    "wordpress": WordPress,
    "sitemap": Sitemaps,
    "wayback": Wayback,
    "warc": WarcArchive,
    "urls": SavedArchive,
}
"""Kind → what walks along such an archive."""


def archives(wayback: str) -> Archives:
    """All of them, with the address of the Wayback Machine."""
    opened: dict[ArchiveKind, Callable[[Search], Archive]] = {**ARCHIVES, "wayback": partial(Wayback, base_url=wayback)}

    def open_archive(kind: ArchiveKind, search: Search) -> Archive:
        return opened[kind](search)

    return open_archive
