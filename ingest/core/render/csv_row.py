"""A story as a row of CSV (RFC 4180).

A cell that begins with `=` or `+` is written as it is: a guard against spreadsheets that take it for a formula would
change the story for every other reader. Spreadsheets should import such columns as text.
"""

import csv
import io
from collections.abc import Iterable

from ingest.core.render.story_json import day, timestamp
from ingest.model import Story

COLUMNS = (
    "id",
    "seq",
    "url",
    "title",
    "text",
    "summary",
    "authors",
    "site",
    "language",
    "published_at",
    "published_date",
    "modified_at",
    "first_seen_at",
    "image",
    "hashtags",
    "version",
    "cluster",
    "duplicate_of",
    "feeds",
    "withdrawn_at",
)


def csv_row(story: Story) -> list[str]:
    """The cells of COLUMNS; unknown is empty, authors and feeds are parted by `; `, hashtags by a space."""
    cells = (
        story.id,
        story.seq,
        story.url,
        story.title,
        story.text,
        story.summary,
        "; ".join(story.authors),
        story.site,
        story.language,
        timestamp(story.published_at),
        day(story.published_date),
        timestamp(story.modified_at),
        timestamp(story.first_seen_at),
        story.image,
        " ".join(f"#{each.tag}" for each in story.hashtags),
        story.version,
        story.cluster,
        story.duplicate_of,
        "; ".join(dict.fromkeys(sighting.feed for sighting in story.sightings)),
        timestamp(story.withdrawn_at),
    )
    return ["" if cell is None else str(cell) for cell in cells]


def csv_line(cells: Iterable[str]) -> str:
    """One record with its line end (CRLF)."""
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()
