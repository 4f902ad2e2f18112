"""What people write wrong in a configuration: each is told with its place and what would be right."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from ingest.errors import ConfigError
from ingest.settings import load_settings

Complaints = Callable[..., list[str]]

LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join(['*' + before] * 9)}]\n"
    for before, name in zip("abcdefghijk", "bcdefghijkl", strict=True)
)
"""Nine to the power of twelve words, were its aliases expanded."""


@pytest.fixture
def complaints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Complaints:
    """The lines of the error that loading gives."""
    monkeypatch.chdir(tmp_path)
    folder = Path("config")
    folder.mkdir()

    def complaints(
        ingest: str = "", feeds: str = "", environ: Mapping[str, str] | None = None, database_url: str | None = None
    ) -> list[str]:
        (folder / "ingest.yaml").write_text(ingest, encoding="utf-8")
        (folder / "feeds.yaml").write_text(feeds, encoding="utf-8")
        with pytest.raises(ConfigError) as caught:
            load_settings(folder, environ or {}, database_url)
        return str(caught.value).splitlines()

    return complaints


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        ("fetch:\n  timout: 5s", "2: fetch.timout: unknown key; did you mean 'timeout'?"),
        ("fetsh:", "1: fetsh: unknown key; did you mean 'fetch'?"),
        ("fetsh: {}", "1: fetsh: unknown key; did you mean 'fetch'?"),
        ("log: {xyz: 1}", "1: log.xyz: unknown key; known are level, format"),
        ("timezone: UTC\nfetch: 5", "2: fetch: '5' is no group of keys; write them below it, indented"),
        ("fetch: [timeout]", "1: fetch: what is written is no group of keys; write them below it, indented"),
        ("fetch: {timeout: soon}", "1: fetch.timeout: 'soon' is no duration; write a whole number with its unit, "),
        ("fetch: {timeout: 20}", "1: fetch.timeout: '20' is no duration; write a whole number with its unit, "),
        ("fetch: {timeout: 0s}", "1: fetch.timeout: '0s' is too short; write at least 1s"),
        ("database: {changes: 1h}", "1: database.changes: '1h' is too short; write at least 1d, or forever"),
        ("database: {stories: never}", "1: database.stories: 'never' is no duration; write a whole number with its "),
        ("database: {stories: []}", "1: database.stories: takes one value; write forever, or for example 365d"),
        ("fetch: {timeout: 2h}", "1: fetch.timeout: '2h' is too long; write at most 1h"),
        ("poll: {interval_max: 4000d}", "1: poll.interval_max: '4000d' is too long; write at most 31d"),
        ("poll: {interval_min: 40d}", "1: poll.interval_min: '40d' is too long; write at most 31d"),
        ("pool: {timeout: 1d}", "1: pool.timeout: '1d' is too long; write at most 1h"),
        ("collect: {retries: [1m, 32d]}", "1: collect.retries[1]: '32d' is too long; write at most 31d"),
        ("fetch: {timeout: }", "1: fetch.timeout: has no value; write one value, or leave the key out"),
        ("fetch: {timeout: [20s]}", "1: fetch.timeout: is a list; write one value, or leave the key out"),
        ("fetch: {timeout: {s: 20}}", "1: fetch.timeout: is a mapping; write one value, or leave the key out"),
        ("fetch: {max_bytes: 10}", "1: fetch.max_bytes: '10' is no size; write a whole number with its unit, "),
        ("fetch: {max_bytes: 0B}", "1: fetch.max_bytes: '0B' leaves no room; write for example 10MB"),
        ("fetch: {concurrency: 0}", "1: fetch.concurrency: '0' is no whole number from 1 to 10000"),
        ("fetch: {concurrency: 2.5}", "1: fetch.concurrency: '2.5' is no whole number from 1 to 10000"),
        ("fetch: {per_host: true}", "1: fetch.per_host: 'true' is no whole number from 1 to 10000"),
        ("fetch: {robots: maybe}", "1: fetch.robots: 'maybe' is neither true nor false"),
        ("fetch: {user_agent: ''}", "1: fetch.user_agent: '' is no text on one line"),
        ('fetch: {user_agent: "a\\nX: b"}', "1: fetch.user_agent: 'a\\nX: b' is no text on one line"),
        (
            "fetch: {allow_networks: 10.0.0.0/8}",
            "1: fetch.allow_networks: '10.0.0.0/8' is no list; write it with a dash",
        ),
        (
            "fetch:\n  allow_networks:\n    - ::1\n    - 10.0.0.1/8",
            "4: fetch.allow_networks[1]: '10.0.0.1/8' is no network",
        ),
        ("poll: {interval_min: 2h, interval_max: 1h}", "1: poll: interval_min is longer than interval_max"),
        ("collect: {retries: [1m, x]}", "1: collect.retries[1]: 'x' is no duration; "),
        (
            "pool: {workers: many}",
            "1: pool.workers: 'many' is neither auto (one for each processor) nor a whole number",
        ),
        (
            "web: {public_url: me.example.org}",
            "1: web.public_url: 'me.example.org' is no address of this service; write ",
        ),
        ("web: {port: 65536}", "1: web.port: '65536' is no whole number from 0 to 65535"),
        (
            "web: {token: abc}",
            "1: web.token: a secret is not written here; set INGEST_WEB__TOKEN, or INGEST_WEB__TOKEN",
        ),
        ("log: {level: loud}", "1: log.level: 'loud' is none of 'debug', 'info', 'warning' or 'error'"),
        (
            "timezone: Mars/Olympus",
            "1: timezone: 'Mars/Olympus' is no time zone; write for example UTC or Europe/Madrid",
        ),
        ("timezone: ../../etc", "1: timezone: '../../etc' is no time zone; "),
        (
            "database: {url: 'mysql://u:p@db/x'}",
            "1: database.url: no database that is kept can be opened at this 'm",
        ),
        ("database: {url: 'sqlite:///:memory:'}", "1: database.url: no database that is kept can be opened at this 's"),
        ("database: {url: data/ingest.db}", "1: database.url: no database that is kept can be opened at this "),
        ("- a\n- b", "1: is no mapping; write `key: value` lines"),
        ("hello", "1: is no mapping; write `key: value` lines"),
        ("log: {}\nweb: {}\nlog: {}", "3: log: is written twice; the first is at config/ingest.yaml:1: log"),
        ("log:\n  level: info\n level: x", "3: is no valid YAML: "),
        ("log:\n\tlevel: info", "2: is no valid YAML: found character "),
        ("log: ]", "1: is no valid YAML: "),
        ("log: {}\n\x07", "2: is no valid YAML: "),
        ("log: {}\n---\nweb: {}", "2: a second document begins; write one only"),
        (
            "log: {level: !!python/object:os.system x}",
            "1: log.level: has the tag !!python/object:os.system; leave it out",
        ),
        ("? [a]\n: b", "1: has a key that is no plain word"),
        ("log: *nothing", "1: log: nothing above is marked &nothing"),
        ("log: &a [*a]", "1: log[0]: nothing above is marked &a"),
        ("log: " + "[" * 100_000, "1: log[0][0][0][0][0][0][0]: is nested deeper than any setting"),
        (LAUGHS, "1: a: unknown key; "),
    ],
    ids=lambda text: repr(text)[:60],
)
def test_a_mistake_in_the_settings_is_told_with_its_line(complaints: Complaints, written: str, complaint: str) -> None:
    assert complaints(written)[0].startswith(f"config/ingest.yaml:{complaint}")


FEED = "feeds:\n  - url: https://example.org/a\n    "


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        (
            FEED + "interval: soonish",
            "3: feeds[0].interval: 'soonish' is no interval; write auto, a duration such as 15m",
        ),
        (FEED + "interval: 15", "3: feeds[0].interval: '15' is no interval; "),
        (
            FEED + "interval: 367d",
            "3: feeds[0].interval: '367d' is no interval; write auto, a duration such as 15m (1s to 366d)",
        ),
        (FEED + "timeout: 2h", "3: feeds[0].timeout: '2h' is too long; write at most 1h"),
        (FEED + "interval: 0s", "3: feeds[0].interval: '0s' is no interval; "),
        (FEED + "interval: '99 * * * *'", "3: feeds[0].interval: '99 * * * *' is no cron line: "),
        (FEED + "interval: '0 0 31 2 *'", "3: feeds[0].interval: '0 0 31 2 *' names a day that never"),
        (FEED + "intervall: 5m", "3: feeds[0].intervall: unknown key; did you mean 'interval'?"),
        (FEED + "name: '12'", "3: feeds[0].name: '12' would be taken for a feed's id; add a letter"),
        (FEED + "name: resume", "3: feeds[0].name: 'resume' would be taken for a command; choose another name"),
        (
            FEED + "name: files",
            "3: feeds[0].name: 'files' stands for what backfills bring from files; choose another name",
        ),
        (FEED + "tags: world", "3: feeds[0].tags: 'world' is no list; "),
        (FEED + "language: english!", "3: feeds[0].language: 'english!' is no language; write its code, such as en"),
        (FEED + "full_text: perhaps", "3: feeds[0].full_text: 'perhaps' is none of 'auto', 'always' or 'never'"),
        (FEED + "enabled: on", "3: feeds[0].enabled: 'on' is neither true nor false"),
        (FEED + "headers: Accept", "3: feeds[0].headers: is no mapping of header names to values; "),
        (FEED + "headers: {'a b': c}", "3: feeds[0].headers: 'a b' is no name of a header"),
        (FEED + 'headers: {A: "b\\r\\nC: d"}', "3: feeds[0].headers: the value of A is no text on one line"),
        (FEED + "cookies: {a: 'b;c'}", "3: feeds[0].cookies: the value of a holds a space or one of the characters"),
        (FEED + "basic_auth: 'reader:s3cret'", "3: feeds[0].basic_auth: is no 'user:${NAME}', where the environment"),
        (FEED + "bearer_token: s3cret", "3: feeds[0].bearer_token: is no '${NAME}', where the environment"),
        (FEED + "proxy: 'socks5://a.test:1'", "3: feeds[0].proxy: is no proxy's address; write for example"),
        (FEED + "proxy: 'http://u:s3cret@a.test:1'", "3: feeds[0].proxy: holds a password; write http://user:${NAME}@"),
        (FEED + "user_agent: 'bot ${KEY}'", "3: feeds[0].user_agent: holds a ${…}; it is sent to every host"),
        (FEED + "headers: {Host: a.test}", "3: feeds[0].headers: Host frames the request itself, and cannot be set"),
        ("feeds: [{url: 'http://a:b@a.test/'}]", "1: feeds[0].url: holds a user name or password; write basic_auth"),
        (FEED + "timeout: 3", "3: feeds[0].timeout: '3'"),
        ("defaults: {url: https://example.org/}", "1: defaults.url: unknown key; "),
        ("feeds:\n  - name: x", "2: feeds[0]: has no url; add `url: …`"),
        ("feeds: [https://example.org/a]", "1: feeds[0]: 'https://example.org/a' is no group of keys; "),
        ("feeds: https://example.org/a", "1: feeds: 'https://example.org/a' is no list; "),
        (
            "feeds: [{url: ftp://example.org/}]",
            "1: feeds[0].url: 'ftp://example.org/' is no feed's address; write it from",
        ),
        ("feeds: [{url: example.org/rss}]", "1: feeds[0].url: 'example.org/rss' is no feed's address; "),
        ("feeds: [{url: 'https://'}]", "1: feeds[0].url: 'https://' is no feed's address; "),
        ("feeds: [{url: 'https://[::1/'}]", "1: feeds[0].url: 'https://[::1/' is no feed's address; "),
        ("feeds: [{url: 'https://a.test:99999/'}]", "1: feeds[0].url: 'https://a.test:99999/' is no feed's address; "),
        ("feeds: [{url: 'https://a.test/a b'}]", "1: feeds[0].url: 'https://a.test/a b' is no feed's address; "),
        (
            FEED + "name: x\n  - {url: https://b.test/, name: x}",
            "4: feeds[1].name: 'x' is listed twice; the first is at config/feeds.yaml:3: feeds[0].name",
        ),
        (
            FEED + "name: x\n  - url: https://EXAMPLE.org/a#top",
            "4: feeds[1].url: 'https://EXAMPLE.org/a#top' is listed twice; the first is at config/feeds.yaml:2: feed",
        ),
    ],
    ids=lambda text: repr(text)[:60],
)
def test_a_mistake_in_the_feeds_is_told_with_its_line(complaints: Complaints, written: str, complaint: str) -> None:
    assert complaints(feeds=written)[0].startswith(f"config/feeds.yaml:{complaint}")


@pytest.mark.parametrize(
    ("environ", "complaint"),
    [
        ({"INGEST_FETCH__TIMEOUT": "soon"}, "INGEST_FETCH__TIMEOUT: 'soon' is no duration; "),
        ({"INGEST_FETCH__TIMEOUT": ""}, "INGEST_FETCH__TIMEOUT: '' is no duration; "),
        ({"INGEST_FETCH__ALLOW_NETWORKS": "::1,x"}, "INGEST_FETCH__ALLOW_NETWORKS: 'x' is no network "),
        (
            {"INGEST_FETCH__TIMOUT": "5s"},
            "INGEST_FETCH__TIMOUT: no setting has this name; did you mean 'INGEST_FETCH__TI",
        ),
        ({"INGEST_FETCH__TIMEOUT_FILE": "x"}, "INGEST_FETCH__TIMEOUT_FILE: no setting has this name; did you mean "),
        ({"INGEST_TIMEZONE": "Mars"}, "INGEST_TIMEZONE: 'Mars' is no time zone; "),
        ({"INGEST_DATABASE_URL": "mysql://x"}, "INGEST_DATABASE_URL: no database that is kept can be opened at this "),
        ({"INGEST_DATABASE_URL": ""}, "INGEST_DATABASE_URL: is empty; leave it out, or give the database's URL"),
        ({"INGEST_WEB__TOKEN": "short"}, "INGEST_WEB__TOKEN: has fewer than 16 characters"),
        ({"INGEST_WEB__TOKEN": ""}, "INGEST_WEB__TOKEN: is empty or holds more than visible ASCII characters"),
        (
            {"INGEST_WEB__TOKEN_FILE": "gone"},
            "INGEST_WEB__TOKEN_FILE: the file {root}/gone cannot be read: No such file",
        ),
        (
            {"INGEST_WEB__TOKEN_FILE": "binary"},
            "INGEST_WEB__TOKEN_FILE: the file {root}/binary cannot be read: it is not",
        ),
        (
            {"INGEST_WEB__TOKEN": "a", "INGEST_WEB__TOKEN_FILE": "b"},
            "INGEST_WEB__TOKEN: INGEST_WEB__TOKEN_FILE is set too",
        ),
    ],
    ids=str,
)
def test_a_mistake_in_the_environment_is_told_with_its_variable(
    complaints: Complaints, tmp_path: Path, environ: dict[str, str], complaint: str
) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe")

    assert complaints(environ=environ)[0].startswith(complaint.format(root=tmp_path))


def test_every_mistake_is_told_in_the_order_of_the_file(complaints: Complaints) -> None:
    lines = complaints("log:\n  level: loud\nweb:\n  port: x\nfetch:\n  timout: 5s\n  timeout: x")

    assert [line.split(":")[1] for line in lines] == ["2", "4", "6", "7"]


def test_a_mistake_on_the_command_line_is_told_with_its_option(complaints: Complaints) -> None:
    assert complaints(database_url="mysql://u:p@h/d")[0].startswith("--database: no database")


def test_a_password_in_a_refused_database_url_is_not_shown(complaints: Complaints) -> None:
    assert "s3cret" not in complaints("database: {url: 'mysql://u:s3cret@h/d'}")[0]


def test_a_refused_secret_is_not_shown(complaints: Complaints) -> None:
    assert "s3 cret" not in complaints(environ={"INGEST_WEB__TOKEN": "s3 cret"})[0]


def test_a_folder_that_is_not_there_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere: there is no such folder; make it, or name .* with --config"):
        load_settings(tmp_path / "nowhere", {})


def test_a_folder_in_the_place_of_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "ingest.yaml").mkdir()

    with pytest.raises(ConfigError, match=r"ingest\.yaml: cannot be read: Is a directory"):
        load_settings(tmp_path, {})


def test_a_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    (tmp_path / "feeds.yaml").write_bytes("# caf\xe9".encode("latin-1"))

    with pytest.raises(ConfigError, match=r"feeds\.yaml: is not in UTF-8 \(byte 5\)"):
        load_settings(tmp_path, {})
