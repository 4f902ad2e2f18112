"""`ingest backfill` of a feed whose pages are never fetched: only what an archive holds itself is of use."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from chronicle import Chronicle
from publishing import serving
from shell import Say, installed

SAYS = "saltmere is set to full_text: never"


@pytest.fixture
def chronicle(say: Say, blank_database: Path, tmp_path: Path) -> Iterator[Chronicle]:
    """A publisher of eight articles, whose feed is configured so."""
    made = Chronicle(days=8, a_page=4)
    with serving(made):
        installed(tmp_path, made.feed, blank_database)
        feeds = f"feeds: [{{url: '{made.feed}', name: saltmere, full_text: never}}]"
        (tmp_path / "config/feeds.yaml").write_text(feeds)
        say("feeds", "list")
        yield made


@pytest.mark.parametrize("more", [(), ("--dry-run",)])
@pytest.mark.parametrize("via", ["sitemap", "urls --file list.txt", "sitemap --via urls --file list.txt"])
def test_addresses_alone_are_refused_before_anything_is_asked_for(
    say: Say, chronicle: Chronicle, tmp_path: Path, via: str, more: tuple[str, ...]
) -> None:
    (tmp_path / "list.txt").write_text(chronicle.url(1))
    said = say("backfill", "saltmere", "--via", *via.split(), *more)
    assert (said.status, said.out) == (2, "")
    assert f"{SAYS}, and {via.split()[0]}" in said.err
    assert (chronicle.asked, say("backfill", "list").out) == ([], "")


def test_addresses_alone_are_left_out_where_other_archives_are_walked(say: Say, chronicle: Chronicle) -> None:
    said = say("backfill", "saltmere", "--via", "sitemap", "--via", "paged", "--dry-run")
    assert (said.status, said.err) == (0, f"{SAYS}; sitemap would bring addresses alone, and is left out.\n")
    assert said.out.startswith("paged: 8 entries")


def test_pages_in_files_are_of_use(say: Say, chronicle: Chronicle, tmp_path: Path) -> None:
    (tmp_path / "saved").mkdir()
    (tmp_path / "saved/1.html").write_text(chronicle.article(1))
    said = say("backfill", "saltmere", "--via", "urls", "--file", "saved")
    assert (said.status, said.err, chronicle.asked) == (0, "", [])
    assert "stored    1 story; 0 seen again\n" in said.out


def test_what_wayback_cannot_bring_is_told(say: Say, chronicle: Chronicle, tmp_path: Path) -> None:
    with (tmp_path / "config/ingest.yaml").open("a") as settings:
        settings.write(f"backfill: {{wayback: '{chronicle.home}'}}\n")
    said = say("backfill", "saltmere", "--via", "wayback", "--dry-run")
    assert said.err == f"{SAYS}; what wayback knows beyond the feed's own words fails.\n"
