"""Which stories are copies of which: each of the earliest that it is like and that is no copy itself.

Copies are compared with origins and never with copies, so that clusters do not chain. The rule knows only when stories
appeared and how like they are, not when they came: a story that comes late and appeared first becomes the origin of
those that are like it, and the others that lose their origin are arranged anew by the same rule.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

DRAFT = ""
"""Stands for the id of the story that has none yet."""


@dataclass(frozen=True)
class Member:
    """A story in a cluster, or on its way to one."""

    story_id: str
    appeared_at: dt.datetime
    url: str
    duplicate_of: str | None

    @property
    def rank(self) -> tuple[dt.datetime, str]:
        """What stories are ordered by."""
        return self.appeared_at, self.url or self.story_id


Alike = Callable[[str, str], bool]
"""Whether the stories with these ids are copies of each other."""


def arrange(draft: Member, stored: Sequence[Member], alike: Alike) -> dict[str, str | None]:
    """Where a draft belongs, and the stored stories that it moves.

    Args:
        draft: the new member.
        stored: all origins that may be its own; of those that appeared later, their copies too.
        alike: asked as seldom as can be.

    Returns:
        story id → id of its origin, None where it is one; the draft's, and those that change.
    """
    origins = sorted((member for member in stored if member.duplicate_of is None), key=_rank)
    earlier = next((o for o in origins if o.rank < draft.rank and alike(DRAFT, o.story_id)), None)
    if earlier:
        return {DRAFT: earlier.story_id}
    later = {origin.story_id for origin in origins if origin.rank > draft.rank}
    rearranged: dict[str, str | None] = {DRAFT: None}
    for member in sorted((m for m in stored if m.story_id in later or m.duplicate_of in later), key=_rank):
        leaders = (leader for leader, origin in rearranged.items() if origin is None)
        rearranged[member.story_id] = next((leader for leader in leaders if alike(leader, member.story_id)), None)
    before = {member.story_id: member.duplicate_of for member in stored}
    return {one: origin for one, origin in rearranged.items() if one == DRAFT or origin != before[one]}


def _rank(member: Member) -> tuple[dt.datetime, str]:
    return member.rank
