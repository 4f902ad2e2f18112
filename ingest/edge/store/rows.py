"""Between rows and nouns."""

import datetime as dt
import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import TypeVar

from sqlalchemy import ColumnElement, RowMapping, Table

from ingest.core.packing import compressed, decompressed
from ingest.core.zstd import zstd
from ingest.model import Entry, Noun, Response

N = TypeVar("N", bound=Noun)


def noun(kind: type[N], row: RowMapping, **more: object) -> N:
    """A noun from the columns of its fields' names, and what no column holds."""
    return kind.model_validate({field: row[field] for field in kind.model_fields if field in row} | more)


def of_columns(kind: type[N], named: Sequence[ColumnElement[object]], values: Sequence[object]) -> N:
    """The same from the values of known columns, at half the cost."""
    return kind.model_validate({column.key: value for column, value in zip(named, values, strict=True)})


def columns(table: Table, kind: type[Noun], without: Iterable[str] = ()) -> list[ColumnElement[object]]:
    """The columns that fill a noun."""
    return [column for column in table.c if column.name in kind.model_fields and column.name not in without]


def packed(entry: Entry) -> bytes:
    """An entry as it lies in its row; equal entries give equal bytes."""
    return zlib.compress(entry.model_dump_json(exclude_defaults=True).encode())


def packed_page(page: Response) -> bytes:
    """A response as it lies in its row: its facts on one line, then its body."""
    facts = {name: value for name, value in asdict(page).items() if name != "body"}
    return compressed(json.dumps(facts | {"fetched_at": page.fetched_at.isoformat()}).encode() + b"\n" + page.body)


def unpacked_page(data: bytes) -> Response:
    """The response of a row; raises one of UNREADABLE where it is none."""
    line, _, body = decompressed(data).partition(b"\n")
    facts = json.loads(line)
    redirects = tuple((int(status), str(url)) for status, url in facts.pop("redirects"))
    fetched_at = dt.datetime.fromisoformat(facts.pop("fetched_at"))
    return Response(**facts, fetched_at=fetched_at, redirects=redirects, body=body)


UNREADABLE = (zlib.error, zstd.ZstdError, ValueError)
"""What damage to the bytes, or an entry of another version, looks like."""


def unpacked(data: bytes) -> Entry:
    """The entry of a row; raises one of UNREADABLE where it is none."""
    return Entry.model_validate_json(zlib.decompress(data))
