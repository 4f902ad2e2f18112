"""`ingest backfill --dry-run`, from the command line: what it tells, and that it leaves nothing behind."""

from pathlib import Path

import pytest
from chronicle import Chronicle
from shell import Say

PAGED = ("backfill", "saltmere", "--via", "paged", "--dry-run")


def test_a_dry_run_of_files_makes_no_database(say: Say, chronicle: Chronicle, tmp_path: Path) -> None:
    (tmp_path / "saved").mkdir()
    (tmp_path / "saved/1.html").write_text(chronicle.article(1))
    before = sorted(tmp_path.rglob("*"))
    said = say("backfill", "--via", "urls", "--file", "saved", "--dry-run")
    assert (said.status, said.err) == (0, "")
    assert "1 entry within the range by the archives' word, 0 of them known; 0 outside.\n" in said.out
    assert sorted(tmp_path.rglob("*")) == before


def test_a_dry_run_may_be_the_first_command(say: Say, chronicle: Chronicle, tmp_path: Path) -> None:
    listed = f"feeds: [{{url: '{chronicle.feed}', name: saltmere}}]\n"
    (tmp_path / "config").mkdir(exist_ok=True)
    (tmp_path / "config/feeds.yaml").write_text(listed)
    (tmp_path / "config/ingest.yaml").write_text("fetch: {allow_networks: ['127.0.0.0/8'], robots: false}\n")
    before = sorted(tmp_path.rglob("*"))
    said = say(*PAGED)
    assert said.status == 0
    assert "12 entries within the range by the archives' word, 0 of them known; 0 outside.\n" in said.out
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.usefixtures("chronicled")
def test_a_dry_run_tells_that_its_limit_ended_it(say: Say, chronicle: Chronicle) -> None:
    said = say(*PAGED, "--limit", "3")
    assert "\nIt stops at --limit 3: the archives may list more.\n" in said.out
    assert [path for path in chronicle.asked if "page=2" in path] == []


@pytest.mark.usefixtures("chronicled")
@pytest.mark.parametrize("limit", ["12", "13"])
def test_a_dry_run_that_went_to_the_end_tells_of_no_limit(say: Say, limit: str) -> None:
    assert "--limit" not in say(*PAGED, "--limit", limit).out
