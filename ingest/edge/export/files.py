"""Files and streams that exports are written to."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, TypeVar

from ingest.errors import StoreError

T = TypeVar("T")
Write = Callable[[T], None]
"""Takes one thing after the other."""


@contextmanager
def stream(
    path: Path | None, render: Callable[[T], bytes], header: bytes = b"", between: bytes = b""
) -> Iterator[Write[T]]:
    """All in one file, or on stdout: `header`, then each thing as it is rendered, `between` two of them."""
    with whole_file(path) as file:
        file.write(header)
        is_first = True

        def write(thing: T) -> None:
            nonlocal is_first
            file.write(render(thing) if is_first else between + render(thing))
            is_first = False

        yield write


@contextmanager
def folder(path: Path, render: Callable[[T], bytes], name: Callable[[T], str]) -> Iterator[Write[T]]:
    """A file each, in a folder that is made where there is none."""
    with in_words(path):
        path.mkdir(parents=True, exist_ok=True)

    def write(thing: T) -> None:
        with whole_file(path / name(thing)) as file:
            file.write(render(thing))

    yield write


@contextmanager
def whole_file(path: Path | None) -> Iterator[BinaryIO]:
    """Where to write: a file that takes its place once it is whole; a device, a pipe or stdout as it is.

    A symbolic link goes on leading to its file, and a file keeps its mode.

    Raises:
        StoreError: it cannot be written.
        BrokenPipeError: who reads stdout has enough.
    """
    if path is None:
        with in_words(None), open(sys.stdout.fileno(), "wb", closefd=False) as file:
            yield file
        return
    with in_words(path):
        if path.exists() and not path.is_file() and not path.is_dir():
            with path.open("wb") as file:
                yield file
            return
        target = Path(os.path.realpath(path))
        beside = target.with_name(f".{target.name}.{os.getpid()}.part")
        try:
            with beside.open("wb") as file:
                if target.exists():
                    shutil.copymode(target, beside)
                yield file
            beside.replace(target)
        finally:
            with suppress(OSError):  # where it could not be made, it cannot be looked for either
                beside.unlink()


@contextmanager
def in_words(path: Path | None) -> Iterator[None]:
    """Tell what the system refuses of a file, or of stdout."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        what, left = (path, "nothing was left there") if path else ("stdout", "what was written is not all")
        raise StoreError(f"{what}: cannot be written: {error.strerror or error}; {left}") from error
