"""WARC files as tests write them: what the format says, and what crawlers make of it."""

import gzip
from collections.abc import Iterable
from pathlib import Path

from ingest.core.coding import zstd

DATE = "2024-01-10T09:00:00Z"
HTML = "text/html; charset=utf-8"


def block_of(body: bytes, status: str = "200 OK", type_: str = HTML, **headers: str) -> bytes:
    """A server's answer as it came; `_` in the names of headers is `-`."""
    stated = {"Content-Type": type_, **{name.replace("_", "-"): value for name, value in headers.items()}}
    lines = "".join(f"{name}: {value}\r\n" for name, value in stated.items() if value)
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body


def record_of(url: str, block: bytes, kind: str = "response", at: str = DATE, **fields: str) -> bytes:
    """A record with its head, its block and the two lines behind it."""
    stated = {
        "WARC-Type": kind,
        "WARC-Target-URI": url,
        "WARC-Date": at,
        "WARC-Record-ID": "<urn:uuid:00000000-0000-4000-8000-000000000000>",
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(block)),
        **{name.replace("_", "-"): value for name, value in fields.items()},
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in stated.items() if value)
    return f"WARC/1.0\r\n{lines}\r\n".encode() + block + b"\r\n\r\n"


def page_record(url: str, text: str = "words", at: str = DATE) -> bytes:
    """A record with a page, as a careful crawler writes it."""
    return record_of(url, block_of(html_of(text)), at=at)


def html_of(text: str) -> bytes:
    """A page that says a text."""
    return f"<!doctype html><html><body><p>{text}</p></body></html>".encode()


INFO = record_of("", b"software: a crawler\r\n", kind="warcinfo", Content_Type="application/warc-fields")


def plain(records: Iterable[bytes]) -> bytes:
    """One record after the other."""
    return b"".join(records)


def gz(records: Iterable[bytes]) -> bytes:
    """A gzip member for each record, as the standard wants it."""
    return b"".join(map(gzip.compress, records))


def gz_whole(records: Iterable[bytes]) -> bytes:
    """One gzip member around all."""
    return gzip.compress(plain(records))


def zst(records: Iterable[bytes]) -> bytes:
    """A zstd frame for each record."""
    return b"".join(map(zstd.compress, records))


def zst_whole(records: Iterable[bytes]) -> bytes:
    """One zstd frame around all."""
    return zstd.compress(plain(records))


def zst_with_dictionary(records: Iterable[bytes], packed: bool = False) -> bytes:
    """Frames that need a dictionary, which stands before them."""
    records = list(records)
    samples = [record + bytes([n]) * 8 for n in range(100) for record in records]
    trained = zstd.train_dict(samples, 4096)
    content = zstd.compress(trained.dict_content) if packed else trained.dict_content
    frames = b"".join(zstd.compress(record, zstd_dict=trained) for record in records)
    return b"\x5d\x2a\x4d\x18" + len(content).to_bytes(4, "little") + content + frames


PACKINGS = {
    "plain": plain,
    "gz": gz,
    "gz-whole": gz_whole,
    "zst": zst,
    "zst-whole": zst_whole,
    "zst-dictionary": zst_with_dictionary,
    "zst-packed-dictionary": lambda records: zst_with_dictionary(records, packed=True),
}


def written(path: Path, content: bytes) -> str:
    """The name of a file with this content."""
    path.write_bytes(content)
    return str(path)
