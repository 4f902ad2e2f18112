"""What is asked of a backfill: its options, and whether they fit together."""

from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.cli.options import select
from ingest.cli.output import told
from ingest.errors import ConfigError

if TYPE_CHECKING:
    from ingest.model import BackfillSpec, Feed

KINDS = ("paged", "wordpress", "sitemap", "wayback", "warc", "urls")
"""Those of `ArchiveKind`, for a help text that loads no model."""
OF_FILES = ("warc", "urls")


def spec_of(
    since: str | None,
    until: str | None,
    via: list[str],
    files: list[Path],
    limit: int | None,
    rate: float | None,
    has_feed: bool,
) -> "BackfillSpec":
    """What the options ask for; ConfigError where they do not fit together."""
    from ingest.core.backfill import archive_kinds
    from ingest.model import BackfillSpec

    kinds = archive_kinds(via)
    if unknown := [kind for kind in kinds if kind not in KINDS]:
        raise ConfigError(f"--via {unknown[0]}: there is no such archive; there are auto, {', '.join(KINDS)}")
    reads_files = [kind for kind in kinds if kind in OF_FILES]
    if len(reads_files) > 1:
        raise ConfigError("--via warc and --via urls read other files; run them one after the other")
    if bool(files) != bool(reads_files):
        raise ConfigError("--file belongs to --via warc or --via urls; say both")
    if not has_feed and len(reads_files) < len(kinds):
        raise ConfigError("name a feed; only --via warc and --via urls know what to read without one")
    if rate is not None and not isfinite(rate):
        raise ConfigError(f"--rate {rate}: that is no number of requests a minute; leave it out for the usual pace")
    for path in files:
        if not path.exists():
            raise ConfigError(f"--file {path}: there is no such file or folder")
        if path.is_dir() and "warc" in kinds:
            raise ConfigError(f"--file {path} is a folder; name the WARC files in it")
    where = select(since, until, None, None, None)
    if where.since and where.until and where.since >= where.until:
        raise ConfigError(f"the range is empty: --since {since} is not before the end of --until {until}")
    return BackfillSpec.model_validate(
        {
            "since": where.since,
            "until": where.until,
            "via": kinds,
            "limit": limit,
            "files": tuple(str(path.resolve()) for path in files),
            "rate": rate,
            "every": via != ["auto"],
        }
    )


def asked_of(feed: "Feed", spec: "BackfillSpec") -> "BackfillSpec":
    """What is asked of a feed, with remarks on it; ConfigError where nothing of it would be of use."""
    from ingest.core.backfill import of_feed

    asked, remarks = of_feed(spec, feed, any(_may_hold_pages(Path(path)) for path in spec.files))
    for remark in remarks:
        told(remark)
    return asked


def _may_hold_pages(path: Path) -> bool:
    return path.is_dir() or not {".htm", ".html"}.isdisjoint(suffix.lower() for suffix in path.suffixes)
