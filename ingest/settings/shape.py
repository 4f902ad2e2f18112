"""The settings as frozen data, and what may stand in each file. Every default is here and nowhere else."""

import datetime as dt
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, field_validator, model_validator

from ingest.core.naming import FILES, RESERVED
from ingest.model import ChangeKind, FeedSpec, FullText, SinkKind, SinkSpec, SiteRules
from ingest.settings.keeping import Keep
from ingest.settings.kinds import (
    Agent,
    ArchiveUrl,
    BasicAuth,
    BearerToken,
    Cookies,
    Count,
    Flag,
    Headers,
    Interval,
    Language,
    Line,
    LongWait,
    Network,
    Origin,
    Port,
    Ports,
    Proxy,
    PublicUrl,
    Rate,
    Retention,
    Secret,
    Size,
    Span,
    Timeout,
    Timezone,
    Wait,
    WebAddress,
    Workers,
)
from ingest.settings.sink_kinds import SinkName, Subject, Variable, Variables

SETTINGS_FILE = "ingest.yaml"
FEEDS_FILE = "feeds.yaml"


class Group(BaseModel):
    """Keys that belong together; any other key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class DatabaseSettings(Group):
    """Where stories are kept."""

    url: Line = "sqlite:///data/ingest.db"
    """Absolute once loaded."""
    raw_pages: Retention = dt.timedelta(days=30)
    """How long pages are kept as they came."""
    changes: Keep = "forever"
    """How long changes that were superseded, or are of deleted stories, can be read."""
    stories: Keep = "forever"
    """How long stories stay, from their first sight."""


class FetchSettings(Group):
    """How servers are asked."""

    user_agent: Line = "ingest/1.0 (+https://example.org/bot)"
    allow_networks: tuple[Network, ...] = ()
    """Private or special networks that may be fetched all the same."""
    concurrency: Count = 64
    """Requests at once."""
    per_host: Count = 2
    """Requests at once to one registrable domain, and so to one host."""
    timeout: Timeout = dt.timedelta(seconds=20)
    """How long a server may be silent; an answer may take twice as long."""
    max_bytes: Size = 10_000_000
    """Largest body, as it comes and as it decodes."""
    ports: Ports = (range(80, 81), range(443, 444), range(1024, 65536))
    """That may be connected to: mail and other services below 1024 are none of ours."""
    robots: Flag = True
    """Whether article pages are left alone where robots.txt says so."""


class PollSettings(Group):
    """When feeds are polled."""

    interval_min: Wait = dt.timedelta(minutes=5)
    """Of the interval that `auto` learns."""
    interval_max: Wait = dt.timedelta(hours=24)
    heal: Flag = False
    """Whether a broken feed that is found elsewhere on its site, under the same title, is polled there from then on."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.interval_min > self.interval_max:
            raise ValueError("interval_min is longer than interval_max; exchange them")
        return self


class CollectSettings(Group):
    """How entries become stories."""

    concurrency: Count = 64
    """Entries in hand at once."""
    retries: tuple[Wait, ...] = (
        dt.timedelta(minutes=1),
        dt.timedelta(minutes=10),
        dt.timedelta(hours=1),
        dt.timedelta(hours=6),
    )
    """Waits before each further try of a page that failed for now."""
    rechecks: tuple[LongWait, ...] = (dt.timedelta(minutes=10), dt.timedelta(hours=1), dt.timedelta(days=1))
    """After a story's publication, when its page is looked at again; none: only where its feed shows it edited."""
    copies_within: Wait = dt.timedelta(days=14)
    """How far apart a story and its copies at other publishers may appear."""


class BackfillSettings(Group):
    """How what feeds no longer list is brought back."""

    gaps: Flag = True
    """Whether gaps that polling found are closed by themselves."""
    wayback: ArchiveUrl = "https://web.archive.org"
    """Where the Wayback Machine is asked, or another that answers like it."""


class HashtagSettings(Group):
    """Which hashtags stories get beside the usual ones."""

    body: Flag = False
    """Whether the key phrases of the text are hashtags too."""


class PoolSettings(Group):
    """The processes that read documents and pages."""

    workers: Workers = "auto"
    """`auto`: one for each processor."""
    timeout: Timeout = dt.timedelta(seconds=30)
    """For one document or page."""
    memory: Size = 1_000_000_000
    """For one worker."""


