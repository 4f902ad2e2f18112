"""What a backfill does next, and what of an entry lies within its range. Pure.

1. Archives are walked in turn. One that has brought the whole range ends the walk, unless all were asked for: what the
   next ones know lies in it too.
2. Bounds hold on the publication that an article itself tells; where it tells none, on the archive's date; where that
   tells none either, the article is left out, since nobody knows whether it belongs there.
3. An archive that fails costs itself alone, and a part of one that part; such an archive is not known to have brought
   the whole range, nor is one that names parts that are gone. Where one part after another is missed, it is the archive
   that fails.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Literal

from ingest.errors import ConfigError
from ingest.model import (
    ArchiveKind,
    Backfill,
    BackfillSpec,
    BackfillState,
    Brought,
    Cursor,
    Feed,
    Headway,
    Moment,
    Step,
    Walked,
)

UNDATED = "nobody tells its date"
ONE_DAY = dt.timedelta(days=1)
ONE_MINUTE = dt.timedelta(minutes=1)
TOLD_EVERY = dt.timedelta(seconds=30)
"""How often it is told how far a backfill is, where a line is told for each time."""
AUTO = ("paged", "wordpress", "sitemap", "wayback")
"""What a feed's own site and others may offer, cheapest first."""
ADDRESSES_ALONE = frozenset({"sitemap"})
"""Archives that hold no text: of no use to a feed whose pages are never fetched."""
PERSISTENCE = dt.timedelta(days=3)
"""For how long it is tried to close a gap whose archives fail."""
LONGEST_PAUSE = dt.timedelta(minutes=15)
"""That a server may ask for; what wants more is left, and can be taken up again."""
MOST_MISSED = 5
"""Parts in succession; each costs its waits, and a host that gives none of so many is down."""
MOST_TOLD = 3
"""Faults of an archive that are named."""
IN_CIRCLE = "the archive leads back to where it just was"


def archive_kinds(via: Sequence[str]) -> tuple[str, ...]:
    """Kinds of archives, each once, with those that `auto` stands for."""
    return tuple(dict.fromkeys(kind for name in via for kind in (AUTO if name == "auto" else (name,))))


def of_feed(spec: BackfillSpec, feed: Feed, has_pages: bool = False) -> tuple[BackfillSpec, list[str]]:
    """What is asked of a feed, and remarks on it: one whose pages are never fetched needs archives that hold texts.

    Args:
        has_pages: whether there are pages among the files, and not addresses alone.

    Raises:
        ConfigError: no archive of these holds any.
    """
    if feed.full_text != "never":
        return spec.model_copy(update={"feed_id": feed.id}), []
    useless = [kind for kind in spec.via if kind in ADDRESSES_ALONE or (kind == "urls" and not has_pages)]
    via: tuple[ArchiveKind, ...] = tuple(kind for kind in spec.via if kind not in useless)
    is_set, listed = f"{feed.name} is set to full_text: never", " and ".join(useless)
    if not via:
        raise ConfigError(
            f"{is_set}, and {listed} would bring addresses alone, whose pages are not fetched then; name other "
            "archives, or change that setting of the feed"
        )
    remarks = [f"{is_set}; {listed} would bring addresses alone, and is left out."] if useless else []
    if "wayback" in via:
        remarks.append(f"{is_set}; what wayback knows beyond the feed's own words fails.")
    return spec.model_copy(update={"feed_id": feed.id, "via": via}), remarks


def advanced(run: Backfill, step: Step) -> Backfill:
    """The walk after a step; the last of its archive is one that leads nowhere, or misses one more part for now."""
    done = step.cursor is None
    here = _after(_here(run), step)
    if not done and step.cursor == run.cursor:
        return _left(run, here, IN_CIRCLE)
    if step.again_after_s is not None and here.in_succession >= MOST_MISSED:
        return given_up(run, step.fault)
    if step.fault:
        here = _without_part(here, step.fault, run.cursor)
    if done:
        here = here.model_copy(update={"note": _noted(here, here.note)})
    after = run.model_copy(
        update={
            "walked": (*run.walked[: run.place], here),
            "place": run.place + done,
            "cursor": step.cursor,
            "outside": run.outside + step.outside,
        }
    )
    is_over = done and after.covers and not run.spec.every
    return after.model_copy(update={"place": len(run.spec.via)}) if is_over else after


def given_up(run: Backfill, why: str) -> Backfill:
    """The walk after its archive failed; it goes on with the next, and may come back."""
    return _left(run, _here(run), why)


