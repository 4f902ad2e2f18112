"""A kept page, read again by the rules of today: what changes for those who read the story, and how that is counted."""

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from ingest.core.amounts import counted
from ingest.core.extract import NO_RULES
from ingest.core.packing import decompressed
from ingest.core.read import has_substance, read_page, with_pages
from ingest.core.render.story_json import story_dict
from ingest.model import Difference, Draft, KeptPage, Reprocessed, Response, SiteRules, Story, Tally

OURS = frozenset({"id", "seq", "version", "first_seen_at", "sightings", "cluster", "duplicate_of"})
"""Fields that a page does not give."""
HEADLINE = 80
"""Characters of a value that are shown."""
MOVED = 4
"""Members of a list, or paragraphs, that are shown of those that came, and of those that went."""


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
        body=decompressed(page.body),
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


def rules_of(sites: Mapping[str, SiteRules], body_tags: bool, window: dt.timedelta, release: str) -> str:
    """A digest of all that decides what a page is read as: settings and release."""
    of_sites = {name: rules.model_dump(mode="json") for name, rules in sorted(sites.items())}
    told = json.dumps([of_sites, body_tags, window.total_seconds(), release])
    return hashlib.blake2b(told.encode(), digest_size=8).hexdigest()


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
    """A difference in words, on one line: of a list and of a text, what came and what went."""
    if isinstance(difference.before, list) and isinstance(difference.after, list):
        return f"{difference.field}: {_moved(_words(difference.before), _words(difference.after))}"
    if difference.field == "text" and isinstance(difference.before, str) and isinstance(difference.after, str):
        old, new = difference.before, difference.after
        counts = f"{counted(len(old.split()), 'word')} → {len(new.split()):,}"
        return f"text: {counts}; {_moved(old.split(chr(10) * 2), new.split(chr(10) * 2))}"
    before, after = map(_shown, (difference.before, difference.after))
    return f"{difference.field}: {before} → {after}"


def _without_text(draft: Draft) -> Draft:
    return draft.model_copy(update={"article": draft.article.model_copy(update={"text": ""})})


def _moved(before: Sequence[str], after: Sequence[str]) -> str:
    """What is new (`+`) and what is gone (`-`), each once."""
    new = [f"+{_cut(one)}" for one in dict.fromkeys(after) if one and one not in before]
    gone = [f"-{_cut(one)}" for one in dict.fromkeys(before) if one and one not in after]
    shown = [*new[:MOVED], *gone[:MOVED]]
    more = len(new) + len(gone) - len(shown)
    return (", ".join(shown) or "another order") + (f" and {more} more" if more else "")


def _words(values: Sequence[JsonValue]) -> list[str]:
    return [f"#{one['tag']} ({one['source']})" if isinstance(one, dict) else str(one) for one in values]


def _shown(value: object) -> str:
    return "none" if value in (None, "") else _cut(str(value))


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= HEADLINE else f"{line[: HEADLINE - 1]}…"
