"""What `ingest backfill show` prints."""

import datetime as dt

import pytest
from fakes import START

from ingest.cli.backfill_shown import show_run
from ingest.model import Backfill, BackfillSpec


def printed(capsys: pytest.CaptureFixture[str], spec: dict[str, object], **facts: object) -> list[str]:
    """The lines of a backfill that is done."""
    asked = BackfillSpec.model_validate({"via": ("urls",)} | spec)
    known = {"id": 1, "spec": asked, "feed_id": 1, "feed": "example", "state": "done", "started_at": START, "place": 1}
    show_run(Backfill.model_validate(known | facts), as_json=False)
    return capsys.readouterr().out.splitlines()


def test_the_most_frequent_reasons_are_shown_and_the_others_counted(capsys: pytest.CaptureFixture[str]) -> None:
    failed = {f"host-{number}.example cannot be found": 1 for number in range(5000)} | {"the page answers 404": 7}
    lines = [line for line in printed(capsys, {}, failed=failed) if line.startswith("failed")]
    assert len(lines) == 6
    assert (lines[0], lines[-1]) == (
        "failed    7: the page answers 404",
        "failed    4,996: for 4,996 reasons more, which --json tells",
    )


def test_a_year_has_four_digits(capsys: pytest.CaptureFixture[str]) -> None:
    begin = dt.datetime(1, 1, 1, tzinfo=dt.UTC)
    assert "range     0001-01-01T00:00:00Z to now" in printed(capsys, {"since": begin})


def test_what_was_found_behind_the_limit_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(capsys, {"limit": 3}, found=20, known=2, stored=3, seen=1, left=4, failed={"gone": 1})
    assert "limit     3 stories, which is reached; 9 more were found, and not looked at" in lines
    assert "limit     3 stories, which is reached" in printed(capsys, {"limit": 3}, found=3, stored=3)
    assert "limit     3 stories" in printed(capsys, {"limit": 3}, found=2, stored=2)
