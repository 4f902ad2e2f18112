"""Settings: `ingest.yaml`, `feeds.yaml`, `sites.yaml` and the environment, read once into one frozen value.

    ingest.yaml ─ written ─► with_environment ─► validated ─┐
                                                            ├─► Settings
    feeds.yaml ── written ─► read_feeds ────────────────────┤
    sites.yaml ── written ─► read_sites ────────────────────┘

A mistake is a ConfigError whose message has one line for each: the file and line, or the variable; the key; what is
wrong; what would be right.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from ingest.errors import ConfigError
from ingest.settings.complaints import validated
from ingest.settings.cron import cron_trigger
from ingest.settings.environment import with_environment
from ingest.settings.feeds import feed_by_command, read_feeds
from ingest.settings.shape import (
    FEEDS_FILE,
    SETTINGS_FILE,
    CollectSettings,
    DatabaseSettings,
    FetchSettings,
    HashtagSettings,
    LogSettings,
    PollSettings,
    PoolSettings,
    Settings,
    SettingsFile,
    WebSettings,
)
from ingest.settings.sinks import read_sinks, require_secrets
from ingest.settings.sites import SITES_FILE, read_sites
from ingest.settings.variables import require_variables
from ingest.settings.written import Written, read_file

__all__ = [
    "CollectSettings",
    "DatabaseSettings",
    "FetchSettings",
    "HashtagSettings",
    "LogSettings",
    "PollSettings",
    "PoolSettings",
    "Settings",
    "WebSettings",
    "cron_trigger",
    "feed_by_command",
    "is_empty",
    "load_settings",
    "require_secrets",
    "require_variables",
]

SQLITE = "sqlite:///"
POSTGRES = ("postgresql://", "postgres://")
DATABASE_URL = "INGEST_DATABASE_URL"


def load_settings(folder: Path, environ: Mapping[str, str], database_url: str | None = None) -> Settings:
    """The settings in a configuration folder, as the environment overrides them.

    Args:
        folder: holds `ingest.yaml`, `feeds.yaml` and `sites.yaml`; each may be missing.
        environ: the process's environment.
        database_url: replaces `database.url`, as INGEST_DATABASE_URL does.

    Raises:
        ConfigError: with a line for each thing that is wrong.
    """
    root = _absolute_folder(folder).parent
    written = with_environment(read_file(folder / SETTINGS_FILE), environ, root)
    given = environ.get(DATABASE_URL) if database_url is None else database_url
    if given is not None:
        place = DATABASE_URL if given == environ.get(DATABASE_URL) else "--database"
        if not given:
            raise ConfigError(f"{place}: is empty; leave it out, or give the database's URL")
        written = written.overridden([(("database", "url"), given, place)])
    file = validated(SettingsFile, written)
    database = file.database.model_copy(update={"url": _absolute(file.database.url, written, root)})
    sinks = read_sinks(file.sinks, written, environ, root)
    listed = read_feeds(read_file(folder / FEEDS_FILE), environ)
    return Settings(
        **{**dict(file), "database": database},
        feeds=listed.feeds,
        unset=listed.unset,
        sink_specs=sinks.sinks,
        unset_of_sinks=sinks.unset,
        sites=read_sites(read_file(folder / SITES_FILE)),
        folder=_absolute_folder(folder),
    )


def is_empty(folder: Path) -> bool:
    """Whether a folder holds no configuration at all, as a mistyped one does."""
    return not any((folder / name).exists() for name in (SETTINGS_FILE, FEEDS_FILE))


def _absolute_folder(folder: Path) -> Path:
    try:
        found = folder.is_dir()
    except OSError as error:
        raise ConfigError(f"{folder}: the configuration folder cannot be read: {error.strerror}") from error
    if not found:
        raise ConfigError(f"{folder}: there is no such folder; make it, or name the configuration folder with --config")
    return Path(os.path.abspath(folder))  # noqa: PTH100  # resolve() would leave a folder that is a link


def _absolute(url: str, written: Written, root: Path) -> str:
    if url.startswith(POSTGRES):
        return url
    path = url.removeprefix(SQLITE)
    if not url.startswith(SQLITE) or path in ("", ":memory:"):
        scheme = url.partition(":")[0]
        problem = (
            f"no database that is kept can be opened at this {scheme!r} URL; write sqlite:///data/ingest.db, or "
            "postgresql://USER@HOST/DATABASE"
        )
        raise written.refused([(("database", "url"), problem)])
    return f"{SQLITE}{root / path}"
