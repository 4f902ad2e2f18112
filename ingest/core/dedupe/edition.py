"""What a feed says of an entry, in short: by this it is seen that the publisher edited it.

Markup does not count, nor do figures but those of the title: counters and clocks change with every poll of some feeds.
"""

import hashlib
import re
import string

from ingest.core.dedupe.url import canonical
from ingest.core.plain import plain
from ingest.model import Entry

_TAG = re.compile(r"<[^<>]*>")
_HIDDEN = re.compile(r"<(?:script|style)\b", re.IGNORECASE)
"""What has text that nobody reads: there the markup is read in earnest, at ten times the cost."""
_LEFT_OUT = (string.punctuation + string.whitespace).encode()
_FIGURES = string.digits.encode()


RECIPE = "2"
"""What every edition begins with; one of another recipe says nothing of an edit."""


def edition(entry: Entry) -> str:
    """A short digest of address, title, summary and content, and of when the feed says that the entry was updated."""
    content = plain(entry.content) if _HIDDEN.search(entry.content) else _TAG.sub(" ", entry.content)
    said = [_said(entry.title), *(_said(text).translate(None, _FIGURES) for text in (entry.summary, content))]
    updated = entry.updated.at.isoformat() if entry.updated else ""
    address = canonical(entry.url) if entry.url else ""
    told = b"\0".join((*said, updated.encode(), address.encode("utf-8", "replace")))
    return RECIPE + hashlib.blake2b(told, digest_size=8).hexdigest()


def is_edited(before: str, now: str) -> bool:
    """Whether an edition is another than one that was known before; an empty one is unknown."""
    return before != now and before[:1] == now[:1]


def _said(text: str) -> bytes:
    return text.encode("utf-8", "replace").translate(None, _LEFT_OUT)
