"""Databases with many stories: filled once where a folder is given, since that takes ten times as long as measuring."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ingest.edge.store import upgrade


@contextmanager
def folder(given: Path | None) -> Iterator[Path]:
    """Where databases lie: a folder that is given stays with them, another is gone with the run."""
    if given:
        given.mkdir(parents=True, exist_ok=True)
        yield given
    else:
        with tempfile.TemporaryDirectory(prefix="ingest-bench-") as made:
            yield Path(made)


def filled(path: Path, fill: Callable[[str], None]) -> str:
    """URL of an SQLite database as `fill` leaves it, given its URL; one that is there is taken as it is."""
    if not path.exists():
        part = path.with_suffix(".part")
        part.unlink(missing_ok=True)
        fill(f"sqlite:///{part}")
        part.rename(path)
    upgrade(f"sqlite:///{path}")
    return f"sqlite:///{path}"


def copied(path: Path, fill: Callable[[str], None]) -> str:
    """URL of a copy of such a database, for a run that writes."""
    filled(path, fill)
    copy = path.with_suffix(".copy")
    shutil.copyfile(path, copy)
    return f"sqlite:///{copy}"
