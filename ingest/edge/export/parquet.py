"""Stories as Parquet: typed columns, one file, or one folder a day as Hive names them.

Rule 1: rows wait until they take GROUP, whatever they are; then they become a row group, or a file of the day that most
        of them are of. So neither memory nor the files that stand open grow with the stories or the days.
Rule 2: pyarrow ends a file that is broken off as if it were whole; so nothing that it writes then reaches the file.
Rule 3: of days that are broken off nothing is left. A folder that holds days already is refused: its files would lie
        beside ours, and the stories in it twice.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
from pyarrow.parquet import ParquetWriter

from ingest.core.render.story_json import story_dict
from ingest.edge.export.files import Write, in_words, whole_file
from ingest.errors import ConfigError
from ingest.model import Story

GROUP = 16_000_000
"""Characters of a row group; as Python has them, they take some 50 MB."""
ROW = 2_000
"""Characters that a story counts for beside its text."""

TIME = pa.timestamp("ms", "UTC")
_HASHTAG = pa.struct([pa.field("tag", pa.string(), False), pa.field("source", pa.string(), False)])
_SIGHTING = pa.struct(
    [
        pa.field("feed", pa.string(), False),
        pa.field("entry_id", pa.string(), False),
        pa.field("url", pa.string(), False),
        pa.field("seen_at", TIME, False),
        pa.field("via", pa.string()),
        pa.field("copy_url", pa.string()),
    ]
)
SCHEMA = pa.schema(
    [
        pa.field("id", pa.string(), False),
        pa.field("seq", pa.int64(), False),
        pa.field("url", pa.string()),
        pa.field("title", pa.string(), False),
        pa.field("text", pa.string(), False),
        pa.field("summary", pa.string(), False),
        pa.field("authors", pa.list_(pa.string()), False),
        pa.field("site", pa.string()),
        pa.field("language", pa.string()),
        pa.field("published_at", TIME),
        pa.field("published_date", pa.date32()),
        pa.field("modified_at", TIME),
        pa.field("first_seen_at", TIME, False),
        pa.field("image", pa.string()),
        pa.field("hashtags", pa.list_(_HASHTAG), False),
        pa.field("version", pa.int32(), False),
        pa.field("cluster", pa.string(), False),
        pa.field("duplicate_of", pa.string()),
        pa.field("sightings", pa.list_(_SIGHTING), False),
        pa.field("via", pa.string()),
        pa.field("kind", pa.string(), False),
        pa.field("section", pa.string()),
        pa.field("free", pa.bool_()),
        pa.field("withdrawn_at", TIME),
    ]
)
"""The fields of a story's JSON, in its order."""
DAY = "published_date"
UNKNOWN_DAY = "__HIVE_DEFAULT_PARTITION__"
"""As readers of partitions have it for NULL."""

Row = dict[str, Any]  # what pyarrow takes: the values of SCHEMA


@contextmanager
def one_file(path: Path | None) -> Iterator[Write[Story]]:
    """All in one file, or on stdout."""
    with _table(path, SCHEMA) as add:
        rows: list[Row] = []
        weight = 0

        def write(story: Story) -> None:
            nonlocal weight
            rows.append(_row(story))
            weight += _weight(story)
            if weight >= GROUP:
                add(rows)
                rows.clear()
                weight = 0

        yield write
        if rows:
            add(rows)


@contextmanager
def by_day(path: Path) -> Iterator[Write[Story]]:
    """A folder for each day of publication, with parts numbered from 0."""
    with in_words(path):
        path.mkdir(parents=True, exist_ok=True)
        if next(path.glob(f"{DAY}=*"), None):
            raise ConfigError(f"{path} holds days of another export; name another folder, or empty it")
    days = _Days(path)
    try:
        yield days.add
        days.finish()
    except BaseException:
        days.drop()
        raise


class _Days:
    """The rows that wait, and the files that are written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._rows: defaultdict[dt.date | None, list[Row]] = defaultdict(list)
        self._weights: Counter[dt.date | None] = Counter()
        self._weight = 0
        self._parts: Counter[dt.date | None] = Counter()

    def add(self, story: Story) -> None:
        """Take a story."""
        day, weight = story.published_date, _weight(story)
        self._rows[day].append(_row(story))
        self._weights[day] += weight
        self._weight += weight
        if self._weight >= GROUP:
            self._write(max(self._weights, key=self._weights.__getitem__))

    def finish(self) -> None:
        """Write what waits."""
        for day in list(self._rows):
            self._write(day)

    def drop(self) -> None:
        """Remove all that was written."""
        for day, parts in self._parts.items():
            with suppress(OSError):  # it is told why the export failed, which matters more
                for number in range(parts):
                    self._part(day, number).unlink(missing_ok=True)
                self._folder(day).rmdir()

    def _write(self, day: dt.date | None) -> None:
        number = self._parts[day]
        self._parts[day] += 1
        with in_words(self._path):
            self._folder(day).mkdir(exist_ok=True)
        with _table(self._part(day, number), SCHEMA.remove(SCHEMA.get_field_index(DAY))) as add:
            add(self._rows.pop(day))
        self._weight -= self._weights.pop(day)

    def _folder(self, day: dt.date | None) -> Path:
        return self._path / f"{DAY}={day or UNKNOWN_DAY}"

    def _part(self, day: dt.date | None, number: int) -> Path:
        return self._folder(day) / f"part-{number}.parquet"


@contextmanager
def _table(path: Path | None, schema: pa.Schema) -> Iterator[Write[Sequence[Row]]]:
    """A file that takes row groups."""
    with whole_file(path) as file:
        outlet = _Outlet(file)
        try:
            writer = ParquetWriter(outlet, schema, compression="zstd")
            yield lambda rows: writer.write_table(pa.Table.from_pylist(rows, schema=schema))
            writer.close()
        finally:
            outlet.closed = True


class _Outlet:
    """The file as pyarrow sees it, until it is closed (rule 2)."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.closed = False

    def write(self, data: bytes) -> int:
        """Into the file."""
        return len(data) if self.closed else self._file.write(data)

    def flush(self) -> None:
        """Whoever opened the file does that."""

    def close(self) -> None:
        """Whoever opened the file does that."""


def _weight(story: Story) -> int:
    return ROW + len(story.text) + len(story.summary)


def _row(story: Story) -> Row:
    """The values of a story's JSON, with its times as times."""
    seen = [_second(sighting.seen_at) for sighting in story.sightings]
    told: Row = dict(story_dict(story))
    told["sightings"] = [one | {"seen_at": at} for one, at in zip(told["sightings"], seen, strict=True)]
    times = ("published_at", "modified_at", "first_seen_at", "withdrawn_at")
    return told | {name: _second(getattr(story, name)) for name in times} | {DAY: story.published_date}


def _second(at: dt.datetime | None) -> dt.datetime | None:
    return at.replace(microsecond=0) if at else None
