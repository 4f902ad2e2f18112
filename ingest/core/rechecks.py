"""When the page of a story is looked at again: some times after its publication, and when its feed shows it edited.

A re-check whose time is past when a story is stored is left out: an article that is first seen days after its
publication needs none. One that was due while nobody worked is done once, late.
"""

import datetime as dt
from collections.abc import Iterable

SOONEST = dt.timedelta(minutes=1)
"""After a page was read; sooner, it is hardly another."""
LATER = dt.timedelta(days=1)
"""After which a withdrawn story is looked at once more."""
PERSISTENCE = dt.timedelta(days=1)
"""How long an edit is looked for that could not be seen."""
APART = dt.timedelta(hours=1)
AGED = 0.25
"""An entry that its feed shows edited over and over is heeded once an hour at most, and once in a quarter of its age:
so that a feed which changes with every poll costs each page a few dozen requests, however long it lists it."""


def next_recheck(
    appeared_at: dt.datetime, seen_at: dt.datetime, now: dt.datetime, waits: Iterable[dt.timedelta]
) -> dt.datetime | None:
    """The next of the times after a story's publication; None when all are past.

    Args:
        appeared_at: the publication; one that lies ahead is not believed.
        seen_at: the first sight.
    """
    begun = min(appeared_at, seen_at)
    return min((begun + wait for wait in waits if begun + wait >= now + SOONEST), default=None)


def edit_due(edited_at: dt.datetime | None, seen_at: dt.datetime, now: dt.datetime) -> dt.datetime:
    """When an entry is due that its feed shows edited now.

    Args:
        edited_at: when it was due for the edit before.
    """
    if edited_at is None:
        return now
    if edited_at > now:
        return edited_at
    return max(now, edited_at + max(APART, AGED * (now - seen_at)))


def edit_again(edited_at: dt.datetime | None, now: dt.datetime) -> dt.datetime | None:
    """When an entry is due again whose page could not be read for an edit; None where there is none to look for.

    Args:
        edited_at: when it was due for the edit.
    """
    if edited_at is None or now - edited_at >= PERSISTENCE:
        return None
    return max(edited_at, now + APART)
