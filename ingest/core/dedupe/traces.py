"""What a story that was taken down is known again by: its addresses and texts, of which no text is left.

    url    an address that is proven to be its own: closed, whatever it shows now. That of a site is none of a story.
    title  one of its titles at an address that its page only named as its own (canonical)
    text   a text of it at its publisher, under whatever address

Where settle would find a story that is the same, this finds its trace, and an edited text at its address too.
"""

import hashlib
from collections.abc import Iterable, Mapping

from ingest.core.dedupe.fingerprint import letters
from ingest.core.dedupe.url import is_home
from ingest.model import Draft


def of_address(url_key: str) -> str:
    """The trace of an address."""
    return f"url {url_key}"


def of_story(
    publisher: str, addresses: Mapping[str, bool], titles: Iterable[str], text_hashes: Iterable[str | None]
) -> set[str]:
    """All traces of a story.

    Args:
        addresses: each that it is known under, and whether that is proven.
        titles: of all its versions.
        text_hashes: likewise.
    """
    closed = {of_address(key) for key, proven in addresses.items() if proven and not is_home(key)}
    named = {_named(publisher, key, title) for key in addresses for title in titles if letters(title)}
    return closed | named | {_text(publisher, text) for text in text_hashes if text}


def of_draft(draft: Draft) -> set[str]:
    """Those by which a draft would turn out to be such a story."""
    own = {draft.url_key, *draft.alias_keys}
    named = own | ({draft.canonical_key} if draft.canonical_key else set())
    title, text = draft.article.title, draft.fingerprint.text_hash
    return (
        {of_address(key) for key in own}
        | {_named(draft.publisher, key, title) for key in named if letters(title)}
        | ({_text(draft.publisher, text)} if text else set())
    )


def _named(publisher: str, url_key: str, title: str) -> str:
    digest = hashlib.sha256(letters(title).encode("utf-8", "surrogatepass")).hexdigest()
    return f"title {publisher} {digest[:32]} {url_key}"


def _text(publisher: str, text_hash: str) -> str:
    return f"text {publisher} {text_hash}"