def _left(run: Backfill, here: Walked, why: str) -> Backfill:
    note = f"{here.note}; broken off: {why}" if here.note else why
    failed = _broken(here, run.cursor).model_copy(update={"note": _noted(here, note)})
    outside = run.outside + here.outside - _here(run).outside
    walked = (*run.walked[: run.place], failed)
    return run.model_copy(update={"walked": walked, "place": run.place + 1, "cursor": None, "outside": outside})


def taken_up(run: Backfill) -> Backfill:
    """The walk as it is taken up once more: from where the first archive that failed was broken off, or missed a part.

    What lies behind is listed once more, and known.
    """
    place = next((number for number, one in enumerate(run.walked) if one.failed), None)
    if place is None:
        return run
    broken = run.walked[place]
    stood = broken.before or Walked(via=broken.via, found=broken.found, oldest=broken.oldest)
    walked = (*run.walked[:place], stood)
    outside = run.outside - sum(one.outside for one in run.walked) + sum(one.outside for one in walked)
    return run.model_copy(update={"place": place, "cursor": broken.broken_at, "walked": walked, "outside": outside})


def verdict(run: Backfill) -> BackfillState:
    """How a walk ended: failed where an archive did, unless another brought the whole range, or there is enough."""
    if run.is_enough:
        return "done"
    return "failed" if any(one.failed for one in run.walked) and not run.covers else "done"


def headway(begun: Backfill, run: Backfill, elapsed: dt.timedelta) -> Headway:
    """How fast a backfill gets on, by what was done since it was begun, or taken up."""
    done = (run.wanted - run.pending) - (begun.wanted - begun.pending)
    if done <= 0 or not elapsed:
        return Headway()
    rate = done / (elapsed / ONE_MINUTE)
    return Headway(rate=round(rate, 2), remaining_s=round(run.pending / rate * 60) if run.via is None else None)


def gap_after(run: Backfill, now: dt.datetime) -> Literal["closed", "not closable"] | None:
    """What a gap is after a backfill for it: closed where an archive brought the whole range, and not more of its pages
    failed than could be had; None where that is still open: it did not end, or its archives failed for some days only.
    """
    if run.state == "done":
        could_be_had = sum(run.failed.values()) <= run.stored + run.seen
        return "closed" if run.covers and could_be_had else "not closable"
    return "not closable" if run.state == "failed" and now >= run.started_at + PERSISTENCE else None


def left_out(brought: Brought, published: Moment | None) -> str:
    """In words, why an article lies outside of the range that it was brought for; empty if it lies within, or its feed
    showed it before."""
    if not brought.via:
        return ""
    at = published.at if published else brought.at
    if at is None:
        return "" if _is_unbounded(brought) else UNDATED
    whose = "" if published else ", by the archive's word"
    if brought.since and _is_before(at, brought.since):
        return f"it was published on {at:%Y-%m-%d}, before the range{whose}"
    if brought.until and at >= brought.until:
        return f"it was published on {at:%Y-%m-%d}, after the range{whose}"
    return ""


def _is_before(at: dt.datetime, since: dt.datetime) -> bool:
    """Whether a time lies before a range; midnight stands for some time of that day."""
    return at + ONE_DAY <= since if at.time() == dt.time.min else at < since


def _is_unbounded(brought: Brought) -> bool:
    return brought.since is None and brought.until is None


def _here(run: Backfill) -> Walked:
    """How the archive that a walk is at went so far."""
    assert run.via is not None
    return run.walked[run.place] if len(run.walked) > run.place else Walked(via=run.via)


def _after(here: Walked, step: Step) -> Walked:
    dates = [date for date in (here.oldest, step.oldest) if date]
    return here.model_copy(
        update={
            "found": here.found + len(step.found),
            "note": step.note or here.note,
            "oldest": min(dates, default=None),
            "in_succession": 0 if step.found or step.outside else here.in_succession,
            "outside": here.outside + step.outside,
            "gone": here.gone + bool(step.gone),
            "faults": (*here.faults, step.gone)[:MOST_TOLD] if step.gone else here.faults,
            "whole": step.whole,
        }
    )


def _without_part(here: Walked, fault: str, cursor: Cursor | None) -> Walked:
    counts = {"missed": here.missed + 1, "in_succession": here.in_succession + 1}
    return _broken(here, cursor).model_copy(update=counts | {"faults": (*here.faults, fault)[:MOST_TOLD]})


def _broken(here: Walked, cursor: Cursor | None) -> Walked:
    """An archive that failed at a place, which is where it goes on unless it failed before."""
    return here if here.failed else here.model_copy(update={"failed": True, "broken_at": cursor, "before": here})


def _noted(here: Walked, note: str) -> str:
    """A note, with the faults by which parts were missed."""
    more = here.missed + here.gone - len(here.faults)
    return "; ".join(filter(None, [note, *here.faults, f"and {more:,} more such faults" if more else ""]))
