"""Variables that feeds name: what is not set is a mistake for whoever asks those feeds, and for nobody else."""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path

import pytest

from ingest.errors import ConfigError
from ingest.settings import Settings, load_settings, require_variables

Load = Callable[..., Settings]

FEEDS = """
defaults:
  headers: {X-Key: '${COMMON}'}
feeds:
  - {url: https://a.example/, name: own, headers: {}, bearer_token: '${OWN}'}
  - {url: https://b.example/, name: usual}
  - {url: https://c.example/, name: off, cookies: {session: '${OFF}'}, enabled: false}
  - {url: https://d.example/, name: another}
"""

COMMON = "config/feeds.yaml:3: defaults.headers.X-Key: the environment has no variable COMMON; set it"
OWN = "config/feeds.yaml:5: feeds[0].bearer_token: the environment has no variable OWN; set it"
OFF = "config/feeds.yaml:7: feeds[2].cookies.session: the environment has no variable OFF; set it"


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    """Loads a feeds file."""
    monkeypatch.chdir(tmp_path)
    Path("config").mkdir()

    def load(feeds: str = FEEDS, environ: Mapping[str, str] | None = None) -> Settings:
        Path("config/feeds.yaml").write_text(feeds)
        return load_settings(Path("config"), environ or {})

    return load


def missing(settings: Settings, feeds: Collection[str] | None = None) -> list[str]:
    with pytest.raises(ConfigError) as told:
        require_variables(settings, feeds)
    return str(told.value).splitlines()


def test_whoever_asks_no_feed_needs_no_variable(load: Load) -> None:
    assert [feed.name for feed in load().feeds or ()] == ["own", "usual", "off", "another"]


def test_whoever_asks_all_feeds_needs_those_of_the_enabled_ones(load: Load) -> None:
    assert missing(load()) == [OWN, COMMON]


@pytest.mark.parametrize(
    ("feeds", "lines"), [(["own"], [OWN]), (["usual", "another"], [COMMON]), (["off"], [OFF, COMMON])]
)
def test_whoever_asks_some_feeds_needs_theirs(load: Load, feeds: list[str], lines: list[str]) -> None:
    assert sorted(missing(load(), feeds)) == sorted(lines)


def test_what_is_set_is_not_missed(load: Load) -> None:
    require_variables(load(environ={"OWN": "1", "COMMON": ""}))


@pytest.mark.parametrize(
    "key", ["headers: {A: '${KEY}'}", "basic_auth: 'me:${KEY}'", "proxy: 'http://u:${KEY}@p.test'"]
)
def test_every_place_that_may_name_a_variable_is_looked_at(load: Load, key: str) -> None:
    (line,) = missing(load(f"feeds:\n  - url: https://a.example/\n    {key}"))
    assert line.startswith(f"config/feeds.yaml:3: feeds[0].{key.partition(':')[0]}")
    assert line.endswith("the environment has no variable KEY; set it")
