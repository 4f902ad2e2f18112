"""How a backfill is shown: its range, how each archive went, what it brought."""

from typing import TYPE_CHECKING

import typer

from ingest.cli.output import say, show_facts, show_json
from ingest.core.amounts import counted

if TYPE_CHECKING:
    from ingest.model import Backfill
    from ingest.pipeline import Survey


def finish(run: "Backfill", as_json: bool) -> None:
    if as_json:
        show_json(run.model_dump(mode="json"))
    else:
        print_run(run)
    raise typer.Exit(1 if run.failed or run.state == "failed" else 0)


def print_run(run: "Backfill") -> None:
    spec = run.spec
    show_facts(
        (
            ("backfill", f"{run.id} of {run.feed}: {run.state}"),
            ("range", f"{_day(spec.since, 'the beginning')} to {_day(spec.until, 'now')}"),
            *((("for", "a gap that polling found"),) if spec.gap_id is not None else ()),
            *((one.via, _told(one.found, one.note)) for one in run.walked),
            ("found", f"{run.found:,} within the range, of which {run.known:,} were known"),
            ("stored", f"{counted(run.stored, 'story')}; {run.seen:,} seen again"),
            ("left out", f"{run.outside:,} outside of the range, {run.undated:,} without a date"),
            *((("waiting", counted(run.pending, "entry")),) if run.pending else ()),
            *(("failed", f"{count:,}: {why}") for why, count in sorted(run.failed.items(), key=lambda one: -one[1])),
        )
    )


def _told(count: int, note: str) -> str:
    return f"{counted(count, 'entry')}{f'; {note}' if note else ''}"


def _day(at: object, unknown: str) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}" if at else unknown


def show_survey(survey: "Survey", as_json: bool) -> None:
    if as_json:
        show_json(survey.model_dump(mode="json"))
        return
    for one in survey.walked:
        say(f"{one.via}: {_told(one.found, one.note)}")
    say(
        f"{counted(survey.found, 'entry')} within the range by the archives' word, {survey.known:,} of them known; "
        f"{survey.outside:,} outside."
    )
    for url in survey.sample:
        say(f"  {url}")
