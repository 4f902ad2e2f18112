"""Decides what a draft is to the stories that are stored: new, or the same as one of them.

Only a story of the same publisher can be the same. What led to it must hold:

    url        an address of the draft is known as the story's: the same
    canonical  the page names the story's address as its own: only with the same title or text, since broken sites
               name one page on all their pages
    text       the same text at the same publisher under another address: the same

Of several, the oldest is taken (ids sort by time), so that the order in which they are found changes nothing.
"""

from collections.abc import Callable, Sequence

from ingest.core.dedupe.fingerprint import letters
from ingest.model import Candidate, Draft, Settlement


def settle(draft: Draft, candidates: Sequence[Candidate]) -> Settlement:
    """The decision about a draft, given the stored stories that share an address or the text with it."""
    ranked = sorted(candidates, key=lambda candidate: (candidate.story_id, list(EVIDENCE).index(candidate.matched)))
    for candidate in ranked:
        if _one_publisher(draft, candidate) and (proof := EVIDENCE[candidate.matched](draft, candidate)):
            return Settlement(kind="same", story_id=candidate.story_id, why=proof)
    return Settlement(kind="new", why=_why_new(draft, ranked))


def _known_address(draft: Draft, candidate: Candidate) -> str:
    return "its address is already known"


def _canonical_and_content(draft: Draft, candidate: Candidate) -> str:
    if _one_text(draft, candidate):
        return "the page's canonical link names it, and the text is the same"
    if _one_title(draft, candidate):
        return "the page's canonical link names it, and the title is the same"
    return ""


def _text_alone(draft: Draft, candidate: Candidate) -> str:
    return f"the same text at {draft.publisher}" if _one_text(draft, candidate) else ""


EVIDENCE: dict[str, Callable[[Draft, Candidate], str]] = {
    "url": _known_address,
    "canonical": _canonical_and_content,
    "text": _text_alone,
}
"""What led to a candidate → in words, what proves that it is the same; empty if nothing does. Strongest first."""


def _one_publisher(draft: Draft, candidate: Candidate) -> bool:
    return draft.publisher == candidate.publisher


def _one_text(draft: Draft, candidate: Candidate) -> bool:
    return draft.fingerprint.text_hash is not None and draft.fingerprint.text_hash == candidate.text_hash


def _one_title(draft: Draft, candidate: Candidate) -> bool:
    return letters(draft.article.title) == letters(candidate.title) != ""


def _why_new(draft: Draft, ranked: Sequence[Candidate]) -> str:
    if not ranked:
        return "no stored story has its address or its text"
    return "; ".join(f"not the same as {candidate.story_id}: {_objection(draft, candidate)}" for candidate in ranked)


def _objection(draft: Draft, candidate: Candidate) -> str:
    if not _one_publisher(draft, candidate):
        return f"that is a story of {candidate.publisher}"
    if candidate.matched == "canonical":
        return "the page's canonical link names it, but title and text differ"
    return "the texts differ"
