"""What a backfill does next, and what of an entry lies within its range. Pure.

1. Archives are walked in turn. One that has brought the whole range ends the walk, unless all were asked for: what the
   next ones know lies in it too.
2. Bounds hold on the publication that an article itself tells; where it tells none, on the archive's date; where that
   tells none either, the article is left out, since nobody knows whether it belongs there.
3. An archive that fails costs itself alone.
"""

import datetime as dt
from collections.abc import Sequence

from ingest.model import Backfill, BackfillState, Brought, Moment, Step, Walked

UNDATED = "nobody tells its date"
ONE_DAY = dt.timedelta(days=1)
AUTO = ("paged", "wordpress", "sitemap", "wayback")
"""What a feed's own site and others may offer, cheapest first."""


def archive_kinds(via: Sequence[str]) -> tuple[str, ...]:
    """Kinds of archives, each once, with those that `auto` stands for."""
    return tuple(dict.fromkeys(kind for name in via for kind in (AUTO if name == "auto" else (name,))))


def advanced(run: Backfill, step: Step) -> Backfill:
    """The walk after a step."""
    here = _after(_here(run), step)
    done = step.cursor is None
    place = run.place + done
    if done and not run.spec.every and _covers(run, here):
        place = len(run.spec.via)
    return run.model_copy(
        update={
            "walked": (*run.walked[: run.place], here),
            "place": place,
            "cursor": None if done else step.cursor,
            "outside": run.outside + step.outside,
        }
    )


def given_up(run: Backfill, why: str) -> Backfill:
    """The walk after its archive failed; it goes on with the next, and may come back."""
    here = _here(run)
    note = f"{here.note}; broken off: {why}" if here.note else why
    failed = here.model_copy(update={"note": note, "failed": True, "broken_at": run.cursor})
    return run.model_copy(update={"walked": (*run.walked[: run.place], failed), "place": run.place + 1, "cursor": None})


def again(run: Backfill) -> Backfill:
    """The walk as it is taken up once more: from where the first archive that failed was broken off."""
    place = next((number for number, one in enumerate(run.walked) if one.failed), None)
    if place is None:
        return run
    broken = run.walked[place]
    tried = broken.model_copy(update={"note": "", "failed": False, "broken_at": None})
    return run.model_copy(update={"place": place, "cursor": broken.broken_at, "walked": (*run.walked[:place], tried)})


def verdict(run: Backfill) -> BackfillState:
    """How a walk ended: failed where an archive did, unless another brought the whole range."""
    return "failed" if any(one.failed for one in run.walked) and not run.covers else "done"


def closes_gap(run: Backfill) -> bool:
    """Whether a gap can be taken for closed: an archive went back to its beginning, and what it lists could be had."""
    return run.covers and not (run.failed and not run.stored + run.seen + run.known)


def left_out(brought: Brought, published: Moment | None) -> str:
    """In words, why an article lies outside of the range that it was brought for; empty if it lies within."""
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
        }
    )


def _covers(run: Backfill, here: Walked) -> bool:
    since: dt.datetime | None = run.spec.since
    return since is not None and here.oldest is not None and here.oldest <= since
