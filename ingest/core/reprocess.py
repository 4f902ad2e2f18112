"""A kept page, read again by the rules of today: what changes for those who read the story, and how that is counted."""

import zlib
from collections import Counter
from collections.abc import Mapping

from ingest.core.amounts import counted
from ingest.core.extract import NO_RULES
from ingest.core.read import has_substance, read_page, with_pages
from ingest.core.render.story_json import story_dict
from ingest.model import Difference, Draft, KeptPage, Reprocessed, Response, SiteRules, Story, Tally

OURS = frozenset({"id", "seq", "version", "first_seen_at", "sightings", "cluster", "duplicate_of"})
"""Fields that a page does not give."""
HEADLINE = 80
"""Characters of a value that are shown."""


def read_kept(page: KeptPage, rules: SiteRules = NO_RULES, body_tags: bool = False) -> Draft | str:
    """The draft of a kept page, or why there is none; the page itself is left out. One call in the process pool.

    Of an article of several pages only the first is kept: its text stays as it was, and all else is read again.
    """
    if page.entry is None:
        return "its entry cannot be read"
    response = Response(
        url=page.entry.url or page.url or "",
        final_url=page.url or page.entry.url,
        status=200,
        fetched_at=page.fetched_at,
        headers={"content-type": page.type},
        body=zlib.decompress(page.body),
    )
    draft = read_page(response, page.feed, page.entry, rules, body_tags)
    if not has_substance(draft):
        return draft.note or "neither the page nor the feed says anything"
    if page.pages > 1:
        if draft.source == "feed":
            return "only the first of its pages is kept, and says nothing"
        draft = with_pages(_without_text(draft), [page.text], page.feed, page.entry, page.note, body_tags)
        draft = draft.model_copy(update={"pages": page.pages})
    return draft.model_copy(update={"raw": b""})


def differences(before: Story, after: Story) -> tuple[Difference, ...]:
    """What readers of the story see otherwise."""
    old, new = story_dict(before), story_dict(after)
    return tuple(
        Difference(field=field, before=old[field], after=new[field])
        for field in old
        if field not in OURS and old[field] != new[field]
    )


def plus(tally: Tally, one: Reprocessed) -> Tally:
    """The tally with one more."""
    fields = Counter(tally.fields) + Counter(each.field for each in one.differences)
    return Tally(
        read=tally.read + 1,
        changed=tally.changed + bool(one.differences),
        fields=dict(fields),
        versions=tally.versions + one.is_version,
        moved=tally.moved + one.moved,
        entered=tally.entered + one.entered,
        failed=dict(Counter(tally.failed) + Counter([one.failed] if one.failed else [])),
    )


def told(difference: Difference) -> str:
    """A difference in words, on one line."""
    before, after = (_shown(difference.field, value) for value in (difference.before, difference.after))
    return f"{difference.field}: {before} → {after}"


def _without_text(draft: Draft) -> Draft:
    return draft.model_copy(update={"article": draft.article.model_copy(update={"text": ""})})


def _shown(field: str, value: object) -> str:
    if field == "text" and isinstance(value, str):
        return f"{counted(len(value.split()), 'word')}, “{_cut(value)}”"
    if isinstance(value, list):
        tags = [f"#{one['tag']}" for one in value if isinstance(one, Mapping)]
        return _cut(" ".join(tags) or ", ".join(map(str, value))) or "none"
    return "none" if value in (None, "") else _cut(str(value))


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= HEADLINE else f"{line[: HEADLINE - 1]}…"
