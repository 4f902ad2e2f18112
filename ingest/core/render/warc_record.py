"""A kept page as a record of a WARC file, https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/.

Rule 1: a page is kept only where its server answered 200 (`core.read`), which may so be told of pages too whose answer
        was not kept yet.
Rule 2: a body lies here without its chunks and codings, and so is told without the headers that announced them.
Rule 3: a record follows from its page alone: whoever exports it twice has the same record twice, under the same id.
"""

import base64
import datetime as dt
import gzip
import hashlib
import re
import uuid
from collections.abc import Mapping
from http import HTTPStatus

from ingest.core.render.story_json import timestamp
from ingest.model import RawPage, Story

LEVEL = 6
"""Of gzip: 9 takes twice as long for a hundredth less."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_IDS = uuid.UUID("5c0a1f0e-7f0b-5d7e-9d53-0f3a0c6d8b11")
"""The name space of our records' ids."""


def warc_info(software: str, at: dt.datetime) -> bytes:
    """What a file begins with: who wrote it."""
    told = {
        "software": software,
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "description": "Pages that stories were made from, without the chunks and codings in which they were sent",
    }
    block = _lines(told)
    return _record(
        {
            "WARC-Type": "warcinfo",
            "WARC-Record-ID": _id("warcinfo", software, at.isoformat()),
            "WARC-Date": timestamp(at) or "",
            "Content-Type": "application/warc-fields",
            "WARC-Block-Digest": _digest(block),
        },
        block,
    )


def warc_record(story: Story, page: RawPage) -> bytes:
    """The page of a story: the answer of its server."""
    at = timestamp(page.answer.at if page.answer else page.fetched_at) or ""
    block = _answer(page)
    return _record(
        {
            "WARC-Type": "response",
            "WARC-Record-ID": _id(story.id, at, _digest(block)),
            "WARC-Date": at,
            "WARC-Target-URI": page_url(story, page),
            "Content-Type": "application/http;msgtype=response",
            "WARC-Payload-Digest": _digest(page.body),
            "WARC-Block-Digest": _digest(block),
        },
        block,
    )


def member(record: bytes) -> bytes:
    """A record as it stands in a compressed file: a member of gzip of its own."""
    return gzip.compress(record, LEVEL, mtime=0)


def page_url(story: Story, page: RawPage) -> str:
    """The address that answered; empty where there is none."""
    return (page.answer.url if page.answer else story.url) or ""


def _answer(page: RawPage) -> bytes:
    status = HTTPStatus(page.answer.status if page.answer else HTTPStatus.OK)
    kept = page.answer.headers if page.answer else {}
    headers = {"Content-Type": page.type, **{name.title(): value for name, value in kept.items()}}
    lines = _lines({**headers, "Content-Length": str(len(page.body))})
    return f"HTTP/1.1 {status.value} {status.phrase}\r\n".encode() + lines + b"\r\n" + page.body


def _record(fields: Mapping[str, str], block: bytes) -> bytes:
    head = b"WARC/1.1\r\n" + _lines({**fields, "Content-Length": str(len(block))})
    return head + b"\r\n" + block + b"\r\n\r\n"


def _lines(fields: Mapping[str, str]) -> bytes:
    """Fields on a line each; a value that would break its line is none any more, and what is unknown is left out."""
    clean = {name: _CONTROL.sub(" ", value).strip() for name, value in fields.items()}
    return "".join(f"{name}: {value}\r\n" for name, value in clean.items() if value).encode()


def _id(*facts: str) -> str:
    return f"<{uuid.uuid5(_IDS, ' '.join(facts)).urn}>"


def _digest(data: bytes) -> str:
    """As other tools write and check it."""
    return f"sha1:{base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()}"
