"""A kept page as a record: valid, the same each time, and read back by our own reader as it was."""

import base64
import datetime as dt
import gzip
import hashlib
import re
from email import message_from_bytes
from email.message import Message

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.core.parse.warc import page, record
from ingest.core.render.warc_record import member, warc_info, warc_record
from ingest.model import Answer, RawPage, Story

NOW = dt.datetime(2024, 2, 1, 8, tzinfo=dt.UTC)
AT = dt.datetime(2024, 1, 19, 8, 30, tzinfo=dt.UTC)
BODY = "<!doctype html><html><p>Küste</p></html>".encode("latin-1")
TYPE = "text/html; charset=latin-1"
ANSWER = Answer(url="https://example.com/ferries?old=1", status=200, at=AT, headers={"etag": '"1"'})
KEPT = RawPage(fetched_at=NOW, type=TYPE, body=BODY, answer=ANSWER)


def parted(record: bytes) -> tuple[bytes, bytes]:
    """(head, block) of a record."""
    head, _, rest = record.partition(b"\r\n\r\n")
    assert rest.endswith(b"\r\n\r\n")
    return head, rest[:-4]


def fields_of(head: bytes) -> "Message[str, str]":
    version, _, lines = head.partition(b"\r\n")
    assert version == b"WARC/1.1"
    return message_from_bytes(lines)


def test_in_a_compressed_file_each_record_is_a_member_of_its_own(story: Story) -> None:
    records = [warc_record(story, KEPT), warc_info("ingest/1.0", NOW)]
    assert [gzip.decompress(member(record)) for record in records] == records
    assert gzip.decompress(b"".join(map(member, records))) == b"".join(records)


def digest(data: bytes) -> str:
    return f"sha1:{base64.b32encode(hashlib.sha1(data).digest()).decode()}"


def test_a_record_says_who_answered_when_and_what(story: Story) -> None:
    head, block = parted(warc_record(story, KEPT))
    fields = fields_of(head)
    assert {name: fields[name] for name in ("WARC-Type", "WARC-Target-URI", "WARC-Date", "Content-Type")} == {
        "WARC-Type": "response",
        "WARC-Target-URI": "https://example.com/ferries?old=1",
        "WARC-Date": "2024-01-19T08:30:00Z",
        "Content-Type": "application/http;msgtype=response",
    }
    assert re.fullmatch(
        r"<urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}>", fields["WARC-Record-ID"]
    )
    assert (fields["WARC-Block-Digest"], fields["WARC-Payload-Digest"]) == (digest(block), digest(BODY))
    assert int(fields["Content-Length"]) == len(block)
    told = f'HTTP/1.1 200 OK\r\nContent-Type: {TYPE}\r\nEtag: "1"\r\nContent-Length: {len(BODY)}\r\n\r\n'
    assert block == told.encode() + BODY


def test_of_a_page_that_was_kept_without_its_answer_the_story_tells_the_address(story: Story) -> None:
    fields = fields_of(parted(warc_record(story, KEPT.model_copy(update={"answer": None})))[0])
    assert (fields["WARC-Target-URI"], fields["WARC-Date"]) == (story.url, "2024-02-01T08:00:00Z")


def test_a_page_has_one_record_and_another_page_has_another(story: Story) -> None:
    other = KEPT.model_copy(update={"body": BODY + b" "})
    once, again, another = (warc_record(story, one) for one in (KEPT, KEPT, other))
    assert once == again
    assert fields_of(parted(once)[0])["WARC-Record-ID"] != fields_of(parted(another)[0])["WARC-Record-ID"]


def test_a_file_begins_with_who_wrote_it() -> None:
    head, block = parted(warc_info("ingest/1.0", NOW))
    fields = fields_of(head)
    assert (fields["WARC-Type"], fields["Content-Type"]) == ("warcinfo", "application/warc-fields")
    assert message_from_bytes(block)["software"] == "ingest/1.0"
    assert message_from_bytes(block)["format"] == "WARC File Format 1.1"


@pytest.mark.parametrize("name", ["url", "type", "etag"])
def test_a_value_with_a_line_end_makes_no_line_of_its_own(story: Story, name: str) -> None:
    bad = "text/html\r\nWARC-Type: request\r\n\r\n"
    answer = ANSWER.model_copy(update={"url": bad} if name == "url" else {"headers": {"etag": bad}})
    kept = KEPT.model_copy(update={"answer": answer, **({"type": bad} if name == "type" else {})})
    head, block = parted(warc_record(story, kept))
    assert fields_of(head).get_all("WARC-Type") == ["response"]
    assert b"\nWARC-Type" not in block


@given(body=st.binary(min_size=1), kind=st.sampled_from(["text/html", TYPE, "application/xhtml+xml"]))
def test_our_reader_reads_what_we_write(body: bytes, kind: str) -> None:
    story = Story.model_construct(id="01J0000000000000000000000A", url="https://example.com/ferries")
    kept = RawPage(fetched_at=NOW, type=kind, body=body, answer=ANSWER)
    head, block = parted(warc_record(story, kept))
    found = page(record(head, NOW), block, NOW)
    if not body.strip():
        assert found is None
        return
    assert found is not None
    assert (found.url, found.fetched_at, found.body) == (ANSWER.url, AT, body)
    assert (found.headers["content-type"], found.headers["etag"]) == (kind, '"1"')
