"""What a publisher writes under every story, told by nothing but its repetition.

A paragraph that stands in half of a publisher's last stories, four at least, is none of theirs: an appeal to subscribe,
a notice of rights, the note on the author. It is dropped, so that neither readers nor the comparison of texts meet it.
It is told from stories as they were read, furniture and all, since what is dropped must not be forgotten.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Sequence

from ingest.core.dedupe.fingerprint import fingerprint, letters
from ingest.core.search.tokens import indexed
from ingest.model import Draft

LAST = 10
"""Stories of a publisher that are looked back on."""
ENOUGH = 4
"""Stories that a paragraph must stand in: the background of a running story stands in two or three."""
LEFT = 0.5
"""Share of a text that must be left: one that repeats for the most part is a story told again, no furniture."""

Keys = tuple[int, ...]


def paragraph_keys(text: str) -> Keys:
    """The paragraphs of a text, each once, as signed 64-bit keys that are blind to case, space and punctuation."""
    return tuple({_key(paragraph): None for paragraph in text.split("\n\n")})


def repeating(stories: Sequence[Collection[int]]) -> frozenset[int]:
    """The keys that stand in half of a publisher's last stories, and in enough of them."""
    counts = Counter(key for keys in stories for key in keys)
    return frozenset(key for key, count in counts.items() if count >= max(ENOUGH, len(stories) / 2))


def without_furniture(text: str, furniture: Collection[int]) -> str:
    """A text without the paragraphs that repeat; as it is where too little would be left."""
    left = "\n\n".join(paragraph for paragraph in text.split("\n\n") if _key(paragraph) not in furniture)
    return left if len(left) >= LEFT * len(text) else text


def cleared(draft: Draft, furniture: frozenset[int]) -> Draft:
    """A draft without the furniture of its publisher."""
    if furniture.isdisjoint(draft.paragraphs):
        return draft
    text = without_furniture(draft.article.text, furniture)
    article = draft.article.model_copy(update={"text": text})
    made = {"fingerprint": fingerprint(article.title, text), "tokens": indexed(article.title, text, article.summary)}
    return draft.model_copy(update={"article": article, **made})


def _key(paragraph: str) -> int:
    digest = hashlib.blake2b(letters(paragraph).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)
