"""Which stories are copies of which: each of the earliest that has its very text, else of the earliest that it is like,
among those that are no copies themselves.

Copies are compared with origins and never with copies, so that clusters do not chain. The rule knows only when stories
appeared and how like they are, not when they came: a story that comes late and appeared first becomes the origin of
those that are like it, and the others that lose their origin are arranged anew by the same rule.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

DRAFT = ""
"""Stands for the id of the story that has none yet."""


Rank = tuple[dt.datetime, bool, str]


def rank(appeared_at: dt.datetime, url: str, story_id: str) -> Rank:
    """The place of a story in the order of appearance; at one time, one that has an address goes first."""
    return appeared_at, not url, url or story_id


@dataclass(frozen=True)
class Member:
    """A story in a cluster, or on its way to one."""

    story_id: str
    appeared_at: dt.datetime
    url: str
    duplicate_of: str | None
    text: str | None = None
    """What identifies its text; None where it has too little."""

    @property
    def rank(self) -> Rank:
        """What stories are ordered by."""
        return rank(self.appeared_at, self.url, self.story_id)


Alike = Callable[[str, str], bool]
"""Whether the stories with these ids are copies of each other."""


def arrange(draft: Member, stored: Sequence[Member], alike: Alike) -> dict[str, str | None]:
    """Where a draft belongs, and the stored stories that it moves.

    Args:
        draft: the new member.
        stored: all origins that may be its own; of those that appeared later, their copies too; and whoever has its
            text.
        alike: asked as seldom as can be.

    Returns:
        story id → id of its origin, None where it is one; the draft's, and those that change.
    """
    by_id = {member.story_id: member for member in stored} | {DRAFT: draft}
    origins = sorted((member for member in stored if member.duplicate_of is None), key=_rank)
    earlier = _leader(draft, [origin for origin in origins if origin.rank < draft.rank], alike)
    if earlier:
        return {DRAFT: earlier.story_id}
    later = {origin.story_id for origin in origins if origin.rank > draft.rank}
    rearranged: dict[str, str | None] = {DRAFT: None}
    for member in sorted((m for m in stored if m.story_id in later or m.duplicate_of in later), key=_rank):
        leaders = [by_id[leader] for leader, origin in rearranged.items() if origin is None]
        leader = _leader(member, leaders, alike)
        rearranged[member.story_id] = leader.story_id if leader else None
    for member in stored:  # of an earlier origin, which is only like it
        if member.duplicate_of and member.story_id not in rearranged and _takes(draft, member, by_id, alike):
            rearranged[member.story_id] = DRAFT
    return {one: origin for one, origin in rearranged.items() if one == DRAFT or origin != by_id[one].duplicate_of}


def _leader(member: Member, origins: Sequence[Member], alike: Alike) -> Member | None:
    """Which of these origins, in their order, a member is a copy of."""
    same = next((origin for origin in origins if _is_text_of(member, origin)), None)
    if same and alike(same.story_id, member.story_id):
        return same
    return next((origin for origin in origins if alike(origin.story_id, member.story_id)), None)


def _takes(draft: Member, member: Member, by_id: Mapping[str, Member], alike: Alike) -> bool:
    """Whether a later member has the draft's very text, and not that of its own origin."""
    origin = by_id.get(member.duplicate_of or "")
    own = origin is not None and _is_text_of(member, origin)
    return member.rank > draft.rank and _is_text_of(member, draft) and not own and alike(DRAFT, member.story_id)


def _is_text_of(one: Member, other: Member) -> bool:
    return one.text is not None and one.text == other.text


def _rank(member: Member) -> Rank:
    return member.rank
