"""How a backfill is shown: its range, how each archive went, what it brought."""

from typing import TYPE_CHECKING

import typer

from ingest.cli.output import say, show_facts, show_json
from ingest.core.amounts import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.model import Backfill, Walked
    from ingest.pipeline import Survey


MOST_REASONS = 5
"""That are shown of what failed."""


def finish(run: "Backfill", as_json: bool) -> None:
    show_run(run, as_json)
    raise typer.Exit(1 if run.failed or run.state == "failed" else 0)


def show_run(run: "Backfill", as_json: bool) -> None:
    if as_json:
        show_json(run.model_dump(mode="json"))
    else:
        _print_run(run)


def _print_run(run: "Backfill") -> None:
    spec = run.spec
    show_facts(
        (
            ("backfill", f"{run.id} of {run.feed}: {run.state}"),
            ("range", f"{_day(spec.since, 'the beginning')} to {_day(spec.until, 'now')}"),
            *((("for", "a gap that polling found"),) if spec.gap_id is not None else ()),
            *((one.via, _walked(one)) for one in run.walked),
            ("found", f"{run.found:,} that may lie within the range, of which {run.known:,} were known"),
            ("fetched", counted(run.fetched, "page")),
            ("stored", f"{counted(run.stored, 'story')}; {run.seen:,} seen again"),
            ("left out", f"{run.left:,} of these by the article's own date, {run.undated:,} without any date"),
            ("outside", f"{run.outside:,} more, by the archives' word"),
            *(_bounds(run)),
            *((("waiting", counted(run.pending, "entry")),) if run.pending else ()),
            *(("failed", line) for line in _failures(run)),
        )
    )


def _bounds(run: "Backfill") -> "Iterator[tuple[str, str]]":
    """What else bounded it."""
    spec = run.spec
    if spec.since and run.state in ("done", "failed") and not run.covers:
        yield "reach", "no archive is known to go back to the beginning of the range"
    if spec.limit is not None:
        yield "limit", f"{counted(spec.limit, 'story')}{_reached(run) if run.is_enough else ''}"
    if spec.rate is not None:
        yield "rate", f"{spec.rate:g} requests a minute"
    for path in spec.files:
        yield "file", path


def _reached(run: "Backfill") -> str:
    looked_at = run.stored + run.seen + run.left + run.undated + sum(run.failed.values())
    unseen = run.wanted - looked_at - run.pending
    return f", which is reached{f'; {unseen:,} more were found, and not looked at' if unseen > 0 else ''}"


def _failures(run: "Backfill") -> "Iterator[str]":
    """The most frequent reasons: hosts that are dead have one each."""
    reasons = sorted(run.failed.items(), key=lambda one: -one[1])
    yield from (f"{count:,}: {why}" for why, count in reasons[:MOST_REASONS])
    if rest := reasons[MOST_REASONS:]:
        yield f"{sum(count for _, count in rest):,}: for {counted(len(rest), 'reason')} more, which --json tells"


def _walked(one: "Walked") -> str:
    back = f", back to {_day(one.oldest, '')}" if one.oldest else ""
    return f"{counted(one.found, 'entry')}{back}{f'; {one.note}' if one.note else ''}"


def _day(at: object, unknown: str) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}".zfill(len("0001-01-01T00:00:00Z")) if at else unknown


def show_survey(survey: "Survey", as_json: bool) -> None:
    if as_json:
        show_json(survey.model_dump(mode="json"))
        return
    for one in survey.walked:
        say(f"{one.via}: {_walked(one)}")
    say(
        f"{counted(survey.found, 'entry')} within the range by the archives' word, {survey.known:,} of them known; "
        f"{survey.outside:,} outside."
    )
    if survey.limit is not None:
        say(f"It stops at --limit {survey.limit}: the archives may list more.")
    for url in survey.sample:
        say(f"  {url}")
