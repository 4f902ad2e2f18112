"""What a feed says of an entry, in short: by this it is seen that the publisher edited it.

Markup does not count, nor do figures but those of the title: counters and clocks change with every poll of some feeds.
"""

import hashlib
import re
import string

from ingest.core.plain import plain
from ingest.model import Entry

_TAG = re.compile(r"<[^<>]*>")
_HIDDEN = re.compile(r"<(?:script|style)\b", re.IGNORECASE)
"""What has text that nobody reads: there the markup is read in earnest, at ten times the cost."""
_LEFT_OUT = (string.punctuation + string.whitespace).encode()
_FIGURES = string.digits.encode()


def edition(entry: Entry) -> str:
    """A short digest of title, summary and content, and of when the feed says that the entry was updated."""
    content = plain(entry.content) if _HIDDEN.search(entry.content) else _TAG.sub(" ", entry.content)
    said = [_said(entry.title), *(_said(text).translate(None, _FIGURES) for text in (entry.summary, content))]
    updated = entry.updated.at.isoformat() if entry.updated else ""
    return hashlib.blake2b(b"\0".join((*said, updated.encode())), digest_size=8).hexdigest()


def _said(text: str) -> bytes:
    return text.encode("utf-8", "replace").translate(None, _LEFT_OUT)
