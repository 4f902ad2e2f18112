"""Settings as they are meant to be written; what is written wrong is in test_settings_mistakes.py."""

import datetime as dt
import ipaddress
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from pydantic import ValidationError

from ingest.app import retention_of
from ingest.model import FeedSpec, Retention
from ingest.settings import DatabaseSettings, Settings, is_empty, load_settings
from ingest.settings.shape import SettingsFile
from ingest.settings.written import read_text

SHIPPED = Path(__file__).parent.parent / "config"

EVERY_SETTING = re.sub(
    r"^( *)# ([a-z_]+: .*)$", r"\1\2", (SHIPPED / "ingest.yaml").read_text(encoding="utf-8"), flags=re.MULTILINE
)
"""The shipped file with each setting's comment mark taken away."""

Load = Callable[..., Settings]
LoadFeeds = Callable[..., tuple[FeedSpec, ...]]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Loads what is written into a configuration folder."""
    folder = tmp_path / "config"
    folder.mkdir()

    def load(
        ingest: str = "", feeds: str = "", environ: Mapping[str, str] | None = None, database_url: str | None = None
    ) -> Settings:
        (folder / "ingest.yaml").write_text(ingest, encoding="utf-8")
        (folder / "feeds.yaml").write_text(feeds, encoding="utf-8")
        return load_settings(folder, environ or {}, database_url)

    return load


@pytest.fixture
def load_feeds(load: Load) -> LoadFeeds:
    """Loads a list of feeds."""

    def load_feeds(feeds: str, environ: Mapping[str, str] | None = None) -> tuple[FeedSpec, ...]:
        listed = load(feeds=feeds, environ=environ).feeds
        assert listed is not None
        return listed

    return load_feeds


def test_an_empty_folder_gives_the_defaults_and_says_nothing_about_feeds(tmp_path: Path) -> None:
    defaults = Settings(folder=tmp_path)

    assert load_settings(tmp_path, {}, "sqlite:////a.db") == defaults.model_copy(
        update={"database": DatabaseSettings(url="sqlite:////a.db")}
    )


def test_the_shipped_file_states_the_true_defaults(load: Load) -> None:
    assert load(EVERY_SETTING) == load("")


def test_the_shipped_file_names_every_setting(tmp_path: Path) -> None:
    written = read_text(EVERY_SETTING, "ingest.yaml").data
    defaults = SettingsFile().model_dump(exclude={"web": {"token"}})

    assert {name: getattr(group, "keys", tuple)() for name, group in written.items()} == {
        name: getattr(group, "keys", tuple)() for name, group in defaults.items()
    }


def test_the_shipped_feeds_are_of_many_languages() -> None:
    feeds = load_settings(SHIPPED, {}).feeds or ()

    assert len({feed.language for feed in feeds}) >= 12


def test_every_setting_is_read(load: Load) -> None:
    settings = load(
        """
        database: {raw_pages: 0s, changes: 90d}
        fetch:
          user_agent: paper/2.0
          allow_networks: [127.0.0.0/8, "fd00::/8"]
          max_bytes: 1MiB
          robots: false
        collect: {retries: [1s, 1m], copies_within: 7d}
        hashtags: {body: true}
        pool: {workers: 3}
        log: {format: json}
        timezone: Europe/Madrid
        """
    )

    assert settings.database.raw_pages == dt.timedelta(0)
    assert (settings.database.changes, settings.database.stories) == (dt.timedelta(days=90), "forever")
    assert retention_of(settings) == Retention(raw_pages=dt.timedelta(0), changes=dt.timedelta(days=90))
    assert settings.fetch.user_agent == "paper/2.0"
    assert settings.fetch.allow_networks == (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("fd00::/8"))
    assert settings.fetch.max_bytes == 2**20
    assert settings.fetch.robots is False
    assert settings.collect.copies_within == dt.timedelta(days=7)
    assert settings.collect.retries == (dt.timedelta(seconds=1), dt.timedelta(minutes=1))
    assert settings.hashtags.body is True
    assert settings.pool.workers == 3
    assert settings.log.format == "json"
    assert settings.timezone == "Europe/Madrid"


def test_settings_cannot_be_changed(load: Load) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        load().web.port = 1  # type: ignore[misc]  # the mistake is the test


def test_a_group_whose_keys_are_all_commented_out_keeps_its_defaults(load: Load) -> None:
    assert load("fetch:\n  # timeout: 1s\n") == load()


def test_the_environment_overrides_the_file(load: Load) -> None:
    settings = load("fetch: {timeout: 5s, per_host: 7}", environ={"INGEST_FETCH__TIMEOUT": "9s"})

    assert (settings.fetch.timeout, settings.fetch.per_host) == (dt.timedelta(seconds=9), 7)


@pytest.mark.parametrize("written", ["127.0.0.0/8,::1/128", "127.0.0.0/8, ::1/128", '["127.0.0.0/8", "::1/128"]'])
def test_a_list_in_the_environment_is_parted_by_commas(load: Load, written: str) -> None:
    networks = load(environ={"INGEST_FETCH__ALLOW_NETWORKS": written}).fetch.allow_networks

    assert [str(network) for network in networks] == ["127.0.0.0/8", "::1/128"]


def test_an_empty_list_in_the_environment_clears_the_files(load: Load) -> None:
    settings = load("fetch: {allow_networks: [10.0.0.0/8]}", environ={"INGEST_FETCH__ALLOW_NETWORKS": ""})

    assert settings.fetch.allow_networks == ()


def test_the_time_zone_is_in_the_environment_without_a_group(load: Load) -> None:
    assert load(environ={"INGEST_TIMEZONE": "Asia/Tokyo"}).timezone == "Asia/Tokyo"


@pytest.mark.parametrize("name", ["INGEST_CONFIG", "INGEST_FAIL_AT", "INGEST_PORT", "INGEST_SERVICE_HOST", "HOME"])
def test_variables_that_name_no_key_of_a_group_are_let_be(load: Load, name: str) -> None:
    assert load(environ={name: "x"}) == load()


def test_a_secret_is_read_from_the_file_that_the_environment_names(load: Load, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("s3cret-of-sixteen\n")

    token = load(environ={"INGEST_WEB__TOKEN_FILE": "token"}).web.token

    assert token is not None
    assert token.get_secret_value() == "s3cret-of-sixteen"


def test_a_secret_is_not_shown(load: Load) -> None:
    assert "s3cret-of-sixteen" not in repr(load(environ={"INGEST_WEB__TOKEN": "s3cret-of-sixteen"}))


@pytest.mark.parametrize(
    ("url", "path"),
    [("sqlite:///data/news.db", "{root}/data/news.db"), ("sqlite:////var/lib/news.db", "/var/lib/news.db")],
)
def test_a_relative_database_lies_beside_the_configuration_folder(
    load: Load, tmp_path: Path, url: str, path: str
) -> None:
    assert load(f"database: {{url: '{url}'}}").database.url == f"sqlite:///{path.format(root=tmp_path)}"


def test_the_database_of_the_command_line_wins_over_all_others(load: Load) -> None:
    environ = {"INGEST_DATABASE_URL": "sqlite:////b.db", "INGEST_DATABASE__URL": "sqlite:////c.db"}

    assert load("database: {url: 'sqlite:////d.db'}", environ=environ, database_url="sqlite:////a.db").database.url == (
        "sqlite:////a.db"
    )


def test_the_short_database_variable_wins_over_the_long_one(load: Load) -> None:
    environ = {"INGEST_DATABASE_URL": "sqlite:////b.db", "INGEST_DATABASE__URL": "sqlite:////c.db"}

    assert load(environ=environ).database.url == "sqlite:////b.db"


def test_relative_paths_start_beside_a_linked_folder_where_the_link_is(tmp_path: Path) -> None:
    (tmp_path / "etc" / "news").mkdir(parents=True)
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "config").symlink_to(tmp_path / "etc" / "news")

    settings = load_settings(tmp_path / "site" / "config", {})
    assert settings.database.url == f"sqlite:///{tmp_path}/site/data/ingest.db"


@pytest.mark.parametrize("written", ["", "# feeds:", "defaults: {interval: 15m}"])
def test_a_file_without_a_list_says_nothing_about_feeds(load: Load, written: str) -> None:
    assert load(feeds=written).feeds is None


@pytest.mark.parametrize("written", ["feeds: []", "feeds:\n  # - url: https://example.org/rss.xml"])
def test_an_empty_list_says_that_there_are_no_feeds(load: Load, written: str) -> None:
    assert load(feeds=written).feeds == ()


def test_the_public_url_ends_without_a_slash(load: Load) -> None:
    assert load("web: {public_url: https://example.org/in/}").web.public_url == "https://example.org/in"


def test_a_folder_without_either_file_is_empty(tmp_path: Path) -> None:
    before = is_empty(tmp_path)
    (tmp_path / "feeds.yaml").touch()
    assert (before, is_empty(tmp_path)) == (True, False)


def test_a_feed_needs_only_its_url(load_feeds: LoadFeeds) -> None:
    assert load_feeds("feeds: [url: https://news.example.org/world.xml]") == (
        FeedSpec(url="https://news.example.org/world.xml", name="news-example-org-world"),
    )


def test_what_a_feed_states_wins_over_the_defaults(load_feeds: LoadFeeds) -> None:
    feeds = load_feeds(
        """
        defaults: {interval: 15m, tags: [news], full_text: never}
        feeds:
          - {url: https://example.org/a, name: a}
          - {url: https://example.org/b, name: b, interval: auto, tags: [], enabled: false}
        """
    )

    assert [(feed.interval, feed.tags, feed.full_text, feed.enabled) for feed in feeds] == [
        ("15m", ("news",), "never", True),
        ("auto", (), "never", False),
    ]


@pytest.mark.parametrize("interval", ["auto", "1s", "15m", "1h30m", "366d", "*/5 8-20 * * 1-5", "0 6 * * sun-thu"])
def test_an_interval_is_kept_as_written(load_feeds: LoadFeeds, interval: str) -> None:
    feeds = load_feeds(f"feeds: [{{url: https://example.org/a, interval: '{interval}'}}]")

    assert feeds[0].interval == interval


def test_feeds_without_a_name_get_names_that_differ(load_feeds: LoadFeeds) -> None:
    urls = ["https://example.org/rss", "https://example.org/feed"]
    feeds = load_feeds(f"feeds: [{{url: {urls[0]}}}, {{url: {urls[1]}}}, {{url: https://a.test/, name: example-org}}]")

    assert [feed.name for feed in feeds] == ["example-org-2", "example-org-3", "example-org"]


def test_the_language_code_of_norwegian_is_no_boolean(load_feeds: LoadFeeds) -> None:
    assert load_feeds("feeds: [{url: https://example.org/a, language: no}]")[0].language == "no"


def test_a_secret_in_a_header_stays_a_reference(load_feeds: LoadFeeds) -> None:
    feeds = "feeds: [{url: https://example.org/a, headers: {Authorization: 'Bearer ${KEY}'}}]"

    assert load_feeds(feeds, environ={"KEY": "s3cret"})[0].headers == {"Authorization": "Bearer ${KEY}"}


def test_a_feed_says_how_it_is_asked(load_feeds: LoadFeeds) -> None:
    asked = {
        "cookies": {"consent": "yes"},
        "basic_auth": "reader:${PASSWORD}",
        "user_agent": "Example/1",
        "proxy": "http://user:${PASSWORD}@proxy.example.org:3128",
        "timeout": "5s",
    }
    line = json.dumps({"url": "https://example.org/a", **asked})
    (feed,) = load_feeds(f"feeds: [{line}]", environ={"PASSWORD": "s3cret"})

    assert feed.model_dump(include=set(asked)) == asked


@pytest.mark.parametrize(("written", "port", "allowed"), [("[80, 8000-8100]", 8080, True), ("[80]", 443, False)])
def test_ports_are_written_as_numbers_and_ranges(load: Load, written: str, port: int, allowed: bool) -> None:
    ports = load(f"fetch: {{ports: {written}}}").fetch.ports

    assert any(port in some for some in ports) is allowed


def test_an_alias_gives_what_it_names(load_feeds: LoadFeeds) -> None:
    feeds = load_feeds("feeds: [{url: https://example.org/a, tags: &t [x]}, {url: https://example.org/b, tags: *t}]")

    assert feeds[1].tags == ("x",)


def test_a_file_with_a_byte_order_mark_is_read(load: Load) -> None:
    assert load("\ufefftimezone: Asia/Tokyo").timezone == "Asia/Tokyo"
