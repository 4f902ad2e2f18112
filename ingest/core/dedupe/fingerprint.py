"""What identifies a text: a hash of its letters and digits, blind to case, white space, punctuation and markup.

A text that is long enough identifies a story by itself. A short one (a teaser, a forecast, a flash) is often that of
many stories, and counts together with its title. A title alone identifies nothing.

The hash is stored and compared with those of later years: whatever changes it needs another SCHEMA_VERSION.
"""

import hashlib
import unicodedata

from ingest.model import Fingerprint

SCHEMA_VERSION = 1

LONG_ENOUGH = 200
"""Letters and digits of about 40 words; an ideograph or a syllable of kana or hangul counts for two."""


def fingerprint(title: str, text: str) -> Fingerprint:
    """The fingerprint of an article."""
    return Fingerprint(schema_version=SCHEMA_VERSION, text_hash=_text_hash(letters(title), letters(text)))


def letters(text: str) -> str:
    """Letters and digits alone, compatible forms and cases made one."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(filter(str.isalnum, folded))


def _text_hash(title: str, text: str) -> str | None:
    if _weight(text) >= LONG_ENOUGH:
        return _hash(text)
    return _hash(f"{title}\n{text}") if title and text else None


def _weight(text: str) -> int:
    return sum(2 if letter >= "\u2e80" else 1 for letter in text)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
