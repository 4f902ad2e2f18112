"""When two items of one feed are the same entry.

Rule 1: the same id or the same address is the same entry: publishers mend addresses and change ids.
Rule 2: but the same id with another address and another title is a new entry (ids that are used again),
Rule 3: and so is the same address with another id and another title (one page that carries the news of the hour).

What an entry does not have is unknown, and the unknown differs from nothing: an item without a title of its own is told
apart by its id and address alone. An id that merely repeats the address is no id.
"""

import hashlib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.core.dedupe.url import canonical
from ingest.model import Entry


@dataclass(frozen=True)
class EntryKeys:
    """What an entry is known by within its feed."""

    guid: str
    """The feed's own id; the URL where it gives none; a hash of the words where it gives neither. Never empty."""
    url: str
    """The link as it stands in the feed; may be empty."""
    url_key: str
    """Canonical form of the link, or `feed:ID:GUID` for an entry without one of its own. Never empty."""
    title_key: str
    """Short hash of the title without regard to case and white space; empty where there is none."""


@dataclass(frozen=True)
class KnownEntry:
    """An entry that was written down before."""

    id: int
    keys: EntryKeys


def entry_keys(entry: Entry, feed_id: int) -> EntryKeys:
    """The keys of an entry of a feed."""
    guid = entry.guid or entry.url or _digest(entry.title, entry.summary, entry.content)
    title = " ".join(unicodedata.normalize("NFKC", entry.title).casefold().split())
    return EntryKeys(
        guid=guid,
        url=entry.url,
        url_key=canonical(entry.url) if entry.url and not entry.shares_page else f"feed:{feed_id}:{guid}",
        title_key=_digest(title)[:16] if title else "",
    )


def identify(keys: EntryKeys, known: Sequence[KnownEntry]) -> KnownEntry | None:
    """The entry that these keys belong to; None if it is new. A match of both id and address goes first."""
    same = [other for other in known if _same(keys, other.keys)]
    return max(same, key=lambda other: _closeness(keys, other.keys), default=None)


class KnownEntries:
    """Entries by what they may be known again by."""

    def __init__(self, known: Iterable[KnownEntry]) -> None:
        self._by_guid: dict[str, list[KnownEntry]] = defaultdict(list)
        self._by_url_key: dict[str, list[KnownEntry]] = defaultdict(list)
        for entry in known:
            self.add(entry)

    def add(self, entry: KnownEntry) -> None:
        self._by_guid[entry.keys.guid].append(entry)
        self._by_url_key[entry.keys.url_key].append(entry)

    def drop(self, entry: KnownEntry) -> None:
        self._by_guid[entry.keys.guid].remove(entry)
        self._by_url_key[entry.keys.url_key].remove(entry)

    def find(self, keys: EntryKeys) -> KnownEntry | None:
        return identify(keys, [*self._by_guid[keys.guid], *self._by_url_key[keys.url_key]])


def _same(a: EntryKeys, b: EntryKeys) -> bool:
    if a.guid == b.guid:
        return not (_differ(a.url and a.url_key, b.url and b.url_key) and _differ(a.title_key, b.title_key))
    if a.url_key == b.url_key:
        return not (_differ(_own_id(a), _own_id(b)) and _differ(a.title_key, b.title_key))
    return False


def _closeness(a: EntryKeys, b: EntryKeys) -> int:
    return 2 * (a.guid == b.guid) + (a.url_key == b.url_key)


def _differ(a: str, b: str) -> bool:
    return bool(a) and bool(b) and a != b


def _own_id(keys: EntryKeys) -> str:
    return "" if keys.guid == keys.url else keys.guid


def _digest(*words: str) -> str:
    return hashlib.sha256("\0".join(words).encode("utf-8", "replace")).hexdigest()
