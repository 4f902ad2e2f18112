"""Decides what a draft is to the stories that are stored.

    same      another sighting of a story of the same publisher
    version   that story, changed since it was read at this address
    copy      a story of its own, told before by another: a copy of the earliest
    new       none of these

What led to a story that is the same must hold:

    url        an address of the draft is known as the story's: the same, unless neither the title nor any sentence is
               (a page of today's news, issued anew)
    canonical  the page names the story's address as its own: only with the same title or text, since broken sites
               name one page on all their pages
    text       the same text at the same publisher under another address: the same

Of several, the oldest is taken (ids sort by time). For copies see `likeness` and `clusters`. In neither does the order
in which stories are found or came change anything.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ingest.core.dedupe.clusters import DRAFT, Member, arrange
from ingest.core.dedupe.fingerprint import letters
from ingest.core.dedupe.likeness import Compared, Likeness, compared, identical, likeness, objection
from ingest.core.dedupe.versions import change, is_other
from ingest.model import Candidate, Comparison, Draft, Moment, Move, Settlement

EARLIEST = "the earliest of its copies"
TOLD = 5
"""Objections that are written down with a story; `ingest explain` tells all."""


@dataclass(frozen=True)
class Settle:
    """The decision about a draft, given the stored stories that the store found for it."""

    window: dt.timedelta
    """How far apart a story and its copies may appear."""

    def __call__(self, draft: Draft, appeared_at: dt.datetime, candidates: Sequence[Candidate]) -> Settlement:
        """Decide.

        Args:
            draft: what was read.
            appeared_at: its publication, or first sight where that is unknown.
            candidates: stored stories, each once.
        """
        ranked = sorted(candidates, key=lambda candidate: (candidate.story_id, _strength(candidate)))
        for candidate in ranked:
            if proof := _proof(draft, candidate):
                changes = change(candidate, draft) if candidate.matched == "url" else ""
                why = f"{proof}; {changes}" if changes else proof
                return Settlement(kind="version" if changes else "same", story_id=candidate.story_id, why=why)
        return self.place(draft, appeared_at, ranked)

    def place(self, draft: Draft, appeared_at: dt.datetime, others: Sequence[Candidate]) -> Settlement:
        """Where it belongs among copies, if it is none of these stories, whatever its addresses are."""
        ranked = sorted(others, key=lambda other: other.story_id)
        return _among_copies(draft, appeared_at, ranked, self.window)

    def compare(self, draft: Draft, appeared_at: dt.datetime, other: Candidate) -> Comparison:
        """What a draft has in common with a stored story, and why they are no copies of each other."""
        return _comparison(other.story_id, *_of_draft(draft, appeared_at).compare(_of_stored(other), self.window))


def appeared(published: Moment | None, seen_at: dt.datetime) -> dt.datetime:
    """When a story appeared, to order it by: its publication, or first sight where that is unknown.

    Where only the day of the publication is known, the first sight within that day, or the day's end.
    """
    if published is None:
        return seen_at
    if published.at != dt.datetime.combine(published.day, dt.time(), dt.UTC):
        return published.at
    return min(max(published.at, seen_at), published.at + dt.timedelta(days=1))


def _known_address(draft: Draft, candidate: Candidate) -> str:
    return "" if is_other(candidate, draft) else "its address is already known"


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


def _strength(candidate: Candidate) -> int:
    return [*EVIDENCE, "likeness", "cluster"].index(candidate.matched)


def _proof(draft: Draft, candidate: Candidate) -> str:
    prove = EVIDENCE.get(candidate.matched)
    return prove(draft, candidate) if prove and draft.publisher == candidate.publisher else ""


def _one_text(draft: Draft, candidate: Candidate) -> bool:
    return draft.fingerprint.text_hash is not None and draft.fingerprint.text_hash == candidate.text_hash


def _one_title(draft: Draft, candidate: Candidate) -> bool:
    return letters(draft.article.title) == letters(candidate.title) != ""


@dataclass(frozen=True)
class _Text:
    """A text with what must be known of it to compare it."""

    publisher: str
    appeared_at: dt.datetime
    title: str
    text: str
    text_hash: str | None

    @cached_property
    def ready(self) -> Compared:
        return compared(self.title, self.text)

    def compare(self, other: "_Text", window: dt.timedelta) -> tuple[Likeness, str]:
        """What they have in common, and why they are no copies of each other."""
        one_text = self.text_hash is not None and self.text_hash == other.text_hash
        like = identical(self.title, other.title) if one_text else likeness(self.ready, other.ready)
        apart = abs(self.appeared_at - other.appeared_at)
        if apart > window:
            return like, "they appeared too far apart"
        if one_text:
            return like, ""
        return like, objection(like, self.publisher == other.publisher, apart)


def _of_draft(draft: Draft, appeared_at: dt.datetime) -> _Text:
    article = draft.article
    return _Text(draft.publisher, appeared_at, article.title, article.text, draft.fingerprint.text_hash)


def _of_stored(story: Candidate) -> _Text:
    return _Text(story.publisher, story.appeared_at, story.title, story.text, story.text_hash)


def _among_copies(
    draft: Draft, appeared_at: dt.datetime, candidates: Sequence[Candidate], window: dt.timedelta
) -> Settlement:
    """The decision about a draft that is no stored story."""
    texts = {one.story_id: _of_stored(one) for one in candidates} | {DRAFT: _of_draft(draft, appeared_at)}
    comparisons: dict[str, Comparison] = {}

    def alike(one: str, other: str) -> bool:
        like, why_not = texts[one].compare(texts[other], window)
        if DRAFT in (one, other):
            stored = other if one == DRAFT else one
            comparisons[stored] = _comparison(stored, like, why_not)
        return not why_not

    members = [Member(c.story_id, c.appeared_at, c.url or "", c.duplicate_of, c.text_hash) for c in candidates]
    mine = Member(DRAFT, appeared_at, draft.article.url, None, draft.fingerprint.text_hash)
    origins = arrange(mine, members, alike)
    own = origins.pop(DRAFT)
    return Settlement(
        kind="copy" if own else "new",
        duplicate_of=own,
        moved=tuple(Move(story_id=story_id, duplicate_of=origin) for story_id, origin in origins.items()),
        compared=tuple(comparisons.values()),
        why=_why_copy(comparisons[own]) if own else _why_new(draft, candidates, comparisons, leads=bool(origins)),
    )


def _comparison(story_id: str, like: Likeness, why_not: str) -> Comparison:
    return Comparison(
        story_id=story_id,
        containment=round(like.containment, 3),
        resemblance=round(like.resemblance, 3),
        titles=round(like.titles, 3),
        objection=why_not,
    )


def _why_copy(found: Comparison) -> str:
    return f"a copy of {found.story_id}: {found.containment:.0%} of the shorter text is in the longer"


def _why_new(draft: Draft, candidates: Sequence[Candidate], comparisons: Mapping[str, Comparison], leads: bool) -> str:
    if not candidates:
        return "no stored story has its address or is like its text"
    objections = [(c.story_id, _objection(draft, c, comparisons.get(c.story_id))) for c in candidates]
    told = [f"not {story_id}: {why}" for story_id, why in objections if why][:TOLD]
    return "; ".join([EARLIEST, *told] if leads or not told else told)


_NAMED = {"url": "its address led to it before", "canonical": "the page's canonical link names it"}


def _objection(draft: Draft, candidate: Candidate, found: Comparison | None) -> str:
    if candidate.matched in _NAMED and draft.publisher == candidate.publisher:
        return f"{_NAMED[candidate.matched]}, but title and text differ"
    if found is None or not found.objection:
        return ""
    return f"{found.objection} ({found.containment:.0%} of the shorter text)"
