"""Rules for single sites: as they are meant to be written, and what is written wrong."""

from pathlib import Path

import pytest

from ingest.errors import ConfigError
from ingest.model import SiteRules
from ingest.settings import load_settings

SHIPPED = Path(__file__).parent.parent / "config"


def sites(folder: Path, written: str) -> dict[str, SiteRules]:
    (folder / "sites.yaml").write_text(written, encoding="utf-8")
    return load_settings(folder, {}).sites


def test_the_rules_of_each_site_are_read(tmp_path: Path) -> None:
    written = "sites:\n  example.org: {keep: [div.story, '#more'], drop: ['.promo > a']}\n  www.example.com: {}\n"
    expected = {
        "example.org": SiteRules(keep=("div.story", "#more"), drop=(".promo > a",)),
        "example.com": SiteRules(),
    }
    assert sites(tmp_path, written) == expected


@pytest.mark.parametrize("written", ["", "sites:", "sites: {}"])
def test_a_file_may_list_no_sites(tmp_path: Path, written: str) -> None:
    assert sites(tmp_path, written) == {}


def test_the_file_may_be_missing(tmp_path: Path) -> None:
    assert load_settings(tmp_path, {}).sites == {}


def test_the_shipped_file_is_valid_and_so_is_its_example(tmp_path: Path) -> None:
    shipped = (SHIPPED / "sites.yaml").read_text(encoding="utf-8")
    example = "\n".join(line.removeprefix("#   ") for line in shipped.splitlines() if line.startswith("#   "))
    assert (sites(tmp_path, shipped), list(sites(tmp_path, example))) == ({}, ["example.org"])


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        ("sites:\n  example.org:\n    kep: [p]", "3: sites.example.org.kep: unknown key; did you mean 'keep'?"),
        ("sites:\n  example.org:\n    keep: p", "3: sites.example.org.keep: 'p' is no list"),
        (
            "sites:\n  example.org:\n    keep:\n    - p\n    - 'p:x'",
            "5: sites.example.org.keep[1]: 'p:x' is no selector",
        ),
        ("sites:\n  example.org: [p]", "2: sites.example.org: what is written is no group of keys"),
        ("sites:\n  - example.org", "1: sites: what is written is no group of keys; write them below it, indented"),
        ("sites: example.org", "1: sites: 'example.org' is no group of keys"),
        ("sites:\n  Example News: {}", "2: sites.Example News: 'Example News' is no host"),
        ("sites:\n  a.org: {}\n  a.org: {}", "3: sites.a.org: is written twice; the first is at"),
        ("sties: {}", "1: sties: unknown key; did you mean 'sites'?"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_key(tmp_path: Path, written: str, complaint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        sites(tmp_path, written)
    assert f"sites.yaml:{complaint}" in str(caught.value)
