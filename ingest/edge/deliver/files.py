"""JSON lines, one file an hour: `2024-01-19T08.jsonl`, and `.part` behind it until the hour is over.

Rule 1: lines stand in the order of `seq`, within a file and from one to the next. A change that comes after its hour
        was closed stands in the next file.
Rule 2: the last line tells how far the folder is: what comes again is left out. A line without its end is cut off.
Rule 3: a batch is on the disk, whole, or taken back.
"""

import datetime as dt
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from ingest.core.render.story_json import announcement_line
from ingest.edge.deliver.folder import Folder, sync_folder
from ingest.errors import DeliveryError
from ingest.model import Announcement, FolderTarget, SinkSpec
from ingest.ports import Clock

HOUR = dt.timedelta(hours=1)
GRACE = dt.timedelta(minutes=1)
"""After the end of an hour, until its file is closed: a transaction takes its time."""
NAME = "%Y-%m-%dT%H"
ENDING, OPEN = ".jsonl", ".jsonl.part"
BLOCK = 65_536
END_OF_TIME = dt.datetime(dt.MAXYEAR, 1, 1, tzinfo=dt.UTC)
"""What is named so is nobody's hour, and could not be reckoned with."""
UNKNOWN = dt.datetime.min.replace(tzinfo=dt.UTC)


@dataclass(frozen=True)
class Newest:
    """The last file of the folder."""

    path: Path
    hour: dt.datetime

    @property
    def is_open(self) -> bool:
        """Whether more may be written to it."""
        return self.path.name.endswith(OPEN)

    @property
    def closes_at(self) -> dt.datetime:
        """When its hour is over."""
        return self.hour + HOUR + GRACE


class Files:
    """Implements `ports.Sink` over a folder of JSON lines."""

    def __init__(self, spec: SinkSpec, target: FolderTarget, store_id: str, clock: Clock) -> None:
        self.spec = spec
        self.closes_at: dt.datetime | None = UNKNOWN  # until the folder was looked at
        self._folder = Folder(target.folder, f"{store_id} {spec.name}")
        self._clock = clock

    async def deliver(self, announcements: Sequence[Announcement], key: str) -> None:
        """Write what is not there yet."""
        await self._folder.run(lambda: self._write(announcements))

    async def close_open(self) -> None:
        """Close the file of an hour that is over, where there is one."""
        await self._folder.run(self._close_open)

    async def test(self) -> str:
        """Write something and take it away again."""
        return await self._folder.test()

    async def close(self) -> None:
        """Finish what is being written."""
        await self._folder.close()

    def _write(self, announcements: Sequence[Announcement]) -> None:
        files = _files(self._folder.path)
        if files and files[-1].is_open:
            _cut_half_line(files[-1].path)
        known = next((seq for one in reversed(files) if (seq := _last_seq(one.path)) is not None), 0)
        newest = files[-1] if files else None
        hour = UNKNOWN
        new: list[tuple[dt.datetime, str]] = []
        for one in announcements:
            if one.change.seq > known:
                hour = max(hour, _hour(one.change.at, newest))
                new.append((hour, announcement_line(one) + "\n"))
        for at, lines in groupby(new, key=lambda line: line[0]):
            newest = self._append(at, "".join(line for _, line in lines), newest)
        self._see(newest)

    def _append(self, hour: dt.datetime, lines: str, newest: Newest | None) -> Newest:
        if newest and newest.is_open and newest.hour < hour:
            self._finish(newest)
        path = self._folder.path / f"{hour.strftime(NAME)}{OPEN}"
        with path.open("ab", buffering=0) as stream:
            before = stream.tell()
            try:
                _write_all(stream.fileno(), lines.encode())
                os.fsync(stream.fileno())
            except OSError:
                stream.truncate(before)
                raise
        sync_folder(self._folder.path)
        return Newest(path, hour)

    def _close_open(self) -> None:
        files = _files(self._folder.path)
        newest = files[-1] if files else None
        if newest and newest.is_open:
            _cut_half_line(newest.path)
        if newest and newest.is_open and newest.closes_at <= self._clock.now():
            newest = self._finish(newest)
        self._see(newest)

    def _finish(self, file: Newest) -> Newest:
        closed = file.path.with_name(file.path.name.removesuffix(OPEN) + ENDING)
        file.path.replace(closed)
        sync_folder(self._folder.path)
        return Newest(closed, file.hour)

    def _see(self, newest: Newest | None) -> None:
        self.closes_at = newest.closes_at if newest and newest.is_open else None


def _hour(at: dt.datetime, newest: Newest | None) -> dt.datetime:
    """The hour of the file that a change stands in (rule 1)."""
    hour = at.astimezone(dt.UTC).replace(minute=0, second=0, microsecond=0)
    if newest is None:
        return hour
    return max(hour, newest.hour if newest.is_open else newest.hour + HOUR)


def _files(folder: Path) -> list[Newest]:
    """The files of a folder, the newest last."""
    found = []
    for path in folder.iterdir():
        for ending in (OPEN, ENDING):
            if path.name.endswith(ending):
                try:
                    hour = dt.datetime.strptime(path.name.removesuffix(ending), NAME).replace(tzinfo=dt.UTC)
                except ValueError:  # somebody else's
                    continue
                if hour < END_OF_TIME:
                    found.append(Newest(path, hour))
    return sorted(found, key=lambda one: one.hour)


def _last_seq(path: Path) -> int | None:
    """The `seq` of a file's last line; None where it has no line."""
    with path.open("rb") as stream:
        end = stream.seek(0, os.SEEK_END)
        tail, at = b"", end
        while at and b"\n" not in tail[:-1]:
            step = min(BLOCK, at)
            at -= step
            stream.seek(at)
            tail = stream.read(step) + tail
    line = tail.rstrip(b"\n").rpartition(b"\n")[2]
    if not line:
        return None
    try:
        return int(json.loads(line)["seq"])
    except (ValueError, KeyError, TypeError) as error:
        told = f"{path}: its last line is no change, so that nobody knows how far it is; take the file away"
        raise DeliveryError("away", told) from error


def _cut_half_line(path: Path) -> None:
    """Take back what a crash left of a line."""
    with path.open("r+b") as stream:
        at = end = stream.seek(0, os.SEEK_END)
        while at:
            step = min(BLOCK, at)
            stream.seek(at - step)
            found = stream.read(step).rfind(b"\n")
            if found >= 0:
                at = at - step + found + 1
                break
            at -= step
        if at < end:
            stream.truncate(at)
            os.fsync(stream.fileno())


def _write_all(handle: int, data: bytes) -> None:
    """A write may take less than it is given, where a disk is nearly full."""
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]