class WebSettings(Group):
    """Where the page and the HTTP API are served."""

    host: Line = "127.0.0.1"
    port: Port = 8080
    public_url: PublicUrl = ""
    """Where this service is reached from outside; empty: hubs are asked for nothing (WebSub)."""
    token: Secret | None = None
    """From the environment or a file only; never shown."""
    public_read: Flag = False
    """Whether reading needs no token on any address."""
    rate: Rate = 6000
    """Requests a minute that each client or token may make; as many may come at once."""
    cors: tuple[Origin, ...] = ()
    """Origins whose pages may use the API from a browser."""
    metrics_by_feed: Flag = False
    """Whether `/metrics` counts polls by the feeds' names."""


class LogSettings(Group):
    """What is told on stderr."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["auto", "console", "json"] = "auto"
    """`auto`: for people on a terminal, JSON elsewhere."""


class SinkLine(Group):
    """One sink of `ingest.yaml`; which of the last keys belong to it depends on its kind, see `settings.sinks`."""

    name: SinkName
    kind: SinkKind
    start: Literal["now", "beginning"] = "now"
    tags: tuple[Line, ...] = ()
    languages: tuple[Language, ...] = ()
    feeds: tuple[Line, ...] = ()
    kinds: tuple[ChangeKind, ...] = ()
    """Of change."""
    url: Line = ""
    secret: Variables = ()
    folder: Line = ""
    prefix: Subject = "stories"
    stream: SinkName = ""
    create: Flag = False
    user: Line = ""
    password: Variable = ""
    token: Variable = ""


class SettingsFile(Group):
    """What `ingest.yaml` may hold."""

    database: DatabaseSettings = DatabaseSettings()
    fetch: FetchSettings = FetchSettings()
    poll: PollSettings = PollSettings()
    collect: CollectSettings = CollectSettings()
    backfill: BackfillSettings = BackfillSettings()
    hashtags: HashtagSettings = HashtagSettings()
    pool: PoolSettings = PoolSettings()
    web: WebSettings = WebSettings()
    log: LogSettings = LogSettings()
    sinks: tuple[SinkLine, ...] = ()
    """As they are written; `Settings.sink_specs` is what they come to."""
    timezone: Timezone = "UTC"
    """For cron lines."""


class Unset(Group):
    """A variable that a feed of `feeds.yaml` names and the environment lacks."""

    feed: str
    enabled: bool
    problem: str
    """With its place, for people."""


class Settings(SettingsFile):
    """All settings of a process, with the feeds of `feeds.yaml`."""

    feeds: tuple[FeedSpec, ...] | None = None
    """None where `feeds.yaml` is missing or lists none: that says nothing about the feeds there are."""
    unset: tuple[Unset, ...] = ()
    """What is missing to ask them; see `require_variables`."""
    sink_specs: tuple[SinkSpec, ...] = ()
    unset_of_sinks: dict[str, str] = {}
    """Name → what is missing to deliver to it; see `require_secrets`."""
    sites: dict[str, SiteRules] = {}
    """Host or registrable domain → what is known of its pages."""
    folder: Path
    """The configuration folder, absolute. Relative paths start at the folder that holds it."""

    @property
    def feeds_file(self) -> Path:
        """Where the feeds are listed, if they are."""
        return self.folder / FEEDS_FILE


class FeedDefaults(Group):
    """What `defaults` in `feeds.yaml` may hold, for feeds that do not say otherwise."""

    interval: Interval = "auto"
    tags: tuple[Line, ...] = ()
    language: Language | None = None
    full_text: FullText = "auto"
    headers: Headers = {}
    cookies: Cookies = {}
    basic_auth: BasicAuth = ""
    bearer_token: BearerToken = ""
    user_agent: Agent = ""
    proxy: Proxy = ""
    timeout: Span = ""
    enabled: Flag = True


class FeedLine(FeedDefaults):
    """One feed of `feeds.yaml`."""

    url: WebAddress
    name: Line = ""

    @field_validator("name")
    @classmethod
    def _can_be_told_apart(cls, name: str) -> str:
        if name.isdecimal():
            raise ValueError(f"{name!r} would be taken for a feed's id; add a letter")
        if name == FILES:
            raise ValueError(f"{name!r} stands for what backfills bring from files; choose another name")
        if name in RESERVED:
            raise ValueError(f"{name!r} would be taken for a command; choose another name")
        return name


class FeedsFile(Group):
    """What `feeds.yaml` may hold."""

    defaults: FeedDefaults = FeedDefaults()
    feeds: tuple[FeedLine, ...] = ()
